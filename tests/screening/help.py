"""A screening on a small archive, and screeners who do as they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from annotations.models import Message, Screening, ScreeningTrack, ScreeningUnit, Study
from annotations.screening.decide import Given, decide
from annotations.screening.frame import FRAMES
from annotations.screening.queue import hand_out
from annotations.screening.setup import Plan, StopRule, make_screening, start
from tests.factories import START, make_conversation, make_member, make_study

YES = Given("yes")
NO = Given("no", "nothing_visible")
DOUBT = Given(is_doubt=True)


def make_archive(size: int, *, slug: str = "") -> Study:
    """`size` conversations of one consumer message, an hour apart, the newest last; text "bericht 1" …"""
    study = make_study(slug, detector_version="1")
    for number in range(size):
        conversation = make_conversation(study, f"bericht {number + 1}")
        at = START - timedelta(hours=size - number)
        conversation.messages.update(created_at=at)
        conversation.started_at = at
        conversation.save()
    return study


def people(study: Study, *names: str) -> list[User]:
    return [make_member(study, name) for name in names]


def begin(
    study: Study,
    screeners: Iterable[User],
    *,
    target: int = 2,
    rule: str = "found",
    until: date | None = None,
    double: int = 0,
    **fields: Any,
) -> ScreeningTrack:
    """The track of a screening that has started, its frame made."""
    organisation = study.organisations.get()
    values = {
        "name": "Terugzoeken",
        "variable": "contains_pii",
        "starts_on": START.date(),
        "stops": [StopRule(organisation.pk, rule, target, until)],
        "screeners": [user.pk for user in screeners],
        "double_percent": Decimal(double),
        "seed": 7,
    }
    screening = make_screening(study.pk, Plan(**values | fields), actor_id=None)
    return run(start(screening.pk, actor_id=None))


def run(screening: Screening) -> ScreeningTrack:
    track = screening.tracks.get(part="search")
    FRAMES.run(track.pk)
    track.refresh_from_db()
    assert track.state == "done", track.problem
    return track


def screen(track: ScreeningTrack, user: User, given: Given) -> ScreeningUnit:
    """Take the next message and decide it."""
    unit = hand_out(track.pk, user.pk)
    assert unit is not None
    decide(unit.pk, given, coder_id=user.pk, revision=0)
    return unit


def screen_all(track: ScreeningTrack, user: User, says: Callable[[Message], Given]) -> int:
    """Until nothing is handed out any more; gives how many were decided."""
    number = 0
    while (unit := hand_out(track.pk, user.pk)) is not None:
        decide(unit.pk, says(unit.message), coder_id=user.pk, revision=0)
        number += 1
    return number


def finds(track: ScreeningTrack) -> Sequence[int]:
    """Positions of what was found and counts."""
    track.refresh_from_db()
    units = track.units.filter(answer="yes").order_by("position")
    last = track.size if track.stop_position is None else track.stop_position
    return [unit.position for unit in units if unit.position <= last]
