"""Tests on a table of counts: is there an association between its rows and its columns?

Rows and columns without any unit are left out first: a category nobody used says nothing of an association.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from .estimates import Estimate, Interval, Significance, Undefined
from .proportions import clopper_pearson

Table = tuple[tuple[int, int], tuple[int, int]]
"""Two groups (rows) by yes and no (columns)."""

Counts = Sequence[Sequence[int]]
"""Rows of counts, of equal length: rows x columns units."""

SMALL = 5
"""An expected count below this is small."""


def empty_margin(table: Table) -> Undefined | None:
    """Why a table of two by two says nothing of an association; None where it does.

    >>> empty_margin(((3, 0), (4, 0)))
    <Undefined.ONE_VALUE: 'one_value'>
    """
    (a, b), (c, d) = table
    if not a + b + c + d:
        return Undefined.NO_UNITS
    if not a + b or not c + d:
        return Undefined.EMPTY_GROUP
    return None if a + c and b + d else Undefined.ONE_VALUE


def fisher_p(table: Table) -> float | None:
    """Two-sided p of Fisher's exact test: tables as unlikely as this one, or more, with the same margins.

    None where a group has no units. Fisher (1935), The logic of inductive inference, JRSS 98, 39-82: his
    tea-tasting lady with three of four cups right has .486.

    >>> round(fisher_p(((3, 1), (1, 3))), 3)
    0.486
    """
    if not all(map(sum, table)):
        return None
    from scipy import stats  # takes most of a second to load

    return float(stats.fisher_exact(table)[1])


def boschloo_p(table: Table) -> float | None:
    """Two-sided p of Boschloo's test: Fisher's, with one margin fixed instead of both, so less cautious.

    None where a group has no units. Boschloo (1970), Raised conditional level of significance for the 2 x 2
    table, Statistica Neerlandica 24, 1-35.

    >>> round(boschloo_p(((16, 34), (10, 40))), 3)
    0.193
    """
    if not all(map(sum, table)):
        return None
    from scipy import stats

    # scipy's groups are columns: the same table the other way round fixes the wrong margin.
    return min(1.0, float(stats.boschloo_exact(list(zip(*table, strict=True))).pvalue))


def expected_counts(counts: Counts) -> list[list[float]]:
    """What each cell would hold if rows and columns had nothing to do with each other; zeros without units.

    >>> expected_counts([[16, 34], [10, 40]])
    [[13.0, 37.0], [13.0, 37.0]]
    """
    cells = np.asarray(counts)
    units = cells.sum()
    return (np.outer(cells.sum(1), cells.sum(0)) / (units or 1)).tolist()


def chi_square(counts: Counts, *, yates: bool = False) -> Significance:
    """Pearson's chi-square, with Cramér's V as its effect size.

    `yates`: with the continuity correction, for two by two only. Pearson (1900), Philosophical Magazine 50,
    157-175; Yates (1934), Supplement to the JRSS 1, 217-235.

    >>> found = chi_square([[16, 34], [10, 40]])
    >>> round(found.statistic, 3), found.df, round(found.p, 3)
    (1.871, 1, 0.171)
    """
    return _power_divergence("chi_square", counts, "pearson", yates)


def likelihood_ratio(counts: Counts) -> Significance:
    """G, the likelihood-ratio chi-square. Wilks (1938), Annals of Mathematical Statistics 9, 60-62.

    >>> found = likelihood_ratio([[16, 34], [10, 40]])
    >>> round(found.statistic, 3), round(found.p, 3)
    (1.884, 0.17)
    """
    return _power_divergence("likelihood_ratio", counts, "log-likelihood", False)


def _power_divergence(test: str, counts: Counts, kind: str, yates: bool) -> Significance:
    cells = _used(counts)
    if reason := _says_nothing(cells):
        return Significance(test, undefined=reason)
    from scipy import stats

    found = stats.chi2_contingency(cells, correction=yates, lambda_=kind)
    statistic, p = float(found.statistic), float(found.pvalue)
    return Significance(test, statistic, int(found.dof), p, "cramers_v", cramers_v(counts))


@dataclass(frozen=True)
class MonteCarlo(Significance):
    """A test by drawn tables. `p_interval`: what another seed could have made of `p`, in 99 of 100 cases."""

    p_interval: Interval | None = None
    draws: int = 0


def freeman_halton(counts: Counts, *, seed: int = 1, draws: int = 9999) -> MonteCarlo:
    """Fisher's exact test for larger tables, by tables drawn at random with the same margins.

    p = (1 + tables as unlikely as this one, or more) / (1 + draws); the same seed gives the same p.
    Freeman & Halton (1951), Note on an exact treatment of contingency, Biometrika 38, 141-149; drawn as in
    Patefield (1981), Algorithm AS 159, Applied Statistics 30, 91-97.

    >>> round(freeman_halton([[3, 1], [1, 3]]).p, 1)
    0.5
    """
    cells = _used(counts)
    if reason := _says_nothing(cells):
        return MonteCarlo("freeman_halton", undefined=reason)
    from scipy import stats

    with_these_margins = stats.random_table(cells.sum(1), cells.sum(0))
    drawn = with_these_margins.rvs(draws, random_state=np.random.default_rng(seed))
    # Tables that are equally likely differ by rounding: a hair more counts as equal.
    limit = with_these_margins.logpmf(cells) + 1e-7
    as_unlikely = int((with_these_margins.logpmf(drawn) <= limit).sum())
    return MonteCarlo(
        "freeman_halton",
        p=(1 + as_unlikely) / (1 + draws),
        effect_name="cramers_v",
        effect=cramers_v(counts),
        p_interval=clopper_pearson(as_unlikely, draws, level=0.99),
        draws=draws,
    )


def cramers_v(counts: Counts) -> Estimate:
    """Cramér's V, from 0 (no association) to 1, with its 95 % interval from the noncentral chi-square.

    Two by two it is the size of phi. The lower bound is 0 where chance alone often gives such a chi-square.
    Cramér (1946), Mathematical methods of statistics, 282; interval: Smithson (2003), Confidence intervals,
    chapter 4, with V² = noncentrality / n x (smaller of rows and columns - 1), widened to hold the estimate
    where need be.

    >>> round(cramers_v([[16, 34], [10, 40]]).value, 3)
    0.137
    """
    cells = _used(counts)
    if reason := _says_nothing(cells):
        return Estimate(None, undefined=reason)
    from scipy import stats

    units, smallest = cells.sum(), min(cells.shape) - 1
    found = stats.chi2_contingency(cells, correction=False)
    return v_of_chi_square(float(found.statistic), int(found.dof), int(units), smallest)


def v_of_chi_square(statistic: float, df: int, units: int, smallest: int) -> Estimate:
    """Cramér's V with its interval, from a chi-square that was published.

    `smallest`: the smaller of rows and columns, less one. The statpsych package of R gives .31 [.16, .44] for
    the figures below.

    >>> v = v_of_chi_square(19.21, 2, 200, 1)
    >>> round(v.value, 4), [round(bound, 4) for bound in v.interval]
    (0.3099, [0.1601, 0.4417])
    """
    value, low, high = (
        sqrt(strength / (units * smallest))
        for strength in (
            statistic,
            _noncentrality(statistic, df, 0.975),
            _noncentrality(statistic, df, 0.025),
        )
    )
    return Estimate(value, (low, min(1.0, max(value, high))))


def _noncentrality(statistic: float, df: int, level: float) -> float:
    """The noncentrality under which `level` of all chi-squares lie below this one; 0 where there is none."""
    from scipy import optimize, stats

    def excess(noncentrality: float) -> float:
        return float(stats.ncx2.cdf(statistic, df, noncentrality)) - level

    if stats.chi2.cdf(statistic, df) <= level:
        return 0.0
    high = statistic + df + 10
    while excess(high) > 0:
        high *= 2
    return float(optimize.brentq(excess, 1e-12, high))


def adjusted_residuals(counts: Counts) -> list[list[float | None]]:
    """How far each cell lies from what was expected, in standard errors: beyond ±2 it stands out.

    None where a row or column has no units, or all of them. Haberman (1973), The analysis of residuals in
    cross-classified tables, Biometrics 29, 205-220.

    >>> [[round(cell, 2) for cell in row] for row in adjusted_residuals([[762, 327, 468], [484, 239, 477]])]
    [[4.5, 0.7, -5.32], [-4.5, -0.7, 5.32]]
    """
    cells = np.asarray(counts)
    units = cells.sum()
    if not units:
        return [[None] * len(row) for row in counts]
    expected = np.outer(cells.sum(1), cells.sum(0)) / units
    spread = expected * np.outer(1 - cells.sum(1) / units, 1 - cells.sum(0) / units)
    standing_out = (cells - expected) / np.sqrt(np.where(spread > 0, spread, np.nan))
    return [[None if np.isnan(cell) else float(cell) for cell in row] for row in standing_out]


@dataclass(frozen=True)
class Association:
    """A table's test, why it is this one, and what it rests on.

    `small_expected` of the `cells` have an expected count below 5: the reason for an exact test.
    """

    test: Significance
    small_expected: int
    cells: int
    smallest_expected: float | None


def association(counts: Counts, *, seed: int = 1) -> Association:
    """The test that fits a table: chi-square where the expected counts allow it, else an exact one.

    Two by two: Fisher's where an expected count is below 5. Larger: Freeman-Halton's where more than a fifth
    of them are, or one is below 1. Cochran (1954), Some methods for strengthening the common chi-square
    tests, Biometrics 10, 417-451.

    >>> association([[3, 1], [1, 3]]).test.test
    'fisher'
    """
    cells = _used(counts)
    if _says_nothing(cells):
        return Association(chi_square(counts), 0, cells.size, None)
    expected = np.asarray(expected_counts(cells.tolist()))
    small = int((expected < SMALL).sum())
    if cells.shape == (2, 2):
        test = _fisher(cells) if small else chi_square(counts)
    elif small > cells.size / 5 or expected.min() < 1:
        test = freeman_halton(counts, seed=seed)
    else:
        test = chi_square(counts)
    return Association(test, small, cells.size, float(expected.min()))


def _fisher(cells: np.ndarray) -> Significance:
    (a, b), (c, d) = cells.tolist()
    return Significance(
        "fisher", p=fisher_p(((a, b), (c, d))), effect_name="cramers_v", effect=cramers_v(cells.tolist())
    )


def _used(counts: Counts) -> np.ndarray:
    cells = np.asarray(counts, dtype=int)
    if not cells.size:
        return cells.reshape(0, 0)
    return cells[cells.sum(1) > 0][:, cells.sum(0) > 0]


def _says_nothing(used: np.ndarray) -> Undefined | None:
    if not used.size:
        return Undefined.NO_UNITS
    if len(used) < 2:
        return Undefined.ONE_GROUP
    return Undefined.ONE_VALUE if used.shape[1] < 2 else None
