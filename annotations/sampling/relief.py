"""Who will not be done by the agreed day, and who could take over what. Reads only.

A coder's pace is what the coder finished per day of the last fourteen on which the coder was there. What is
over at the agreed day is offered to those who have room by then, the one with most room first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from ..models import Assignment, Coding, Membership, Round, Study
from ..studies.absence import Away, away_in
from ..studies.pace import LAST_DAYS
from ..studies.progress import FINISHED, name_of
from .reassign import MOVABLE


@dataclass(frozen=True)
class Handover:
    """So many conversations to this coder."""

    coder_id: int
    name: str
    number: int


@dataclass(frozen=True)
class Shortfall:
    """A coder who has `left` to do, `will_do` of it by the agreed day, and `helps`: who could take the rest.

    `per_day`: the pace on days that the coder is there; 0 where nothing was finished of late.
    """

    round: Round
    coder_id: int
    name: str
    left: int
    will_do: int
    per_day: float
    helps: list[Handover]

    @property
    def over(self) -> int:
        return self.left - self.will_do


@dataclass
class _Stand:
    """A coder in a round: what is left, what of it may move, and what will be done by the agreed day."""

    coder_id: int
    left: int
    movable: int
    per_day: float
    by_then: int

    @property
    def room(self) -> int:
        return self.by_then - self.left


def study_shortfalls(study: Study, today: date | None = None) -> list[Shortfall]:
    """Of every open round with an agreed day; a fixed number of queries."""
    rounds = list(study.rounds.filter(is_open=True, due_on__isnull=False, woven_into__isnull=True))
    return shortfalls(rounds, away_in(study.pk), today or timezone.localdate()) if rounds else []


def shortfalls(rounds: Sequence[Round], away: Away, today: date) -> list[Shortfall]:
    """Of these rounds of one study, in their order; four queries."""
    stands = _stands(rounds, away, today)
    ids = {stand.coder_id for of_round in stands.values() for stand in of_round}
    names = {user.pk: name_of(user) for user in get_user_model().objects.filter(pk__in=ids)}
    members = Membership.objects.filter(study_id=rounds[0].study_id, is_active=True)
    active = set(members.values_list("user_id", flat=True))
    found = []
    for round_ in rounds:
        rooms = {s.coder_id: s.room for s in stands[round_.pk] if s.room > 0 and s.coder_id in active}
        for stand in sorted(stands[round_.pk], key=lambda stand: (stand.room, stand.coder_id)):
            if stand.room >= 0:
                continue
            may_move = min(-stand.room, stand.movable) if round_.kind in MOVABLE else 0
            helps = []
            for coder_id in sorted(rooms, key=lambda coder: (-rooms[coder], coder)):
                number = min(may_move, rooms[coder_id])
                if number > 0:
                    helps.append(Handover(coder_id, names[coder_id], number))
                    rooms[coder_id] -= number
                    may_move -= number
            name = names[stand.coder_id]
            found.append(
                Shortfall(round_, stand.coder_id, name, stand.left, stand.by_then, stand.per_day, helps)
            )
    return found


def _stands(rounds: Sequence[Round], away: Away, today: date) -> dict[int, list[_Stand]]:
    since = today - timedelta(days=LAST_DAYS - 1)
    finished: dict[tuple[int, int], int] = defaultdict(int)
    first: dict[int, date] = {}
    rows = (
        Coding.objects.filter(assignment__round__in=rounds, state=Coding.State.FINISHED)
        .order_by()
        .annotate(day=TruncDate("finished_at"))
        .filter(day__gte=since)
        .values_list("assignment__round_id", "assignment__coder_id", "day")
        .annotate(n=Count("id"))
    )
    for round_id, coder_id, day, number in rows:
        finished[round_id, coder_id] += number
        first[round_id] = min(first.get(round_id, day), day)
    open_ = Q(coding__isnull=True) | ~FINISHED
    counted = (
        Assignment.objects.filter(round__in=rounds)
        .order_by()
        .values_list("round_id", "coder_id")
        .annotate(left=Count("id", filter=open_), movable=Count("id", filter=open_ & Q(is_shared=False)))
    )
    found: dict[int, list[_Stand]] = {round_.pk: [] for round_ in rounds}
    due = {round_.pk: round_.due_on or today for round_ in rounds}
    for round_id, coder_id, left, movable in counted:
        began = first.get(round_id, today)
        past = [began + timedelta(days=n) for n in range((today - began).days + 1)]
        ahead = [today + timedelta(days=n) for n in range(1, (due[round_id] - today).days + 1)]
        per_day = finished[round_id, coder_id] / max(away.present(coder_id, past), 1)
        by_then = floor(per_day * away.present(coder_id, ahead) + 1e-9)
        found[round_id].append(_Stand(coder_id, left, movable, per_day, by_then))
    return found
