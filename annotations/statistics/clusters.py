"""Units that hang together, such as the messages of one conversation, say less than as many loose ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from .estimates import Estimate, Undefined
from .proportions import wilson

ENOUGH = 0.9
"""A bootstrap of which fewer draws than this gave a figure has no interval."""


@dataclass(frozen=True)
class DesignEffect:
    """`value`: how many times the variance is that of loose units; `effective`: units that say as much."""

    value: float | None
    clusters: int
    units: int
    effective: float | None
    undefined: Undefined | None = None


def design_effect(n: Sequence[int], of: Sequence[int]) -> DesignEffect:
    """Of a proportion over clusters: `n[i]` of the `of[i]` units of cluster i; empty clusters are left out.

    The variance of a ratio over that of a binomial. Undefined with one cluster and where the share is 0 or 1.
    Rao & Scott (1992), A simple method for the analysis of clustered binary data, Biometrics 48, 577-585.

    >>> round(design_effect([3, 0, 3, 0], [3, 3, 3, 3]).value, 2)
    4.0
    """
    hits, units = np.asarray(n, dtype=float), np.asarray(of, dtype=float)
    clusters, total = int((units > 0).sum()), int(units.sum())
    if not total:
        return DesignEffect(None, 0, 0, None, Undefined.NO_UNITS)
    if clusters < 2:
        return DesignEffect(None, clusters, total, None, Undefined.TOO_FEW)
    share = hits.sum() / total
    if share in (0, 1):
        return DesignEffect(None, clusters, total, None, Undefined.ONE_VALUE)
    variance = clusters / (clusters - 1) * ((hits - units * share) ** 2).sum() / total**2
    effect = float(variance * total / (share * (1 - share)))
    return DesignEffect(effect, clusters, total, total / max(1.0, effect))


def clustered_share(n: Sequence[int], of: Sequence[int]) -> Estimate:
    """A proportion over clusters, with Wilson's interval for as many loose units as say as much.

    A design effect below 1 counts as 1, and so does an undefined one; without units undefined. Rao & Scott
    (1992).

    >>> [round(bound, 2) for bound in clustered_share([3, 0, 3, 0], [3, 3, 3, 3]).interval]
    [0.13, 0.87]
    """
    hits, total = sum(n), sum(of)
    if not total:
        return Estimate(None, undefined=Undefined.NO_UNITS)
    effective = design_effect(n, of).effective or total
    return Estimate(hits / total, wilson(hits / total * effective, effective))


def rao_scott(statistic: float, df: float, effect: float) -> tuple[float, float]:
    """Chi-square of clustered units and its p: divided by the design effect, which below 1 counts as 1.

    The correction of the first order; Rao & Scott (1984), On chi-squared tests for multiway contingency
    tables with cell proportions estimated from survey data, Annals of Statistics 12, 46-60.

    >>> [round(figure, 3) for figure in rao_scott(7.68, 1, 2.0)]
    [3.84, 0.05]
    """
    corrected = statistic / max(1.0, effect)
    return corrected, float(chi2.sf(corrected, df))


def cluster_bootstrap(
    totals: Sequence[Sequence[float]] | np.ndarray,
    statistic: Callable[[np.ndarray], np.ndarray],
    *,
    draws: int = 1000,
    seed: int = 1,
) -> Estimate:
    """A figure made of sums over clusters, with its 95 % percentile interval: whole clusters are drawn anew.

    `totals`: clusters x columns, what each cluster adds to each sum; `statistic`: draws x columns of sums ->
    a figure per draw (NaN where it has none). The same seed gives the same interval. No interval with one
    cluster, or where more than a tenth of the draws have no figure. Davison & Hinkley (1997), Bootstrap
    methods and their application, 3.8; Cameron, Gelbach & Miller (2008), Review of Economics and Statistics
    90, 414-427.

    >>> share = cluster_bootstrap([[3, 3], [0, 3], [3, 3], [0, 3]], lambda sums: sums[:, 0] / sums[:, 1])
    >>> share.value, share.interval
    (0.5, (0.0, 1.0))
    """
    rows = np.asarray(totals, dtype=float)
    if not len(rows):
        return Estimate(None, undefined=Undefined.NO_UNITS)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(statistic(rows.sum(0)[None, :])[0])
        if not np.isfinite(value):
            return Estimate(None, undefined=Undefined.ONE_VALUE)
        if len(rows) < 2:
            return Estimate(value, undefined=Undefined.TOO_FEW)
        found = np.asarray(statistic(_drawn_sums(rows, draws, seed)))
    found = found[np.isfinite(found)]
    if len(found) < ENOUGH * draws:
        return Estimate(value, undefined=Undefined.TOO_FEW)
    low, high = np.quantile(found, [0.025, 0.975])
    return Estimate(value, (float(low), float(high)))


def _drawn_sums(rows: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Draws x columns. Clusters that add the same are drawn together: how many of each is multinomial."""
    kinds, times = np.unique(rows, axis=0, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(len(rows), times / len(rows), size=draws)
    return drawn @ kinds
