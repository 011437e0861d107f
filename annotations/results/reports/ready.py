"""What a ready-made report consists of."""

from __future__ import annotations

from dataclasses import dataclass

from ..building.definition import Definition, Filter


@dataclass(frozen=True)
class Ready:
    """A table that needs no making. `title`: the question it answers; both translated when shown."""

    key: str
    title: object
    definition: Definition
    note: object = ""


@dataclass(frozen=True)
class Part:
    """Tables that are looked at together."""

    key: str
    title: object
    tables: tuple[Ready, ...]


@dataclass(frozen=True)
class Report:
    """`module`: of the codebook, which brings the report along; empty: always there.

    `cases`: the kind of case that has a page of its own. `measures`: with the checklist of the organisations.
    """

    key: str
    title: object
    module: str
    parts: tuple[Part, ...]
    cases: str = ""
    measures: bool = False

    @property
    def tables(self) -> tuple[Ready, ...]:
        return tuple(table for part in self.parts for table in part.tables)


def ask(
    rows: str,
    columns: str = "",
    layer: str = "",
    *,
    unit: str = "",
    percentages: str = "column",
    **filters: str,
) -> Definition:
    """`filters`: field -> its values, with commas between them."""
    return Definition(
        rows,
        columns,
        layer,
        unit,
        tuple(Filter(field, tuple(values.split(","))) for field, values in filters.items()),
        percentages,
    )
