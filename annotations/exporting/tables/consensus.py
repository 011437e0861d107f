"""consensus.csv: per unit and variable the value the study goes on with, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from ...adjudication.final import FinalValue, SpanValue, final_spans, final_values
from ...codebooks.values import write_value
from ...models import Round
from ..study_data import StudyData, code_of
from . import Column, Row, Table

COLUMNS = (
    Column("round", "string", "round of coding"),
    Column("conversation_id", "string", "conversation"),
    Column("message_id", "string", "message; empty where the value is about the conversation"),
    Column("start", "integer", "first code point of a fragment, from 0"),
    Column("end", "integer", "code point after the fragment"),
    Column("variable", "string", "key of the variable"),
    Column("value", "string", "one row per value; empty while unresolved"),
    Column("code", "string", "the value as a number for a statistics package"),
    Column("source", "string", "settled, unanimous, single (one coder) or unresolved"),
    Column("coders", "integer", "coders who finished the unit"),
    Column("cause", "string", "why coders differed, as the supervisor saw it"),
    Column("reason", "string", "the supervisor's reason; in the restricted profile only"),
    Column("decided_at", "datetime", "when it was settled"),
)


def consensus(data: StudyData) -> Table:
    return Table(
        "consensus.csv",
        "The value the study goes on with, per unit and variable",
        COLUMNS,
        lambda: _rows(data),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    for round_ in data.rounds:
        positions = {key: number for number, key in enumerate(data.codebook_of(round_).spec.by_key)}
        found = [*final_values(round_), *final_spans(round_)]
        found.sort(
            key=lambda final: (
                data.unit_order(final.conversation_id, final.message_id),
                positions[final.variable],
            )
        )
        for final in found:
            yield from _rows_of(data, round_, final)


def _rows_of(data: StudyData, round_: Round, final: FinalValue) -> Iterator[Row]:
    variable = data.codebook_of(round_).spec.by_key[final.variable]
    if not data.shows(variable):
        return
    settled = final.consensus
    decided = settled.decided_at if settled and data.profile.times else None
    for start, end, written in _written(final):
        yield (
            round_.name,
            data.conversation_name(final.conversation_id),
            data.message_name(final.message_id),
            start,
            end,
            final.variable,
            written,
            code_of(variable, written or ""),
            final.source,
            final.coders,
            settled.cause if settled else None,
            settled.reason if settled and data.profile.notes else None,
            decided.isoformat(timespec="seconds") if decided else None,
        )


def _written(final: FinalValue) -> Iterator[tuple[int | None, int | None, str | None]]:
    if final.value is None or final.value == ():
        yield None, None, None
    elif isinstance(final.value, tuple):
        for span in final.value:
            assert isinstance(span, SpanValue)
            yield span.start, span.end, span.category
    else:
        for written in write_value(final.value):
            yield None, None, written
