"""The tables as one CSV: a row per cell, with what its table leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..common.cells import csv_lines
from .population import Reason
from .tables import ResultTable

HEADER = (
    "table",
    "title",
    "row",
    "label",
    "organisation",
    "n",
    "of",
    "percent",
    "wilson_low",
    "wilson_high",
    "exact_low",
    "exact_high",
    "unit",
    *(f"left_out_{reason.value}" for reason in Reason),
)


def as_csv(tables: Iterable[ResultTable]) -> str:
    return "".join(csv_lines(HEADER, _rows(tables)))


def _rows(tables: Iterable[ResultTable]) -> Iterator[list[object]]:
    for table in tables:
        labels = dict(table.rows)
        for cell in table.cells.values():
            values = cell.as_dict()
            wilson, exact = values["wilson"] or (None, None), values["exact"] or (None, None)
            yield [
                table.key,
                table.title,
                cell.row,
                labels[cell.row],
                cell.organisation,
                values["n"],
                values["of"],
                values["percent"],
                *wilson,
                *exact,
                table.unit,
                *(table.left_out[reason] for reason in Reason),
            ]
