"""The coefficients that stand beside alpha, by level of measurement, as functions of sums over units.

nominal: Gwet's AC1, Fleiss' kappa, Brennan–Prediger, and Light's mean of Cohen's kappa over coder pairs.
ordinal: the mean over coder pairs of weighted kappa with quadratic weights (Cohen 1968; Fleiss & Cohen 1973).
interval, ratio: ICC(2,1) (Shrout & Fleiss 1979) and the standard deviation of the differences (Bland & Altman
1986).

All rest on the pairable units. Sums over units are what a bootstrap can resample: one function gives the
figure and its interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import sparse

from .coincidence import Floats, category_scores
from .data import MISSING, ReliabilityData
from .kappa import agreeing_pairs

MOST_COLUMNS = 20_000
Figures = dict[str, Floats]


@dataclass(frozen=True)
class Companions:
    """Columns that may be added up over units, and the coefficients of such sums.

    rows: shape (P, F). of: sums of shape (b, F) -> name -> coefficients of shape (b,), NaN where undefined.
    """

    rows: sparse.csr_array
    of: Callable[[Floats], Figures]


def companions(data: ReliabilityData, level: str) -> Companions:
    """The companions of a level of measurement."""
    if level == "nominal":
        return _nominal(data)
    return _ordinal(data) if level == "ordinal" else _numeric(data)


def point_values(data: ReliabilityData, level: str) -> dict[str, float | None]:
    """Each companion of the data as they are; None where it is not defined."""
    found = companions(data, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = found.of((data.weights.astype(float) @ found.rows)[None, :])
    return {name: None if np.isnan(value[0]) else float(value[0]) for name, value in values.items()}


def _nominal(data: ReliabilityData) -> Companions:
    """Columns: 1, p_a of the unit, r_uk / r_u per category; then per coder pair n, agreeing, two margins."""
    size = data.n_categories
    agreeing, possible = agreeing_pairs(data)
    pairable = data.pairable
    share = np.divide(agreeing, possible, out=np.zeros(len(pairable)), where=pairable)
    blocks = [sparse.csr_array(np.column_stack([pairable, share])), _category_shares(data)]
    pairs = data.coder_pairs()
    with_pairs = len(pairs) * 2 * (size + 1) <= MOST_COLUMNS
    for one, other in pairs if with_pairs else ():
        blocks.append(_pair_margins(data, one, other))

    def of(sums: Floats) -> Figures:
        units = sums[:, 0]
        p_a, shares = sums[:, 1] / units, sums[:, 2 : 2 + size] / units[:, None]
        squares = (shares**2).sum(axis=1)
        several = (shares > 0).sum(axis=1) > 1
        found = {"fleiss_kappa": np.where(several, _beyond_chance(p_a, squares), np.nan)}
        if size > 1:
            found["gwet_ac1"] = _beyond_chance(p_a, (1 - squares) / (size - 1))
            found["brennan_prediger"] = _beyond_chance(p_a, np.full(len(p_a), 1 / size))
        if with_pairs:
            each = sums[:, 2 + size :].reshape(len(sums), len(pairs), 2 + 2 * size)
            n, same = each[:, :, 0], each[:, :, 1]
            chance = (each[:, :, 2 : 2 + size] * each[:, :, 2 + size :]).sum(axis=2)
            kappas = np.where(chance < n**2, (same * n - chance) / (n**2 - chance), np.nan)
            found["light_kappa"] = _mean(kappas)
        return found

    return Companions(sparse.hstack(blocks, format="csr"), of)


def _category_shares(data: ReliabilityData) -> sparse.csr_array:
    """r_uk / r_u of the pairable patterns, shape (P, V)."""
    row, column = np.nonzero((data.patterns != MISSING) & data.pairable[:, None])
    weight = 1 / data.codes_per_pattern[row]
    shape = (len(data.patterns), data.n_categories)
    return sparse.csr_array((weight, (row, data.patterns[row, column])), shape=shape)


def _pair_margins(data: ReliabilityData, one: int, other: int) -> sparse.csr_array:
    """Columns: both coded it, both gave the same, the category of the one, the category of the other."""
    a, b = data.patterns[:, one], data.patterns[:, other]
    rows = np.flatnonzero((a != MISSING) & (b != MISSING))
    size = data.n_categories
    same = rows[a[rows] == b[rows]]
    row = np.concatenate([rows, same, rows, rows])
    zeros = np.zeros(len(rows), dtype=np.int64)
    ones = np.ones(len(same), dtype=np.int64)
    column = np.concatenate([zeros, ones, 2 + a[rows], 2 + size + b[rows]])
    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=(len(a), 2 + 2 * size))


def _ordinal(data: ReliabilityData) -> Companions:
    """Weighted kappa; the score of a category is its place among the declared ones."""
    pairs = _PairSums(data, np.arange(data.n_categories, dtype=float))
    return Companions(pairs.rows, lambda sums: {"weighted_kappa": _mean(pairs.weighted_kappas(sums))})


def _numeric(data: ReliabilityData) -> Companions:
    """ICC(2,1) and the standard deviation of the differences."""
    scores = category_scores(data, "interval", np.zeros(0))
    pairs, variances = _PairSums(data, scores), _VarianceSums(data, scores)
    width = pairs.rows.shape[1]
    rows = sparse.hstack([pairs.rows, variances.rows], format="csr")

    def of(sums: Floats) -> Figures:
        return {"icc": variances.icc(sums[:, width:]), "sd_differences": pairs.pooled_sd(sums[:, :width])}

    return Companions(rows, of)


class _PairSums:
    """Per coder pair the columns n, Σa, Σb, Σa², Σb², Σ(a − b)², scores measured from their middle."""

    def __init__(self, data: ReliabilityData, scores: Floats) -> None:
        self.pairs = list(combinations(range(data.n_coders), 2))
        middle = (scores.min() + scores.max()) / 2 if len(scores) else 0.0
        padded = np.append(scores - middle, 0.0)  # -1, missing, reads the last
        blocks = [np.zeros((len(data.patterns), 0))]
        for one, other in self.pairs:
            both = (data.patterns[:, one] != MISSING) & (data.patterns[:, other] != MISSING)
            a, b = (np.where(both, padded[data.patterns[:, coder]], 0) for coder in (one, other))
            blocks.append(np.column_stack([both, a, b, a**2, b**2, (a - b) ** 2]))
        self.rows = sparse.csr_array(np.hstack(blocks))

    def _columns(self, sums: Floats) -> tuple[Floats, ...]:
        each = sums.reshape(len(sums), len(self.pairs), 6)
        return tuple(each[:, :, column] for column in range(6))

    def weighted_kappas(self, sums: Floats) -> Floats:
        """1 − Σ(a − b)² / (Σ_ij n_i. n_.j (i − j)² / n) per pair, shape (b, pairs)."""
        n, a, b, a_squared, b_squared, apart = self._columns(sums)
        expected = n * (a_squared + b_squared) - 2 * a * b
        scale = np.maximum(n * (a_squared + b_squared), 1e-300)
        return np.where(expected > 1e-12 * scale, 1 - n * apart / expected, np.nan)

    def pooled_sd(self, sums: Floats) -> Floats:
        """√(Σ (n_p − 1) s_p² / Σ (n_p − 1)) over the pairs with two shared units or more."""
        n, a, b, _, _, apart = self._columns(sums)
        squares = np.where(n > 1, apart - (a - b) ** 2 / np.maximum(n, 1), 0)
        freedom = np.maximum(n - 1, 0).sum(axis=1)
        return np.where(freedom > 0, np.sqrt(np.maximum(squares.sum(axis=1), 0) / freedom), np.nan)


class _VarianceSums:
    """Columns: 1, r_u, r_u², Σy², (Σy)²/r_u of the pairable units; then y and 1 per coder."""

    def __init__(self, data: ReliabilityData, scores: Floats) -> None:
        self.coders = data.n_coders
        middle = (scores.min() + scores.max()) / 2 if len(scores) else 0.0
        given = (data.patterns != MISSING) & data.pairable[:, None]
        y = np.where(given, np.append(scores - middle, 0.0)[data.patterns], 0)
        r = given.sum(axis=1)
        parts = [data.pairable, r, r**2, (y**2).sum(axis=1), y.sum(axis=1) ** 2 / np.maximum(r, 1)]
        self.rows = sparse.csr_array(np.column_stack([*parts, y, given]).astype(float))

    def icc(self, sums: Floats) -> Floats:
        """σ²_units / (σ²_units + σ²_coders + σ²_residual), the variances by Henderson's method 1.

        For complete data this is Shrout & Fleiss' ICC(2,1): two-way random effects, absolute agreement, one
        coder. Henderson (1953) equates the same sums of squares where not every coder coded every unit.
        """
        n, codes, squared, total, units = sums[:, :5].T
        y, given = sums[:, 5 : 5 + self.coders], sums[:, 5 + self.coders :]
        active = (given > 0).sum(axis=1)
        mean = y.sum(axis=1) ** 2 / codes
        coders = np.divide(y**2, given, out=np.zeros_like(y), where=given > 0).sum(axis=1)
        k_units, k_coders = squared / codes, (given**2).sum(axis=1) / codes
        within = (total - units) / (codes - n)  # σ²_coders + σ²_residual
        between = (total - coders) / (codes - active)  # σ²_units + σ²_residual
        residual = (codes - k_units) * between + (codes - k_coders) * within - (total - mean)
        residual = residual / (codes - k_units - k_coders + 1)
        whole = between - residual + within
        defined = (n > 1) & (active > 1) & (whole > 1e-12 * np.maximum(total, 1e-300))
        return np.where(defined, (between - residual) / whole, np.nan)


def _beyond_chance(p_a: Floats, p_e: Floats) -> Floats:
    return np.asarray((p_a - p_e) / (1 - p_e))


def _mean(values: Floats) -> Floats:
    """Mean of each row over what is defined, NaN where nothing is; shape (b, n) -> (b,)."""
    defined = ~np.isnan(values)
    count = defined.sum(axis=1)
    total = np.where(defined, values, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
