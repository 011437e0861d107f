"""Settled cases: decisions of supervisors that coders see beside a category. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from ..codebooks.lookup import lookup
from ..coding.text import Range
from ..common.masking import mask
from ..finals.settled import Settlement, SpanValue, settlements
from ..finals.thread import masked_places
from ..models import Assignment, Coding, Consensus, Message, Study

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
    codebook = lookup(version_id)
    variable_id = codebook.variable_ids.get(variable)
    if variable_id is None:
        return {}
    rows = list(_rows(study, variable_id, coder_id))
    values = settlements(rows, codebook)
    masked = masked_places(study, [row.conversation_id for row in rows]) if rows else {}
    found: dict[str, list[SettledCase]] = defaultdict(list)
    for row in rows:
        for category, span in _categories(values[row.pk]):
            if len(found[category]) < PER_CATEGORY:
                quote = _quote(row.message, span, masked.get(row.message_id or 0, []))
                found[category].append(SettledCase(category, row.reason, quote, row.conversation.number))
    return dict(found)


def _rows(study: Study, variable_id: int, coder_id: int | None) -> QuerySet[Consensus]:
    rows = Consensus.objects.filter(round__study=study, variable_id=variable_id, is_settled_case=True)
    if coder_id is not None:
        unfinished = Assignment.objects.filter(
            conversation=OuterRef("conversation"), coder_id=coder_id
        ).exclude(coding__state=Coding.State.FINISHED)
        rows = rows.exclude(Exists(unfinished))
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
