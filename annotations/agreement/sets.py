"""Agreement on sets: variables where a coder may choose several categories.

An empty set is a value ("none of these"), missing is not; two empty sets are equal.

Sources: Passonneau (2006) for MASI; Krippendorff & Craggs (2016), Communication Methods and Measures 10(4),
for mv-alpha.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from .bootstrap import Sums, counts_per_pattern
from .coincidence import Floats, observed_disagreement, pairable_counts
from .data import MISSING, ReliabilityData, is_missing, read_units

DISTANCES = ("masi", "jaccard", "dice")
ROWS_AT_ONCE = 512


def read_sets(
    units: Sequence[Sequence[Iterable[Hashable] | None]],
    *,
    categories: Sequence[Hashable] | None = None,
    coder_names: Sequence[str] | None = None,
) -> SetData:
    """Reliability data whose V "categories" are the distinct sets given.

    units: N sequences of M sets (frozenset, set, list or tuple), None where a coder gave none.
    categories: what the sets may hold; an element outside them is an error.
    """
    rows = [
        [_as_set(value, number) for value in unit] if isinstance(unit, list | tuple | np.ndarray) else unit
        for number, unit in enumerate(units)
    ]
    data = read_units(rows, coder_names=coder_names)
    used = sorted(set().union(*data.domain), key=lambda element: (type(element).__name__, element))
    if categories is None:
        return SetData(data, tuple(used))
    outside = [element for element in used if element not in set(categories)]
    if outside:
        number = next(
            number
            for number, row in enumerate(rows)
            if any(value is not None and outside[0] in value for value in row)
        )
        raise ValueError(
            f"Unit {number}: {outside[0]!r} is not among the declared categories {list(categories)!r}."
        )
    return SetData(data, tuple(categories))


def _as_set(value: Any, number: int) -> frozenset[Any] | None:
    if type(value) is frozenset:
        return value
    if isinstance(value, set | frozenset | list | tuple):
        return frozenset(value)
    if is_missing(value):
        return None
    raise ValueError(
        f"Unit {number}: expected a set of categories or None for each coder, got {type(value).__name__}."
    )


class SetData:
    """Reliability data of sets, with which of the K elements each of the V distinct sets holds."""

    def __init__(self, data: ReliabilityData, elements: tuple[Any, ...]) -> None:
        self.data = data
        self.elements = elements

    @cached_property
    def holds(self) -> npt.NDArray[np.float32]:
        """1 where set v holds element k, shape (V, K)."""
        position = {element: index for index, element in enumerate(self.elements)}
        holds = np.zeros((len(self.data.domain), len(self.elements)), dtype=np.float32)
        for row, each in enumerate(self.data.domain):
            holds[row, [position[element] for element in each]] = 1
        return holds

    @cached_property
    def sizes(self) -> Floats:
        return self.holds.sum(axis=1).astype(float)

    def element_data(self, element: int) -> ReliabilityData:
        """The same units as a yes/no variable: whether the set holds the element."""
        lookup = np.append(self.holds[:, element].astype(np.int64), MISSING)
        return replace(self.data, patterns=lookup[self.data.patterns], domain=(False, True), declared=True)

    def distance(self, name: str) -> Callable[[npt.NDArray[np.int64], npt.NDArray[np.int64]], Floats]:
        """Distance between sets by index, for two arrays of the same shape (n,)."""

        def between(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> Floats:
            shared = (self.holds[one] * self.holds[other]).sum(axis=1)
            return set_distance(name, shared.astype(float), self.sizes[one], self.sizes[other])

        return between

    def expected(self, name: str, counts: Floats) -> Floats:
        """Σ_ck n_c n_k δ_ck of each row of `counts`, shape (b, V) -> (b,), never holding V × V cells."""
        total = np.zeros(len(counts))
        for start in range(0, len(self.sizes), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            shared = (self.holds[rows] @ self.holds.T).astype(float)
            distances = set_distance(name, shared, self.sizes[rows, None], self.sizes[None, :])
            total += ((counts @ distances.T) * counts[:, rows]).sum(axis=1)
        return total


def set_distance(name: str, shared: Floats, size_one: Floats, size_other: Floats) -> Floats:
    """Distance between sets from the number of shared elements and their sizes; 0 between two empty sets.

    jaccard: 1 − |A∩B| / |A∪B|. dice: 1 − 2 |A∩B| / (|A| + |B|), the nominal difference of mv-alpha.
    masi: 1 − J · M, with M = 1 equal, 2/3 one contains the other, 1/3 they overlap, 0 disjoint.
    """
    both = size_one + size_other
    empty = both == 0
    if name == "dice":
        return np.where(empty, 0.0, 1 - 2 * shared / np.where(empty, 1, both))
    jaccard = np.where(empty, 1.0, shared / np.where(empty, 1, both - shared))
    if name == "jaccard":
        return 1 - jaccard
    smaller = np.minimum(size_one, size_other)
    equal = (shared == size_one) & (shared == size_other)
    monotonicity = np.where(equal, 1.0, np.where(shared == smaller, 2 / 3, np.where(shared > 0, 1 / 3, 0.0)))
    return 1 - jaccard * monotonicity


def set_alpha(sets: SetData, distance: str = "masi") -> float | None:
    """Krippendorff's alpha with a distance between sets; None without pairable units or without variation."""
    counts = pairable_counts(sets.data)
    n = counts.sum()
    if n == 0 or np.count_nonzero(counts) < 2:
        return None
    observed = sets.data.weights @ observed_disagreement(sets.data, sets.distance(distance))
    return float(1 - (n - 1) * observed / sets.expected(distance, counts[None, :])[0])


