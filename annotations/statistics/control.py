"""Whether a share falls while it is followed: a cumulative sum chart for yes or no, one unit after the other.

Source: Reynolds, M. R., & Stoumbos, Z. G. (1999). A CUSUM chart for monitoring a proportion when inspecting
continuously. Journal of Quality Technology, 31(1), 87-108. The limit follows from the approximation of the
mean number of units to a false alarm by Wald's sequential test, (e^h - h - 1) / |m|, which ignores how far
the sum passes the limit: real false alarms are rarer (`bench/drift.py` counts them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

FALL = 0.15
"""The fall of a share that is worth an alarm."""
UNITS_TO_FALSE_ALARM = 400
HIGHEST, LOWEST = 0.98, 0.05


@dataclass(frozen=True)
class Course:
    """`sums`: after each unit; an alarm where it passes `limit`. `alarm`: the place of the first such unit.

    `began`: the place from which the sum has risen towards it: the likely moment of the fall.
    """

    limit: float
    sums: tuple[float, ...]
    alarm: int | None
    began: int | None


def steps(expected: float, fall: float = FALL) -> tuple[float, float]:
    """What a unit on which coders agree, and one on which they differ, adds to the sum.

    >>> agree, differ = steps(0.9)
    >>> round(agree, 3), round(differ, 3)
    (-0.182, 0.916)
    """
    before = min(max(expected, LOWEST + fall), HIGHEST)
    after = before - fall
    return log(after / before), log((1 - after) / (1 - before))


def limit_for(expected: float, fall: float = FALL, *, units: float = UNITS_TO_FALSE_ALARM) -> float:
    """The limit with which a steady share gives a false alarm once in so many units, or more rarely.

    >>> round(limit_for(0.9), 2)
    3.51
    """
    before = min(max(expected, LOWEST + fall), HIGHEST)
    agree, differ = steps(expected, fall)
    drift = abs(before * agree + (1 - before) * differ)
    low, high = 0.0, 50.0
    for _halving in range(60):
        middle = (low + high) / 2
        if (exp(middle) - middle - 1) / drift < units:
            low = middle
        else:
            high = middle
    return high


def follow(agrees: Sequence[bool], expected: float, fall: float = FALL) -> Course:
    """The course of units in the order in which they came; `expected`: the share that was reached before.

    >>> follow([True] * 20 + [False] * 4, 0.9).alarm
    23
    """
    agree, differ = steps(expected, fall)
    limit = limit_for(expected, fall)
    total, began = 0.0, 0
    sums: list[float] = []
    for place, same in enumerate(agrees):
        if total == 0:
            began = place
        total = max(0.0, total + (agree if same else differ))
        sums.append(total)
        if total > limit:
            return Course(limit, tuple(sums), place, began)
    return Course(limit, tuple(sums), None, None)
