"""Files that describe the tables: Frictionless data package, SPSS syntax."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..common.cells import DISARMED, disarm
from ..models import Study
from .tables import Column, Table

MISSING_LABELS = {
    "nl": {97: "niet van toepassing", 98: "niet vast te stellen", 99: "niet gecodeerd"},
    "en": {97: "not applicable", 98: "cannot be determined", 99: "not coded"},
}


TELLS = Column(DISARMED, "string", "columns whose cell has an apostrophe before what looks like a formula")


def datapackage(study: Study, tables: Sequence[Table], *, tells: bool) -> str:
    """`datapackage.json` (Data Package v2, Table Schema) for the CSV files."""
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": study.slug,
        "title": study.name,
        "resources": [_resource(table, tells) for table in tables],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(table: Table, tells: bool) -> dict[str, Any]:
    columns = [*table.columns, *([TELLS] if tells and table.tells else [])]
    schema: dict[str, Any] = {"fields": [_field(column) for column in columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    return {
        "name": table.name.removesuffix(".csv"),
        "path": table.name,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "header": True},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": disarm(column.name),  # as it stands in the file
        "type": column.type,
        "description": column.description,
    }
    if column.labels:
        described["categories"] = [
            {"value": code, "label": label} for code, label in sorted(column.labels.items())
        ]
    if column.missing:
        described["missingValues"] = ["", *map(str, column.missing)]
    return described


def spss_syntax(table: Table, language: str) -> str:
    """Syntax that reads the wide table and gives it its labels and missing codes."""
    lines = [
        "* Encoding: UTF-8.",
        "* Set the folder first, for instance: CD 'C:\\study'.",
        "GET DATA",
        "  /TYPE=TXT",
        f"  /FILE='{table.name}'",
        "  /ENCODING='UTF8'",
        f'  /DELIMITERS="{","}"',
        "  /QUALIFIER='\"'",
        "  /ARRANGEMENT=DELIMITED",
        "  /FIRSTCASE=2",
        "  /VARIABLES=",
        *(f"    {spss_name(column.name)} {_spss_format(column)}" for column in table.columns),
        "  .",
        "EXECUTE.",
        "VARIABLE LABELS",
        *(f"  {spss_name(column.name)} {_quoted(column.description)}" for column in table.columns),
        "  .",
    ]
    for column in table.columns:
        labels = column.labels | {
            number: MISSING_LABELS[language][int(code)] for number, code in column.missing.items()
        }
        if not labels or column.type == "string":
            continue
        lines += [
            f"VALUE LABELS {spss_name(column.name)}",
            *(f"  {code} {_quoted(label)}" for code, label in sorted(labels.items())),
            "  .",
        ]
    lines += [
        f"MISSING VALUES {spss_name(column.name)} ({', '.join(map(str, column.missing))})."
        for column in table.columns
        if column.missing and column.type != "string"
    ]
    return "\n".join([*lines, "EXECUTE.", ""])


def spss_name(name: str) -> str:
    """A name SPSS takes: letters, digits, . and _, at most 64 bytes, not starting with a digit or dot.

    >>> spss_name("solved__Jan de Vries")
    'solved__Jan_de_Vries'
    """
    clean = "".join(letter if letter.isalnum() or letter in "._" else "_" for letter in name)
    if not clean[:1].isalpha():
        clean = f"v_{clean}"
    return clean.encode()[:64].decode(errors="ignore").rstrip("._")


def _spss_format(column: Column) -> str:
    if column.labels or column.type == "integer":
        return "F8.0"
    return "F16.6" if column.type == "number" else "A500"


def _quoted(text: str) -> str:
    """An SPSS string: quotes doubled, at most 255 bytes, on one line.

    >>> _quoted("'t is zo")
    "'''t is zo'"
    """
    flat = " ".join(text.split()).encode()[:240].decode(errors="ignore")
    return "'" + flat.replace("'", "''") + "'"
