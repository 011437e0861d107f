"""Two independent proportions compared."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, sqrt

from .estimates import Interval, Z
from .proportions import Proportion, wilson
from .ratios import odds_ratio, odds_ratio_interval
from .tables import Table, fisher_p


def newcombe(first: Proportion, second: Proportion, *, design_effect: float = 1) -> Interval | None:
    """95 % interval of the difference first - second; None where a group has no units.

    From the Wilson intervals of both. Newcombe (1998), Interval estimation for the difference between
    independent proportions, Statistics in Medicine 17, 873-890, method 10. `design_effect`: what the units'
    hanging together in conversations costs; both counts are divided by it (Rao & Scott 1992).

    >>> [round(bound, 4) for bound in newcombe(Proportion(56, 70), Proportion(48, 80))]
    [0.0524, 0.3339]
    """
    one, two = (wilson(group.n / design_effect, group.of / design_effect) for group in (first, second))
    if one is None or two is None:
        return None
    p1, p2 = first.n / first.of, second.n / second.of
    low = p1 - p2 - sqrt((p1 - one[0]) ** 2 + (two[1] - p2) ** 2)
    high = p1 - p2 + sqrt((one[1] - p1) ** 2 + (p2 - two[0]) ** 2)
    return (low, high)


def wald(first: Proportion, second: Proportion, *, design_effect: float = 1) -> Interval | None:
    """The textbook's 95 % interval of the difference first - second: too narrow for small groups.

    Given beside Newcombe's because older reports have it; None where a group has no units. Agresti (2013),
    Categorical data analysis, 3rd ed., 3.1.2.

    >>> [round(100 * bound, 1) for bound in wald(Proportion(16, 50), Proportion(10, 50))]
    [-5.0, 29.0]
    """
    if first.share is None or second.share is None:
        return None
    variance = sum(group.n / group.of * (1 - group.n / group.of) / group.of for group in (first, second))
    half = Z * sqrt(variance * design_effect)
    difference = first.share - second.share
    return (difference - half, difference + half)


def cohens_h(first: Proportion, second: Proportion) -> float | None:
    """How far two shares lie apart on the arcsine scale: .2 is small, .5 medium, .8 large.

    None where a group has no units. Cohen (1988), Statistical power analysis, 2nd ed., chapter 6.

    >>> round(cohens_h(Proportion(16, 50), Proportion(10, 50)), 3)
    0.275
    """
    if first.share is None or second.share is None:
        return None
    return 2 * asin(sqrt(first.share)) - 2 * asin(sqrt(second.share))


@dataclass(frozen=True)
class Comparison:
    """What a table says of two organisations. A figure is None where a margin is empty."""

    first: Proportion
    second: Proportion

    @property
    def difference(self) -> float | None:
        if self.first.share is None or self.second.share is None:
            return None
        return self.first.share - self.second.share

    @property
    def newcombe(self) -> Interval | None:
        return newcombe(self.first, self.second)

    @property
    def table(self) -> Table:
        (a, b), (c, d) = ((p.n, p.of - p.n) for p in (self.first, self.second))
        return (a, b), (c, d)

    @property
    def fisher_p(self) -> float | None:
        return fisher_p(self.table)

    @property
    def odds_ratio(self) -> float | None:
        return odds_ratio(self.table)

    @property
    def odds_ratio_interval(self) -> Interval | None:
        return odds_ratio_interval(self.table)
