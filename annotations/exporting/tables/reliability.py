"""reliability.csv: a row per variable and unit, a column per coder; ready for R's irr and krippendorff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ...codebooks.schema import VariableSpec
from ...codebooks.values import Missing, Value, write_value
from ...coding.coded import coded_values
from ...models import Round
from ..study_data import StudyData
from . import Column, Row, Table

Unit = tuple[int, int | None]


def reliability(data: StudyData) -> Table:
    columns = [
        Column("round", "string", "round of coding"),
        Column("variable", "string", "key of the variable"),
        Column("level", "string", "message or conversation"),
        Column("conversation_id", "string", "conversation"),
        Column("message_id", "string", "message; empty for a conversation"),
        *(
            Column(name, "string", "what this coder gave; empty where missing (97, 98, 99) or not coded")
            for name in data.coders.values()
        ),
    ]
    return Table(
        "reliability.csv",
        "Units of the agreement report; the categories of a multiple choice joined by |",
        columns,
        lambda: _rows(data),
        key=("round", "variable", "conversation_id", "message_id"),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    for round_ in data.rounds:
        for variable in data.codebook_of(round_).spec.by_key.values():
            if variable.level != "span" and variable.reliability and data.shows(variable):
                yield from _rows_of(data, round_, variable)


def _rows_of(data: StudyData, round_: Round, variable: VariableSpec) -> Iterator[Row]:
    units: dict[Unit, dict[int, str]] = defaultdict(dict)
    not_asked: set[Unit] = set()
    for row in coded_values(round_, variables=[variable.key]):
        unit = (row.conversation_id, row.message_id)
        if row.value is Missing.NOT_APPLICABLE and variable.show_if:
            not_asked.add(unit)
        units[unit][row.coder_id] = as_cell(variable, row.value)
    for unit in sorted(units, key=lambda unit: data.unit_order(*unit)):
        by_coder = units[unit]
        # As in the report: of a conditional question only units where every coder was asked.
        if len(by_coder) < 2 or unit in not_asked:
            continue
        yield (
            round_.name,
            variable.key,
            variable.level,
            data.conversation_name(unit[0]),
            data.message_name(unit[1]),
            *(by_coder.get(coder_id) for coder_id in data.coders),
        )


def as_cell(variable: VariableSpec, value: Value) -> str:
    """A value in one cell. An empty choice reads `[]`, for an empty cell is a missing one."""
    if variable.of_kind.missing_meant(variable, value) is not None:
        return ""
    written = write_value(variable, value)
    return "|".join(written) or "[]"
