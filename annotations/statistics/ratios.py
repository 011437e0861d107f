"""Ratios of two groups. A table has the groups as rows, yes and no as columns."""

from __future__ import annotations

from math import exp, inf, sqrt

from .estimates import Estimate, Interval, Undefined, Z
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


def risk_ratio(table: Table) -> Estimate:
    """Share of yes in the first group over that in the second, with its 95 % interval on the log scale.

    Only for samples that were not drawn by the outcome. Infinite where the second share is 0 and the first is
    not; without an interval where either is 0; undefined where a group is empty or both shares are 0.
    Katz, Baptista, Azen & Pike (1978), Obtaining confidence intervals for the risk ratio in cohort studies,
    Biometrics 34, 469-474.

    >>> ratio = risk_ratio(((16, 34), (10, 40)))
    >>> round(ratio.value, 2), [round(bound, 2) for bound in ratio.interval]
    (1.6, [0.81, 3.18])
    """
    (a, b), (c, d) = table
    if not a + b or not c + d:
        return Estimate(None, undefined=Undefined.EMPTY_GROUP)
    if not a + c:
        return Estimate(None, undefined=Undefined.ONE_VALUE)
    if not a or not c:
        return Estimate(0.0 if c else inf)
    ratio = a / (a + b) / (c / (c + d))
    factor = exp(Z * sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))
    return Estimate(ratio, (ratio / factor, ratio * factor))
