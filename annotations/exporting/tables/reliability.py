"""reliability.csv: a row per variable and unit, a column per coder; ready for R's irr and krippendorff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ...codebooks.schema import VariableSpec
from ...codebooks.values import Missing, Value, write_value
from ...coding.coded import coded_values
from ..study_data import StudyData
from . import Column, Row, Table


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
        spec = data.codebook_of(round_).spec
        keys = [v.key for v in spec.variables if v.level != "span" and v.reliability and data.shows(v)]
        units: dict[tuple[str, int, int | None], dict[int, str]] = defaultdict(dict)
        not_asked: set[tuple[str, int, int | None]] = set()
        for row in coded_values(round_, variables=keys):
            if row.value is Missing.NOT_APPLICABLE and spec.by_key[row.variable].show_if:
                not_asked.add((row.variable, row.conversation_id, row.message_id))
            written = as_cell(spec.by_key[row.variable], row.value)
            units[row.variable, row.conversation_id, row.message_id][row.coder_id] = written
        positions = {key: position for position, key in enumerate(spec.by_key)}
        for variable, conversation_id, message_id in sorted(
            units, key=lambda unit: (positions[unit[0]], data.unit_order(unit[1], unit[2]))
        ):
            by_coder = units[variable, conversation_id, message_id]
            unit = (variable, conversation_id, message_id)
            # As in the report: of a conditional question only units where every coder was asked.
            if len(by_coder) < 2 or unit in not_asked:
                continue
            yield (
                round_.name,
                variable,
                spec.by_key[variable].level,
                data.conversation_name(conversation_id),
                data.message_name(message_id),
                *(by_coder.get(coder_id) for coder_id in data.coders),
            )


def as_cell(variable: VariableSpec, value: Value) -> str:
    """A value in one cell. An empty choice reads `[]`, for an empty cell is a missing one."""
    if isinstance(value, Missing):
        return ""
    written = write_value(value)
    if any(category.is_missing for category in variable.categories if category.key in written):
        return ""
    return "|".join(written) or "[]"
