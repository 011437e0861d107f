"""spans.csv: one row per fragment that a coder marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ...codebooks.conversion import write_value
from ...coding.coded import coded_values, codings_of
from ...models import Round, Span
from ..study_data import StudyData
from . import Column, Row, Table

PLACES = (
    Column("start", "integer", "first code point of the fragment in the message's text, from 0"),
    Column("end", "integer", "code point after the fragment"),
)


def spans(data: StudyData) -> Table:
    keys = [variable.key for variable in data.variables if variable.level == "span"]
    columns = [
        Column("round", "string", "round of coding"),
        Column("coder", "string", "coder"),
        Column("conversation_id", "string", "conversation"),
        Column("message_id", "string", "message"),
        Column("span", "integer", "number of the fragment within the coding"),
        *(PLACES if data.profile.offsets else []),
        *([Column("quote", "string", "the fragment itself")] if data.profile.texts == "raw" else []),
        *(Column(key, "string", data_label(data, key)) for key in keys),
        Column("origin", "string", "accepted, retyped or moved candidate, or added by hand"),
    ]
    return Table(
        "spans.csv",
        "Every fragment that a coder marked",
        columns,
        lambda: _rows(data, keys),
        key=("round", "coder", "conversation_id", "span"),
    )


def data_label(data: StudyData, key: str) -> str:
    variable = next(variable for variable in data.variables if variable.key == key)
    return variable.label.get(data.language) or variable.key


def _rows(data: StudyData, keys: list[str]) -> Iterator[Row]:
    for round_ in data.rounds:
        for coder_id in data.coders:
            for part in data.parts(round_, coder_id=coder_id):
                yield from _rows_of(data, round_, keys, coder_id, part)


def _rows_of(
    data: StudyData, round_: Round, keys: list[str], coder_id: int, part: Sequence[int]
) -> Iterator[Row]:
    by_key = data.codebook_of(round_).spec.by_key
    known = [key for key in keys if key in by_key]
    answers: dict[int, dict[str, str]] = defaultdict(dict)
    for row in coded_values(round_, variables=known, conversation_ids=part, coder_id=coder_id):
        if row.span_id is not None:
            answers[row.span_id][row.variable] = "|".join(write_value(by_key[row.variable], row.value))
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
            *(answers[span.pk].get(key) for key in keys),
            span.origin,
        )
