"""codings_wide.csv: a row per unit, final values first, each coder's own beside them; numeric codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ...codebooks.schema import VariableSpec
from ...codebooks.values import Value
from ...coding.coded import coded_values
from ...finals.hidden import finals_without_hidden, without_hidden
from ...finals.of_round import Unit, final_values
from ...models import Round
from ..study_data import StudyData
from ..variable_columns import variable_columns
from . import Column, Row, Table

Cells = dict[str, object]


def codings_wide(data: StudyData) -> Table:
    variables = [variable for variable in data.variables if variable.level != "span"]
    coders = list(data.coders.values())
    columns = [
        Column("round", "string", "round of coding"),
        Column("level", "string", "message or conversation"),
        Column("organisation", "string", "organisation of the conversation"),
        Column("conversation_id", "string", "conversation"),
        Column("message_id", "string", "message; empty on the row of a conversation"),
        Column("coders", "integer", "coders who finished the unit"),
        Column("unresolved", "integer", "variables on which coders differ and nobody decided"),
    ]
    for variable in variables:
        columns += variable_columns(data, variable, "", "value the study goes on with")
    for variable in variables:
        for name in coders:
            columns += variable_columns(data, variable, f"__{name}", f"as {name} gave it")
    return Table(
        "codings_wide.csv",
        "A row per message and per conversation that was coded; values are the codebook's numbers",
        columns,
        lambda: _rows(data, variables, [column.name for column in columns]),
        key=("round", "level", "conversation_id", "message_id"),
    )


def _rows(data: StudyData, variables: list[VariableSpec], header: list[str]) -> Iterator[Row]:
    for round_ in data.rounds:
        by_key = {v.key: v for v in variables if v.key in data.codebook_of(round_).spec.by_key}
        for part in data.parts(round_):
            yield from _rows_of(data, round_, by_key, header, part)


def _rows_of(
    data: StudyData,
    round_: Round,
    by_key: Mapping[str, VariableSpec],
    header: list[str],
    part: Sequence[int],
) -> Iterator[Row]:
    units: dict[Unit, Cells] = defaultdict(dict)
    coders: dict[Unit, set[int]] = defaultdict(set)
    target = data.study.codebook_version_id
    finals = final_values(round_, variables=by_key, conversation_ids=part)
    for final, _hidden in finals_without_hidden(round_, target, finals):
        cells = units[final.conversation_id, final.message_id]
        if final.value is None:
            cells["unresolved"] = int(str(cells.get("unresolved", 0))) + 1
        elif not isinstance(final.value, tuple):
            _fill(cells, by_key[final.variable], "", final.value)
    given = coded_values(round_, variables=by_key, conversation_ids=part)
    for row, _hidden in without_hidden(round_, target, given):
        unit = (row.conversation_id, row.message_id)
        coders[unit].add(row.coder_id)
        _fill(units[unit], by_key[row.variable], f"__{data.coders[row.coder_id]}", row.value)
    for unit in sorted(units, key=lambda unit: data.unit_order(*unit)):
        yield _row(data, round_, unit, units[unit], len(coders[unit]), header)


def _row(
    data: StudyData, round_: Round, unit: Unit, cells: Cells, coders: int, header: list[str]
) -> list[object]:
    conversation_id, message_id = unit
    named: Cells = {
        "round": round_.name,
        "level": "conversation" if message_id is None else "message",
        "organisation": data.organisation_name(conversation_id),
        "conversation_id": data.conversation_name(conversation_id),
        "message_id": data.message_name(message_id),
        "coders": coders,
        "unresolved": 0,
    }
    named |= cells
    return [named.get(name) for name in header]


def _fill(cells: Cells, variable: VariableSpec, suffix: str, value: Value) -> None:
    columns = variable.of_kind.export_columns(variable, "en")
    for column, cell in zip(columns, variable.of_kind.export_cells(variable, value), strict=True):
        cells[f"{variable.key}{column.suffix}{suffix}"] = cell