def set_sums(sets: SetData, distance: str) -> Callable[[ReliabilityData], Sums]:
    """What the bootstrap adds up: n_c of every distinct set, then n D_o."""

    def sums_of(data: ReliabilityData) -> Sums:
        counts = counts_per_pattern(data).toarray()
        observed = observed_disagreement(data, sets.distance(distance))

        def alpha_of(sums: Floats) -> Floats:
            n_c = sums[:, :-1]
            expected = sets.expected(distance, n_c)
            alphas = 1 - (n_c.sum(axis=1) - 1) * sums[:, -1] / expected
            return np.where(np.count_nonzero(n_c, axis=1) < 2, np.nan, alphas)

        return Sums(np.column_stack([counts, observed]), alpha_of)

    return sums_of


def mv_alpha(sets: SetData) -> float | None:
    """Multi-valued alpha for nominal categories (Krippendorff & Craggs 2016), or None where it is not
    defined.

    D_o is that of alpha with the Dice difference. D_e keeps the sizes of the sets as they were observed and
    draws
    the elements by chance: for every pair of sizes (i, j), the mean difference over all sets C of i and K of
    j elements, each pair of sets weighted with Π_{c in C} n_c · Π_{k in K not in C} n_k · Π_{k in both} (n_k
    − 1), n_k being the number of pairable sets that hold k.

    The difference depends on |C|, |K| and |C ∩ K| only, so one polynomial in three variables replaces the sum
    over
    all sets: the coefficient of x^i y^j z^t of Π_k (1 + n_k x + n_k y + n_k (n_k − 1) x y z).
    """
    counts = pairable_counts(sets.data)
    n = counts.sum()
    if n == 0 or np.count_nonzero(counts) < 2:
        return None
    observed = sets.data.weights @ observed_disagreement(sets.data, sets.distance("dice")) / n
    sizes = sets.sizes.astype(np.int64)
    share_of_size = np.bincount(sizes, weights=counts) / n
    ways = _ways(counts @ sets.holds.astype(float), int(sizes.max(initial=0)))
    size = np.arange(len(share_of_size), dtype=float)
    differences = set_distance("dice", size[None, None, :], size[:, None, None], size[None, :, None])
    total = ways.sum(axis=2)
    mean = np.divide((ways * differences).sum(axis=2), total, out=np.zeros_like(total), where=total > 0)
    expected = float(share_of_size @ mean @ share_of_size)
    return 1 - float(observed) / expected if expected > 0 else None


def _ways(element_counts: Floats, largest: int) -> Floats:
    """Weight of all pairs of sets by |C|, |K|, |C ∩ K|, up to a factor; shape (largest + 1,) * 3."""
    ways = np.zeros((largest + 1, largest + 1, largest + 1))
    ways[0, 0, 0] = 1
    used = element_counts[element_counts > 0]
    scale = used.mean() if len(used) else 1.0  # the same power of it divides all (i, j, ·): it cancels
    for n_k in used:
        step = ways.copy()
        step[1:] += ways[:-1] * (n_k / scale)
        step[:, 1:] += ways[:, :-1] * (n_k / scale)
        step[1:, 1:, 1:] += ways[:-1, :-1, :-1] * (n_k * (n_k - 1) / scale**2)
        ways = step
    return ways
