"""A coder's own pace, never beside that of another coder. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from ..figures.numbers import day_written
from ..figures.records import Drawable, Point, Trend
from ..models import Assignment, Coding
from .progress import FINISHED

DAYS = 42
"""Days up to today that are shown."""
FEWEST = 2
"""Days with work before there is a line."""


@dataclass(frozen=True)
class Day:
    """What was finished on a day; `seconds` in view and in use, of those of which it is known."""

    day: date
    finished: int
    timed: int
    seconds: int

    @property
    def per_unit(self) -> int | None:
        return round(self.seconds / self.timed) if self.timed else None


@dataclass(frozen=True)
class OwnWork:
    """`left`: what is still to be coded in open rounds. `today`: None where nothing was finished yet."""

    days: list[Day]
    left: int
    today: Day | None

    @property
    def per_unit(self) -> int | None:
        """Seconds per conversation over all days shown."""
        timed = sum(day.timed for day in self.days)
        return round(sum(day.seconds for day in self.days) / timed) if timed else None

    @property
    def finished(self) -> int:
        return sum(day.finished for day in self.days)


def own_work(study_id: int, coder_id: int, today: date | None = None) -> OwnWork:
    """Two queries."""
    today = today or timezone.localdate()
    mine = Assignment.objects.filter(round__study_id=study_id, coder_id=coder_id)
    rows = (
        Coding.objects.filter(assignment__in=mine.order_by(), state=Coding.State.FINISHED)
        .order_by()
        .annotate(day=TruncDate("finished_at"))
        .filter(day__gt=today - timedelta(days=DAYS), day__lte=today)
        .values_list("day")
        .annotate(
            finished=Count("id"),
            timed=Count("id", filter=Q(active_seconds__gt=0)),
            seconds=Sum("active_seconds"),
        )
    )
    days = sorted((Day(*row) for row in rows), key=lambda row: row.day)
    left = mine.filter(round__is_open=True).exclude(FINISHED).count()
    return OwnWork(days, left, next((row for row in days if row.day == today), None))


def pace_figure(work: OwnWork, language: str) -> Drawable | None:
    """Seconds per conversation on each day with work; None before the second such day."""
    timed = [day for day in work.days if day.per_unit is not None]
    if len(timed) < FEWEST:
        return None
    return Trend(
        _("Your pace"),
        _("seconds per conversation, mean of the day"),
        language,
        _("Slower is not worse: some days bring long conversations."),
        moments=tuple(day_written(day.day, language) for day in timed),
        series=(_("you"),),
        points=(tuple(Point(float(day.per_unit or 0)) for day in timed),),
    )
