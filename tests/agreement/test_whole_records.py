"""Whole records of small data (records.json): every figure, whatever the level and what is missing.

Single figures are checked against libraries and the literature elsewhere; here none may change, disappear or
stand in another's place. Fields that a record of the file lacks are not compared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotations.agreement import conditional_reliability, reliability, set_reliability, unitizing_reliability

RECORDS = json.loads((Path(__file__).parent / "records.json").read_text(encoding="utf-8"))


def record_of(what: str, data: Any, options: dict[str, Any]) -> dict[str, Any]:
    options = {"bootstrap": 0, **options}
    if what == "sets":
        return set_reliability(data, **options).as_dict()
    if what == "spans":
        continua = [
            (length, {coder: [tuple(span) for span in spans] for coder, spans in marked.items()})
            for length, marked in data
        ]
        return unitizing_reliability(continua, **options).as_dict()
    if what == "conditional":
        return conditional_reliability(*data, **options).as_dict()
    return reliability(data, **options).as_dict()


def same(expected: Any, found: Any, place: str) -> None:
    if isinstance(expected, dict):
        for key, value in expected.items():
            same(value, found[key], f"{place}.{key}")
    elif isinstance(expected, list):
        assert len(expected) == len(found), place
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            same(one, other, f"{place}[{number}]")
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1e-9), place
    else:
        assert found == expected, place


@pytest.mark.parametrize("record", RECORDS, ids=[record["name"] for record in RECORDS])
def test_every_figure_of_the_record(record: dict[str, Any]) -> None:
    found = json.loads(json.dumps(record_of(record["what"], record["data"], record["options"])))
    same(record["expected"], found, record["name"])
