"""reliability.csv: the units that the agreement reports compare, of every round."""

from __future__ import annotations

from collections.abc import Iterator

from ...reliability.data import ReportScope, coders_of
from ...reliability.data_file import ABOUT, LEADING, unit_rows
from ..study_data import StudyData
from . import Column, Row, Table


def reliability(data: StudyData) -> Table:
    given = {pk for round_ in data.independent_rounds for pk in coders_of(round_, ReportScope())}
    coders = {pk: name for pk, name in data.coders.items() if pk in given}
    about = "what this coder gave; empty where missing (97, 98, 99) or not coded"
    return Table(
        "reliability.csv",
        "Units of the agreement report; the categories of a multiple choice joined by |",
        [
            *(Column(name, "string", ABOUT[name]) for name in LEADING),
            *(Column(name, "string", about) for name in coders.values()),
        ],
        lambda: _rows(data, list(coders)),
        key=("round", "variable", "conversation_id", "message_id"),
        tells=False,
    )


def _rows(data: StudyData, coder_ids: list[int]) -> Iterator[Row]:
    for round_ in data.independent_rounds:
        yield from unit_rows(round_, ReportScope(), coder_ids, data)
