"""From a figure back to the units behind it: every function returns indices of units, in the order given.

Coders go by name and categories by value, as in the result; `data` is `Reliability.data`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .coincidence import Floats, coincidences
from .data import MISSING, ReliabilityData

UnitIndices = npt.NDArray[np.int64]


def coincidence_matrix(data: ReliabilityData) -> Floats:
    """o_ck, shape (V, V), rows and columns in the order of `data.domain`; sums to the pairable values."""
    return coincidences(data)


def coincidence_units(data: ReliabilityData, category: Any, other: Any) -> UnitIndices:
    """The units that add to cell (category, other) of the coincidence matrix."""
    one, two = data.category_index(category), data.category_index(other)
    having_one = (data.patterns == one).sum(axis=1)
    if one == two:
        return data.units_where(having_one >= 2)
    return data.units_where((having_one >= 1) & (data.patterns == two).any(axis=1))


def confusion_matrix(data: ReliabilityData, coder: str, other: str) -> npt.NDArray[np.int64]:
    """Units by category of `coder` (rows) and of `other` (columns), shape (V, V)."""
    one, two = data.patterns[:, data.coder_index(coder)], data.patterns[:, data.coder_index(other)]
    both = (one != MISSING) & (two != MISSING)
    size = data.n_categories
    cells = np.bincount(one[both] * size + two[both], weights=data.weights[both], minlength=size * size)
    return cells.reshape(size, size).astype(np.int64)


def confusion_units(
    data: ReliabilityData, coder: str, other: str, category: Any, other_category: Any
) -> UnitIndices:
    """The units that `coder` gave `category` and `other` gave `other_category`."""
    one, two = data.patterns[:, data.coder_index(coder)], data.patterns[:, data.coder_index(other)]
    return data.units_where(
        (one == data.category_index(category)) & (two == data.category_index(other_category))
    )


def pair_units(data: ReliabilityData, coder: str, other: str, *, agreeing: bool | None = None) -> UnitIndices:
    """The units both coders coded; where asked, only those they agree (or differ) on."""
    one, two = data.patterns[:, data.coder_index(coder)], data.patterns[:, data.coder_index(other)]
    both = (one != MISSING) & (two != MISSING)
    return data.units_where(both if agreeing is None else both & ((one == two) == agreeing))


def coder_units(data: ReliabilityData, coder: str, *, agreeing: bool | None = None) -> UnitIndices:
    """The units `coder` shares with another; where asked, only those they all agree (or differ) on."""
    index = data.coder_index(coder)
    own = data.patterns[:, index, None]
    others = np.delete(data.patterns, index, axis=1)
    shared = (own[:, 0] != MISSING) & (others != MISSING).any(axis=1)
    if agreeing is None:
        return data.units_where(shared)
    same = ((others == own) | (others == MISSING)).all(axis=1)
    return data.units_where(shared & (same == agreeing))


def category_units(data: ReliabilityData, category: Any, *, agreeing: bool | None = None) -> UnitIndices:
    """The pairable units to which someone gave `category` (for sets: a set that holds it).

    agreeing: where asked, only those in which all coders (True), or some and not all (False), gave it.
    """
    holding = [
        index
        for index, value in enumerate(data.domain)
        if value == category or (isinstance(value, frozenset) and category in value)
    ]
    given = np.isin(data.patterns, holding)
    some = given.any(axis=1) & data.pairable
    if agreeing is None:
        return data.units_where(some)
    every = (given | (data.patterns == MISSING)).all(axis=1)
    return data.units_where(some & (every == agreeing))


def disagreement_units(data: ReliabilityData) -> UnitIndices:
    """The pairable units whose codes are not all equal."""
    highest = data.patterns.max(axis=1, initial=MISSING)
    lowest = np.where(data.patterns == MISSING, data.n_categories, data.patterns).min(
        axis=1, initial=data.n_categories
    )
    return data.units_where(data.pairable & (highest != lowest))
