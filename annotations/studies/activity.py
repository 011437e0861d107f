"""What a supervisor sees of coders at a glance: pace of late, when last at work, away or not. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from ..models import Absence, Coding
from .absence import away_soon
from .pace import LAST_DAYS
from .progress import CoderProgress, coder_progress

QUIET = 4
"""Days without anything finished after which it is said of a coder with work left."""


@dataclass(frozen=True)
class CoderNow:
    """`seconds`: per conversation over the last fourteen days; `last`: the day on which something was last
    finished; `absence`: of one who is away now or within two weeks."""

    progress: CoderProgress
    seconds: int | None
    last: date | None
    days_since: int
    absence: Absence | None
    is_away: bool

    @property
    def is_quiet(self) -> bool:
        return bool(self.last and self.progress.counts.left and self.days_since >= QUIET and not self.is_away)


def coders_now(study_id: int, today: date | None = None) -> list[CoderNow]:
    """Everybody of `coder_progress`. Five queries."""
    today = today or timezone.localdate()
    recent = Q(finished_at__date__gt=today - timedelta(days=LAST_DAYS), active_seconds__gt=0)
    rows = (
        Coding.objects.filter(assignment__round__study_id=study_id, state=Coding.State.FINISHED)
        .order_by()
        .values_list("assignment__coder_id")
        .annotate(
            last=Max("finished_at"),
            timed=Count("id", filter=recent),
            seconds=Sum("active_seconds", filter=recent),
        )
    )
    known = {coder_id: (last, timed, seconds) for coder_id, last, timed, seconds in rows}
    away = away_soon(study_id, today)
    found = []
    for row in coder_progress(study_id):
        last, timed, seconds = known.get(row.user_id, (None, 0, 0))
        day = timezone.localdate(last) if last else None
        found.append(
            CoderNow(
                row,
                round(seconds / timed) if timed else None,
                day,
                (today - day).days if day else 0,
                absence := away.get(row.user_id),
                absence is not None and absence.first <= today,
            )
        )
    return found
