"""The file that describes the tables: a Frictionless data package."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..common.cells import DISARMED, disarm
from ..models import Study
from .tables import Column, Table

UNITS = ("conversation_id", "message_id")
"""Columns that name a row of messages.csv."""
TELLS = Column(DISARMED, "string", "columns whose cell has an apostrophe before what looks like a formula")


def datapackage(study: Study, tables: Sequence[Table], *, tells: bool) -> str:
    """`datapackage.json` (Data Package v2, Table Schema) for the CSV files."""
    by_name = {table.name: table for table in tables}
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": study.slug,
        "title": study.name,
        "resources": [_resource(table, tells, by_name.get("messages.csv")) for table in tables],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(table: Table, tells: bool, messages: Table | None) -> dict[str, Any]:
    columns = [*table.columns, *([TELLS] if tells and table.tells else [])]
    schema: dict[str, Any] = {"fields": [_field(column) for column in columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if messages is not None and table is not messages:
        shared = [name for name in UNITS if name in table.header and name in messages.header]
        if shared:
            schema["foreignKeys"] = [_refers(name, messages) for name in shared]
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


def _refers(name: str, table: Table) -> dict[str, Any]:
    reference = {"resource": table.name.removesuffix(".csv"), "fields": [name]}
    return {"fields": [name], "reference": reference}


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
