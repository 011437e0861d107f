"""Percent agreement and the kappa family.

r_uk = number of coders giving category k to unit u; r_u = Σ_k r_uk; q = number of categories.

Sources: Holsti (1969); Cohen (1960); Light (1971); Fleiss (1971); Brennan & Prediger (1981); Gwet (2008) and
his Handbook of Inter-Rater Reliability (2014) for units that not every coder coded.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from .coincidence import Floats
from .data import MISSING, ReliabilityData


def agreeing_pairs(data: ReliabilityData) -> tuple[Floats, Floats]:
    """Per pattern Σ_k r_uk (r_uk − 1) and r_u (r_u − 1), both of shape (P,)."""
    agreeing = np.zeros(len(data.patterns))
    given = data.codes_without_coders
    for one, other in combinations(range(given.shape[1]), 2):
        agreeing += 2 * ((given[:, one] == given[:, other]) & (given[:, other] != MISSING))
    codes = data.codes_per_pattern.astype(float)
    return agreeing, codes * (codes - 1)


def percent_agreement(data: ReliabilityData) -> float | None:
    """p_a = mean over pairable units of Σ_k r_uk (r_uk − 1) / (r_u (r_u − 1))."""
    if not data.n_pairable:
        return None
    agreeing, possible = agreeing_pairs(data)
    rows = data.pairable
    return float(data.weights[rows] @ (agreeing[rows] / possible[rows]) / data.n_pairable)


def pooled_agreement(data: ReliabilityData) -> float | None:
    """Agreeing pairs of codes over all pairs of codes: units with more coders weigh more."""
    agreeing, possible = agreeing_pairs(data)
    pairs = data.weights @ possible
    return float(data.weights @ agreeing / pairs) if pairs else None


def unanimous_agreement(data: ReliabilityData) -> float | None:
    """Share of the pairable units on which all codes are equal."""
    if not data.n_pairable:
        return None
    agreeing, possible = agreeing_pairs(data)
    return float(data.weights[data.pairable & (agreeing == possible)].sum() / data.n_pairable)


def percent_agreements(data: ReliabilityData) -> dict[str, float | None]:
    """The five figures that go by the name of percent agreement, each under a name of its own.

    units: mean over pairable units (p_a). values: 1 − D_o, every pairable value weighing the same. pairs: all
    pairs of codes together. coder_pairs: mean over coder pairs (Holsti). unanimous: units all agree on.
    """
    agreeing, _ = agreeing_pairs(data)
    values = data.weights[data.pairable] @ data.codes_per_pattern[data.pairable]
    observed = data.weights @ (agreeing / np.maximum(data.codes_per_pattern - 1, 1))
    return {
        "units": percent_agreement(data),
        "values": float(observed / values) if values else None,
        "pairs": pooled_agreement(data),
        "coder_pairs": holsti([pair(data, one, other) for one, other in data.coder_pairs()]),
        "unanimous": unanimous_agreement(data),
    }


@dataclass(frozen=True)
class Pair:
    """Two coders, by index, on the units both coded."""

    one: int
    other: int
    units: int
    percent_agreement: float | None
    cohen_kappa: float | None
    alpha: float | None


def pair(data: ReliabilityData, one: int, other: int) -> Pair:
    """Agreement of coders `one` and `other` (indices): percent, Cohen's kappa and nominal alpha."""
    a, b, weights = _both(data, one, other)
    units = int(weights.sum())
    if not units:
        return Pair(one, other, 0, None, None, None)
    agreeing = weights[a == b].sum()
    p_o = float(agreeing / units)
    size = data.n_categories
    margin_a = np.bincount(a, weights=weights, minlength=size)
    margin_b = np.bincount(b, weights=weights, minlength=size)
    # Compared in whole numbers: a constant pair is undefined exactly, whatever the rounding.
    chance = float(margin_a @ margin_b)
    kappa = None if chance == units**2 else (p_o - chance / units**2) / (1 - chance / units**2)
    counts = margin_a + margin_b
    n = 2 * units
    unequal = n**2 - float(counts @ counts)
    alpha = 1 - (n - 1) * 2 * float(units - agreeing) / unequal if unequal else None
    return Pair(one, other, units, p_o, kappa, alpha)


def _both(
    data: ReliabilityData, one: int, other: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    rows = (data.patterns[:, one] != MISSING) & (data.patterns[:, other] != MISSING)
    return data.patterns[rows, one], data.patterns[rows, other], data.weights[rows]


def holsti(pairs: list[Pair]) -> float | None:
    """Mean of the percent agreement of the coder pairs that share a unit."""
    shares = [pair.percent_agreement for pair in pairs if pair.percent_agreement is not None]
    return float(np.mean(shares)) if shares else None


def category_shares(data: ReliabilityData, *, with_single: bool = False) -> Floats:
    """π_k = mean over pairable units of r_uk / r_u, shape (V,): what Fleiss and Gwet expect by chance.

    with_single: over all units with a code, as Gwet (2014) has it; the report does not, because the
    coefficients of a row then rest on different units.
    """
    rows = data.codes_per_pattern >= (1 if with_single else 2)
    weights = data.weights[rows] / data.codes_per_pattern[rows]
    shares = np.zeros(data.n_categories)
    for coder in range(data.n_coders):
        codes = data.patterns[rows, coder]
        given = codes != MISSING
        shares += np.bincount(codes[given], weights=weights[given], minlength=data.n_categories)
    units = data.weights[rows].sum()
    return shares / units if units else shares


def fleiss_kappa(p_a: float | None, shares: Floats) -> float | None:
    """(p_a − p_e) / (1 − p_e) with p_e = Σ π²; None where one category took all codes."""
    if np.count_nonzero(shares) < 2:
        return None
    return _beyond_chance(p_a, float(shares @ shares))


def gwet_ac1(p_a: float | None, shares: Floats) -> float | None:
    """(p_a − p_e) / (1 − p_e) with p_e = Σ π (1 − π) / (q − 1); None with fewer than two categories."""
    if len(shares) < 2:
        return None
    return _beyond_chance(p_a, float(shares @ (1 - shares)) / (len(shares) - 1))


def _beyond_chance(p_a: float | None, p_e: float) -> float | None:
    return None if p_a is None else (p_a - p_e) / (1 - p_e)
