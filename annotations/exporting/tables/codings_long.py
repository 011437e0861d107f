"""codings_long.csv: one row per value; `import_codings` reads it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...codebooks.conversion import write_value
from ...codebooks.values import Missing
from ...coding.coded import CodedValue, coded_values
from ...finals.hidden import without_hidden
from ...finals.of_study import COUNTED
from ...models import Coding, Round, Span
from ..row_check import ROW_CHECK, row_check
from ..study_data import StudyData
from . import Column, Row, Table

HIDDEN = "hidden_value"
FREE = "free"
"""In the file; `Code.Origin.FREE` is an empty cell, which says less."""

COLUMNS = (
    Column("round", "string", "round of coding"),
    Column("counts", "integer", "1: the round counts in the results; 0: training or pilot"),
    Column("coder", "string", "coder; a pseudonym unless the profile is restricted"),
    Column("organisation", "string", "organisation of the conversation"),
    Column("conversation_id", "string", "conversation"),
    Column("message_id", "string", "message; empty where the answer is about the conversation"),
    Column("span", "integer", "number of the fragment within the coding; empty unless it is about one"),
    Column("start", "integer", "first code point of the fragment, from 0"),
    Column("end", "integer", "code point after the fragment"),
    Column("variable", "string", "key of the variable"),
    Column(
        "value",
        "string",
        "key of the category, number or text; missing codes are 97, 98 and 99, of a number -97, -98 and -99",
    ),
    Column("code", "string", "the value as a number for a statistics package"),
    Column("origin", "string", "of a fragment: accepted, retyped or moved candidate, or added by hand"),
    Column(
        "answer_origin",
        "string",
        "free: nothing was proposed; confirmed: the proposed answer; changed: another answer than was "
        "proposed; carried: carried over from an earlier version of the codebook; empty where "
        "the coder gave no answer (97 and 99)",
    ),
    Column("finished_at", "datetime", "when the coder finished the conversation"),
    Column("seconds", "integer", "seconds of work on the conversation"),
    Column("codebook_version", "string", "version of the codebook that the round is coded with"),
    Column(ROW_CHECK, "string", "tells, when the file is read back, that a program changed this row"),
    Column(
        "hidden_value",
        "string",
        "what was given, where a later version of the codebook no longer asks it here: kept, never counted; "
        "value is 97 then",
    ),
)
NAMES = [column.name for column in COLUMNS if column.name not in (ROW_CHECK, HIDDEN)]


def codings_long(data: StudyData) -> Table:
    return Table(
        "codings_long.csv",
        "Every answer of every coder: one row per value, several for a multiple choice",
        COLUMNS,
        lambda: _rows(data),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    for round_ in data.rounds:
        for coder_id in data.coders:
            for part in data.parts(round_, coder_id=coder_id):
                yield from _rows_of(data, round_, coder_id, part)


def _origin_of(row: CodedValue) -> str | None:
    if row.value in (Missing.NOT_APPLICABLE, Missing.NOT_CODED):
        return None
    return row.origin or FREE


def _rows_of(data: StudyData, round_: Round, coder_id: int, part: Sequence[int]) -> Iterator[Row]:
    codebook = data.codebook_of(round_)
    positions = {key: position for position, key in enumerate(codebook.spec.by_key)}
    found = Coding.objects.filter(
        assignment__round=round_, assignment__coder_id=coder_id, assignment__conversation_id__in=part
    )
    codings = {row.pk: row for row in found}
    spans = {row.pk: row for row in Span.objects.filter(coding__in=found)}

    def place(row: CodedValue) -> tuple[object, ...]:
        span = spans.get(row.span_id or 0)
        return (
            data.unit_order(row.conversation_id, row.message_id),
            span.number if span else 1 << 30,
            positions[row.variable],
        )

    given = coded_values(round_, conversation_ids=part, coder_id=coder_id)
    shown = without_hidden(round_, data.study.codebook_version_id, given)
    for row, hidden in sorted(shown, key=lambda pair: place(pair[0])):
        variable = codebook.spec.by_key[row.variable]
        if not data.shows(variable):
            continue
        coding, span = codings[row.coding_id], spans.get(row.span_id or 0)
        finished = coding.finished_at if data.profile.times else None
        several: list[tuple[str, str | None]] = [
            (written, None) for written in write_value(variable, row.value)
        ]
        if hidden is not None:
            several = [(several[0][0], was) for was in write_value(variable, hidden)]
        for written, was in several:
            cells = (
                round_.name,
                int(round_.kind in COUNTED),
                data.coders[row.coder_id],
                data.organisation_name(row.conversation_id),
                data.conversation_name(row.conversation_id),
                data.message_name(row.message_id),
                span.number if span else None,
                span.start if span and data.profile.offsets else None,
                span.end if span and data.profile.offsets else None,
                row.variable,
                written,
                variable.of_kind.code(variable, written),
                span.origin if span else None,
                _origin_of(row),
                finished.isoformat(timespec="seconds") if finished else None,
                coding.active_seconds if data.profile.times else None,
                codebook.spec.version,
            )
            yield (*cells, row_check(dict(zip(NAMES, cells, strict=True))), was)
