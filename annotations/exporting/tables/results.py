"""results.csv and saved_tables.csv: the tables of the study, and the questions that people kept."""

from __future__ import annotations

from collections.abc import Iterator

from ...models import SavedTable
from ...results.building.definition import from_plain
from ...results.collect import report_tables
from ...results.csv_file import COLUMNS, csv_rows
from ...results.table import Table as ResultsTable
from ...results.tables import ResultTable, study_tables
from ..study_data import StudyData
from . import Column, Row, Table

NOT_PUBLIC = ("agent", "month")
"""Whoever signs is a person, and a month helps to find messages again."""


def results(data: StudyData) -> Table:
    return Table(
        "results.csv",
        "The tables of the results: a row per cell, with the comparison of its table or row",
        [Column(*column) for column in COLUMNS],
        lambda: csv_rows(_tables(data)),
    )


def _tables(data: StudyData) -> Iterator[ResultTable | ResultsTable]:
    yield from study_tables(data.study, data.language)
    yield from tables_of(data)


def tables_of(data: StudyData) -> list[ResultsTable]:
    """The ready-made tables and those that were saved for the report, as far as the profile shows them."""
    without = NOT_PUBLIC if data.profile.texts == "none" else ()
    return report_tables(data.figures, data.study, data.language, without=without)


def saved_tables(data: StudyData) -> Table:
    return Table(
        "saved_tables.csv",
        "Tables that people kept: what each asks, and what it rests on",
        (
            Column("table", "string", "key of the table in results.csv"),
            Column("name", "string", "its name"),
            Column("rows", "string", "field in the rows"),
            Column("columns", "string", "field in the columns"),
            Column("layer", "string", "field of the layer"),
            Column("unit", "string", "what is counted"),
            Column("filters", "string", "FIELD=VALUES, with a semicolon between two"),
            Column("percentages", "string", "column, row or none"),
            Column("note", "string", "stands under the table"),
            Column("in_report", "integer", "1: part of the report and of results.csv"),
            Column("codebook_version", "string", "with which its values were coded"),
            Column("looked_through_on", "date", "the day on which somebody last looked it through"),
            Column("units", "integer", "units that it held then"),
        ),
        lambda: _saved(data),
        key=("table",),
    )


def _saved(data: StudyData) -> Iterator[Row]:
    for saved in SavedTable.objects.filter(study=data.study).select_related("codebook_version"):
        asked = from_plain(saved.definition)
        yield (
            f"saved.{saved.pk}",
            saved.name,
            asked.rows,
            asked.columns,
            asked.layer,
            asked.unit,
            ";".join(map(str, asked.filters)),
            asked.percentages,
            saved.note,
            int(saved.in_report),
            saved.codebook_version.version,
            saved.looked_through_at.date().isoformat(),
            saved.rests_on.get("units"),
        )
