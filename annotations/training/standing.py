"""How everybody stands in a training, for the supervisor. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Attempt, Membership, Training
from ..sampling.rounds import people
from .feedback import Course, course


@dataclass(frozen=True)
class OfCoder:
    """`waits`: the coder did not pass and no attempt follows by itself."""

    coder_id: int
    name: str
    attempts: list[tuple[Attempt, list[Course], int, int]]

    @property
    def last(self) -> Attempt:
        return self.attempts[-1][0]

    @property
    def waits(self) -> bool:
        return self.last.state == Attempt.State.FAILED


def standing(training: Training, language: str) -> list[OfCoder]:
    """Everybody with an attempt, by name: each attempt with its variables, finished and all units."""
    names = dict(people(training.round.study_id))
    rows: dict[int, OfCoder] = {}
    attempts = Attempt.objects.filter(training=training).select_related("decided_by")
    for attempt in attempts.order_by("coder_id", "number"):
        units = list(attempt.units.all())
        done = sum(unit.right is not None for unit in units)
        row = rows.setdefault(
            attempt.coder_id, OfCoder(attempt.coder_id, names.get(attempt.coder_id, "–"), [])
        )
        row.attempts.append((attempt, course(training, attempt, language), done, len(units)))
    return sorted(rows.values(), key=lambda row: row.name.lower())


def without_attempt(training: Training) -> list[tuple[int, str]]:
    """Coders of the study who have none yet."""
    having = set(Attempt.objects.filter(training=training).values_list("coder_id", flat=True))
    coders = set(
        Membership.objects.filter(
            study=training.round.study_id, is_active=True, role=Membership.Role.CODER
        ).values_list("user_id", flat=True)
    )
    return [(pk, name) for pk, name in people(training.round.study_id) if pk in coders - having]


def waiting(study_id: int) -> list[Attempt]:
    """The last attempt of every coder who did not pass one: failed, so that the coder waits for a supervisor,
    or under way after one that failed."""
    rows = Attempt.objects.filter(training__round__study_id=study_id).select_related(
        "training__round", "coder"
    )
    last: dict[tuple[int, int], Attempt] = {}
    for attempt in rows.order_by("number"):
        last[attempt.training_id, attempt.coder_id] = attempt
    again = [row for row in last.values() if row.state == Attempt.State.UNDER_WAY and row.number > 1]
    return [row for row in last.values() if row.state == Attempt.State.FAILED] + again
