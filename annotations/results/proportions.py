"""PURE: proportions and their differences, as a content analysis reports them."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
Interval = tuple[float, float]


@dataclass(frozen=True)
class Proportion:
    """`n` of `of` units. Everything but the counts is None where `of` is 0: undefined."""

    n: int
    of: int

    @property
    def share(self) -> float | None:
        return self.n / self.of if self.of else None

    @property
    def wilson(self) -> Interval | None:
        """95 % score interval (Wilson 1927).

        >>> tuple(round(100 * bound, 1) for bound in Proportion(16, 50).wilson)
        (20.8, 45.8)
        """
        if not self.of:
            return None
        p, n = self.n / self.of, self.of
        middle = p + Z**2 / (2 * n)
        half = Z * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
        bottom = 1 + Z**2 / n
        # At none and at all the bound is 0 and 1 exactly; sums of fractions miss that by a hair.
        low = (middle - half) / bottom if self.n else 0.0
        high = (middle + half) / bottom if self.n < self.of else 1.0
        return (low, high)

    @property
    def exact(self) -> Interval | None:
        """95 % exact interval (Clopper & Pearson 1934)."""
        if not self.of:
            return None
        from scipy import stats  # takes most of a second to load, and few pages need it

        found = stats.binomtest(self.n, self.of).proportion_ci(0.95, method="exact")
        return (float(found.low), float(found.high))


@dataclass(frozen=True)
class Comparison:
    """Two independent proportions. A figure is None where a margin of the table is empty."""

    first: Proportion
    second: Proportion

    @property
    def difference(self) -> float | None:
        if self.first.share is None or self.second.share is None:
            return None
        return self.first.share - self.second.share

    @property
    def newcombe(self) -> Interval | None:
        """95 % interval of the difference from the two Wilson intervals (Newcombe 1998, method 10).

        >>> pair = Comparison(Proportion(16, 50), Proportion(10, 50))
        >>> tuple(round(100 * bound, 1) for bound in pair.newcombe)
        (-5.2, 28.4)
        """
        one, two, difference = self.first.wilson, self.second.wilson, self.difference
        if one is None or two is None or difference is None:
            return None
        p1, p2 = self.first.share or 0.0, self.second.share or 0.0
        low = difference - sqrt((p1 - one[0]) ** 2 + (two[1] - p2) ** 2)
        high = difference + sqrt((one[1] - p1) ** 2 + (p2 - two[0]) ** 2)
        return (low, high)

    @property
    def table(self) -> list[list[int]]:
        return [[p.n, p.of - p.n] for p in (self.first, self.second)]

    @property
    def fisher_p(self) -> float | None:
        """Two-sided p of Fisher's exact test."""
        if not self.first.of or not self.second.of:
            return None
        from scipy import stats

        return float(stats.fisher_exact(self.table)[1])

    @property
    def odds_ratio(self) -> float | None:
        """Sample odds ratio, None where a cell that it divides by is empty.

        >>> round(Comparison(Proportion(16, 50), Proportion(10, 50)).odds_ratio, 2)
        1.88
        """
        (a, b), (c, d) = self.table
        return a * d / (b * c) if b * c else None

    @property
    def odds_ratio_interval(self) -> Interval | None:
        """95 % Wald interval on the log scale, None where a cell is empty."""
        cells = [cell for row in self.table for cell in row]
        ratio = self.odds_ratio
        if ratio is None or min(cells) == 0:
            return None
        half = Z * sqrt(sum(1 / cell for cell in cells))
        factor = exp(half)
        return (ratio / factor, ratio * factor)
