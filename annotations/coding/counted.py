"""What agreement counts of a round: codes given before anything of the conversation was decided. Reads only.

A coder who finished sees settled cases, may reopen and change. What the coder had given until then is kept
when the coding is reopened (`save.finishing.reopen`) and counts instead; what is given afterwards is a
revision for the data, never for agreement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

from django.db.models import Q, QuerySet

from ..codebooks.conversion import from_plain
from ..codebooks.lookup import lookup
from ..models import Assignment, Coding, Conversation, FrozenCoding, Message, Round, Span
from .coded import CodedValue, coded_values, codings_of

COUNTS = Q(coding__state=Coding.State.FINISHED) | Q(coding__frozen__isnull=False)
"""Of assignments: those whose codes agreement counts."""


def frozen_in(round_: Round, conversation_ids: Collection[int] | None = None) -> QuerySet[FrozenCoding]:
    rows = FrozenCoding.objects.filter(coding__assignment__round=round_)
    if conversation_ids is not None:
        rows = rows.filter(coding__assignment__conversation_id__in=conversation_ids)
    return rows.select_related("coding__assignment")


def counted_assignments(round_: Round) -> QuerySet[Assignment]:
    return round_.assignments.filter(COUNTS)


def counted_values(
    round_: Round,
    *,
    variables: Collection[str] | None = None,
    conversation_ids: Collection[int] | None = None,
) -> Iterator[CodedValue]:
    """As `coded_values`, in the same order, with what was kept in the place of what was given afterwards."""
    frozen = {row.coding_id: row for row in frozen_in(round_, conversation_ids)}
    rows = coded_values(round_, variables=variables, conversation_ids=conversation_ids)
    if not frozen:
        yield from rows
        return
    found = [row for row in rows if row.coding_id not in frozen]
    for row in frozen.values():
        found += _values(row, round_, variables)
    yield from sorted(found, key=_order(round_))


def counted_places(
    round_: Round, conversation_ids: Collection[int] | None = None
) -> dict[int, tuple[int, int]]:
    """Span id -> (start, end) of the fragments that are counted."""
    frozen = list(frozen_in(round_, conversation_ids))
    spans = Span.objects.filter(coding__in=codings_of(round_)).exclude(
        coding__in=[row.coding_id for row in frozen]
    )
    if conversation_ids is not None:
        spans = spans.filter(message__conversation_id__in=conversation_ids)
    places = {pk: (start, end) for pk, start, end in spans.order_by().values_list("id", "start", "end")}
    for row in frozen:
        places |= {int(pk): (start, end) for pk, (start, end) in row.spans.items()}
    return places


def counted_coders(round_: Round, conversation_ids: Collection[int] | None = None) -> dict[int, list[int]]:
    """Conversation id -> ids of the coders whose codes of it are counted."""
    coders: dict[int, list[int]] = defaultdict(list)
    rows = counted_assignments(round_).order_by("coder_id")
    if conversation_ids is not None:
        rows = rows.filter(conversation_id__in=conversation_ids)
    for conversation_id, coder_id in rows.values_list("conversation_id", "coder_id"):
        coders[conversation_id].append(coder_id)
    return coders


def _values(row: FrozenCoding, round_: Round, variables: Collection[str] | None) -> Iterator[CodedValue]:
    codebook = lookup(round_.codebook_version_id)
    assignment = row.coding.assignment
    for message_id, span_id, key, value in row.answers:
        if variables is None or key in variables:
            yield CodedValue(
                row.coding_id,
                assignment.coder_id,
                assignment.conversation_id,
                message_id,
                span_id,
                key,
                from_plain(codebook.spec.by_key[key], value),
            )


def _order(round_: Round) -> Callable[[CodedValue], tuple[int, ...]]:
    variables = {key: place for place, key in enumerate(lookup(round_.codebook_version_id).spec.by_key)}
    numbers = dict(
        Conversation.objects.filter(assignments__round=round_).order_by().values_list("pk", "number")
    )
    positions = dict(
        Message.objects.filter(conversation__assignments__round=round_)
        .order_by()
        .values_list("pk", "position")
    )
    return lambda row: (
        variables[row.variable],
        numbers[row.conversation_id],
        positions.get(row.message_id or 0, -1),
        row.span_id or 0,
        row.coder_id,
    )
