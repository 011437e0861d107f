"""Which units a table counts, in which of its categories, and which are left out. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ..units.frame import ABSENT, CODE_OF, NUMBER, REASONS, TIME, VALID, Field, Frame, Values
from .definition import Definition, Filter, bounds


@dataclass(frozen=True)
class Counted:
    """`places`: of the units that count, at the level of the table; values of each field at those places."""

    places: np.ndarray
    rows: Values
    columns: Values | None
    layer: Values | None
    clusters: np.ndarray
    left_out: dict[str, int]


def count(definition: Definition, frame: Frame) -> Counted:
    """`definition`: checked."""
    level = definition.unit
    kept = np.ones(frame.size(level), dtype=bool)
    for filter_ in definition.filters:
        kept &= passes(filter_, frame, level)
    values = {key: frame.values(key, level) for key in definition.asked}
    reasons = reasons_of([(frame.fields[key], values[key]) for key in definition.asked])
    reasons = np.where(kept, reasons, ABSENT)
    places = np.flatnonzero(reasons == VALID)
    names = Counter(reasons[(reasons != VALID) & (reasons != ABSENT)].tolist())
    left_out = {reason: names[code] for code, reason in enumerate(REASONS) if code and names[code]}

    def at(key: str) -> Values | None:
        return _taken(values[key], places) if key else None

    rows = at(definition.rows)
    assert rows is not None
    clusters = frame.clusters(level)[places]
    return Counted(places, rows, at(definition.columns), at(definition.layer), clusters, left_out)


def reasons_of(given: list[tuple[Field, Values]]) -> np.ndarray:
    """Per unit: counted, absent, or the reason why it is left out.

    A unit is absent where one of the facts does not apply to it, or none of the questions was asked of it; a
    unit of which one question was answered and another not asked is left out as not coded.
    """
    size = len(given[0][1].reasons)
    found = np.zeros(size, dtype=np.int8)
    was_asked = np.zeros(size, dtype=bool)
    absent = np.zeros(size, dtype=bool)
    has_coded = any(field.is_coded for field, _values in given)
    for field, values in reversed(given):
        if field.is_coded:
            was_asked |= values.reasons != ABSENT
            reasons = np.where(values.reasons == ABSENT, CODE_OF["not_coded"], values.reasons)
        else:
            absent |= values.reasons == ABSENT
            reasons = values.reasons
        found = np.where((reasons != VALID) & (reasons != ABSENT), reasons, found)
    absent |= ~was_asked if has_coded else False
    return np.where(absent, ABSENT, found)


def passes(one: Filter, frame: Frame, level: str) -> np.ndarray:
    field, values = frame.fields[one.field], frame.values(one.field, level)
    if field.kind in (NUMBER, TIME):
        limits = bounds(one.values[0])
        assert limits is not None
        assert values.numbers is not None
        return values.valid & (values.numbers >= limits[0]) & (values.numbers <= limits[1])
    assert values.chosen is not None
    return np.any(values.chosen[:, [field.index[value] for value in one.values]], axis=1)


def _taken(values: Values, places: np.ndarray) -> Values:
    return Values(
        values.reasons[places],
        None if values.chosen is None else values.chosen[places],
        None if values.numbers is None else values.numbers[places],
        None if values.happened is None else values.happened[places],
    )
