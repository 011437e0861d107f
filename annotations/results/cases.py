"""Cases told one by one: the organisation's own leaks, and outcries with their timeline. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from ..codebooks.categories import text_in
from ..models import Conversation, Message, Study
from .units.frame import CONVERSATION, SPAN, Frame

MOST = 200


@dataclass(frozen=True)
class CaseKind:
    """`chooses`: field and the values that make a conversation a case. `fields`: what is told of it."""

    title: object
    chooses: tuple[str, tuple[str, ...]]
    fields: tuple[str, ...]
    leaked: bool = False


KINDS = {
    "leak": CaseKind(
        _("Own leaks, case by case"),
        ("org_disclosure", ("new", "repeats", "confirms")),
        ("org_disclosure", "disclosure_cause", "disclosure_harm", "disclosure_repair", "repair_accepted"),
        leaked=True,
    ),
    "escalation": CaseKind(
        _("Outcries, case by case"),
        ("escalation_level", ("thread", "spreading", "media", "offline")),
        (
            "trigger",
            "escalation_level",
            "first_response",
            "second_escalation",
            "escalation_factor",
            "screenshot_spread",
            "harm",
        ),
    ),
}


@dataclass(frozen=True)
class Moment:
    """A message of the case. `minutes`: since the one before; `who`: the role of its author."""

    number: int
    who: str
    at: datetime | None
    minutes: float | None
    is_first_answer: bool


@dataclass(frozen=True)
class Case:
    """`facts`: label and value of everything told; `leaked`: kinds that the organisation put in public."""

    conversation: int
    organisation: str
    started_at: datetime | None
    facts: list[tuple[str, str]]
    leaked: list[str] = field(default_factory=list)
    timeline: list[Moment] = field(default_factory=list)


def cases_of(study: Study, frame: Frame, kind: CaseKind, language: str) -> list[Case]:
    """Conversations in reading order; at most MOST of them."""
    chosen, wanted = kind.chooses
    if chosen not in frame.fields:
        return []
    values = frame.values(chosen, CONVERSATION).chosen
    assert values is not None
    index = frame.fields[chosen].index
    places = np.flatnonzero(values[:, [index[key] for key in wanted if key in index]].any(1))[:MOST]
    ids = [int(frame.ids[CONVERSATION][place]) for place in places]
    found = Conversation.objects.filter(study=study).select_related("organisation").in_bulk(ids)
    timelines = _timelines(ids)
    leaked = _leaked(frame, language) if kind.leaked else {}
    return [
        Case(
            found[pk].number,
            getattr(found[pk].organisation, "name", ""),
            found[pk].started_at,
            [fact for key in kind.fields if (fact := _fact(frame, key, int(place), language))],
            leaked.get(int(place), []),
            timelines.get(pk, []),
        )
        for pk, place in zip(ids, places, strict=True)
    ]


def _fact(frame: Frame, key: str, place: int, language: str) -> tuple[str, str] | None:
    if key not in frame.fields:
        return None
    asked, values = frame.fields[key], frame.values(key, CONVERSATION)
    assert values.chosen is not None
    labels = [
        text_in(category.label, language)
        for at, category in enumerate(asked.categories)
        if values.chosen[place, at]
    ]
    return (text_in(asked.label, language), ", ".join(labels) or "–")


def _leaked(frame: Frame, language: str) -> dict[int, list[str]]:
    """Place of a conversation -> kinds marked in the organisation's own messages."""
    if "info_type" not in frame.fields:
        return {}
    kinds, roles = frame.values("info_type", SPAN).chosen, frame.values("author_role", SPAN).chosen
    assert kinds is not None
    assert roles is not None
    theirs = roles[:, frame.fields["author_role"].index["organisation"]]
    found: dict[int, list[str]] = {}
    conversations = frame.clusters(SPAN)
    for place in np.flatnonzero(theirs).tolist():
        for at in np.flatnonzero(kinds[place]).tolist():
            label = text_in(frame.fields["info_type"].categories[at].label, language)
            said = found.setdefault(int(conversations[place]), [])
            if label not in said:
                said.append(label)
    return found


def _timelines(ids: list[int]) -> dict[int, list[Moment]]:
    rows: Any = (
        Message.objects.filter(conversation__in=ids)
        .order_by("conversation", "position")
        .values_list("conversation_id", "position", "account__role", "created_at")
    )
    found: dict[int, list[Moment]] = {}
    before: datetime | None = None
    for conversation, position, role, at in rows:
        moments = found.setdefault(conversation, [])
        before = before if moments else None
        minutes = (at - before).total_seconds() / 60 if at and before else None
        answered = any(moment.is_first_answer for moment in moments)
        asked = any(moment.who == "consumer" for moment in moments)
        is_answer = role == "organisation" and asked and not answered
        moments.append(Moment(position + 1, role or "unknown", at, minutes, is_answer))
        before = at or before
    return found
