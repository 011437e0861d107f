"""How fast a round is coded, and when it will be done: for the pictures by which a supervisor steers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from statistics import mean, stdev

from django.db.models import Count, Max, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..figures.numbers import day_written, written
from ..figures.records import Drawable, Point, Progress, Trend
from ..models import Assignment, Coding, Membership, Round
from .progress import FINISHED, name_of

LAST_DAYS = 14
"""The pace is that of so many days up to today."""
Z = 1.96
FARTHEST = 730
"""Days ahead; what takes longer is no expectation."""
MOST_CODERS = 6


@dataclass(frozen=True)
class DayOfCoder:
    """What one coder finished on one day: conversations, and the seconds that these took."""

    day: date
    coder: str
    finished: int
    seconds: int


@dataclass(frozen=True)
class Expected:
    """When a round will be done at its pace of late, and the days between which that lies with 95 percent.

    `per_day`: finished per day. `latest` is None where the pace may as well be nothing.
    """

    per_day: float
    day: date
    earliest: date
    latest: date | None


def round_under_way(study_id: int) -> Round | None:
    """The open round in which somebody finished something last, and which has work left; else None."""
    last = Max("assignments__coding__finished_at")
    rounds = Round.objects.filter(study_id=study_id, is_open=True).annotate(last=last)
    unfinished = Assignment.objects.filter(round__study_id=study_id).exclude(FINISHED)
    return rounds.filter(last__isnull=False, pk__in=unfinished.values("round_id")).order_by("-last").first()


def days_of(round_: Round) -> list[DayOfCoder]:
    """Per day and coder, in the order of days. Two queries."""
    members = Membership.objects.filter(study_id=round_.study_id).select_related("user")
    names = {member.user_id: name_of(member.user) for member in members}
    rows = (
        Coding.objects.filter(assignment__round=round_, state=Coding.State.FINISHED)
        .order_by()
        .annotate(day=TruncDate("finished_at"))
        .values_list("day", "assignment__coder_id")
        .annotate(n=Count("id"), seconds=Sum("active_seconds"))
    )
    return sorted(
        (DayOfCoder(day, names.get(coder_id, "–"), n, seconds) for day, coder_id, n, seconds in rows),
        key=lambda row: (row.day, row.coder),
    )


def expected_end(per_day: dict[date, int], left: int, today: date) -> Expected | None:
    """At the mean of the last days, those without any work included; the band is the 95 percent interval of
    that mean (normal). None where nothing was finished in those days, or it would take years.

    per_day: what was finished on each day.
    """
    first = max(min(per_day, default=today), today - timedelta(days=LAST_DAYS - 1))
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    counts = [per_day.get(day, 0) for day in days]
    pace = mean(counts)
    if not pace or left / pace > FARTHEST:
        return None
    half = Z * stdev(counts) / sqrt(len(counts)) if len(counts) > 1 else pace
    slowest = pace - half
    return Expected(
        pace,
        today + timedelta(days=ceil(left / pace)),
        today + timedelta(days=ceil(left / (pace + half))),
        today + timedelta(days=ceil(left / slowest)) if slowest > 0 and left / slowest <= FARTHEST else None,
    )


def pace_figures(round_: Round, language: str, today: date | None = None) -> list[Drawable]:
    """Progress with its expected end, the share that each coder finished, and minutes per conversation.

    Nothing before the second day: one day is no pace.
    """
    rows, today = days_of(round_), today or timezone.localdate()
    if len({row.day for row in rows}) < 2:
        return []
    total = round_.assignments.count()
    assigned = dict(round_.assignments.order_by().values_list("coder_id").annotate(n=Count("id")))
    members = Membership.objects.filter(study_id=round_.study_id, user_id__in=assigned)
    names = {row.user_id: name_of(row.user) for row in members.select_related("user")}
    by_name = {names[pk]: count for pk, count in assigned.items() if pk in names}
    shown = [_progress(round_, rows, total, today, language)]
    return [*shown, *_per_coder(rows, by_name, language)]


def _progress(round_: Round, rows: list[DayOfCoder], total: int, today: date, language: str) -> Drawable:
    per_day: dict[date, int] = defaultdict(int)
    for row in rows:
        per_day[row.day] += row.finished
    done = sum(per_day.values())
    first = min(per_day)
    last = max(today, max(per_day))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    expected = expected_end(per_day, total - done, today)
    words = [
        ("target", ngettext("%(n)d coding", "%(n)d codings", total) % {"n": total}),
        ("done", _("%(n)d finished, %(day)s") % {"n": done, "day": day_written(last, language)}),
        ("legend", _("line: together; bars: per day")),
    ]
    if expected:
        words.append(("expected", _("done about %(day)s") % {"day": day_written(expected.day, language)}))
        words.append(("between", _between(expected, language)))
    return Progress(
        _("Progress of %(round)s") % {"round": round_.name},
        _("finished codings"),
        language,
        _(
            "Expected end: at the mean pace of the last %(days)d days, days without work included; "
            "the band is the 95 percent interval of that pace."
        )
        % {"days": LAST_DAYS}
        if expected
        else _("Nothing was finished in the last %(days)d days: no end can be expected.")
        % {"days": LAST_DAYS},
        days=tuple(day.isoformat() for day in days),
        done=tuple(per_day.get(day, 0) for day in days),
        total=total,
        expected=expected.day.isoformat() if expected else "",
        earliest=expected.earliest.isoformat() if expected else "",
        latest=expected.latest.isoformat() if expected and expected.latest else "",
        words=tuple(words),
    )


def _between(expected: Expected, language: str) -> str:
    if expected.latest is None:
        return _("not before %(day)s, at %(pace)s a day") % {
            "day": day_written(expected.earliest, language),
            "pace": written(expected.per_day, 1, language),
        }
    return _("between %(first)s and %(last)s") % {
        "first": day_written(expected.earliest, language),
        "last": day_written(expected.latest, language),
    }


def _per_coder(rows: list[DayOfCoder], assigned: dict[str, int], language: str) -> list[Drawable]:
    """Of at most six coders: those who have most to do."""
    coders = sorted(assigned, key=lambda name: (-assigned[name], name))[:MOST_CODERS]
    days = sorted({row.day for row in rows})
    of = {(row.day, row.coder): row for row in rows}
    shares, minutes = [], []
    for coder in coders:
        done, line, pace = 0, [], []
        for day in days:
            row = of.get((day, coder))
            done += row.finished if row else 0
            line.append(Point(100 * done / assigned[coder]))
            known = row is not None and row.seconds > 0
            pace.append(Point(row.seconds / row.finished / 60) if row and known else Point())
        shares.append(tuple(line))
        minutes.append(tuple(pace))
    moments = tuple(day_written(day, language) for day in days)
    left_out = len(assigned) - len(coders)
    note = ngettext("%(n)d coder is not drawn.", "%(n)d coders are not drawn.", left_out) % {"n": left_out}
    note = note if left_out else ""
    figures: list[Drawable] = [
        Trend(
            _("Progress per coder"),
            _("percentage of the coder's own conversations finished"),
            language,
            note,
            moments=moments,
            series=tuple(coders),
            points=tuple(shares),
            ends=(0.0, 104.0),
        )
    ]
    if any(point.value is not None for points in minutes for point in points):
        figures.append(
            Trend(
                _("Pace per conversation"),
                _("minutes per conversation, mean of the day"),
                language,
                note,
                moments=moments,
                series=tuple(coders),
                points=tuple(minutes),
            )
        )
    return figures
