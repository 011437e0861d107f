"""spans.csv: one row per fragment that a coder marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from ...codebooks.conversion import write_value
from ...codebooks.schema import VariableSpec
from ...codebooks.values import Value
from ...coding.coded import coded_values, codings_of
from ...finals.hidden import without_hidden
from ...models import Round, Span
from ..study_data import StudyData
from ..variable_columns import variable_columns
from . import Column, Row, Table

PLACES = (
    Column("start", "integer", "first code point of the fragment in the message's text, from 0"),
    Column("end", "integer", "code point after the fragment"),
)


Cells = Callable[[VariableSpec, Value], list[object]]


def spans(data: StudyData) -> Table:
    """A cell per variable: keys of categories, several joined by |."""
    keys = [variable.key for variable in data.variables if variable.level == "span"]
    columns = [Column(key, "string", data_label(data, key)) for key in keys]

    def cells(variable: VariableSpec, value: Value) -> list[object]:
        return ["|".join(write_value(variable, value))]

    return _table(data, "spans.csv", columns, dict.fromkeys(keys, 1), cells)


def span_codes(data: StudyData) -> Table:
    """The same fragments with the codebook's numbers, for a statistics program."""
    columns, widths = [], {}
    for variable in data.variables:
        if variable.level == "span":
            own = variable_columns(data, variable)
            widths[variable.key] = len(own)
            columns += own

    known = {variable.key: variable for variable in data.variables}

    def cells(variable: VariableSpec, value: Value) -> list[object]:
        variable = known.get(variable.key, variable)
        return variable.of_kind.export_cells(variable, value)

    return _table(data, "spans", columns, widths, cells)


def _table(data: StudyData, name: str, answers: list[Column], widths: dict[str, int], cells: Cells) -> Table:
    columns = [
        Column("round", "string", "round of coding"),
        Column("coder", "string", "coder"),
        Column("conversation_id", "string", "conversation"),
        Column("message_id", "string", "message"),
        Column("span", "integer", "number of the fragment within the coding"),
        *(PLACES if data.profile.offsets else []),
        *([Column("quote", "string", "the fragment itself")] if data.profile.texts == "raw" else []),
        *answers,
        Column("origin", "string", "accepted, retyped or moved candidate, or added by hand"),
    ]
    return Table(
        name,
        "Every fragment that a coder marked",
        columns,
        lambda: _rows(data, widths, cells),
        key=("round", "coder", "conversation_id", "span"),
    )


def data_label(data: StudyData, key: str) -> str:
    variable = next(variable for variable in data.variables if variable.key == key)
    return variable.label.get(data.language) or variable.key


def _rows(data: StudyData, widths: dict[str, int], cells: Cells) -> Iterator[Row]:
    for round_ in data.rounds:
        for coder_id in data.coders:
            for part in data.parts(round_, coder_id=coder_id):
                yield from _rows_of(data, round_, widths, cells, coder_id, part)


def _rows_of(
    data: StudyData, round_: Round, widths: dict[str, int], cells: Cells, coder_id: int, part: Sequence[int]
) -> Iterator[Row]:
    by_key = data.codebook_of(round_).spec.by_key
    known = [key for key in widths if key in by_key]
    answers: dict[int, dict[str, list[object]]] = defaultdict(dict)
    given = coded_values(round_, variables=known, conversation_ids=part, coder_id=coder_id)
    for row, _hidden in without_hidden(round_, data.study.codebook_version_id, given):
        if row.span_id is not None:
            answers[row.span_id][row.variable] = cells(by_key[row.variable], row.value)
    codings = codings_of(round_).filter(assignment__coder_id=coder_id, assignment__conversation_id__in=part)
    found = Span.objects.filter(coding__in=codings).select_related("coding__assignment", "message")
    for span in sorted(
        found,
        key=lambda span: (
            data.unit_order(span.coding.assignment.conversation_id, span.message_id),
            span.start,
            span.number,
        ),
    ):
        assignment = span.coding.assignment
        yield (
            round_.name,
            data.coders[assignment.coder_id],
            data.conversation_name(assignment.conversation_id),
            data.message_name(span.message_id),
            span.number,
            *([span.start, span.end] if data.profile.offsets else []),
            *([span.message.text[span.start : span.end]] if data.profile.texts == "raw" else []),
            *(cell for key, width in widths.items() for cell in answers[span.pk].get(key, [None] * width)),
            span.origin,
        )
