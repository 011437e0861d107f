"""PURE: the strip above the message: the archive in time, what was seen of it, the finds, the expected end.

Time runs from left to right, so the search moves to the left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp, sqrt

WIDTH, TOP, BASE = 920, 8, 40
MOST_BARS = 60
FEWEST_FINDS = 5
"""With fewer finds nothing sensible is to be said of where the last one will be."""


def bin_days(newest: date, oldest: date) -> int:
    """How many days are counted together: a long archive by the week, a short one by the day."""
    return 7 if (newest - oldest).days > 200 else 1


@dataclass(frozen=True)
class Bar:
    """A stretch of time: place and height, and which part of its width was seen, from the right."""

    x: float
    width: float
    height: float
    seen_x: float
    seen_width: float

    @property
    def y(self) -> float:
        return BASE - self.height


@dataclass(frozen=True)
class Label:
    x: float
    day: date


@dataclass(frozen=True)
class Strip:
    """Everything in units of the drawing. `expected`: left, middle and right of where the end is expected."""

    bars: list[Bar]
    finds: list[float]
    here: float
    labels: list[Label]
    expected: tuple[float, float, float] | None = None
    width: int = WIDTH

    @property
    def band_width(self) -> float:
        return round(max(2.0, self.expected[2] - self.expected[0]), 1) if self.expected else 0.0


@dataclass
class _Bin:
    first: date
    number: int
    before: int
    last: date = field(init=False)


def expected_positions(found: int, screened: int, target: int, size: int) -> tuple[int, int, int] | None:
    """Positions between which the `target`-th find will be, and the most likely one; None with too few finds.

    The further messages a search needs, for k finds more after r in n, vary about n k / r as the ratio of two
    gamma variables; on the log scale the standard error is about sqrt(1 / r + 1 / k).

    >>> expected_positions(37, 412, 50, 5000)
    (489, 557, 684)
    """
    more = target - found
    if found < FEWEST_FINDS or more <= 0:
        return None
    middle, spread = screened * more / found, exp(1.96 * sqrt(1 / found + 1 / more))
    low, high = screened + middle / spread, screened + middle * spread
    return min(round(low), size), min(round(screened + middle), size), min(round(high), size)


def make_strip(
    bins: Sequence[tuple[date, int]],
    *,
    reached: int,
    finds: Sequence[date],
    expected: tuple[int, int, int] | None,
) -> Strip | None:
    """`bins`: (first day, messages), newest first. `reached`: position up to which was screened.

    Shows what was screened, what is expected to be, and a margin; None for an empty archive.
    """
    if not bins:
        return None
    all_bins, span = _bins(bins), bin_days(bins[0][0], bins[-1][0])
    until = max(reached, expected[2] if expected else 0, 1)
    shown = [one for one in all_bins if one.before < until * 1.3 + 20][:520]
    step = -(-len(shown) // MOST_BARS)
    newest, oldest = shown[0].first + timedelta(days=span - 1), shown[-1].first
    days = (newest - oldest).days + 1

    def x_of(day: date) -> float:
        return round(WIDTH * max(0, (day - oldest).days) / days, 1)

    groups = [shown[i : i + step] for i in range(0, len(shown), step)]
    most = max(sum(one.number for one in group) for group in groups)
    bars = []
    for group in groups:
        number, before = sum(one.number for one in group), group[0].before
        left, right = x_of(group[-1].first), x_of(group[0].first + timedelta(days=span))
        share = min(1.0, max(0.0, (reached - before) / number)) if number else 0.0
        width = max(1.0, round(right - left - 1.5, 1))
        height = max(2.0, round((BASE - TOP) * number / most, 1))
        seen = round(width * share, 1)
        bars.append(Bar(left, width, height, round(left + width - seen, 1), seen))

    def x_at(position: int) -> float:
        return x_of(_day_at(all_bins, position, span))

    band = None
    if expected:
        newer, middle, older = (x_at(position) for position in expected)
        band = (older, middle, newer)
    return Strip(bars, [x_of(day) for day in finds], x_at(reached), _labels(oldest, newest, x_of), band)


def _bins(counted: Sequence[tuple[date, int]]) -> list[_Bin]:
    before, bins = 0, []
    for first, number in counted:
        bins.append(_Bin(first, number, before))
        before += number
    return bins


def _day_at(bins: Sequence[_Bin], position: int, span: int) -> date:
    """The day of a position, messages taken as even over their bin."""
    for one in bins:
        if position <= one.before + one.number:
            share = (position - one.before) / one.number if one.number else 0
            return one.first + timedelta(days=round((span - 1) * (1 - share)))
    return bins[-1].first


def _labels(oldest: date, newest: date, x_of: Callable[[date], float]) -> list[Label]:
    """The first of a month, so many that they do not touch."""
    months, day = [], date(oldest.year, oldest.month, 1)
    while day <= newest:
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        if day <= newest:
            months.append(day)
    step = max(1, -(-len(months) // 7))
    labels = [Label(x_of(month), month) for month in months[::-1][::step]]
    return [label for label in labels if 8 < label.x < WIDTH - 110]
