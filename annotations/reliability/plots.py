"""Scatter and difference plot of two coders' numbers, as places on a drawing of 100 by 100. Pure.

The difference plot is Bland & Altman's (1986): the difference of two coders against their mean, with the mean
difference and the limits of agreement, 1.96 standard deviations on either side of it.
"""

from __future__ import annotations

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
    """`x`, `y`: places, 0 to 100 from left and top; `size`: radius, larger where more units share it."""

    x: float
    y: float
    size: float
    times: int


@dataclass(frozen=True)
class PairPlot:
    """Two coders; `low`, `high`: ends of both axes of the scatter; `lines`: value -> height."""

    coders: tuple[str, str]
    scatter: list[Dot]
    low: float
    high: float
    differences: list[Dot]
    mean: float
    limits: tuple[float, float]
    lines: dict[str, float]
    most: float


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
    low, high = float(min(a.min(), b.min())), float(max(a.max(), b.max()))
    difference = a - b
    mean = float(np.average(difference, weights=times))
    squares = float((times * (difference - mean) ** 2).sum())
    spread = 1.96 * (squares / (int(times.sum()) - 1)) ** 0.5
    limits = (mean - spread, mean + spread)
    most = max(float(np.abs(difference).max()), abs(limits[0]), abs(limits[1])) or 1.0
    middle = (a + b) / 2
    return PairPlot(
        coders,
        _dots(a, b, times, (low, high), (low, high)),
        low,
        high,
        _dots(middle, difference, times, (low, high), (-most, most)),
        mean,
        limits,
        {
            "mean": _place(mean, -most, most, up=True),
            "lower": _place(limits[0], -most, most, up=True),
            "upper": _place(limits[1], -most, most, up=True),
        },
        most,
    )


def _dots(
    x: Numbers,
    y: Numbers,
    times: Numbers,
    across: tuple[float, float],
    upward: tuple[float, float],
) -> list[Dot]:
    """A dot per place; units at one place make it larger, its area with their number."""
    places: Counter[tuple[float, float]] = Counter()
    for left, height, count in zip(x, y, times, strict=True):
        places[_place(left, *across), _place(height, *upward, up=True)] += int(count)
    most = max(places.values())
    return [
        Dot(left, height, round(1.2 + 2.3 * (count / most) ** 0.5, 2), count)
        for (left, height), count in sorted(places.items())
    ]


def _place(value: float, low: float, high: float, *, up: bool = False) -> float:
    share = (float(value) - low) / (high - low) if high > low else 0.5
    inside = MARGIN + (100 - 2 * MARGIN) * (1 - share if up else share)
    return round(inside, 2)
