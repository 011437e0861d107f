"""agreement.csv: a row per round and variable, every figure of the reliability report."""

from __future__ import annotations

from collections.abc import Iterator

from ...reliability.csv_file import COLUMNS, NESTED, row_of
from ...reliability.report import IN_A_REPORT
from ..study_data import StudyData
from . import Column, Row, Table

NUMBERS = frozenset({"coders", "units", "pairable_units", "not_asked_units"})
WORDS = frozenset({"key", "unit", "measured_as", "level", "verdict", "undefined", "warnings", *NESTED})


def agreement(data: StudyData) -> Table:
    about = {
        "key": "key of the variable",
        "unit": "message, conversation or span",
        "measured_as": "kind of variable",
        "level": "what alpha measures by: nominal, ordinal, interval or ratio",
        "pairable_units": "units with two codes or more: every coefficient rests on them",
        "undefined": "why a coefficient has no value",
        **dict.fromkeys(NESTED, "as JSON"),
    }
    columns = [Column("round", "string", "round of coding")]
    for name in COLUMNS:
        is_count = name in NUMBERS or name.startswith("missing_")
        kind = "string" if name in WORDS else "integer" if is_count else "number"
        columns.append(Column(name, kind, about.get(name, name.replace("_", " "))))
    return Table(
        "agreement.csv",
        f"Agreement per round and variable; intervals from {IN_A_REPORT} resamples, seed 0",
        columns,
        lambda: _rows(data),
        key=("round", "key"),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    for round_ in data.independent_rounds:
        for item in data.agreement(round_):
            yield (round_.name, *row_of(item))
