"""Bootstrap intervals of alpha.

The default resamples units (or clusters of units, such as conversations) and takes percentiles. Units that
add the same to alpha's sums are drawn together by a multinomial, so the cost depends on the number of
distinct patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .coincidence import Floats, coincidences, expected_disagreement, level_distance, pairable_counts
from .companions import companions
from .data import ReliabilityData, distinct_rows
from .sums import Sums, dense_if_small

CELLS_AT_ONCE = 4_000_000
LOW, HIGH = 0.667, 0.800


@dataclass(frozen=True)
class Interval:
    """A percentile interval from resampled alphas.

    undefined: resamples without variation, in which alpha has no value; they are left out of the rest.
    """

    low: float
    high: float
    p_below_667: float
    p_below_800: float
    resamples: int
    undefined: int


def summarise(alphas: Floats, confidence: float = 0.95) -> Interval | None:
    """Interval and probabilities from resampled alphas, shape (B,), NaN where a resample had no variation."""
    defined = alphas[~np.isnan(alphas)]
    if not len(defined):
        return None
    tail = (1 - confidence) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Interval(
        float(low),
        float(high),
        float(np.mean(defined < LOW)),
        float(np.mean(defined < HIGH)),
        len(alphas),
        len(alphas) - len(defined),
    )


def resampled_weights(
    weights: npt.NDArray[np.int64], resamples: int, seed: int, columns: int = 1
) -> Iterator[Floats]:
    """How often each distinct row is drawn, in blocks of shape (b, R) that add up to `resamples` rows.

    columns: how many columns the caller will make of each row, so that a block stays small enough for it.
    """
    generator = np.random.default_rng(seed)
    rows, units = len(weights), int(weights.sum())
    few_rows = 4 * rows < units
    of_unit = np.repeat(np.arange(rows), weights)
    block = max(1, CELLS_AT_ONCE // max(rows if few_rows else units, columns))
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        if few_rows:
            yield generator.multinomial(units, weights / units, size=size).astype(float)
        else:  # hardly any two units alike: drawing units one by one is quicker
            drawn = of_unit[generator.integers(units, size=(size, units))]
            drawn += np.arange(0, size * rows, rows)[:, None]
            yield np.bincount(drawn.ravel(), minlength=size * rows).reshape(size, rows).astype(float)


def resampled_sums(
    rows: Floats | sparse.csr_array, weights: npt.NDArray[np.int64], resamples: int, seed: int
) -> Iterator[Floats]:
    """Column sums of resampled rows, in blocks of shape (b, F); rows: shape (R, F)."""
    for drawn in resampled_weights(weights, resamples, seed, rows.shape[1]):
        yield np.asarray(rows.T @ drawn.T).T


def resampled_alphas(
    data: ReliabilityData,
    sums_of: Callable[[ReliabilityData], Sums],
    *,
    resamples: int,
    seed: int,
    clusters: Sequence[Hashable] | None = None,
) -> Floats:
    """Alpha of resamples of the pairable units, shape (B,), NaN where a resample has no variation.

    Empty where there is one unit (or cluster) only: resampled, it is always itself, and says nothing.
    clusters: for every unit the cluster it is nested in (N values); clusters are then drawn instead of units.
    """
    if clusters is None:
        data = unordered(data)
        sums = sums_of(data)
        rows, weights = sums.rows, data.weights
    else:
        sums = sums_of(data)
        rows, weights = _rows_per_cluster(sums.rows, data, clusters)
    if weights.sum() < 2:
        return np.zeros(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.concatenate(
            [sums.alpha_of(each) for each in resampled_sums(rows, weights, resamples, seed)]
        )


def resampled_companions(
    data: ReliabilityData,
    level: str,
    *,
    resamples: int,
    seed: int,
    clusters: Sequence[Hashable] | None = None,
) -> dict[str, Floats]:
    """The coefficients beside alpha of resamples, name -> shape (B,), NaN where one is not defined."""
    found = companions(data, level)
    rows: Floats | sparse.csr_array = found.rows
    if clusters is None:
        kept = data.pairable
        rows, weights = found.rows[np.flatnonzero(kept)], data.weights[kept]
    else:
        rows, weights = _rows_per_cluster(dense_if_small(found.rows), data, clusters)
    if weights.sum() < 2:
        return {}
    with np.errstate(divide="ignore", invalid="ignore"):
        blocks = [found.of(each) for each in resampled_sums(rows, weights, resamples, seed)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def unordered(data: ReliabilityData) -> ReliabilityData:
    """The pairable patterns with the order of the coders forgotten: fewer rows to draw from."""
    rows = data.pairable
    patterns, which = distinct_rows(np.sort(data.patterns[rows], axis=1))
    weights = np.bincount(which, weights=data.weights[rows], minlength=len(patterns)).astype(np.int64)
    return replace(data, patterns=patterns, weights=weights, unit_pattern=np.zeros(0, dtype=np.int64))


def _rows_per_cluster(
    rows: Floats | sparse.csr_array, data: ReliabilityData, clusters: Sequence[Hashable]
) -> tuple[Floats | sparse.csr_array, npt.NDArray[np.int64]]:
    if len(clusters) != data.n_units:
        raise ValueError(
            f"clusters: expected one cluster for each of the {data.n_units} units, got {len(clusters)}."
        )
    kept = data.pairable[data.unit_pattern]
    number: dict[Hashable, int] = {}
    cluster = np.array([number.setdefault(each, len(number)) for each in clusters], dtype=np.int64)[kept]
    used, cluster = np.unique(cluster, return_inverse=True)
    units = sparse.csr_array(
        (np.ones(len(cluster)), (cluster, data.unit_pattern[kept])), shape=(len(used), len(data.patterns))
    )
    per_cluster = units @ rows
    if sparse.issparse(per_cluster):
        return per_cluster, np.ones(len(used), dtype=np.int64)
    return np.unique(per_cluster, axis=0, return_counts=True)


def hayes_krippendorff_alphas(data: ReliabilityData, level: str, *, resamples: int, seed: int) -> Floats:
    """Alphas by the bootstrap of Hayes & Krippendorff (2007), shape (B,).

    D_e stays as observed; as many pairs of values as the data hold (Σ r_u (r_u − 1) / 2) are drawn from the
    observed coincidences. It treats pairs of the same unit as independent and is therefore too narrow: use it
    to compare with figures made that way.
    """
    counts = pairable_counts(data)
    n = counts.sum()
    if np.count_nonzero(counts) < 2:
        return np.full(resamples, np.nan)
    observed = coincidences(data)
    size = data.n_categories
    distance = level_distance(data, level, counts)
    one, other = (each.ravel() for each in np.indices((size, size)))
    distances = distance(one, other)
    expected = expected_disagreement(data, level, counts) / (n * (n - 1))
    codes = data.codes_per_pattern
    pairs = round(float(data.weights @ (codes * (codes - 1)) / 2))
    drawn = np.random.default_rng(seed).multinomial(pairs, observed.ravel() / n, size=resamples)
    return np.asarray(1 - drawn @ distances / pairs / expected)


def hayes_krippendorff_interval(
    data: ReliabilityData, level: str = "nominal", *, resamples: int = 10_000, seed: int = 0
) -> Interval | None:
    """The interval of Hayes & Krippendorff (2007) as KALPHA prints it; None where alpha is not defined."""
    return summarise(hayes_krippendorff_alphas(data, level, resamples=resamples, seed=seed))
