"""Ratios of two groups."""

from __future__ import annotations

from math import exp, sqrt

from .proportions import Interval, Z
from .tables import Table


def odds_ratio(table: Table) -> float | None:
    """Sample odds ratio ad / bc; None where that divides by nothing.

    >>> round(odds_ratio(((16, 34), (10, 40))), 2)
    1.88
    """
    (a, b), (c, d) = table
    return a * d / (b * c) if b * c else None


def odds_ratio_interval(table: Table) -> Interval | None:
    """95 % interval of the odds ratio, normal on the log scale; None where a cell is empty.

    Woolf (1955), On estimating the relation between blood group and disease, Annals of Human Genetics 19,
    251-253.

    >>> [round(bound, 2) for bound in odds_ratio_interval(((16, 34), (10, 40)))]
    [0.76, 4.69]
    """
    cells = [cell for row in table for cell in row]
    ratio = odds_ratio(table)
    if ratio is None or min(cells) == 0:
        return None
    factor = exp(Z * sqrt(sum(1 / cell for cell in cells)))
    return (ratio / factor, ratio * factor)
