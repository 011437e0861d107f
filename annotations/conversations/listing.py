"""The list of conversations: pages cut by number. Reads only.

A page costs the same number of queries whatever the study holds, and nothing is counted over all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from ..coding.text import masked_text
from ..models import Assignment, Candidate, Coding, Conversation, Message, Study
from .filters import Filters, matching

PAGE = 50
LONGEST = 160


@dataclass(slots=True)
class Row:
    """One conversation of the list. `opening`: the beginning of its first message that is present."""

    conversation: Conversation
    opening: str
    assigned: int
    finished: int


@dataclass(slots=True)
class Page:
    """Rows by number; `before` and `after`: numbers to ask for the pages around it with, None at an end."""

    rows: list[Row] = field(default_factory=list)
    before: int | None = None
    after: int | None = None


def page_of(study: Study, filters: Filters, *, after: int | None = None, before: int | None = None) -> Page:
    """A page of at most 50 conversations: the first, or those after or before a number."""
    found = (
        matching(study, filters)
        .select_related("organisation")
        .annotate(
            first_message=Subquery(
                Message.objects.filter(conversation=OuterRef("pk"), state=Message.State.PRESENT)
                .order_by("position")
                .values("pk")[:1]
            )
        )
    )
    if before is not None:
        rows = list(found.filter(number__lt=before).order_by("-number")[: PAGE + 1])
        more_before, more_after = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        if after is not None:
            found = found.filter(number__gt=after)
        rows = list(found.order_by("number")[: PAGE + 1])
        more_before, more_after = after is not None, len(rows) > PAGE
        rows = rows[:PAGE]
    return Page(
        _rows(study, rows),
        rows[0].number if rows and more_before else None,
        rows[-1].number if rows and more_after else None,
    )


def _rows(study: Study, conversations: Sequence[Conversation]) -> list[Row]:
    firsts = [one.first_message for one in conversations if one.first_message]  # type: ignore[attr-defined]
    texts = dict(Message.objects.filter(pk__in=firsts).values_list("pk", "text"))
    hidden: dict[int, list[tuple[int, int]]] = {}
    if study.privacy != Study.Privacy.OPEN:
        found = Candidate.objects.filter(message_id__in=firsts, version=study.detector_version)
        for message_id, start, end in found.values_list("message_id", "start", "end"):
            hidden.setdefault(message_id, []).append((start, end))
    assigned: Counter[int] = Counter()
    finished: Counter[int] = Counter()
    states = Assignment.objects.filter(conversation__in=conversations).values_list(
        "conversation_id", "coding__state"
    )
    for conversation_id, state in states:
        assigned[conversation_id] += 1
        finished[conversation_id] += state == Coding.State.FINISHED
    rows = []
    for one in conversations:
        first = one.first_message  # type: ignore[attr-defined]
        text = masked_text(texts.get(first, ""), hidden.get(first, []))
        text = text if len(text) <= LONGEST else text[:LONGEST] + "…"
        rows.append(Row(one, text, assigned[one.pk], finished[one.pk]))
    return rows
