"""A proportion and its interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
"""1.959964: what 95 percent of a normal distribution lies within, in standard deviations."""

Interval = tuple[float, float]
"""Lower and upper bound."""


def wilson(n: int, of: int) -> Interval | None:
    """95 % score interval of `n` of `of`; None without units.

    It holds for small counts and for shares near 0 and 1. Wilson (1927), Probable inference, the law of
    succession, and statistical inference, JASA 22, 209-212.

    >>> [round(100 * bound, 1) for bound in wilson(16, 50)]
    [20.8, 45.8]
    """
    if not of:
        return None
    p = n / of
    middle = p + Z**2 / (2 * of)
    half = Z * sqrt(p * (1 - p) / of + Z**2 / (4 * of**2))
    bottom = 1 + Z**2 / of
    # At none and at all the bound is 0 and 1 exactly; sums of fractions miss that by a hair.
    low = (middle - half) / bottom if n else 0.0
    high = (middle + half) / bottom if n < of else 1.0
    return (low, high)


def clopper_pearson(n: int, of: int) -> Interval | None:
    """95 % exact interval of `n` of `of`, never narrower than 95 %; None without units.

    Clopper & Pearson (1934), The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26, 404-413.

    >>> [round(100 * bound, 1) for bound in clopper_pearson(16, 50)]
    [19.5, 46.7]
    """
    if not of:
        return None
    from scipy import stats  # takes most of a second to load, and few pages need it

    found = stats.binomtest(n, of).proportion_ci(0.95, method="exact")
    return (float(found.low), float(found.high))


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
        return wilson(self.n, self.of)

    @property
    def exact(self) -> Interval | None:
        return clopper_pearson(self.n, self.of)
