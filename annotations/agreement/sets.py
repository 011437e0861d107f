"""Agreement on sets: variables where a coder may choose several categories.

An empty set is a value ("none of these"), missing is not; two empty sets are equal.

Source of MASI: Passonneau (2006), Measuring agreement on set-valued items (LREC).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from .coincidence import (
    Codes,
    Distance,
    Floats,
    expected_by_distance,
    observed_disagreement,
    pairable_counts,
)
from .data import ReliabilityData
from .reading import is_missing, read_units
from .sums import Sums, counts_per_pattern

DISTANCES = ("masi", "jaccard", "dice")
MOST_SETS_IN_MATRIX = 2048


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
    rows: Any = units
    try:
        data = read_units(rows, coder_names=coder_names)
        frozen = all(isinstance(value, frozenset) for value in data.domain)
    except ValueError:
        frozen = False
    if not frozen:
        rows = [
            [_as_set(value, number) for value in unit]
            if isinstance(unit, list | tuple | np.ndarray)
            else unit
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
        self._matrices: dict[str, Floats] = {}

    def select(self, coders: Sequence[int]) -> SetData:
        """The same sets seen through some of the coders only."""
        selected = SetData(self.data.select(coders), self.elements)
        selected._matrices = self._matrices
        selected.__dict__["holds"] = self.holds
        return selected

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
        return np.asarray(self.holds.sum(axis=1), dtype=float)

    @cached_property
    def holding(self) -> npt.NDArray[np.float32]:
        """How many coders' sets hold element k in a unit with each pattern, shape (P, K)."""
        or_missing = np.vstack([self.holds, np.zeros((1, self.holds.shape[1]), dtype=np.float32)])
        total = np.zeros((len(self.data.patterns), len(self.elements)), dtype=np.float32)
        for coder in range(self.data.n_coders):
            total += or_missing[self.data.patterns[:, coder]]  # -1, missing, reads the last row
        return total

    def distances(self, name: str, rows: slice) -> Floats:
        """Distances of the sets in `rows` to all sets, shape (rows, V)."""
        shared = (self.holds[rows] @ self.holds.T).astype(float)
        return set_distance(name, shared, self.sizes[rows, None], self.sizes[None, :])

    def matrix(self, name: str) -> Floats:
        """Distances between all sets, shape (V, V), kept for the next call."""
        if "shared" not in self._matrices:
            self._matrices["shared"] = (self.holds @ self.holds.T).astype(float)
        if name not in self._matrices:
            self._matrices[name] = set_distance(
                name, self._matrices["shared"], self.sizes[:, None], self.sizes[None, :]
            )
        return self._matrices[name]

    @property
    def small(self) -> bool:
        """Whether a V × V matrix is cheap enough to keep."""
        return len(self.sizes) <= MOST_SETS_IN_MATRIX

    def distance(self, name: str) -> Distance:
        """Distance between sets by index, for two arrays of the same shape (n,)."""
        if self.small:
            distances = self.matrix(name)
            return lambda one, other: distances[one, other]

        def between(one: Codes, other: Codes) -> Floats:
            shared = (self.holds[one] * self.holds[other]).sum(axis=1)
            return set_distance(name, shared.astype(float), self.sizes[one], self.sizes[other])

        return between

    def expected(self, name: str, counts: Floats) -> Floats:
        """Σ_ck n_c n_k δ_ck of each row of `counts`, shape (b, V) -> (b,)."""
        if self.small:
            return np.asarray(((counts @ self.matrix(name)) * counts).sum(axis=1))
        return expected_by_distance(counts, lambda rows: self.distances(name, rows))


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
