"""How fast a round is coded, and when it will be done: for the pictures by which a supervisor steers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import mean, stdev

from django.db.models import Count, Max, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..figures.numbers import day_written, written
from ..figures.records import Drawable, Point, Progress, Trend
from ..models import Assignment, Coding, Membership, Round
from .absence import Away, away_in
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
    coder_id: int = 0


@dataclass(frozen=True)
class Presence:
    """What days away do to the pace. `scale`: the pace of those days on which coders were there, by the plain
    mean of all days. `share`: of a coming day, how much of that pace is there.
    """

    scale: float = 1.0
    share: Callable[[date], float] = lambda day: 1.0


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
        (
            DayOfCoder(day, names.get(coder_id, "–"), n, seconds, coder_id)
            for day, coder_id, n, seconds in rows
        ),
        key=lambda row: (row.day, row.coder),
    )


def expected_end(
    per_day: Mapping[date, int], left: int, today: date, presence: Presence | None = None
) -> Expected | None:
    """At the mean of the last days, those without any work included; the band is the 95 percent interval of
    that mean (normal). None where nothing was finished in those days, or it would take years.

    per_day: what was finished on each day. presence: what is known of days away.
    """
    presence = presence or Presence()
    days = last_days(per_day, today)
    counts = [per_day.get(day, 0) for day in days]
    plain = mean(counts)
    if not plain:
        return None
    half = presence.scale * (Z * stdev(counts) / sqrt(len(counts)) if len(counts) > 1 else plain)
    pace = presence.scale * plain
    day = _reached(left, pace, today, presence)
    earliest = _reached(left, pace + half, today, presence)
    if day is None or earliest is None:
        return None
    return Expected(pace, day, earliest, _reached(left, pace - half, today, presence))


def last_days(per_day: Iterable[date], today: date) -> list[date]:
    """The days whose pace counts: the last fourteen, fewer where work began later."""
    first = max(min(per_day, default=today), today - timedelta(days=LAST_DAYS - 1))
    return [first + timedelta(days=number) for number in range((today - first).days + 1)]


def _reached(left: int, pace: float, today: date, presence: Presence) -> date | None:
    """The day on which so many are done at this pace, or None where that is too far away."""
    there = 0.0
    for ahead in range(1, FARTHEST + 1):
        there += presence.share(today + timedelta(days=ahead))
        if pace * there >= left - 1e-9:
            return today + timedelta(days=ahead)
    return None


def presence_of(rows: Sequence[DayOfCoder], away: Away, today: date) -> Presence:
    """Each coder's pace over the days on which that coder was there, and who of them is there later."""
    days = last_days([row.day for row in rows], today)
    finished: dict[int, int] = defaultdict(int)
    for row in rows:
        if row.day in days:
            finished[row.coder_id] += row.finished
    paces = {coder: n / max(away.present(coder, days), 1) for coder, n in finished.items()}
    together = sum(paces.values())
    if not together or not any(coder in away.stretches for coder in paces):
        return Presence()

    def share(day: date) -> float:
        return sum(pace for coder, pace in paces.items() if not away.on(coder, day)) / together

    return Presence(together * len(days) / sum(finished.values()), share)


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
    presence = presence_of(rows, away_in(round_.study_id), today)
    expected = expected_end(per_day, total - done, today, presence)
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
            "Expected end: at the mean pace of the last %(days)d days, days without work included and days "
            "away taken into account; the band is the 95 percent interval of that pace."
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
