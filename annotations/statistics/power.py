"""How many units a study needs, before it is done. Tests are two-sided at .05.

What is asked for that cannot be (a share of 1.2) raises ValueError: that is a mistake of who asks, not of
data.
"""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist

from .estimates import Z

HAIR = 1e-9
"""Rounding up must not make 100.0000000001 into 101."""


def power_two_shares(first: float, second: float, n_first: float, n_second: float | None = None) -> float:
    """The chance that a study of this size shows that two shares differ. `n_second`: as many by default.

    Normal, with the pooled share under no difference; the chance of a finding on the wrong side does not
    count. Fleiss, Levin & Paik (2003), Statistical methods for rates and proportions, 3rd ed., chapter 4,
    without continuity correction; as R's power.prop.test.

    >>> round(power_two_shares(0.50, 0.75, 50), 3)
    0.74
    """
    _check_shares(first, second)
    if n_first <= 0 or (n_second is not None and n_second <= 0):
        raise ValueError("units: expected more than 0 in both groups.")
    ratio = (n_second or n_first) / n_first
    under_none, under_both = _spreads(first, second, ratio)
    distance = abs(first - second) * sqrt(ratio * n_first)
    return NormalDist().cdf((distance - Z * under_none) / under_both)


def units_for_two_shares(
    first: float, second: float, *, power: float = 0.8, ratio: float = 1
) -> tuple[int, int]:
    """Units per group so that a study shows that two shares differ, with this chance.

    `ratio`: units of the second group per unit of the first. Source: as `power_two_shares`.

    >>> units_for_two_shares(0.32, 0.20)
    (209, 209)
    """
    _check_shares(first, second)
    _check_power(power)
    if first == second:
        raise ValueError("shares: expected two that differ.")
    if ratio <= 0:
        raise ValueError(f"ratio: expected more than 0, got {ratio}.")
    under_none, under_both = _spreads(first, second, ratio)
    reach = Z * under_none + NormalDist().inv_cdf(power) * under_both
    needed = reach**2 / (ratio * (first - second) ** 2)
    return ceil(needed - HAIR), ceil(needed * ratio - HAIR)


def _spreads(first: float, second: float, ratio: float) -> tuple[float, float]:
    """Standard errors times the root of ratio x n: without a difference, and with this one."""
    pooled = (first + ratio * second) / (1 + ratio)
    under_none = sqrt((1 + ratio) * pooled * (1 - pooled))
    return under_none, sqrt(ratio * first * (1 - first) + second * (1 - second))


def cases_for_odds_ratio(
    odds_ratio: float, exposed_controls: float, *, controls_per_case: float = 1, power: float = 0.8
) -> tuple[int, int]:
    """Cases and controls so that a comparison sample shows this odds ratio, with this chance; unmatched.

    `exposed_controls`: the share of controls that are exposed. Schlesselman (1982), Case-control studies,
    144-149; Woodward (2014), Epidemiology, 3rd ed., chapter 8: 188 cases and as many controls for an odds
    ratio of 2, 30 % exposed, power .9.

    >>> cases_for_odds_ratio(2, 0.30, power=0.9)
    (188, 188)
    """
    if odds_ratio <= 0 or odds_ratio == 1:
        raise ValueError(f"odds_ratio: expected more than 0 and not 1, got {odds_ratio}.")
    if not 0 < exposed_controls < 1:
        raise ValueError(f"exposed_controls: expected between 0 and 1, got {exposed_controls}.")
    odds = odds_ratio * exposed_controls / (1 - exposed_controls)
    return units_for_two_shares(odds / (1 + odds), exposed_controls, power=power, ratio=controls_per_case)


def units_for_precision(half_width: float, *, share: float = 0.5, population: int | None = None) -> int:
    """Units of a random sample so that the 95 % interval of a share reaches this far to each side.

    z² p (1 - p) / d²; a finite population needs fewer. A share of .5 is the worst case. Cochran (1977),
    Sampling techniques, 3rd ed., 75-76; Krejcie & Morgan (1970), Educational and Psychological Measurement
    30, 607-610.

    >>> units_for_precision(0.05), units_for_precision(0.05, population=1000)
    (385, 278)
    """
    if not 0 < half_width < 1:
        raise ValueError(f"half_width: expected between 0 and 1, got {half_width}.")
    if not 0 < share < 1:
        raise ValueError(f"share: expected between 0 and 1, got {share}.")
    if population is not None and population < 1:
        raise ValueError(f"population: expected one unit or more, got {population}.")
    needed = Z**2 * share * (1 - share) / half_width**2
    if population is not None:
        needed = needed / (1 + (needed - 1) / population)
    return ceil(needed - HAIR)


def screens_until_found(found: int, share: float) -> tuple[int, int]:
    """Messages to screen until `found` are found: how many on average, and with a chance of 9 in 10 at most.

    The negative binomial distribution: r / p on average. Haldane (1945), Biometrika 33, 222-225.

    >>> screens_until_found(50, 0.125)
    (400, 469)
    """
    if found < 1:
        raise ValueError(f"found: expected one or more, got {found}.")
    if not 0 < share <= 1:
        raise ValueError(f"share: expected more than 0 and at most 1, got {share}.")
    from scipy import stats

    return ceil(found / share - HAIR), found + int(stats.nbinom.ppf(0.9, found, share))


def _check_shares(*shares: float) -> None:
    for share in shares:
        if not 0 < share < 1:
            raise ValueError(f"share: expected between 0 and 1, got {share}.")


def _check_power(power: float) -> None:
    if not 0.025 < power < 1:
        raise ValueError(f"power: expected between .025 and 1, got {power}.")
