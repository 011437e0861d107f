"""From plain Python values, a numpy array or a pandas table to reliability data, checked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from .data import MISSING, ReliabilityData, from_codes

NOT_A_UNIT = (str, bytes, dict, set, frozenset)


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
    numbers = _NumberOfValue()
    try:
        codes = np.fromiter(map(numbers.__getitem__, flat), dtype=np.int32, count=len(flat))
    except TypeError:
        where, value = _first(rows, lambda value: not isinstance(value, Hashable))
        raise ValueError(
            f"Unit {where}: a value has to be a text, a number or a boolean, got {type(value).__name__}."
        ) from None
    values = [value for value, number in numbers.items() if number != MISSING]
    domain = tuple(_plain(value) for value in _domain(values, rows, categories))
    position = {value: index for index, value in enumerate(domain)}
    of_number = np.array([position[value] for value in values] + [MISSING], dtype=np.int32)
    codes = of_number[codes].reshape(len(rows), n_coders)  # -1, missing, reads the last: -1
    return from_codes(codes, domain, names, declared=categories is not None)


class _NumberOfValue(dict[Any, int]):
    """Numbers the values 0, 1, … as they are first met; missing ones are -1."""

    count = 0

    def __missing__(self, value: Any) -> int:
        number = MISSING
        if not is_missing(value):
            number = self.count
            self.count += 1
        self[value] = number
        return number


def is_missing(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA are missing; the text "nan" and the empty text are values."""
    return value is None or type(value).__name__ == "NAType" or bool(value != value)


def _rows(units: Any) -> list[Any]:
    if hasattr(units, "to_numpy"):  # a pandas table: one row per unit, one column per coder
        units = units.to_numpy()
    if isinstance(units, np.ndarray):
        if units.dtype.kind == "f" and np.isnan(units).any():
            missing, units = np.isnan(units), units.astype(object)
            units[missing] = None
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


def _domain(values: list[Any], rows: list[Any], categories: Sequence[Any] | None) -> tuple[Any, ...]:
    """The categories in order: as declared, or the values sorted."""
    if categories is None:
        return tuple(sorted(values, key=sort_key))
    domain = tuple(categories)
    if len(set(domain)) != len(domain):
        raise ValueError(f"categories: a category is declared twice in {list(domain)!r}.")
    outside = set(values) - set(domain)
    if outside:
        where, value = _first(rows, outside.__contains__)
        raise ValueError(f"Unit {where}: {value!r} is not among the declared categories {list(domain)!r}.")
    return domain


def _plain(value: Any) -> Any:
    """A Python value for a numpy one, equal to it, so that results can be written as JSON."""
    return value.item() if isinstance(value, np.generic) else value


def _first(rows: list[Any], wrong: Callable[[Any], bool]) -> tuple[int, Any]:
    return next((number, value) for number, row in enumerate(rows) for value in row if wrong(value))


def sort_key(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return ("", float(value))
    if isinstance(value, str):
        return ("str", value)
    if isinstance(value, frozenset):
        return ("set", (len(value), sorted(map(sort_key, value))))
    return (type(value).__name__, repr(value))
