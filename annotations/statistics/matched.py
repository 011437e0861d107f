"""Cases, each with its own controls: matched pairs and sets of one case and several controls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .conditional import exact_odds_ratio
from .estimates import Estimate, Significance
from .stratified import mantel_haenszel
from .tables import Table


@dataclass(frozen=True)
class MatchedSet:
    """One case and its controls; `exposed` of the `controls` are exposed."""

    case_exposed: bool
    exposed: int
    controls: int = 1

    @property
    def table(self) -> Table:
        return (int(self.case_exposed), int(not self.case_exposed)), (
            self.exposed,
            self.controls - self.exposed,
        )

    @property
    def is_discordant(self) -> bool:
        """Exposed and not both occur: only such a set says something of the odds ratio."""
        return 0 < self.case_exposed + self.exposed < 1 + self.controls


@dataclass(frozen=True)
class MatchedOddsRatio:
    """`odds_ratio` and `test`: conditional on the sets, exact; `mantel_haenszel`: the simple estimate.

    `discordant` of the `sets` say something of the odds ratio.
    """

    odds_ratio: Estimate
    test: Significance
    mantel_haenszel: Estimate
    sets: int
    discordant: int


def matched_odds_ratio(sets: Iterable[MatchedSet]) -> MatchedOddsRatio:
    """The odds ratio conditional on the matched sets, with exact 95 % interval; sets may differ in size.

    For pairs it is the ratio of the two kinds of discordant pairs, its interval that of Clopper and Pearson,
    and the test McNemar's exact one. Breslow & Day (1980), Statistical methods in cancer research I, 162-187.

    >>> pairs = [MatchedSet(True, 0)] * 29 + [MatchedSet(False, 1)] * 3 + [MatchedSet(True, 1)] * 27
    >>> found = matched_odds_ratio(pairs)
    >>> round(found.odds_ratio.value, 2), [round(bound, 1) for bound in found.odds_ratio.interval]
    (9.67, [3.0, 49.6])
    """
    given = list(sets)
    tables = [matched.table for matched in given]
    ratio, test = exact_odds_ratio(tables)
    discordant = sum(matched.is_discordant for matched in given)
    return MatchedOddsRatio(ratio, test, mantel_haenszel(tables).odds_ratio, len(given), discordant)
