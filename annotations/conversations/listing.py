"""The list of conversations: filters from an allow-list, pages cut by number. Reads only.

A page costs the same number of queries whatever the study holds, and nothing is counted over all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from ..coding.text import masked_text
from ..models import Assignment, Candidate, Coding, Conversation, Message, Study
from ..models.corpus import AuthorRole

PAGE = 50
LONGEST = 160
LONGEST_SEARCH = 100
CODED = ("assigned", "unassigned", "coded", "uncoded")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for. `organisation`: a key, 0 for conversations of none. `types`: kinds of candidates,
    one of which occurs. `coded`: one of CODED.
    """

    search: str = ""
    organisation: int | None = None
    since: date | None = None
    until: date | None = None
    role: str = ""
    types: tuple[str, ...] = ()
    coded: str = ""
    missing: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Filters()


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


def read_filters(given: Mapping[str, str], types: tuple[str, ...]) -> Filters:
    """Filters from an address; what is not on the list counts as not given."""
    role, coded, kind = given.get("role", ""), given.get("coded", ""), given.get("type", "")
    return Filters(
        search=given.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        organisation=_key(given.get("organisation", "")),
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        role=role if role in AuthorRole.values else "",
        types=(kind,) if kind in types else (),
        coded=coded if coded in CODED else "",
        missing=given.get("missing") == "1",
    )


def matching(study: Study, filters: Filters) -> QuerySet[Conversation]:
    """The conversations that are asked for, unordered and without limit."""
    found = study.conversations.all()
    messages = Message.objects.filter(conversation=OuterRef("pk"))
    if filters.organisation is not None:
        found = (
            found.filter(organisation_id=filters.organisation)
            if filters.organisation
            else found.filter(organisation=None)
        )
    if filters.since:
        found = found.filter(started_at__gte=_midnight(filters.since))
    if filters.until:
        found = found.filter(started_at__lt=_midnight(filters.until + timedelta(days=1)))
    if filters.missing:
        found = found.filter(placeholder_count__gt=0)
    if filters.role:
        found = found.filter(Exists(messages.filter(account__role=filters.role)))
    if filters.types:
        candidates = Candidate.objects.filter(
            message__conversation=OuterRef("pk"), info_type__in=filters.types, version=study.detector_version
        )
        found = found.filter(Exists(candidates), candidate_count__gt=0)
    if filters.search:
        found = found.filter(Exists(messages.filter(text__icontains=filters.search)))
    if filters.coded:
        found = found.filter(_coded(filters.coded))
    return found


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


def _coded(kind: str) -> Any:
    given = Exists(Assignment.objects.filter(conversation=OuterRef("pk")))
    coded = Exists(
        Coding.objects.filter(assignment__conversation=OuterRef("pk"), state=Coding.State.FINISHED)
    )
    return {"assigned": given, "unassigned": ~given, "coded": coded, "uncoded": ~coded}[kind]


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


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
