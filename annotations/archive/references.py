"""Where ids stand that are no foreign keys: in JSON, and in columns that remember a row.

Each place is named here. A place that is forgotten shows in tests/archive, which looks for ids of the
installation an archive came from in everything that was loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import models

from ..models import (
    Account,
    Assignment,
    Candidate,
    CodebookVersion,
    Coding,
    Consensus,
    Conversation,
    Event,
    FrozenCoding,
    Meeting,
    MeetingCase,
    Message,
    Organisation,
    Rescan,
    Round,
    Screening,
    ScreeningTrack,
    ScreeningUnit,
    Selection,
    SignInLink,
    Span,
)

Model = type[models.Model]
NewId = Callable[[Model, int], int]
Changed = Callable[[Any, NewId], Any]

ONE: Mapping[str, Model] = {
    "assignment": Assignment,
    "by": User,
    "candidate": Candidate,
    "case": MeetingCase,
    "codebook_version": CodebookVersion,
    "coder": User,
    "conversation": Conversation,
    "from": User,
    "link": SignInLink,
    "meeting": Meeting,
    "message": Message,
    "organisation": Organisation,
    "round": Round,
    "screening": Screening,
    "span": Span,
    "to": User,
    "unit": ScreeningUnit,
    "user": User,
}
"""What a field of the log points at, where it holds a number."""
MANY: Mapping[str, Model] = {
    "codings": Coding,
    "messages": Message,
    "screeners": User,
    "settled": Consensus,
}
"""The same of a field that holds a list of numbers."""


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _filters(value: Any, new: NewId) -> Any:
    """What a selection of conversations asks for; 0 stands for conversations of no organisation."""
    if isinstance(value, dict) and _is_id(value.get("organisation")) and value["organisation"]:
        return {**value, "organisation": new(Organisation, value["organisation"])}
    return value


def _logged(value: Any, new: NewId) -> Any:
    """The values of an event, or of a draw: one level of named fields."""
    if not isinstance(value, dict):
        return value
    return {field: _field(field, part, new) for field, part in value.items()}


def _field(field: str, value: Any, new: NewId) -> Any:
    if field in ONE and _is_id(value):
        return new(ONE[field], value)
    if field in MANY and isinstance(value, list):
        return [new(MANY[field], part) if _is_id(part) else part for part in value]
    if field == "coders" and isinstance(value, dict):
        return {str(new(User, int(key))) if key.isdecimal() else key: n for key, n in value.items()}
    if field == "selection" and isinstance(value, dict):
        return {**value, "filters": _filters(value.get("filters"), new)}
    if field == "changed" and isinstance(value, list):
        return [_account(part, new) for part in value]
    return value


def _account(value: Any, new: NewId) -> Any:
    """[account, role, organisation] as they were before handles changed."""
    if not isinstance(value, list) or not value or not _is_id(value[0]):
        return value
    return [
        new(Account, value[0]),
        *(new(Organisation, part) if _is_id(part) else part for part in value[1:]),
    ]


def _draws(value: Any, new: NewId) -> Any:
    return [_logged(draw, new) for draw in value]


def _answers(value: Any, new: NewId) -> Any:
    return [
        [
            None if message is None else new(Message, message),
            None if span is None else new(Span, span),
            *rest,
        ]
        for message, span, *rest in value
    ]


def _spans(value: Any, new: NewId) -> Any:
    return {str(new(Span, int(key))): place for key, place in value.items()}


PLACES: Mapping[tuple[Model, str], Changed] = {
    (Event, "before"): _logged,
    (Event, "after"): _logged,
    (Round, "draw"): _draws,
    (Selection, "filters"): _filters,
    (Screening, "filters"): _filters,
    (FrozenCoding, "answers"): _answers,
    (FrozenCoding, "spans"): _spans,
}
"""JSON that holds ids."""

UP_TO: Mapping[tuple[Model, str], Model] = {
    (ScreeningTrack, "last_message"): Message,
    (Rescan, "last_message"): Message,
}
"""Columns that say up to which row something went; it need not be a row of the study."""


def subject_of(kind: str) -> Model | None:
    """The model that an event is about, by the name it is logged under."""
    if kind == "user":
        return User
    try:
        return apps.get_model("annotations", kind)
    except LookupError:
        return None


def people_in(model: Model, column: str, value: Any) -> set[int]:
    """Ids of users in such a place."""
    found: set[int] = set()

    def note(of: Model, key: int) -> int:
        if of is User:
            found.add(key)
        return key

    if change := PLACES.get((model, column)):
        change(value, note)
    return found
