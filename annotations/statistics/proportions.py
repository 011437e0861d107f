"""A proportion and its interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from .estimates import Interval, Z


def wilson(n: float, of: float) -> Interval | None:
    """95 % score interval of `n` of `of`; None without units.

    It holds for small counts and for shares near 0 and 1. Effective counts (`clusters`) need not be whole.
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.

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


def clopper_pearson(n: int, of: int, *, level: float = 0.95) -> Interval | None:
    """Exact interval of `n` of `of`, that never covers less than its level; None without units.

    Clopper & Pearson (1934), The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26, 404-413.

    >>> [round(100 * bound, 1) for bound in clopper_pearson(16, 50)]
    [19.5, 46.7]
    """
    if not of:
        return None
    from scipy import special  # few pages need it

    tail = (1 - level) / 2
    low = float(special.betaincinv(n, of - n + 1, tail)) if n else 0.0
    high = float(special.betaincinv(n + 1, of - n, 1 - tail)) if n < of else 1.0
    return (low, high)


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
