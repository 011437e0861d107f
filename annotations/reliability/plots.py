"""Scatter and difference plot of two coders' numbers, as places on a drawing of 100 by 100. Pure.

The difference plot is Bland & Altman's (1986): the difference of two coders against their mean, with the mean
difference and the limits of agreement, 1.96 standard deviations on either side of it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..agreement.data import MISSING, ReliabilityData

MARGIN = 4.0
Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Dot:
    """`x`, `y`: places, 0 to 100 from left and top; `size`: radius, larger where more units share it.

    `across`, `up`: the values that the place stands for; `times`: how many units are there.
    """

    x: float
    y: float
    size: float
    across: float
    up: float
    times: int


@dataclass(frozen=True)
class Tick:
    """A number on an axis, and its place, 0 to 100."""

    place: float
    value: float


@dataclass(frozen=True)
class Plot:
    """Dots with the numbers on both axes."""

    dots: list[Dot]
    across: list[Tick]
    up: list[Tick]

    @property
    def most(self) -> int:
        """How many units the largest dot stands for."""
        return max(dot.times for dot in self.dots)


@dataclass(frozen=True)
class PairPlot:
    """Two coders with `units` in common; `lines`: height in the difference plot of what is drawn there."""

    coders: tuple[str, str]
    units: int
    equal: int
    scatter: Plot
    differences: Plot
    mean: float
    limits: tuple[float, float]
    lines: dict[str, float]


def pair_plots(data: ReliabilityData) -> list[PairPlot]:
    """A plot for each coder pair with two shared units or more."""
    found = []
    values = np.array([float(value) for value in data.numbers or data.domain])
    for one, other in data.coder_pairs():
        rows = (data.patterns[:, one] != MISSING) & (data.patterns[:, other] != MISSING)
        a, b = values[data.patterns[rows, one]], values[data.patterns[rows, other]]
        times = data.weights[rows]
        if times.sum() > 1:
            found.append(_plot((data.coder_names[one], data.coder_names[other]), a, b, times))
    return found


def _plot(coders: tuple[str, str], a: Numbers, b: Numbers, times: Numbers) -> PairPlot:
    difference = a - b
    mean = float(np.average(difference, weights=times))
    squares = float((times * (difference - mean) ** 2).sum())
    spread = 1.96 * (squares / (int(times.sum()) - 1)) ** 0.5
    limits = (mean - spread, mean + spread)
    values = _ticks(min(a.min(), b.min()), max(a.max(), b.max()))
    most = max(float(np.abs(difference).max()), abs(limits[0]), abs(limits[1]))
    heights = _ticks(-most, most)
    lines = {"zero": 0.0, "mean": mean, "lower": limits[0], "upper": limits[1]}
    return PairPlot(
        coders,
        int(times.sum()),
        int(times[difference == 0].sum()),
        _dots(a, b, times, values, values),
        _dots((a + b) / 2, difference, times, values, heights),
        mean,
        limits,
        {name: _place(value, heights[0], heights[-1], up=True) for name, value in lines.items()},
    )


def _dots(across: Numbers, up: Numbers, times: Numbers, left: list[float], bottom: list[float]) -> Plot:
    """A dot per place; units at one place make it larger, its area with their number."""
    places: Counter[tuple[float, float]] = Counter()
    for x, y, count in zip(across, up, times, strict=True):
        places[_plain(x), _plain(y)] += int(count)
    most = max(places.values())
    ends, heights = (left[0], left[-1]), (bottom[0], bottom[-1])
    return Plot(
        [
            Dot(_place(x, *ends), _place(y, *heights, up=True), _size(count, most), x, y, count)
            for (x, y), count in sorted(places.items())
        ],
        [Tick(_place(value, *ends), value) for value in left],
        [Tick(_place(value, *heights, up=True), value) for value in bottom],
    )


def _size(count: int, most: int) -> float:
    return round(max(1.0, 3.6 * (count / most) ** 0.5), 2)


def _ticks(low: float, high: float) -> list[float]:
    """Four to eight round numbers, from one at or below `low` to one at or above `high`."""
    if low == high:
        low, high = low - 1, high + 1
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [_plain(number * step) for number in range(first, last + 1)]


def _plain(value: float) -> float:
    """Without the last digits of binary fractions, and whole where it is whole."""
    short = round(float(value), 6)
    return int(short) if short.is_integer() else short


def _place(value: float, low: float, high: float, *, up: bool = False) -> float:
    share = (float(value) - low) / (high - low)
    inside = MARGIN + (100 - 2 * MARGIN) * (1 - share if up else share)
    return round(inside, 2)
