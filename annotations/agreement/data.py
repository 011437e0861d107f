"""Reliability data: what each coder gave to each unit, in the compact form every coefficient reads.

Units that got the same codes from the same coders are one *pattern* with a weight. Coefficients then cost
what the distinct patterns cost (some hundreds), not what the units cost (up to millions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

MISSING = -1


@dataclass(frozen=True, eq=False)
class ReliabilityData:
    """Codes of M coders for N units, V categories, held as P distinct patterns.

    patterns: ndarray, shape (P, M), index of the category, or -1 where the coder gave no code.
    weights: ndarray, shape (P,), number of units with that pattern.
    unit_pattern: ndarray, shape (N,), the pattern of each unit, in the order the units were given.
    domain: tuple of the V categories; declared ones in their declared order, else sorted.
    coder_names: tuple of M names.
    declared: whether the categories were declared (and so may include categories nobody used).
    numbers: tuple of V numbers that the categories stand for on an interval or ratio scale; None where the
        values are numbers themselves.
    """

    patterns: npt.NDArray[np.int64]
    weights: npt.NDArray[np.int64]
    unit_pattern: npt.NDArray[np.int64]
    domain: tuple[Any, ...]
    coder_names: tuple[str, ...]
    declared: bool
    numbers: tuple[float, ...] | None = None

    @property
    def n_units(self) -> int:
        return len(self.unit_pattern)

    @property
    def n_coders(self) -> int:
        return len(self.coder_names)

    @property
    def n_categories(self) -> int:
        return len(self.domain)

    @cached_property
    def codes_per_pattern(self) -> npt.NDArray[np.int64]:
        """r_u, the number of codes of a unit with each pattern, shape (P,)."""
        return np.asarray((self.patterns != MISSING).sum(axis=1))

    @cached_property
    def codes_without_coders(self) -> npt.NDArray[np.int64]:
        """The codes of each pattern moved to the front, whoever gave them, shape (P, largest r_u), then -1.

        Where many coders each code a few units, there are far fewer pairs of columns than pairs of coders.
        """
        widest = int(self.codes_per_pattern.max(initial=0))
        return np.sort(self.patterns, axis=1)[:, ::-1][:, :widest]

    @cached_property
    def pairable(self) -> npt.NDArray[np.bool_]:
        """Whether a unit with each pattern has two codes or more, shape (P,)."""
        return self.codes_per_pattern >= 2

    @property
    def n_pairable(self) -> int:
        return int(self.weights[self.pairable].sum())

    @cached_property
    def active_coders(self) -> npt.NDArray[np.int64]:
        """Indices of the coders who coded at least one unit."""
        return np.flatnonzero((self.patterns != MISSING).any(axis=0))

    def coder_pairs(self) -> list[tuple[int, int]]:
        return list(combinations(range(self.n_coders), 2))

    def units_where(self, pattern_mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Indices of the units whose pattern is marked in `pattern_mask`, shape (P,), in the order given."""
        return np.flatnonzero(pattern_mask[self.unit_pattern])

    def category_index(self, category: Any) -> int:
        """Position of a category in the domain; ValueError where it is not one of them."""
        if category not in self.domain:
            raise ValueError(f"{category!r} is not among the categories {list(self.domain)!r}.")
        return self.domain.index(category)

    def coder_index(self, coder: str) -> int:
        """Position of a coder by name; ValueError where there is no such coder."""
        if coder not in self.coder_names:
            raise ValueError(f"{coder!r} is not among the coders {list(self.coder_names)!r}.")
        return self.coder_names.index(coder)

    def select(self, coders: Sequence[int]) -> ReliabilityData:
        """The same units seen through some of the coders only."""
        return ReliabilityData(
            self.patterns[:, list(coders)],
            self.weights,
            self.unit_pattern,
            self.domain,
            tuple(self.coder_names[coder] for coder in coders),
            self.declared,
            self.numbers,
        )


def from_codes(
    codes: npt.NDArray[np.signedinteger[Any]],
    domain: tuple[Any, ...],
    coder_names: tuple[str, ...],
    *,
    declared: bool,
) -> ReliabilityData:
    """Reliability data from category indices, shape (N, M), -1 for missing."""
    patterns, unit_pattern = distinct_rows(codes)
    weights = np.bincount(unit_pattern, minlength=len(patterns))
    return ReliabilityData(patterns.astype(np.int64), weights, unit_pattern, domain, coder_names, declared)


def distinct_rows(
    codes: npt.NDArray[np.signedinteger[Any]],
) -> tuple[npt.NDArray[np.signedinteger[Any]], npt.NDArray[np.int64]]:
    """The distinct rows, sorted, and for every row the index of its distinct row.

    Rows are numbered column by column in base V + 1, so that one sort of integers (or none, where the numbers
    are few) does instead of a sort of rows; numbers that would overflow are made dense first.
    """
    n_rows, n_columns = codes.shape
    keys = np.zeros(n_rows, dtype=np.int64)
    base = int(codes.max(initial=0)) + 2
    span = 1
    for column in range(n_columns):
        if span * base > 2**62:
            _, keys = np.unique(keys, return_inverse=True)
            span = int(keys.max(initial=0)) + 1
        keys *= base
        keys += codes[:, column]
        keys += 1
        span *= base
    if span <= max(4 * n_rows, 1024):
        used = np.flatnonzero(np.bincount(keys, minlength=span))
        position = np.zeros(span, dtype=np.int64)
        position[used] = np.arange(len(used))
        inverse = position[keys]
        first = np.empty(len(used), dtype=np.int64)
        first[inverse] = np.arange(n_rows)
    else:
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return codes[first], inverse
