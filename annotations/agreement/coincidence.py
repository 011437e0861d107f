"""Coincidences and Krippendorff's alpha.

o_ck = Σ_u r_uc (r_uk − [c = k]) / (r_u − 1) over units u with r_u ≥ 2 codes; n_c = Σ_k o_ck; n = Σ n_c;
alpha = 1 − D_o / D_e with D_o = Σ o_ck δ²_ck / n and D_e = Σ n_c n_k δ²_ck / (n (n − 1)).

Source: Krippendorff (2011), Computing Krippendorff's alpha-reliability; (2019) Content Analysis, ch. 12.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, permutations

import krippendorff
import numpy as np
import numpy.typing as npt

from .data import MISSING, ReliabilityData

LEVELS = ("nominal", "ordinal", "interval", "ratio")

# krippendorff builds arrays of shape (N, V, V); above this many cells numpy computes the same digits.
MOST_CELLS_FOR_LIBRARY = 3_000_000
ROWS_AT_ONCE = 512

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Distance = Callable[[Codes, Codes], Floats]


def pairable_counts(data: ReliabilityData) -> Floats:
    """n_c, how many pairable values fall in each category, shape (V,)."""
    rows = data.patterns[data.pairable]
    weights = np.repeat(data.weights[data.pairable].astype(float), data.n_coders)
    codes = rows.ravel()
    given = codes != MISSING
    return np.bincount(codes[given], weights=weights[given], minlength=data.n_categories).astype(float)


def coincidences(data: ReliabilityData) -> Floats:
    """The observed coincidence matrix, shape (V, V); its sum is the number of pairable values."""
    size = data.n_categories
    cells = np.zeros(size * size)
    rows = data.patterns[data.pairable]
    weight = data.weights[data.pairable] / (data.codes_per_pattern[data.pairable] - 1)
    for one, other in permutations(range(data.n_coders), 2):
        both = (rows[:, one] != MISSING) & (rows[:, other] != MISSING)
        cells += np.bincount(
            rows[both, one] * size + rows[both, other], weights=weight[both], minlength=size * size
        )
    return cells.reshape(size, size)


def category_scores(data: ReliabilityData, level: str, counts: Floats) -> Floats:
    """The number that stands for each category, shape (V,).

    interval, ratio: the value itself, or the number that its category stands for. ordinal: its mid-rank among
    the pairable values, so that (R_c − R_k)² is Krippendorff's (Σ_{g=c..k} n_g − (n_c + n_k) / 2)².
    """
    if level in ("interval", "ratio"):
        return np.array([float(value) for value in data.numbers or data.domain])
    return np.cumsum(counts, axis=-1) - counts / 2


def observed_disagreement(data: ReliabilityData, distance: Distance) -> Floats:
    """What one unit with each pattern adds to n D_o: Σ_{i≠j} δ²(c_i, c_j) / (r_u − 1), shape (P,)."""
    total = np.zeros(len(data.patterns))
    codes = data.codes_without_coders
    for one, other in combinations(range(codes.shape[1]), 2):
        both = np.flatnonzero(codes[:, other] != MISSING)  # then `one`, to its left, is given too
        total[both] += distance(codes[both, one], codes[both, other])
    return 2 * total / np.maximum(data.codes_per_pattern - 1, 1)


def level_distance(data: ReliabilityData, level: str, counts: Floats) -> Distance:
    """δ² of a level of measurement, as a function of two arrays of category indices.

    nominal: 1 where they differ. ordinal, interval: (c − k)² of the scores. ratio: ((c − k) / (c + k))².
    """
    if level == "nominal":
        return lambda one, other: (one != other).astype(float)
    scores = category_scores(data, level, counts)
    if level != "ratio":
        return lambda one, other: (scores[one] - scores[other]) ** 2

    def ratio(one: Codes, other: Codes) -> Floats:
        total = scores[one] + scores[other]
        share = np.divide(scores[one] - scores[other], total, out=np.zeros(total.shape), where=total > 0)
        return np.asarray(share**2)

    return ratio


def expected_disagreement(data: ReliabilityData, level: str, counts: Floats) -> float:
    """n² times Σ n_c n_k δ²_ck / n², that is Σ_ck n_c n_k δ²_ck."""
    n = counts.sum()
    if level == "nominal":
        return float(n**2 - (counts**2).sum())
    if level == "ratio":
        return float(expected_by_distance(counts[None, :], row_distances(data, level))[0])
    scores = category_scores(data, level, counts)
    used = counts > 0
    deviations = scores[used] - (counts[used] @ scores[used]) / n
    return float(2 * n * (counts[used] @ deviations**2))


def row_distances(data: ReliabilityData, level: str) -> Callable[[slice], Floats]:
    """δ² of some rows of categories to all categories, shape (rows, V)."""
    distance = level_distance(data, level, np.zeros(0))
    every = np.arange(data.n_categories)
    return lambda rows: distance(every[rows, None], every[None, :])


def expected_by_distance(counts: Floats, distances: Callable[[slice], Floats]) -> Floats:
    """Σ_ck n_c n_k δ²_ck of each row of `counts`, shape (b, V) -> (b,); some rows of distances at a time."""
    total = np.zeros(len(counts))
    for start in range(0, counts.shape[1], ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        total += ((counts @ distances(rows).T) * counts[:, rows]).sum(axis=1)
    return total


def alpha(data: ReliabilityData, level: str = "nominal", *, library: bool = False) -> float | None:
    """Krippendorff's alpha, or None where it is not defined (no pairable unit, or no variation).

    library: compute a nominal alpha with the package krippendorff, where its memory allows.
    """
    counts = pairable_counts(data)
    n = counts.sum()
    if n == 0 or np.count_nonzero(counts) < 2:
        return None
    if library and level == "nominal" and data.n_units * data.n_categories**2 <= MOST_CELLS_FOR_LIBRARY:
        return float(krippendorff.alpha(value_counts=value_counts(data), level_of_measurement="nominal"))
    observed = data.weights @ observed_disagreement(data, level_distance(data, level, counts))
    return float(1 - (n - 1) * observed / expected_disagreement(data, level, counts))


def value_counts(data: ReliabilityData) -> npt.NDArray[np.int64]:
    """r_uk, how many coders gave category k to unit u, shape (N, V): the input krippendorff knows."""
    counts = np.zeros((len(data.patterns), data.n_categories), dtype=np.int64)
    for coder in range(data.n_coders):
        given = np.flatnonzero(data.patterns[:, coder] != MISSING)
        counts[given, data.patterns[given, coder]] += 1
    return counts[data.unit_pattern]
