"""The list of conversations: pages cut by number. Reads only.

A page costs the same number of queries whatever the study holds, and nothing is counted over all of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from ..common.masking import mask
from ..models import Assignment, Candidate, Coding, Conversation, Message, Study
from .filters import Filters, matching

PAGE = 50
LONGEST = 160
LEAD = 60


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt of a message: the match of the search, with shortened text before and after it."""

    before: str
    found: str = ""
    after: str = ""


@dataclass(slots=True)
class Row:
    """One conversation. `excerpt`: of its first message that is present and holds what is searched for."""

    conversation: Conversation
    excerpt: Excerpt
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
    present = Message.objects.filter(conversation=OuterRef("pk"), state=Message.State.PRESENT)
    if filters.search:
        present = present.filter(text__icontains=filters.search)
    first = Subquery(present.order_by("position").values("pk")[:1])
    found = matching(study, filters).select_related("organisation").annotate(first_message=first)
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
        _rows(study, rows, filters.search),
        rows[0].number if rows and more_before else None,
        rows[-1].number if rows and more_after else None,
    )


def excerpt_of(text: str, search: str, hidden: Sequence[tuple[int, int]] = ()) -> Excerpt:
    """The beginning of a text, or what surrounds the first place with `search`; hidden parts as bullets."""
    shown = mask(text, hidden)
    at = re.search(re.escape(search), text, re.IGNORECASE) if search else None
    if at is None or shown[at.start() : at.end()] != at.group():
        return Excerpt(_cut(shown, LONGEST))
    start = max(0, at.start() - LEAD) if len(text) > LONGEST else 0
    before = ("…" if start else "") + shown[start : at.start()]
    return Excerpt(before, at.group(), _cut(shown[at.end() :], max(LEAD, LONGEST - (at.end() - start))))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + "…"


def _rows(study: Study, conversations: Sequence[Conversation], search: str) -> list[Row]:
    firsts = [conversation.first_message for conversation in conversations if conversation.first_message]  # type: ignore[attr-defined]
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
    for conversation in conversations:
        first = conversation.first_message  # type: ignore[attr-defined]
        excerpt = excerpt_of(texts.get(first, ""), search, hidden.get(first, ()))
        rows.append(Row(conversation, excerpt, assigned[conversation.pk], finished[conversation.pk]))
    return rows
