"""The tables of cases that the server's rules and the page's are both held to."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from annotations.codebooks.conditions import CodedUnit, Rules
from annotations.codebooks.reading import read_codebook
from annotations.codebooks.schema import CodebookSpec
from annotations.codebooks.values import Missing, Value


def _table(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(
        (Path(__file__).parent.parent / "files" / name).read_text(encoding="utf-8")
    )
    return read


TABLE = _table("conditions.json")
CASES: list[dict[str, Any]] = TABLE["cases"]
CONTRADICTIONS = _table("consistency.json")


def book(table: dict[str, Any] = TABLE) -> CodebookSpec:
    said = {"nl": "x"}
    variables = []
    for variable in table["variables"]:
        fields = {"module": "m", "label": said, "definition": said} | variable
        values = fields.pop("values", [])
        if values:
            fields["categories"] = [
                {"key": key, "code": code, "label": said, "definition": said}
                for code, key in enumerate(values, 1)
            ]
        if fields["kind"] != "text":
            fields["scale"] = "ratio" if fields["kind"] == "number" else "nominal"
        else:
            fields["reliability"] = False
        variables.append(fields)
    head = {
        "key": "cases",
        "version": "1.0.0",
        "title": said,
        "languages": ["nl"],
        "default_language": "nl",
        "missing_codes": {"97": said, "98": said, "99": said},
    }
    modules = [{"key": "m", "label": said, "default_on": True}]
    written = {"codebook": head, "modules": modules, "variables": variables}
    if "consistency" in table:
        written["consistency"] = [{"text": said} | item for item in table["consistency"]]
    return read_codebook(json.dumps(written))


def rules() -> Rules:
    return Rules(book())


def unit_of(written: dict[str, Any]) -> CodedUnit:
    answers = {key: _value(value) for key, value in written.get("answers", {}).items()}
    parts = [unit_of(part) for part in written.get("parts", ())]
    return CodedUnit(written["level"], answers, role=written.get("role", ""), parts=parts)


def _value(value: Any) -> Value:
    if isinstance(value, int):
        return Missing(value)
    if isinstance(value, list):
        return frozenset(value)
    return Decimal(value["number"]) if isinstance(value, dict) else value
