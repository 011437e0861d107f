"""consensus.csv: per unit and variable the value the study goes on with, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...adjudication.fragments import from_json
from ...codebooks.conversion import write_value
from ...codebooks.schema import VariableSpec
from ...codebooks.values import Value
from ...finals.carried import in_version
from ...finals.hidden import finals_without_hidden
from ...finals.of_round import EARLIER, FinalValue, final_spans, final_values
from ...finals.of_study import counted_rounds, deciding_rounds, key_of
from ...finals.settled import SpanValue
from ...models import Round
from ..study_data import StudyData
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
    Column(
        "counts",
        "integer",
        "1: the results count this; 0: a later round decides, or the round does not count",
    ),
    Column("cause", "string", "why coders differed, as the supervisor saw it"),
    Column("reason", "string", "the supervisor's reason; in the restricted profile only"),
    Column("decided_at", "datetime", "when it was settled"),
    Column("codebook_version", "string", "version of the codebook that the round is coded with"),
    Column(
        "carries",
        "integer",
        "1: the value holds in the study's codebook version too; 0: a change left it no counterpart there, "
        "and the results do not count it",
    ),
    Column(
        "hidden_value",
        "string",
        "what was given, where a later version of the codebook no longer asks it here: kept, never counted; "
        "value is 97 then",
    ),
)


def consensus(data: StudyData) -> Table:
    return Table(
        "consensus.csv",
        "The value the study goes on with, per unit and variable",
        COLUMNS,
        lambda: _rows(data),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    counted = counted_rounds(data.study)
    for round_ in data.rounds:
        positions = {key: number for number, key in enumerate(data.codebook_of(round_).spec.by_key)}
        for part in data.parts(round_):
            found = [
                *final_values(round_, conversation_ids=part),
                *final_spans(round_, conversation_ids=part),
            ]
            found.sort(
                key=lambda final: (
                    data.unit_order(final.conversation_id, final.message_id),
                    positions[final.variable],
                )
            )
            deciding = deciding_rounds(counted, part) if len(counted) > 1 else None
            target = data.study.codebook_version_id
            for final, hidden in finals_without_hidden(round_, target, found):
                now = in_version(final, round_, target)
                counts = round_ in counted if deciding is None else deciding.get(key_of(now)) == round_.pk
                carries = now.source != EARLIER
                yield from _rows_of(data, round_, final, hidden, counts and carries, carries)


def _rows_of(
    data: StudyData, round_: Round, final: FinalValue, hidden: Value | None, counts: bool, carries: bool
) -> Iterator[Row]:
    spec = data.codebook_of(round_).spec
    by_key = spec.by_key
    if not data.shows(by_key[final.variable]):
        return
    settled = final.consensus
    decided = settled.decided_at if settled and data.profile.times else None
    for start, end, variable, written, was in _written(final, hidden, by_key):
        if not data.shows(by_key[variable]):
            continue
        yield (
            round_.name,
            data.conversation_name(final.conversation_id),
            data.message_name(final.message_id),
            start if data.profile.offsets else None,
            end if data.profile.offsets else None,
            variable,
            written,
            by_key[variable].of_kind.code(by_key[variable], written or ""),
            final.source,
            final.coders,
            counts,
            settled.cause if settled else None,
            settled.reason if settled and data.profile.notes else None,
            decided.isoformat(timespec="seconds") if decided else None,
            spec.version,
            carries,
            was,
        )


def _written(
    final: FinalValue, hidden: Value | None, by_key: Mapping[str, VariableSpec]
) -> Iterator[tuple[int | None, int | None, str, str | None, str | None]]:
    """Start, end, variable, value, hidden value. Other answers about a fragment have rows of their own."""
    if final.value is None or final.value == ():
        yield None, None, final.variable, None, None
    elif isinstance(final.value, tuple):
        for span in final.value:
            assert isinstance(span, SpanValue)
            yield span.start, span.end, final.variable, span.category, None
            for key, answer in span.answers:
                for written in write_value(by_key[key], from_json(by_key[key], answer)):
                    yield span.start, span.end, key, written, None
    else:
        variable = by_key[final.variable]
        several = write_value(variable, final.value)
        if hidden is None:
            yield from ((None, None, final.variable, written, None) for written in several)
        else:
            yield from (
                (None, None, final.variable, several[0], was) for was in write_value(variable, hidden)
            )
