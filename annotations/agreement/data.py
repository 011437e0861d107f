"""Reliability data: what each coder gave to each unit, in the compact form every coefficient reads.

Units that got the same codes from the same coders are one *pattern* with a weight. Coefficients then cost
what the distinct patterns cost (some hundreds), not what the units cost (up to millions).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from typing import Any

import numpy as np
import numpy.typing as npt

MISSING = -1
NOT_A_UNIT = (str, bytes, dict, set, frozenset)


@dataclass(frozen=True, eq=False)
class ReliabilityData:
    """Codes of M coders for N units, V categories, held as P distinct patterns.

    patterns: ndarray, shape (P, M), index of the category, or -1 where the coder gave no code.
    weights: ndarray, shape (P,), number of units with that pattern.
    unit_pattern: ndarray, shape (N,), the pattern of each unit, in the order the units were given.
    domain: tuple of the V categories; declared ones in their declared order, else sorted.
    coder_names: tuple of M names.
    declared: whether the categories were declared (and so may include categories nobody used).
    """

    patterns: npt.NDArray[np.int64]
    weights: npt.NDArray[np.int64]
    unit_pattern: npt.NDArray[np.int64]
    domain: tuple[Any, ...]
    coder_names: tuple[str, ...]
    declared: bool

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
        return (self.patterns != MISSING).sum(axis=1)

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

    def select(self, coders: Sequence[int]) -> ReliabilityData:
        """The same units seen through some of the coders only."""
        return ReliabilityData(
            self.patterns[:, list(coders)],
            self.weights,
            self.unit_pattern,
            self.domain,
            tuple(self.coder_names[coder] for coder in coders),
            self.declared,
        )


def read_units(
    units: Sequence[Sequence[Any]] | npt.NDArray[Any],
    *,
    categories: Sequence[Any] | None = None,
    coder_names: Sequence[str] | None = None,
) -> ReliabilityData:
    """Reliability data from one sequence per unit, one value or None per coder.

    units: N sequences of M values (strings, numbers, booleans), the same coder order in every unit; None and
        NaN are missing. A numpy array of shape (N, M) does as well.
    categories: the declared categories, in order; a value outside them is an error.
    coder_names: M names; "1", "2", … where not given.

    Raises ValueError with the unit, what is wrong and what is expected.
    """
    rows = _rows(units)
    n_coders = _number_of_coders(rows, coder_names)
    names = (
        tuple(str(name) for name in coder_names)
        if coder_names
        else tuple(str(number) for number in range(1, n_coders + 1))
    )
    if len(set(names)) != len(names):
        raise ValueError(f"coder_names: every coder needs a name of their own, got {list(names)!r}.")
    flat = list(chain.from_iterable(rows))
    domain, code_of = _domain(flat, rows, categories)
    codes = np.fromiter(map(code_of.__getitem__, flat), dtype=np.int32, count=len(flat))
    return from_codes(codes.reshape(len(rows), n_coders), domain, names, declared=categories is not None)


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


def is_missing(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA are missing; the text "nan" and the empty text are values."""
    return value is None or type(value).__name__ == "NAType" or bool(value != value)


def _rows(units: Any) -> list[Any]:
    if hasattr(units, "to_numpy"):  # a pandas table: one row per unit, one column per coder
        units = units.to_numpy()
    if isinstance(units, np.ndarray):
        return list(units.tolist())
    if isinstance(units, NOT_A_UNIT) or not hasattr(units, "__iter__"):
        raise ValueError(f"units: expected one sequence per unit, got {type(units).__name__}.")
    return list(units)


def _number_of_coders(rows: list[Any], coder_names: Sequence[str] | None) -> int:
    if coder_names is not None and isinstance(coder_names, str):
        raise ValueError("coder_names: expected one name per coder, got one text.")
    for kind in set(map(type, rows)):
        if issubclass(kind, NOT_A_UNIT) or not hasattr(kind, "__len__"):
            where = next(number for number, row in enumerate(rows) if type(row) is kind)
            raise ValueError(
                f"Unit {where}: expected a sequence with one value or None per coder, got {kind.__name__}."
            )
    lengths = set(map(len, rows))
    if coder_names is not None:
        lengths.add(len(coder_names))
    if len(lengths) > 1:
        expected = len(coder_names) if coder_names is not None else len(rows[0])
        where = next(number for number, row in enumerate(rows) if len(row) != expected)
        raise ValueError(
            f"Unit {where}: expected {expected} values (one per coder, None where a coder gave none), "
            f"got {len(rows[where])}."
        )
    return lengths.pop() if lengths else 0


def _domain(
    flat: list[Any], rows: list[Any], categories: Sequence[Any] | None
) -> tuple[tuple[Any, ...], dict[Any, int]]:
    """The categories in order, and a map from every value met (missing ones too) to its index."""
    try:
        values = set(flat)
    except TypeError:
        where, value = _first(rows, lambda value: not isinstance(value, Hashable))
        raise ValueError(
            f"Unit {where}: a value has to be a text, a number or a boolean, got {type(value).__name__}."
        ) from None
    missing = {value for value in values if is_missing(value)}
    values -= missing
    if categories is None:
        domain = tuple(sorted(values, key=sort_key))
    else:
        domain = tuple(categories)
        if len(set(domain)) != len(domain):
            raise ValueError(f"categories: a category is declared twice in {list(domain)!r}.")
        outside = values - set(domain)
        if outside:
            where, value = _first(rows, outside.__contains__)
            raise ValueError(
                f"Unit {where}: {value!r} is not among the declared categories {list(domain)!r}."
            )
    code_of: dict[Any, int] = {value: index for index, value in enumerate(domain)}
    code_of.update(dict.fromkeys(missing, MISSING))
    return domain, code_of


def _first(rows: list[Any], wrong: Any) -> tuple[int, Any]:
    return next((number, value) for number, row in enumerate(rows) for value in row if wrong(value))


def sort_key(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return ("", float(value))
    if isinstance(value, str):
        return ("str", value)
    if isinstance(value, frozenset):
        return ("set", (len(value), sorted(map(sort_key, value))))
    return (type(value).__name__, repr(value))
