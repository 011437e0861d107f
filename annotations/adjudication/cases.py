"""Settled cases: decisions of supervisors that coders see beside a category. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from ..codebooks.carrying import Carrier, carrier, earlier_versions
from ..codebooks.lookup import lookup
from ..codebooks.schema import CodebookSpec
from ..coding.text import Range
from ..common.masking import mask
from ..finals.carried import carried_span, carried_value
from ..finals.settled import Settlement, SpanValue, settlements
from ..finals.thread import masked_places
from ..models import Assignment, CaseCheck, Coding, Consensus, Message, Study, Training

LONGEST = 160
"""Characters of a quotation."""
NEWEST = 200
"""Cases that are looked at; a category shows a few of them."""
PER_CATEGORY = 3


@dataclass(frozen=True)
class SettledCase:
    """A decision as an example. `quote` is masked as the study's privacy asks; a conversation has none."""

    category: str
    reason: str
    quote: str
    conversation_number: int


def settled_cases(
    study: Study, version_id: int, variable: str, *, coder_id: int | None = None
) -> dict[str, list[SettledCase]]:
    """Category key -> its newest settled cases, in a constant number of queries.

    For a coder (`coder_id`) nothing is shown of a conversation that this coder still has to code or to
    finish, in whatever round: a settled case must never give an answer away.
    """
    if variable not in lookup(version_id).variable_ids:
        return {}
    rows, values = _settled(study, version_id, variable, coder_id)
    masked = masked_places(study, [row.conversation_id for row in rows]) if rows else {}
    found: dict[str, list[SettledCase]] = defaultdict(list)
    for row in rows:
        for category, span in _categories(values[row.pk]):
            if len(found[category]) < PER_CATEGORY:
                quote = _quote(row.message, span, masked.get(row.message_id or 0, []))
                found[category].append(SettledCase(category, row.reason, quote, row.conversation.number))
    return dict(found)


def _settled(
    study: Study, version_id: int, variable: str, coder_id: int | None
) -> tuple[list[Consensus], dict[int, Settlement]]:
    """The cases of this version, and those of the versions it was made of that still hold in it.

    One that a changed definition is about holds once a supervisor has looked at it and said so.
    """
    ids: dict[int, int] = {}
    for earlier in earlier_versions(version_id):
        book, carried = lookup(earlier), carrier(earlier, version_id)
        for key, pk in book.variable_ids.items():
            if (carried.key(key) if carried else key) == variable:
                ids[pk] = earlier
    rows = list(_rows(study, ids, coder_id))
    values: dict[int, Settlement] = {}
    looked_at = dict(
        CaseCheck.objects.filter(version=version_id, consensus__in=rows).values_list("consensus", "holds")
    )
    for earlier in set(ids.values()):
        some = [row for row in rows if ids[row.variable_id] == earlier]
        book, carried = lookup(earlier), carrier(earlier, version_id)
        for pk, value in settlements(some, book).items():
            was = next(book.variables[row.variable_id].key for row in some if row.pk == pk)
            now = _in_words_of(carried, lookup(version_id).spec, was, value) if carried else value
            if now is not None and looked_at.get(pk, carried is None or not carried.rewords(was, value)):
                values[pk] = now
    return [row for row in rows if row.pk in values], values


def _in_words_of(carried: Carrier, spec: CodebookSpec, was: str, value: Settlement) -> Settlement | None:
    if not isinstance(value, tuple):
        return carried_value(carried, spec, was, value)
    spans = [carried_span(carried, spec, was, span) for span in value]
    return tuple(span for span in spans if span is not None) if all(spans) else None


def _rows(study: Study, variable_ids: Collection[int], coder_id: int | None) -> QuerySet[Consensus]:
    rows = Consensus.objects.filter(
        round__study=study, variable_id__in=list(variable_ids), is_settled_case=True
    )
    if coder_id is not None:
        unfinished = Assignment.objects.filter(
            conversation=OuterRef("conversation"), coder_id=coder_id
        ).exclude(coding__state=Coding.State.FINISHED)
        rows = rows.exclude(Exists(unfinished)).exclude(round__in=Training.objects.key_rounds(coder_id))
    return rows.select_related("message", "conversation").order_by("-decided_at", "-id")[:NEWEST]


def _categories(settlement: Settlement) -> list[tuple[str, SpanValue | None]]:
    """The categories a settlement is an example of; of each kind of fragment the first."""
    if isinstance(settlement, tuple):
        first: dict[str, SpanValue] = {}
        for span in settlement:
            first.setdefault(span.category, span)
        return list(first.items())
    if isinstance(settlement, frozenset):
        return [(key, None) for key in sorted(settlement)]
    return [(settlement, None)] if isinstance(settlement, str) else []


def _quote(message: Message | None, span: SpanValue | None, masked: list[Range]) -> str:
    """The words around a fragment, or the beginning of the message."""
    if message is None:
        return ""
    text = mask(message.text, masked)
    start = max(0, span.start - LONGEST // 4) if span else 0
    end = min(len(text), start + LONGEST)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
