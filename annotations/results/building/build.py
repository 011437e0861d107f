"""A definition and a frame make a table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from django.utils.translation import gettext as _

from ...codebooks.categories import text_in
from ...errors import BadInput
from ..table import ALL, Heading, Table
from ..units.frame import MULTI, NUMBER, TIME, Field, Frame, Values
from ..wording import UNITS
from .counted import Counted, count, passes
from .crossing import Crossing
from .definition import Definition, Filter, checked
from .shares import counts_layer
from .spread import numbers_layer, pairs_layer, survival_layer

Chosen = dict[str, np.ndarray]
"""Key of a category, or ALL -> per counted unit whether it is in it."""


def build(
    definition: Definition,
    frame: Frame,
    language: str,
    *,
    key: str = "",
    title: str = "",
    note: str = "",
    impossible: Mapping[str, frozenset[str]] | None = None,
) -> Table:
    """Raises BadInput. `impossible`: name of an organisation -> kinds of information it cannot have."""
    definition = _turned(checked(definition, frame), frame)
    counted = count(definition, frame)
    row, column = frame.fields[definition.rows], frame.fields.get(definition.columns)
    kind = {NUMBER: "numbers", TIME: "survival"}.get(row.kind, "counts")
    layers = []
    for heading, taken in _layers(definition, frame, counted, language):
        crossing = Crossing(
            definition,
            row,
            column,
            *_part(counted, taken),
            language,
            impossible or {},
            counted.clusters[taken],
        )
        if kind == "counts":
            layers.append(counts_layer(heading, crossing))
        elif kind == "survival":
            layers.append(survival_layer(heading, crossing))
        elif column is not None and column.kind == NUMBER:
            layers.append(pairs_layer(heading, crossing))
        else:
            layers.append(numbers_layer(heading, crossing))
    effects = [found for layer, found in layers if found]
    return Table(
        key or definition.query(),
        title or _title(definition, frame, language),
        definition.unit,
        str(UNITS[definition.unit]),
        kind,
        text_in(row.label, language),
        text_in(column.label, language) if column else "",
        text_in(frame.fields[definition.layer].label, language) if definition.layer else "",
        tuple(layer for layer, _found in layers),
        definition.percentages if kind == "counts" else "none",
        _can_be_several(row, definition, frame),
        note,
        counted.left_out,
        len(counted.places),
        {"counts": "dots", "numbers": "distribution", "survival": "survival"}[kind],
        max(effects, default=None),
    )


def find_units(
    definition: Definition, frame: Frame, *, row: str = ALL, column: str = ALL, layer: str = ALL
) -> np.ndarray:
    """Places, at the level of the table, of the units in a cell: as many as the cell says. Raises BadInput.

    In a table of numbers `row` is ALL.
    """
    definition = _turned(checked(definition, frame), frame)
    counted = count(definition, frame)
    inside = np.ones(len(counted.places), dtype=bool)
    for field, values, key in (
        (definition.rows, counted.rows, row),
        (definition.columns, counted.columns, column),
        (definition.layer, counted.layer, layer),
    ):
        if key == ALL:
            continue
        if values is None or values.chosen is None or key not in frame.fields[field].index:
            raise BadInput(_("There is no such cell in this table."))
        inside &= values.chosen[:, frame.fields[field].index[key]]
    return counted.places[inside]


def left_out_units(definition: Definition, frame: Frame, reason: str) -> np.ndarray:
    """Places of the units that the table leaves out for a reason. Raises BadInput."""
    from ..units.frame import CODE_OF
    from .counted import reasons_of

    definition = _turned(checked(definition, frame), frame)
    if reason not in CODE_OF or not reason:
        raise BadInput(_("There is no such reason."))
    values = [(frame.fields[key], frame.values(key, definition.unit)) for key in definition.asked]
    found = reasons_of(values) == CODE_OF[reason]
    for filter_ in definition.filters:
        found &= passes(filter_, frame, definition.unit)
    return np.flatnonzero(found)


def _turned(definition: Definition, frame: Frame) -> Definition:
    """A number stands in the rows, whatever was asked."""
    columns = frame.fields.get(definition.columns)
    rows = frame.fields[definition.rows]
    if columns is None or columns.kind != NUMBER or rows.kind in (NUMBER, TIME):
        return definition
    return Definition(**{**vars(definition), "rows": definition.columns, "columns": definition.rows})


def _layers(
    definition: Definition, frame: Frame, counted: Counted, language: str
) -> list[tuple[Heading, np.ndarray]]:
    everything = np.ones(len(counted.places), dtype=bool)
    if counted.layer is None:
        return [(Heading(ALL, "", len(counted.places)), everything)]
    field = frame.fields[definition.layer]
    assert counted.layer.chosen is not None
    found = []
    for key, label in headings(field, language, definition.filters):
        taken = counted.layer.chosen[:, field.index[key]]
        if taken.any():
            found.append((Heading(key, label, int(taken.sum())), taken))
    return found or [(Heading(ALL, "", 0), everything)]


def headings(field: Field, language: str, filters: tuple[Filter, ...]) -> list[tuple[str, str]]:
    """Categories in their order: all of them, or those that the filters leave."""
    kept = {value for filter_ in filters if filter_.field == field.key for value in filter_.values}
    return [
        (category.key, text_in(category.label, language))
        for category in field.categories
        if not kept or category.key in kept
    ]


def _part(counted: Counted, taken: np.ndarray) -> tuple[Values, Values | None]:
    def part(values: Values | None) -> Values | None:
        if values is None:
            return None
        return Values(
            values.reasons[taken],
            *(
                None if each is None else each[taken]
                for each in (values.chosen, values.numbers, values.happened)
            ),
        )

    rows = part(counted.rows)
    assert rows is not None
    return rows, part(counted.columns)


def _can_be_several(row: Field, definition: Definition, frame: Frame) -> bool:
    above = {"span": 0, "message": 1, "conversation": 2, "account": 2}
    gathered = above[definition.unit] > above[row.level] and row.gather == "any"
    return row.kind == MULTI or (gathered and bool(row.categories))


def _title(definition: Definition, frame: Frame, language: str) -> str:
    return " × ".join(text_in(frame.fields[key].label, language) for key in definition.asked)
