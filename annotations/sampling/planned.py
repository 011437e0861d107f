"""When a round is to be done, what each coder is asked for, and whether the pace will do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput
from ..models import Event, Round
from ..studies.absence import away_in
from ..studies.pace import Expected, days_of, expected_end, presence_of
from ..studies.progress import name_of
from .assign import lock_round
from .relief import Shortfall, shortfalls

WEEK = 7


@dataclass(frozen=True)
class Outlook:
    """`expected`: None where the pace says nothing. `behind`: (coder, finished in the last seven days).

    `short`: who will not be done by the agreed day, with what helps.
    """

    left: int
    expected: Expected | None
    is_late: bool
    behind: list[tuple[str, int]]
    short: list[Shortfall]


@transaction.atomic
def set_plan(round_id: int, *, due_on: date | None, per_week: int | None, actor_id: int) -> None:
    """The day by which a round is to be done and what each coder is asked for in a week. Raises BadInput."""
    round_, study = lock_round(round_id, must_be_open=False)
    if per_week is not None and not 1 <= per_week <= 10_000:
        raise BadInput(_("The target is a number of conversations per week, from 1 to 10,000."))
    before = _state(round_)
    round_.due_on, round_.per_week = due_on, per_week
    if _state(round_) == before:
        return
    round_.save(update_fields=["due_on", "per_week"])
    Event.objects.record(
        "round.planned",
        actor_id=actor_id,
        study_id=study.pk,
        subject=round_,
        before=before,
        after=_state(round_),
    )


def outlook(round_: Round, today: date | None = None) -> Outlook:
    """What is left, the day on which it will be done at the pace of late, and who is below the target."""
    today = today or timezone.localdate()
    per_day: dict[date, int] = defaultdict(int)
    last_week: dict[int, int] = defaultdict(int)
    rows = days_of(round_)
    for row in rows:
        per_day[row.day] += row.finished
        if row.day > today - timedelta(days=WEEK):
            last_week[row.coder_id] += row.finished
    waiting = round_.assignments.exclude(coding__state="finished").select_related("coder")
    left = waiting.count()
    away = away_in(round_.study_id)
    expected = None
    if left and round_.is_open:
        expected = expected_end(per_day, left, today, presence_of(rows, away, today))
    due = round_.due_on
    behind: list[tuple[str, int]] = []
    if round_.per_week and round_.is_open and min(per_day, default=today) <= today - timedelta(days=WEEK):
        week = [today - timedelta(days=back) for back in range(WEEK)]
        for coder in {row.coder for row in waiting.distinct()}:
            asked = round_.per_week * away.present(coder.pk, week) / WEEK
            if last_week[coder.pk] < asked:
                behind.append((name_of(coder), last_week[coder.pk]))
        behind.sort()
    is_late = bool(due and left and (due < today or (expected and expected.day > due)))
    short = shortfalls([round_], away, today) if due and left else []
    return Outlook(left, expected, is_late, behind, short)


def _state(round_: Round) -> dict[str, object]:
    return {"due_on": round_.due_on.isoformat() if round_.due_on else None, "per_week": round_.per_week}
