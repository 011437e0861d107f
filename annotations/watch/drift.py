"""Agreement on shared units over time, with a limit and an alarm when it falls.

Writes only from when on a round is followed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ..codebooks.carrying import means_the_same
from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Missing
from ..coding.counted import counted_values
from ..coding.stamp import stamp_of
from ..errors import BadInput
from ..models import Assignment, Event, Round, Study
from ..sampling.assign import lock_round
from ..statistics.control import Course, follow
from ..training.key import judged

REMEMBER = 24 * 60 * 60
FIRST = 20
"""Shared units of the round itself that serve as the start where no reliability round came before."""
FEWEST = 10
LATELY = 40
MOST_REASON = 2000

Agreed = dict[str, list[tuple[datetime, bool]]]


@dataclass(frozen=True)
class Followed:
    """A variable over the shared units, in the order in which their second coder finished.

    `expected`: the share of units with the same answer that was reached before; None where too few are known.
    """

    variable: str
    label: str
    expected: float | None
    agrees: tuple[bool, ...]
    times: tuple[datetime, ...]
    course: Course | None

    @property
    def alarm_at(self) -> datetime | None:
        found = self.course.alarm if self.course else None
        return None if found is None else self.times[found]

    @property
    def began_at(self) -> datetime | None:
        found = self.course.began if self.course else None
        return None if found is None or self.alarm_at is None else self.times[found]

    @property
    def lately(self) -> tuple[bool, ...]:
        return self.agrees[-LATELY:]

    @property
    def share(self) -> float | None:
        return sum(self.agrees) / len(self.agrees) if self.agrees else None


def followed(base: Round, language: str) -> list[Followed]:
    """Each variable of a round over its shared units: those it was drawn with, and those woven in.

    The chance of a false alarm is that of all variables together.
    """
    seen, before, since = shared_units(base), _before(base), base.followed_from
    found: list[tuple[VariableSpec, tuple[int, int] | None, list[tuple[datetime, bool]]]] = []
    for variable in judged(base):
        if variable.level == "span":
            continue
        units = seen.get(variable.key, [])
        start = before.get(variable.key)
        if start is None and len(units) >= FIRST + FEWEST:
            start = sum(same for _at, same in units[:FIRST]), FIRST
            units = units[FIRST:]
        if since is not None:
            units = [unit for unit in units if unit[0] > since]
        found.append((variable, start, units))
    shares = sum(start is not None for _variable, start, _units in found)
    return [_followed(*row, shares, since is not None, language) for row in found]


def _followed(
    variable: VariableSpec,
    start: tuple[int, int] | None,
    units: list[tuple[datetime, bool]],
    shares: int,
    half_way: bool,
    language: str,
) -> Followed:
    agrees, times = tuple(same for _at, same in units), tuple(at for at, _same in units)
    course = follow(agrees, start, shares=shares, half_way=half_way) if start and agrees else None
    expected = start[0] / start[1] if start else None
    label = in_language(variable.label, language)
    return Followed(variable.key, label, expected, agrees, times, course)


def shared_units(base: Round) -> Agreed:
    """`agreeing` of a round and of what is woven into it, in the order of time."""
    found: Agreed = defaultdict(list)
    for round_ in (base, *base.woven.filter(kind=Round.Kind.DRIFT).select_related("study")):
        for variable, units in agreeing(round_).items():
            found[variable] += units
    return {variable: sorted(units) for variable, units in found.items()}


def agreeing(round_: Round) -> Agreed:
    """Variable -> (when its second coder finished, whether all gave the same) per shared conversation."""
    key = f"agreeing:{round_.pk}:{stamp_of(round_)}"
    known = cache.get(key)
    if known is None:
        known = _agreeing(round_)
        cache.set(key, known, REMEMBER)
    found: Agreed = known
    return found


def _agreeing(round_: Round) -> Agreed:
    finished: dict[int, list[datetime]] = defaultdict(list)
    rows = round_.assignments.filter(is_shared=True, coding__state="finished")
    for conversation_id, at in rows.order_by("coding__finished_at").values_list(
        "conversation_id", "coding__finished_at"
    ):
        if at is not None:
            finished[conversation_id].append(at)
    shared = {pk: times[1] for pk, times in finished.items() if len(times) > 1}
    keys = [variable.key for variable in judged(round_) if variable.level != "span"]
    given: dict[tuple[str, int], dict[int | None, list[object]]] = defaultdict(lambda: defaultdict(list))
    for row in counted_values(round_, variables=keys, conversation_ids=list(shared)):
        given[row.variable, row.conversation_id][row.message_id].append(row.value)
    found: Agreed = defaultdict(list)
    for (variable, conversation_id), units in given.items():
        asked = [
            values
            for values in units.values()
            if len(values) > 1 and not all(value is Missing.NOT_APPLICABLE for value in values)
        ]
        if asked:
            same = all(value == values[0] for values in asked for value in values)
            found[variable].append((shared[conversation_id], same))
    return {variable: sorted(units) for variable, units in found.items()}


def _before(base: Round) -> dict[str, tuple[int, int]]:
    """(agreeing, all) units of the last reliability round before, where it has units enough."""
    earlier = base.study.rounds.filter(kind=Round.Kind.RELIABILITY, created_at__lt=base.created_at)
    last = earlier.order_by("-created_at", "-id").first()
    if last is None or not _same_questions(last, base):
        return {}
    seen = agreeing(last)
    versions = last.codebook_version_id, base.codebook_version_id
    return {
        variable: (sum(same for _at, same in units), len(units))
        for variable, units in seen.items()
        if len(units) >= FEWEST and means_the_same(variable, *versions)
    }


def _same_questions(one: Round, other: Round) -> bool:
    first, second = (lookup(row.codebook_version_id).spec for row in (one, other))
    return first.key == second.key


def is_followed(study: Study) -> QuerySet[Round]:
    """Rounds of main coding: theirs is the work that goes on for long."""
    return study.rounds.filter(kind=Round.Kind.MAIN, woven_into__isnull=True).select_related("study")


def alarms(study: Study, language: str) -> list[tuple[Round, Followed]]:
    """What fell, in every round of main coding that is open; rounds that share nothing cost no query."""
    shared = Assignment.objects.filter(
        Q(round=OuterRef("pk")) | Q(round__woven_into=OuterRef("pk")),
        is_shared=True,
        progress=Assignment.Progress.FINISHED,
    )
    return [
        (base, one)
        for base in is_followed(study).filter(Exists(shared), is_open=True)
        for one in followed(base, language)
        if one.alarm_at is not None
    ]


@transaction.atomic
def follow_again(round_id: int, *, reason: str, actor_id: int) -> None:
    """An alarm was dealt with: units from now on are followed afresh, for a reason. Raises BadInput."""
    base, study = lock_round(round_id)
    reason = reason.strip()
    if not 10 <= len(reason) <= MOST_REASON or "\0" in reason:
        raise BadInput(_("Write in 10 characters or more what was found and done: it goes into the log."))
    if base.kind != Round.Kind.MAIN or not any(row.alarm_at for row in followed(base, study.language)):
        raise BadInput(_("No alarm stands in this round."))
    before, base.followed_from = base.followed_from, timezone.now()
    base.save(update_fields=["followed_from"])
    Event.objects.record(
        "round.followed_again",
        actor_id=actor_id,
        study_id=study.pk,
        subject=base,
        before={"followed_from": before.isoformat() if before else None},
        after={"followed_from": base.followed_from.isoformat(), "reason": reason},
    )
