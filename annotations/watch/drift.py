"""Agreement on shared units over time, with a limit and an alarm when it falls. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.values import Missing
from ..coding.counted import counted_values
from ..coding.stamp import stamp_of
from ..models import Round, Study
from ..statistics.control import Course, follow
from ..training.key import judged

REMEMBER = 24 * 60 * 60
FIRST = 20
"""Shared units of the round itself that serve as the start where no reliability round came before."""
FEWEST = 10


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
        return self.agrees[-40:]

    @property
    def share(self) -> float | None:
        return sum(self.agrees) / len(self.agrees) if self.agrees else None


def followed(woven: Round, language: str) -> list[Followed]:
    """Each variable of a round of shared units that were woven in."""
    seen = agreeing(woven)
    before = _before(woven)
    rows = []
    for variable in judged(woven):
        if variable.level == "span":
            continue
        units = seen.get(variable.key, [])
        start = before.get(variable.key)
        if start is None and len(units) >= FIRST + FEWEST:
            start = sum(same for _at, same in units[:FIRST]) / FIRST
            units = units[FIRST:]
        agrees, times = tuple(same for _at, same in units), tuple(at for at, _same in units)
        course = follow(agrees, start) if start is not None and agrees else None
        label = in_language(variable.label, language)
        rows.append(Followed(variable.key, label, start, agrees, times, course))
    return rows


def agreeing(round_: Round) -> dict[str, list[tuple[datetime, bool]]]:
    """Variable -> (when its second coder finished, whether all gave the same) per shared conversation."""
    key = f"agreeing:{round_.pk}:{stamp_of(round_)}"
    known = cache.get(key)
    if known is None:
        known = _agreeing(round_)
        cache.set(key, known, REMEMBER)
    found: dict[str, list[tuple[datetime, bool]]] = known
    return found


def _agreeing(round_: Round) -> dict[str, list[tuple[datetime, bool]]]:
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
    found: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
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


def _before(woven: Round) -> dict[str, float]:
    """Shares of agreeing units in the last reliability round before, where it has units enough."""
    earlier = woven.study.rounds.filter(kind=Round.Kind.RELIABILITY, created_at__lt=woven.created_at)
    last = earlier.order_by("-created_at", "-id").first()
    if last is None or not _same_questions(last, woven):
        return {}
    seen = agreeing(last)
    return {
        variable: sum(same for _at, same in units) / len(units)
        for variable, units in seen.items()
        if len(units) >= FEWEST
    }


def _same_questions(one: Round, other: Round) -> bool:
    first, second = (lookup(row.codebook_version_id).spec for row in (one, other))
    return first.key == second.key


def alarms(study: Study, language: str) -> list[tuple[Round, Followed]]:
    """What fell, in every round of woven units that is open."""
    found = study.rounds.filter(kind=Round.Kind.DRIFT, woven_into__isnull=False, is_open=True)
    rows = found.select_related("study", "woven_into")
    return [
        (round_, one) for round_ in rows for one in followed(round_, language) if one.alarm_at is not None
    ]
