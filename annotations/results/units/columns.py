"""Columns of a frame while they are filled: a value or a reason per unit, then arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from .frame import ABSENT, CODE_OF, FIRST, MULTI, NUMBER, SINGLE, TIME, VALID, Category, Field, Frame
from .words import CHOICES, FIELDS, UNITS, VALUES, in_languages, same

NOT_ASKED = CODE_OF["not_coded"]
UNKNOWN = CODE_OF["unknown"]
MOST_CATEGORIES = 60
"""A set of categories is kept in the bits of one number."""


def add_single(
    frame: Frame,
    field: Field,
    values: Iterable[str | None],
    *,
    reasons: Sequence[int] | np.ndarray | None = None,
) -> None:
    """A category per unit; None: unknown, unless `reasons` says otherwise."""
    index = field.index
    codes = np.array([index.get(value, -1) if value is not None else -1 for value in values], dtype=np.int16)
    given = np.where(codes >= 0, VALID, UNKNOWN) if reasons is None else np.asarray(reasons)
    frame.fields[field.key] = field
    frame.columns[field.key] = {"reasons": given.astype(np.int8), "codes": codes}


def add_multi(
    frame: Frame, field: Field, values: Iterable[Iterable[str]], *, reasons: Sequence[int] | np.ndarray
) -> None:
    """A set of categories per unit."""
    index = field.index
    bits = np.array([sum(1 << index[key] for key in chosen if key in index) for chosen in values], np.int64)
    frame.fields[field.key] = field
    frame.columns[field.key] = {"reasons": np.asarray(reasons, dtype=np.int8), "bits": bits}


def add_numbers(
    frame: Frame,
    field: Field,
    values: Iterable[float | None],
    *,
    reasons: Sequence[int] | np.ndarray | None = None,
    happened: Sequence[bool] | None = None,
) -> None:
    """A number per unit; None: unknown, unless `reasons` says otherwise. `happened`: of a time."""
    numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    given = np.where(np.isnan(numbers), UNKNOWN, VALID) if reasons is None else np.asarray(reasons)
    column: dict[str, np.ndarray] = {"reasons": given.astype(np.int8), "numbers": np.nan_to_num(numbers)}
    if happened is not None:
        column["happened"] = np.asarray(happened, dtype=bool)
    frame.fields[field.key] = field
    frame.columns[field.key] = column


def single(
    key: str,
    level: str,
    group: str,
    keys: Iterable[str],
    *,
    gather: str = FIRST,
    is_coded: bool = False,
    is_ordered: bool = False,
) -> Field:
    """A fact with categories: its words are those of `words`, or its keys are names."""
    words: Mapping[str, object] = CHOICES.get(key, VALUES)
    categories = tuple(
        Category(name, in_languages(words[name]) if name in words else same(name)) for name in keys
    )
    return Field(
        key, in_languages(FIELDS[key]), level, SINGLE, group, categories, gather, is_coded, is_ordered
    )


def number(key: str, level: str, group: str, *, gather: str = FIRST, is_time: bool = False) -> Field:
    unit = str(UNITS.get(key, ""))
    return Field(
        key,
        in_languages(FIELDS[key]),
        level,
        TIME if is_time else NUMBER,
        group,
        gather=gather,
        is_ordered=True,
        unit=unit,
    )


__all__ = [
    "ABSENT",
    "MULTI",
    "NOT_ASKED",
    "UNKNOWN",
    "add_multi",
    "add_numbers",
    "add_single",
    "number",
    "single",
]
