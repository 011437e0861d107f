"""How many units a reliability sample needs."""

from __future__ import annotations

import math

# .05 / 1.645, rounded to two places as Lacy and Riffe print it.
LACY_RIFFE_STANDARD_ERROR = 0.03


def krippendorff_units(
    smallest_alpha: float, rarest_share: float, *, z: float = 1.645, coders: int = 2
) -> int:
    """Units needed to rule out an alpha below `smallest_alpha`, given the share of the rarest category.

    N = m z² [(1 + a)(3 − a) / (4 (1 − a) p (1 − p)) − a]; z = 1.645 is a one-sided test at .05.
    Source: Krippendorff (2019, ch. 12), after Bloch & Kraemer (1989).
    """
    if not 0 < rarest_share < 1:
        raise ValueError(f"rarest_share: expected a share between 0 and 1, got {rarest_share}.")
    if not 0 <= smallest_alpha < 1:
        raise ValueError(f"smallest_alpha: expected 0 or more and less than 1, got {smallest_alpha}.")
    if coders < 2:
        raise ValueError(f"coders: expected two or more, got {coders}.")
    a, p = smallest_alpha, rarest_share
    return math.ceil(coders * z**2 * ((1 + a) * (3 - a) / (4 * (1 - a) * p * (1 - p)) - a))


def lacy_riffe_units(
    population: int, expected_agreement: float = 0.85, *, standard_error: float = LACY_RIFFE_STANDARD_ERROR
) -> int:
    """Units of a random sample that show that agreement in the whole population reaches the minimum.

    n = ((N − 1) SE² + P Q N) / ((N − 1) SE² + P Q); SE .03 is 5 points above the minimum, one-sided at .05.
    Source: Lacy & Riffe (1996), Journalism & Mass Communication Quarterly 73(4).
    """
    if population < 1:
        raise ValueError(f"population: expected one unit or more, got {population}.")
    if not 0 < expected_agreement < 1:
        raise ValueError(f"expected_agreement: expected between 0 and 1, got {expected_agreement}.")
    if standard_error <= 0:
        raise ValueError(f"standard_error: expected more than 0, got {standard_error}.")
    spread = (population - 1) * standard_error**2
    pq = expected_agreement * (1 - expected_agreement)
    return math.ceil((spread + pq * population) / (spread + pq) - 1e-9)
