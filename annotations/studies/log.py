"""The log of a study in words: who did what, when, what stood there before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext_lazy

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..models import Coding, Conversation, Event, Membership, Message, Study
from .log_teller import HERE, Teller
from .log_words import KINDS
from .progress import name_of

PAGE = 100
MACHINE = gettext_lazy("the program")


@dataclass(frozen=True)
class Entry:
    id: int
    at: datetime
    who: str
    sentence: str
    """Who did what, where, and from what to what; `HERE` in it stands for the place."""
    conversation: int | None
    message: int | None

    @property
    def opening(self) -> str:
        """The sentence up to its place, or all of it where it names none."""
        return self.sentence.partition(HERE)[0]

    @property
    def rest(self) -> str:
        """What follows the place."""
        return self.sentence.partition(HERE)[2]

    @property
    def has_place(self) -> bool:
        return HERE in self.sentence


@dataclass(frozen=True)
class LogPage:
    """Entries, the latest first; ids to ask for earlier and later ones with, None where there are none."""

    entries: list[Entry]
    earlier: int | None
    later: int | None


def log_page(
    study: Study,
    *,
    before: int | None = None,
    after: int | None = None,
    user_id: int | None = None,
    kind: str = "",
) -> LogPage:
    """A page of at most 100 entries: the latest, or those right before or right after an event's id.

    `kind`: a key of KINDS. Pages are cut by id, so that a long log opens as fast as a short one and
    nothing shifts while it grows.
    """
    events = Event.objects.filter(study=study).select_related("actor")
    if user_id is not None:
        events = events.filter(actor_id=user_id)
    if kind in KINDS:
        events = events.filter(reduce(or_, (Q(action__startswith=start) for start in KINDS[kind][1])))
    if after is not None:
        found = list(events.filter(pk__gt=after).order_by("id")[: PAGE + 1])
        more_later, has_earlier = len(found) > PAGE, True
        found = found[:PAGE][::-1]
    else:
        if before is not None:
            events = events.filter(pk__lt=before)
        found = list(events.order_by("-id")[: PAGE + 1])
        more_later, has_earlier = before is not None, len(found) > PAGE
        found = found[:PAGE]
    return LogPage(
        entries=entries_of(study, found),
        earlier=found[-1].pk if found and has_earlier else None,
        later=found[0].pk if found and more_later else None,
    )


def people(study_id: int) -> list[tuple[int, str]]:
    """Everybody who is or was a member, to filter by."""
    members = Membership.objects.filter(study_id=study_id).select_related("user")
    return sorted(((row.user_id, name_of(row.user)) for row in members), key=lambda pair: pair[1].lower())


def entries_of(study: Study, events: list[Event]) -> list[Entry]:
    """Events of a study in words."""
    places = _places(events)
    book = lookup(study.codebook_version_id).spec
    teller = Teller(
        dict(people(study.pk)),
        book.by_key,
        rules={rule.key: in_language(rule.text) for rule in book.consistency},
        modules={module.key: in_language(module.label) for module in book.modules},
        rounds=dict(study.rounds.values_list("pk", "name")),
        organisations=dict(study.organisations.values_list("pk", "name")),
        members=dict(study.memberships.values_list("pk", "user_id")),
    )
    return [
        Entry(
            id=event.pk,
            at=event.at,
            who=name_of(event.actor) if event.actor else str(MACHINE),
            sentence=teller.sentence(
                event, name_of(event.actor) if event.actor else str(MACHINE), has_place=place[0] is not None
            ),
            conversation=place[0],
            message=place[1],
        )
        for event, place in zip(events, places, strict=True)
    ]


def _places(events: Sequence[Event]) -> list[tuple[int | None, int | None]]:
    """Per event the number of its conversation and, within that, of its message; None where it has none."""
    codings = _ids(events, "coding")
    of_coding = dict(
        Coding.objects.filter(pk__in=codings).values_list("pk", "assignment__conversation__number")
    )
    conversations = {_key(event, "conversation") for event in events} - {None}
    of_conversation = dict(Conversation.objects.filter(pk__in=conversations).values_list("pk", "number"))
    messages = {_key(event, "message") for event in events} - {None}
    of_message = {
        pk: (number, position + 1)
        for pk, number, position in Message.objects.filter(pk__in=messages).values_list(
            "pk", "conversation__number", "position"
        )
    }
    found: list[tuple[int | None, int | None]] = []
    for event in events:
        number = of_conversation.get(_key(event, "conversation") or 0)
        if event.subject_type == "coding":
            number = of_coding.get(event.subject_id or 0)
        found.append(of_message.get(_key(event, "message") or 0, (number, None)))
    return found


def _ids(events: Iterable[Event], subject: str) -> set[int]:
    return {event.subject_id for event in events if event.subject_type == subject and event.subject_id}


def _key(event: Event, thing: str) -> int | None:
    """The key of the conversation or message that an event is about, as its subject or in its values."""
    if event.subject_type == thing:
        return event.subject_id
    for values in (event.after, event.before):
        if isinstance(values, dict) and isinstance(values.get(thing), int):
            return int(values[thing])
    return None
