"""What one layer of a table is made of: its rows and columns, their headings, and what cannot occur. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...codebooks.categories import text_in
from ..table import ALL, Heading
from ..units.frame import Field, Values
from .definition import Definition, Filter

KINDS_OF_INFORMATION = ("kinds_shared", "info_types", "info_type", "detected")


@dataclass(frozen=True)
class Crossing:
    """What one layer of a table is made of."""

    definition: Definition
    row: Field
    column: Field | None
    rows: Values
    columns: Values | None
    language: str
    impossible: Mapping[str, frozenset[str]]
    clusters: np.ndarray

    @property
    def size(self) -> int:
        return len(self.rows.reasons)

    def row_headings(self) -> list[Heading]:
        assert self.rows.chosen is not None
        return self._headings(self.row, self.rows.chosen)

    def column_headings(self) -> list[Heading]:
        """Those of the columns, and ALL last."""
        everything = Heading(ALL, "", self.size)
        if self.column is None or self.columns is None or self.columns.chosen is None:
            return [everything]
        return [*self._headings(self.column, self.columns.chosen), everything]

    def inside(self, heading: Heading) -> np.ndarray:
        """Per unit whether it is in a column."""
        if heading.key == ALL or self.column is None or self.columns is None:
            return np.ones(self.size, dtype=bool)
        assert self.columns.chosen is not None
        return self.columns.chosen[:, self.column.index[heading.key]]

    def cannot_be(self, row: str, column: str) -> bool:
        """A kind of information that the organisation does not deal in."""
        is_kind = self.row.key in KINDS_OF_INFORMATION
        is_of_one = self.column is not None and self.column.key == "organisation"
        return is_kind and is_of_one and row in self.impossible.get(column, frozenset())

    def _headings(self, field: Field, chosen: np.ndarray) -> list[Heading]:
        """Answers nobody gave are shown, for 0 is a finding; names and months that do not occur are not."""
        totals = chosen.sum(0).tolist()
        kept = _kept(field, self.definition.filters)
        return [
            Heading(category.key, text_in(category.label, self.language), total)
            for category, total in zip(field.categories, totals, strict=True)
            if (total or field.is_coded) and (not kept or category.key in kept)
        ]


def _kept(field: Field, filters: tuple[Filter, ...]) -> set[str]:
    return {value for filter_ in filters if filter_.field == field.key for value in filter_.values}
