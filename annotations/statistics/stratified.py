"""One odds ratio over several tables of two by two: strata, such as organisations, or matched sets.

A table has cases and controls as rows (found, comparison), exposed and not as columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, inf, sqrt

import numpy as np

from .estimates import Estimate, Significance, Undefined, Z
from .tables import Table, empty_margin


@dataclass(frozen=True)
class MantelHaenszel:
    """`strata` tables say something, `left_out` do not: a whole row or column of theirs is empty."""

    odds_ratio: Estimate
    test: Significance
    homogeneity: Significance
    strata: int
    left_out: int


def mantel_haenszel(tables: Iterable[Table]) -> MantelHaenszel:
    """The common odds ratio of strata, with its 95 % interval, its test and whether the strata agree on it.

    Mantel & Haenszel (1959), JNCI 22, 719-748 (the test without continuity correction); interval: Robins,
    Breslow & Greenland (1986), Estimators of the Mantel-Haenszel variance consistent in both sparse data and
    large-strata limiting models, Biometrics 42, 311-323. Infinite, without an interval, where no case is
    unexposed beside an exposed control.

    >>> found = mantel_haenszel([((16, 34), (10, 40)), ((8, 17), (5, 20))])
    >>> round(found.odds_ratio.value, 2)
    1.88
    """
    given = list(tables)
    used = [table for table in given if not empty_margin(table)]
    if not used:
        undefined = Undefined.NO_DISCORDANT if given else Undefined.NO_UNITS
        return MantelHaenszel(
            Estimate(None, undefined=undefined),
            Significance("mantel_haenszel", undefined=undefined),
            Significance("breslow_day", undefined=undefined),
            0,
            len(given),
        )
    ratio = _common_ratio(used)
    return MantelHaenszel(ratio, _test(used), breslow_day(used, ratio), len(used), len(given) - len(used))


def _cells(tables: Sequence[Table]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    cells = np.asarray(tables, dtype=float).reshape(-1, 4)
    a, b, c, d = cells.T
    return a, b, c, d, cells.sum(1)


def _common_ratio(tables: Sequence[Table]) -> Estimate:
    a, b, c, d, n = _cells(tables)
    for_, against = (a * d / n), (b * c / n)
    r, s = for_.sum(), against.sum()
    if not r or not s:
        return Estimate(inf if r else 0.0)
    agree, differ = (a + d) / n, (b + c) / n
    variance = (
        (agree * for_).sum() / (2 * r**2)
        + (agree * against + differ * for_).sum() / (2 * r * s)
        + (differ * against).sum() / (2 * s**2)
    )
    factor = exp(Z * sqrt(variance))
    return Estimate(float(r / s), (float(r / s / factor), float(r / s * factor)))


def _test(tables: Sequence[Table]) -> Significance:
    from scipy import stats

    a, b, c, d, n = _cells(tables)
    excess = (a - (a + b) * (a + c) / n).sum()
    variance = ((a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))).sum()
    statistic = float(excess**2 / variance)
    return Significance("mantel_haenszel", statistic, 1, float(stats.chi2.sf(statistic, 1)))


def breslow_day(tables: Sequence[Table], ratio: Estimate, *, tarone: bool = True) -> Significance:
    """Do the strata share one odds ratio? A small p says that they do not, and one figure for all misleads.

    With Tarone's correction by default; undefined with one stratum, or where the common odds ratio is 0 or
    infinite. Breslow & Day (1980), Statistical methods in cancer research I, 142; Tarone (1985), On
    heterogeneity tests based on efficient scores, Biometrika 72, 91-95.
    """
    if len(tables) < 2:
        return Significance("breslow_day", undefined=Undefined.ONE_GROUP)
    if not ratio.value or ratio.value == inf:
        return Significance("breslow_day", undefined=Undefined.ONE_VALUE)
    from scipy import stats

    a, b, c, d, _n = _cells(tables)
    cases, exposed, controls = a + b, a + c, c + d
    fitted = _fitted(cases, exposed, controls, ratio.value)
    variance = 1 / (
        1 / fitted + 1 / (cases - fitted) + 1 / (exposed - fitted) + 1 / (controls - exposed + fitted)
    )
    statistic = ((a - fitted) ** 2 / variance).sum()
    if tarone:
        statistic -= (a - fitted).sum() ** 2 / variance.sum()
    return Significance(
        "breslow_day", float(statistic), len(tables) - 1, float(stats.chi2.sf(statistic, len(tables) - 1))
    )


def _fitted(cases: np.ndarray, exposed: np.ndarray, controls: np.ndarray, ratio: float) -> np.ndarray:
    """Per stratum the exposed cases that would give it this odds ratio, its margins being as they are."""
    if abs(ratio - 1) < 1e-9:
        return cases * exposed / (cases + controls)
    one = ratio * (cases + exposed) + controls - exposed
    root = np.sqrt(one**2 - 4 * ratio * (ratio - 1) * cases * exposed)
    return (one - root) / (2 * (ratio - 1))
