"""How long until something happens, where it has not happened to all by the end (censored).

A unit has a time (any unit, 0 or more) and whether it happened then; else the time is how long it was looked
at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isnan
from warnings import catch_warnings, simplefilter

import numpy as np

from .estimates import Estimate, Interval, Significance, Undefined

Group = tuple[Sequence[float], Sequence[bool]]
"""Times, and per time whether it happened (True) or was censored (False)."""


@dataclass(frozen=True)
class Step:
    """From `time` on, `share` of the units have not had it happen yet. `interval`: None where undefined."""

    time: float
    at_risk: int
    events: int
    censored: int
    share: float
    interval: Interval | None


@dataclass(frozen=True)
class SurvivalCurve:
    """`steps`: one per time at which something happened or was censored; before the first the share is 1."""

    n: int
    events: int
    steps: tuple[Step, ...]
    median: Estimate


def kaplan_meier(times: Sequence[float], happened: Sequence[bool]) -> SurvivalCurve:
    """The share of units to which it has not happened yet, over time, with 95 % bands and the median.

    Bands on the log(-log) scale with Greenwood's variance. The median is the first time at which the share is
    a half or less; its interval holds the times at which the band does (`math.inf` where it never comes
    down). Undefined where fewer than half of the units had it happen. Kaplan & Meier (1958), JASA 53,
    457-481; Brookmeyer & Crowley (1982), A confidence interval for the median survival time, Biometrics 38,
    29-41.

    >>> curve = kaplan_meier([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
    ...     [True, True, True, False, True, False, True, False, False, True, True, False, False, False,
    ...      True, True, False, False, False, False, False])  # 6-MP, Freireich et al. (1963)
    >>> curve.median.value, round(curve.steps[0].share, 3)
    (23.0, 0.857)
    """
    if not len(times):
        return SurvivalCurve(0, 0, (), Estimate(None, undefined=Undefined.NO_UNITS))
    from scipy import stats

    at, yes = np.asarray(times, dtype=float), np.asarray(happened, dtype=bool)
    curve = stats.ecdf(stats.CensoredData.right_censored(at, ~yes)).sf
    with catch_warnings():
        simplefilter("ignore", RuntimeWarning)  # where the band is undefined it is NaN
        band = curve.confidence_interval(0.95, method="log-log")
    columns = (
        curve.quantiles,
        len(at) - np.searchsorted(np.sort(at), curve.quantiles),
        _counted(at[yes], curve.quantiles),
        _counted(at[~yes], curve.quantiles),
        curve.probabilities,
        band.low.probabilities,
        band.high.probabilities,
    )
    steps = tuple(
        Step(time, at_risk, events, censored, share, None if isnan(low) else (low, high))
        for time, at_risk, events, censored, share, low, high in zip(
            *(column.tolist() for column in columns), strict=True
        )
    )
    return SurvivalCurve(len(at), int(yes.sum()), steps, _median(steps))


def _median(steps: tuple[Step, ...]) -> Estimate:
    def first(reached: Sequence[bool]) -> float:
        return next((step.time for step, is_reached in zip(steps, reached, strict=True) if is_reached), inf)

    value = first([step.share <= 0.5 for step in steps])
    if value == inf:
        return Estimate(None, undefined=Undefined.NOT_REACHED)
    # Where the share has come down to 0 the band is undefined; what is below it is certainly below a half.
    low = first([step.interval[0] <= 0.5 if step.interval else step.share == 0 for step in steps])
    high = first([step.interval is not None and step.interval[1] <= 0.5 for step in steps])
    return Estimate(value, (low, high))


def log_rank(groups: Sequence[Group]) -> Significance:
    """Do the groups differ in how long it takes? `statistic` is chi-square; empty groups are left out.

    Mantel (1966), Cancer Chemotherapy Reports 50, 163-170; Peto & Peto (1972), Asymptotically efficient rank
    invariant test procedures, JRSS A 135, 185-207. With hypergeometric variance, as R's survdiff has it.

    >>> found = log_rank([([1, 2, 3, 4], [True] * 4), ([2, 4, 6, 8], [True, True, False, True])])
    >>> found.df, round(found.statistic, 2)
    (1, 2.65)
    """
    used = [(np.asarray(times, float), np.asarray(yes, bool)) for times, yes in groups if len(times)]
    if len(used) < 2:
        return Significance("log_rank", undefined=Undefined.ONE_GROUP if used else Undefined.NO_UNITS)
    excess, variance = _excess(used)
    # The excesses sum to 0, so the last group says nothing new.
    rank = int(np.linalg.matrix_rank(variance))
    if not rank:
        return Significance("log_rank", undefined=Undefined.NO_EVENTS)
    from scipy import stats

    statistic = float(excess @ np.linalg.pinv(variance, hermitian=True) @ excess)
    return Significance("log_rank", statistic, rank, float(stats.chi2.sf(statistic, rank)))


def _excess(groups: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Per group the events beyond those expected (groups), and their covariances (groups x groups)."""
    moments = np.unique(np.concatenate([times[yes] for times, yes in groups]))
    # moments x groups
    at_risk = np.array([len(times) - np.searchsorted(np.sort(times), moments) for times, _yes in groups]).T
    events = np.array([_counted(times[yes], moments) for times, yes in groups]).T
    all_at_risk, all_events = at_risk.sum(1), events.sum(1)
    share = at_risk / all_at_risk[:, None]
    excess = (events - all_events[:, None] * share).sum(0)
    weight = all_events * (all_at_risk - all_events) / np.maximum(all_at_risk - 1, 1)
    variance = np.diag((weight[:, None] * share).sum(0)) - (weight[:, None] * share).T @ share
    return excess, variance


def _counted(times: np.ndarray, moments: np.ndarray) -> np.ndarray:
    ordered = np.sort(times)
    return np.searchsorted(ordered, moments, "right") - np.searchsorted(ordered, moments, "left")
