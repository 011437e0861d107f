"""Numbers of a group in a few figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Summary:
    """Of `n` numbers. Everything but `n` is None without numbers, `sd` also with one."""

    n: int
    mean: float | None = None
    sd: float | None = None
    minimum: float | None = None
    lower_quartile: float | None = None
    median: float | None = None
    upper_quartile: float | None = None
    maximum: float | None = None


def summary(values: Sequence[float]) -> Summary:
    """`sd` divides by n - 1; quartiles lie between neighbours in proportion, as R and Excel do (type 7).

    Hyndman & Fan (1996), Sample quantiles in statistical packages, American Statistician 50, 361-365.

    >>> found = summary([1, 2, 3, 4])
    >>> found.mean, found.lower_quartile, found.median, found.upper_quartile
    (2.5, 1.75, 2.5, 3.25)
    """
    if not len(values):
        return Summary(0)
    numbers = np.asarray(values, dtype=float)
    sd = float(numbers.std(ddof=1)) if len(numbers) > 1 else None
    five = (float(value) for value in np.quantile(numbers, [0, 0.25, 0.5, 0.75, 1]))
    return Summary(len(numbers), float(numbers.mean()), sd, *five)
