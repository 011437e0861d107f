"""Alpha as a function of sums over units: what the bootstrap adds up, for each level of measurement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import sparse

from .coincidence import (
    Floats,
    category_scores,
    expected_by_distance,
    level_distance,
    observed_disagreement,
    row_distances,
)
from .data import MISSING, ReliabilityData

MOST_DENSE_CELLS = 4_000_000


@dataclass(frozen=True)
class Sums:
    """What alpha needs of each pattern, in columns that may be added up over units.

    rows: shape (P, F). alpha_of: resampled sums of shape (b, F) to alphas of shape (b,), NaN without
    variation.
    """

    rows: Floats | sparse.csr_array
    alpha_of: Callable[[Floats], Floats]


def nominal_sums(data: ReliabilityData) -> Sums:
    """Columns: n_k for each category, then n D_o."""
    counts = counts_per_pattern(data)
    observed = observed_disagreement(data, level_distance(data, "nominal", np.zeros(0)))

    def alpha_of(sums: Floats) -> Floats:
        n_k = sums[:, :-1]
        n = n_k.sum(axis=1)
        return _alphas(n, sums[:, -1], n**2 - (n_k**2).sum(axis=1))

    return Sums(beside(counts, sparse.csr_array(observed[:, None])), alpha_of)


def interval_sums(data: ReliabilityData) -> Sums:
    """Columns: n, Σ v, Σ v² (v measured from the middle of the scale, for precision), n D_o."""
    counts = counts_per_pattern(data)
    scores = category_scores(data, "interval", np.zeros(0))
    middle = (scores.min() + scores.max()) / 2 if len(scores) else 0.0
    moments = np.column_stack([np.ones(len(scores)), scores - middle, (scores - middle) ** 2])
    observed = observed_disagreement(data, level_distance(data, "interval", np.zeros(0)))

    def alpha_of(sums: Floats) -> Floats:
        n, first, second, disagreement = sums.T
        spread = n * second - first**2
        # Rounding leaves a trace where all values are equal; a real difference is far larger.
        spread[spread <= 1e-12 * n * second] = 0
        return _alphas(n, disagreement, 2 * spread)

    return Sums(np.column_stack([counts @ moments, observed]), alpha_of)


def ordinal_sums(data: ReliabilityData) -> Sums:
    """Columns: n_k, then o_ck for c < k: the ranks change with every resample, and so does the distance."""
    counts = counts_per_pattern(data)
    size = data.n_categories
    above, below = np.triu_indices(size, k=1)
    column = np.zeros((size, size), dtype=np.int64)
    column[above, below] = column[below, above] = np.arange(len(above))
    pairs = sparse.csr_array((len(data.patterns), len(above)))
    weight = 1 / np.maximum(data.codes_per_pattern - 1, 1)
    codes = data.codes_without_coders
    for one, other in combinations(range(codes.shape[1]), 2):
        a, b = codes[:, one], codes[:, other]
        differ = np.flatnonzero((b != MISSING) & (a != b))
        pairs = pairs + sparse.csr_array(
            (weight[differ], (differ, column[a[differ], b[differ]])), shape=pairs.shape
        )

    def alpha_of(sums: Floats) -> Floats:
        n_k = sums[:, :size]
        n = n_k.sum(axis=1)
        ranks = np.cumsum(n_k, axis=1) - n_k / 2
        observed = 2 * ((ranks[:, above] - ranks[:, below]) ** 2 * sums[:, size:]).sum(axis=1)
        # Measured from the mean rank n / 2, where Σ n_k R_k = n² / 2.
        spread = (n_k * (ranks - n[:, None] / 2) ** 2).sum(axis=1)
        return _alphas(n, observed, 2 * n * spread)

    return Sums(beside(counts, pairs), alpha_of)


def ratio_sums(data: ReliabilityData) -> Sums:
    """Columns: n_k for each category, then n D_o."""
    counts = counts_per_pattern(data)
    observed = observed_disagreement(data, level_distance(data, "ratio", np.zeros(0)))
    distances = row_distances(data, "ratio")

    def alpha_of(sums: Floats) -> Floats:
        n_k = sums[:, :-1]
        return _alphas(n_k.sum(axis=1), sums[:, -1], expected_by_distance(n_k, distances))

    return Sums(beside(counts, sparse.csr_array(observed[:, None])), alpha_of)


def _alphas(n: Floats, observed: Floats, expected: Floats) -> Floats:
    """1 − D_o / D_e from n D_o and n² D_e; NaN where D_e is 0."""
    return np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)


def beside(left: sparse.csr_array, right: sparse.csr_array) -> Floats | sparse.csr_array:
    """Columns side by side, written out where that is small enough."""
    return dense_if_small(sparse.hstack([left, right], format="csr"))


def dense_if_small(columns: sparse.csr_array) -> Floats | sparse.csr_array:
    small = columns.shape[0] * columns.shape[1] <= MOST_DENSE_CELLS
    return np.asarray(columns.toarray()) if small else columns


def counts_per_pattern(data: ReliabilityData) -> sparse.csr_array:
    """Pairable values by pattern and category, shape (P, V)."""
    row, column = np.nonzero((data.patterns != MISSING) & data.pairable[:, None])
    codes = data.patterns[row, column]
    return sparse.csr_array((np.ones(len(row)), (row, codes)), shape=(len(data.patterns), data.n_categories))


SUMS = {"nominal": nominal_sums, "ordinal": ordinal_sums, "interval": interval_sums, "ratio": ratio_sums}
