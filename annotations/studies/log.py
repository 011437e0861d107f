"""The log of a study in words: who did what, when, what stood there before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..models import Coding, Conversation, Event, Membership, Message, Study
from ..models.adjudication import Cause
from .log_words import ACTIONS, FIELDS, KINDS, VALUES
from .progress import name_of

PAGE = 100
LONGEST = 200
# Of no use to a reader: numbers of rows, and what only a program compares.
HIDDEN = {"revision", "fingerprint", "sha256", "by", "at", "span", "message", "candidate", "codings"}
HIDDEN |= {
    "conversation",
    "end",
    "files",
    "link",
    "assignment",
    "seconds",
    "round",
    "messages",
    "changed",
    "missing",
    "own",
}
PEOPLE = {"coder", "from", "to", "user", "member"}
MACHINE = gettext_lazy("the program")


@dataclass(frozen=True)
class Detail:
    """One thing that an event was about. `before` is None where nothing is known to have stood there."""

    name: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Entry:
    id: int
    at: datetime
    who: str
    what: str
    conversation: int | None
    message: int | None
    details: list[Detail]


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
    names = dict(people(study.pk))
    places = _places(events)
    teller = _Teller(names, lookup(study.codebook_version_id).spec.by_key)
    return [
        Entry(
            id=event.pk,
            at=event.at,
            who=name_of(event.actor) if event.actor else str(MACHINE),
            what=_action(event.action),
            conversation=place[0],
            message=place[1],
            details=teller.details(event.before, event.after),
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


def _action(action: str) -> str:
    return str(ACTIONS.get(action) or action.replace(".", ": ").replace("_", " "))


def _place(field: str) -> tuple[int, str]:
    """PostgreSQL does not keep the order in which the fields of an event were written."""
    return (list(FIELDS).index(field) if field in FIELDS else len(FIELDS), field)


def _with_place(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with a stretch of text as one: characters are counted from 1, as people count."""
    if not isinstance(values.get("start"), int) or not isinstance(values.get("end"), int):
        return dict(values)
    left = {field: value for field, value in values.items() if field not in {"start", "end"}}
    words = _("characters %(first)d to %(last)d")
    return left | {"place": words % {"first": values["start"] + 1, "last": values["end"]}}


class _Teller:
    """Puts the values of events into words."""

    def __init__(self, names: Mapping[int, str], variables: Mapping[str, VariableSpec]) -> None:
        self.names, self.variables = names, variables

    def details(self, before: Any, after: Any) -> list[Detail]:
        if not isinstance(before, dict) and not isinstance(after, dict):
            return [] if after is None else [Detail("", None, self._value("", after))]
        before, after = _with_place(before or {}), _with_place(after or {})
        variable = self.variables.get(str(after.get("variable") or before.get("variable")))
        if variable is not None and "value" in (after or before):
            return [self._answer(variable, before, after)]
        return [
            Detail(
                name=str(FIELDS.get(field) or field.replace("_", " ")),
                before=self._value(field, before[field]) if field in before and field in after else None,
                after=self._value(field, after.get(field, before.get(field))),
            )
            for field in sorted({**before, **after}, key=_place)
            if field not in HIDDEN and not (field in before and before.get(field) == after.get(field))
        ]

    def _answer(self, variable: VariableSpec, before: Mapping[str, Any], after: Mapping[str, Any]) -> Detail:
        old = self._code(variable, before["value"]) if "value" in before else None
        return Detail(in_language(variable.label), old, self._code(variable, after.get("value")))

    def _code(self, variable: VariableSpec, value: Any) -> str:
        if isinstance(value, int) and ("", value) in VALUES:
            return str(VALUES["", value])
        if isinstance(value, dict) and "category" in value:
            kind = self._code(variable, value["category"])
            return f"{kind} ({_with_place(value).get('place', '–')})"
        if isinstance(value, list):
            return ", ".join(self._code(variable, part) for part in value) or _("none of them")
        if isinstance(value, str) and value in variable.by_key:
            return in_language(variable.by_key[value].label)
        return self._value("", value)

    def _value(self, field: str, value: Any) -> str:
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if field == "settled" and isinstance(value, list):
            return str(len(value))
        if field == "cause" and value in Cause.values:
            return str(Cause(value).label)
        if field == "withheld_share":
            return f"{value:.0%}"
        if field in PEOPLE and isinstance(value, int):
            return self.names.get(value, _("somebody else"))
        if field == "types" and "info_type" in self.variables:
            return self._code(self.variables["info_type"], value)
        if field == "coders" and isinstance(value, dict):
            value = {self.names.get(int(coder), _("somebody else")): n for coder, n in value.items()}
        if isinstance(value, dict):
            return "; ".join(
                f"{key or _('no organisation')}: {self._value('', part)}" for key, part in value.items()
            )
        if isinstance(value, list):
            return ", ".join(self._value("", part) for part in value) or "–"
        text = str((VALUES.get((field, value)) if isinstance(value, str | int) else None) or value)
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
