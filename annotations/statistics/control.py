"""Whether a share falls while it is followed: a cumulative sum chart for yes or no, one unit after the other.

Sources:
- Page, E. S. (1954). Continuous inspection schemes. Biometrika, 41(1/2), 100-115: the chart.
- Reynolds, M. R., & Stoumbos, Z. G. (1999). A CUSUM chart for monitoring a proportion when inspecting
  continuously. Journal of Quality Technology, 31(1), 87-108: its steps for yes or no.
- Hawkins, D. M. (1987). Self-starting CUSUM charts for location and scale. The Statistician, 36(4), 299-316:
  what is expected is known from few units only, so every unit that was looked at adds to it.
- Lucas, J. M., & Crosier, R. B. (1982). Fast initial response for CUSUM quality-control schemes.
  Technometrics, 24(3), 199-205: after an alarm was dealt with, the sum starts half way.

The limit follows from the chance of a false alarm that a study allows over `HORIZON` units, divided by the
number of shares it follows (Bonferroni), by way of the mean number of units to one (Wald's sequential test,
(e^h - h - 1) / |m|, which ignores how far the sum passes the limit). Real false alarms are rarer than asked
for: `bench/drift.py` counts them, and how soon a fall is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

FALL = 0.15
"""The fall of a share that is worth an alarm."""
HORIZON = 400
"""Units over which the chance of a false alarm is kept."""
FALSE_ALARM = 0.10
"""That chance, of all shares that a study follows together."""
HIGHEST, LOWEST = 0.98, 0.05


@dataclass(frozen=True)
class Course:
    """`sums`: after each unit. `alarm`: the place of the first unit at which the sum passed `limit`, where it
    ends; None where it never did.

    `attention`: the limit of one share by itself, which lies lower. `began`: the place from which the sum has
    risen: the likely moment of the fall.
    """

    limit: float
    attention: float
    sums: tuple[float, ...]
    alarm: int | None
    began: int | None

    @property
    def needs_attention(self) -> bool:
        """The sum stands above its lower limit now, or passed the limit."""
        return self.alarm is not None or bool(self.sums and self.sums[-1] > self.attention)


def steps(expected: float, fall: float = FALL) -> tuple[float, float]:
    """What a unit on which coders agree, and one on which they differ, adds to the sum.

    >>> agree, differ = steps(0.9)
    >>> round(agree, 3), round(differ, 3)
    (-0.182, 0.916)
    """
    before = min(max(expected, LOWEST + fall), HIGHEST)
    after = before - fall
    return log(after / before), log((1 - after) / (1 - before))


def limit_for(
    expected: float, fall: float = FALL, *, shares: int = 1, chance: float = FALSE_ALARM, units: int = HORIZON
) -> float:
    """The limit with which `shares` steady shares give a false alarm in `units` with this chance at most.

    >>> round(limit_for(0.9), 2), round(limit_for(0.9, shares=8), 2)
    (5.64, 7.75)
    """
    before = min(max(expected, LOWEST + fall), HIGHEST)
    agree, differ = steps(expected, fall)
    drift = abs(before * agree + (1 - before) * differ)
    mean_to_alarm = units / -log(1 - chance / shares)
    low, high = 0.0, 50.0
    for _halving in range(60):
        middle = (low + high) / 2
        if (exp(middle) - middle - 1) / drift < mean_to_alarm:
            low = middle
        else:
            high = middle
    return high


def estimate(agreeing: int, of: int) -> float:
    """The share that so many units make likely (Jeffreys), never quite 0 or 1.

    >>> estimate(20, 20) < 1
    True
    """
    return (agreeing + 0.5) / (of + 1)


def follow(
    agrees: Sequence[bool],
    before: tuple[int, int],
    fall: float = FALL,
    *,
    shares: int = 1,
    chance: float = FALSE_ALARM,
    half_way: bool = False,
) -> Course:
    """The course of units in the order in which they came.

    before: (units with the same answer, all units) that were coded before. shares: how many are followed
    together. half_way: an alarm was dealt with, so the sum starts at half the limit.

    >>> follow([True] * 20 + [False] * 7, (90, 100)).alarm
    26
    """
    agreeing, of = before
    start = estimate(agreeing, of)
    limit = limit_for(start, fall, shares=shares, chance=chance)
    attention = limit_for(start, fall, chance=chance)
    total, began = limit / 2 if half_way else 0.0, 0
    sums: list[float] = []
    for place, same in enumerate(agrees):
        if total == 0:
            began = place
        agree, differ = steps(estimate(agreeing, of), fall)
        total = max(0.0, total + (agree if same else differ))
        agreeing, of = agreeing + same, of + 1
        sums.append(total)
        if total > limit:
            return Course(limit, attention, tuple(sums), place, began)
    return Course(limit, attention, tuple(sums), None, None)
