"""Numbers and ordered answers compared by rank. Each group is a sequence of numbers, a value per unit."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from .estimates import Estimate, Interval, Significance, Undefined, Z

Values = Sequence[float]


def mann_whitney(first: Values, second: Values) -> Significance:
    """Does one group have the higher values? `statistic` is U of the first group.

    Effect: the probability of superiority U / mn, the share of pairs in which the unit of the first group is
    the higher one (ties for half); twice it less 1 is the rank-biserial correlation. p is exact for groups
    below 50 without ties, else normal with correction for ties and continuity. Mann & Whitney (1947), Annals
    of Mathematical Statistics 18, 50-60; interval: Newcombe (2006), Statistics in Medicine 25, 559-573,
    method 5.

    >>> found = mann_whitney([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    ...                      [1.15, 0.88, 0.90, 0.74, 1.21])  # Hollander & Wolfe (1973), p. 69
    >>> found.statistic, round(found.p, 4), round(found.effect.value, 2)
    (35.0, 0.2544, 0.7)
    """
    pairs = len(first) * len(second)
    if not pairs:
        return Significance("mann_whitney", undefined=Undefined.EMPTY_GROUP)
    if len({*first, *second}) == 1:
        return Significance("mann_whitney", undefined=Undefined.ONE_VALUE)
    from scipy import stats

    found = stats.mannwhitneyu(first, second, method=_method(first, second))
    effect = superiority(float(found.statistic) / pairs, len(first), len(second))
    return Significance(
        "mann_whitney",
        float(found.statistic),
        p=float(found.pvalue),
        effect_name="superiority",
        effect=effect,
    )


def _method(first: Values, second: Values) -> str:
    """R's rule: counted out where nothing is tied and both groups have fewer than 50 units."""
    is_tied = len({*first, *second}) < len(first) + len(second)
    return "asymptotic" if is_tied or max(len(first), len(second)) >= 50 else "exact"


def superiority(theta: float, m: int, n: int) -> Estimate:
    """The probability of superiority with its 95 % interval, for groups of m and n.

    The interval holds the values t that lie within 1.96 standard errors of theta, the variance being that
    under t: t (1 - t) (1 + ((m + n) / 2 - 1) ((1 - t) / (2 - t) + t / (1 + t))) / mn. Newcombe (2006), as
    above, after Hanley & McNeil (1982), Radiology 143, 29-36.
    """
    return Estimate(theta, (_bound(theta, m, n, 0.0), _bound(theta, m, n, 1.0)))


def _bound(theta: float, m: int, n: int, end: float) -> float:
    from scipy import optimize

    def excess(t: float) -> float:
        spread = 1 + ((m + n) / 2 - 1) * ((1 - t) / (2 - t) + t / (1 + t))
        return (theta - t) ** 2 - Z**2 * t * (1 - t) * spread / (m * n)

    if theta == end:
        return end
    # The variance is 0 at the end, the distance at theta: the bound lies between. At a theta of 1 both are.
    return float(optimize.brentq(excess, end, theta + (end - theta) * 1e-9))


def kruskal_wallis(groups: Sequence[Values]) -> Significance:
    """Do any of the groups differ? `statistic` is H, corrected for ties; groups without units are left out.

    Effect: epsilon squared, H / (n - 1), from 0 to 1 (Kelley 1935, as Tomczak & Tomczak 2014 give it).
    Kruskal & Wallis (1952), JASA 47, 583-621.

    >>> groups = [2.9, 3.0, 2.5, 2.6, 3.2], [3.8, 2.7, 4.0, 2.4], [2.8, 3.4, 3.7, 2.2, 2.0]
    >>> found = kruskal_wallis(groups)  # Hollander & Wolfe (1973), p. 116
    >>> round(found.statistic, 5), found.df, round(found.p, 3)
    (0.77143, 2, 0.68)
    """
    used = [group for group in groups if len(group)]
    values = [value for group in used for value in group]
    if len(used) < 2:
        reason = Undefined.ONE_GROUP if used else Undefined.NO_UNITS
        return Significance("kruskal_wallis", undefined=reason)
    if len(set(values)) == 1:
        return Significance("kruskal_wallis", undefined=Undefined.ONE_VALUE)
    from scipy import stats

    found = stats.kruskal(*used)
    h = float(found.statistic)
    effect = Estimate(h / (len(values) - 1))
    return Significance("kruskal_wallis", h, len(used) - 1, float(found.pvalue), "epsilon_squared", effect)


def spearman(first: Values, second: Values) -> Significance:
    """Spearman's rank correlation of two values per unit, in the same order; `statistic` is rho.

    95 % interval on Fisher's z scale with standard error sqrt((1 + rho² / 2) / (n - 3)), for 4 units or more
    and rho within ±1. Spearman (1904), American Journal of Psychology 15, 72-101; Bonett & Wright (2000),
    Sample size requirements for estimating Pearson, Kendall and Spearman correlations, Psychometrika 65,
    23-28.

    >>> iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    >>> hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    >>> found = spearman(iq, hours)
    >>> round(found.statistic, 4), round(found.p, 3)
    (-0.1758, 0.627)
    """
    if len(first) < 3:
        return Significance("spearman", undefined=Undefined.TOO_FEW)
    if len(set(first)) == 1 or len(set(second)) == 1:
        return Significance("spearman", undefined=Undefined.ONE_VALUE)
    from scipy import stats

    found = stats.spearmanr(first, second)
    rho = float(found.statistic)
    effect = Estimate(rho, _around(rho, len(first)))
    return Significance("spearman", rho, p=float(found.pvalue), effect_name="rho", effect=effect)


def _around(rho: float, n: int) -> Interval | None:
    if n < 4 or abs(rho) > 1 - 1e-12:
        return None
    half = Z * sqrt((1 + rho**2 / 2) / (n - 3))
    return (float(np.tanh(np.arctanh(rho) - half)), float(np.tanh(np.arctanh(rho) + half)))
