"""Two independent proportions compared."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from .proportions import Interval, Proportion
from .ratios import odds_ratio, odds_ratio_interval
from .tables import Table, fisher_p


def newcombe(first: Proportion, second: Proportion) -> Interval | None:
    """95 % interval of the difference first - second; None where a group has no units.

    From the Wilson intervals of both. Newcombe (1998), Interval estimation for the difference between
    independent proportions, Statistics in Medicine 17, 873-890, method 10.

    >>> [round(bound, 4) for bound in newcombe(Proportion(56, 70), Proportion(48, 80))]
    [0.0524, 0.3339]
    """
    one, two = first.wilson, second.wilson
    if one is None or two is None:
        return None
    p1, p2 = first.n / first.of, second.n / second.of
    low = p1 - p2 - sqrt((p1 - one[0]) ** 2 + (two[1] - p2) ** 2)
    high = p1 - p2 + sqrt((one[1] - p1) ** 2 + (p2 - two[0]) ** 2)
    return (low, high)


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
