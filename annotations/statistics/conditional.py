"""The odds ratio given the margins of a table, or of many: exact, however few the units.

A table has cases and controls as rows (found, comparison), exposed and not as columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import exp, inf

import numpy as np

from .estimates import Estimate, Significance, Undefined
from .tables import Table, empty_margin


def conditional_odds_ratio(table: Table) -> Estimate:
    """Odds ratio of highest likelihood given all four margins, with its exact 95 % interval.

    It needs no large counts. 0 or infinite where a cell is empty; undefined where a group or a column is.
    Cornfield (1956), A statistical problem arising from retrospective studies, Proc. 3rd Berkeley Symposium
    4, 135-148; as R's fisher.test prints it.

    >>> ratio = conditional_odds_ratio(((16, 34), (10, 40)))
    >>> round(ratio.value, 2), [round(bound, 2) for bound in ratio.interval]
    (1.87, [0.69, 5.27])
    """
    reason = empty_margin(table)
    return Estimate(None, undefined=reason) if reason else ExposedCases([table]).odds_ratio()


def exact_odds_ratio(tables: Iterable[Table]) -> tuple[Estimate, Significance]:
    """The common odds ratio of highest likelihood given every stratum's margins, exact; and its test.

    Holds for any number of small strata, matched sets among them. 0 or infinite where the data lie at the end
    of what their margins allow. The p is that of tables as unlikely, or more, without any association. Gart
    (1970), Point and interval estimation of the common odds ratio in the combination of 2 x 2 tables with
    fixed marginals, Biometrika 57, 471-475; as R's mantelhaen.test(exact = TRUE) has it.

    >>> ratio, test = exact_odds_ratio([((16, 34), (10, 40))])
    >>> round(ratio.value, 2), round(test.p, 3)
    (1.87, 0.254)
    """
    used = [table for table in tables if not empty_margin(table)]
    if not used:
        reason = Undefined.NO_DISCORDANT
        return Estimate(None, undefined=reason), Significance("exact_conditional", undefined=reason)
    exposed_cases = ExposedCases(used)
    return exposed_cases.odds_ratio(), Significance("exact_conditional", p=exposed_cases.p())


class ExposedCases:
    """How the number of exposed cases of all strata is distributed, given margins and an odds ratio."""

    def __init__(self, tables: Sequence[Table]) -> None:
        kinds: dict[tuple[int, int, int], int] = {}
        self.observed = 0
        self.least = 0
        for (a, b), (c, d) in tables:
            margins = (a + b, a + c, c + d)
            kinds[margins] = kinds.get(margins, 0) + 1
            self.observed += a
            self.least += max(0, a - d)
        self.strata = [(_log_ways(*margins), times) for margins, times in kinds.items()]
        self.most = self.least + sum((len(ways) - 1) * times for ways, times in self.strata)

    def probabilities(self, log_ratio: float) -> np.ndarray:
        """Of least, least + 1, ..., most exposed cases."""
        whole = np.ones(1)
        for ways, times in self.strata:
            tilted = ways + log_ratio * np.arange(len(ways))
            weights = np.exp(tilted - tilted.max())
            whole = np.convolve(whole, _times(weights / weights.sum(), times))
        return whole

    def odds_ratio(self) -> Estimate:
        at = self.observed - self.least
        numbers = np.arange(self.most - self.least + 1)
        value, low, high = exp(0), 0.0, inf
        if self.observed == self.least:
            value = 0.0
        elif self.observed == self.most:
            value = inf
        else:
            value = exp(_root(lambda x: float((self.probabilities(x) * numbers).sum()) - at))
        if self.observed > self.least:
            low = exp(_root(lambda x: float(self.probabilities(x)[at:].sum()) - 0.025))
        if self.observed < self.most:
            high = exp(_root(lambda x: 0.025 - float(self.probabilities(x)[: at + 1].sum())))
        return Estimate(value, (low, high))

    def p(self) -> float:
        chances = self.probabilities(0.0)
        limit = chances[self.observed - self.least] * (1 + 1e-7)
        return min(1.0, float(chances[chances <= limit].sum()))


def _log_ways(cases: int, exposed: int, controls: int) -> np.ndarray:
    """The log of the number of ways to have each possible number of exposed cases in a stratum."""
    from scipy.special import gammaln

    a = np.arange(max(0, exposed - controls), min(cases, exposed) + 1)
    rest = exposed - a
    return -(gammaln(a + 1) + gammaln(cases - a + 1) + gammaln(rest + 1) + gammaln(controls - rest + 1))


def _times(chances: np.ndarray, times: int) -> np.ndarray:
    """The distribution of a sum of `times` draws, by doubling."""
    whole = np.ones(1)
    while times:
        if times % 2:
            whole = np.convolve(whole, chances)
        chances = np.convolve(chances, chances)
        times //= 2
    return whole


def _root(rising: Callable[[float], float]) -> float:
    """Where a function that rises with the log odds ratio is 0."""
    from scipy import optimize

    reach = 1.0
    while rising(-reach) > 0 or rising(reach) < 0:
        reach *= 2
    return float(optimize.brentq(rising, -reach, reach, xtol=1e-10))
