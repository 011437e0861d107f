"""A table that leaves the app: its columns, what they mean, and its rows. PURE."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ..codebooks.values import Missing

Row = Sequence[object]


@dataclass(frozen=True)
class Column:
    """`type` as in a Frictionless Table Schema; `labels`: number -> label; `missing`: number -> code.

    `missing_labels`: number -> label of the missing codes. `scale`: nominal, ordinal, interval or ratio;
    empty where the codebook does not say.
    """

    name: str
    type: str
    description: str
    labels: dict[int, str] = field(default_factory=dict)
    missing: dict[int, Missing] = field(default_factory=dict)
    missing_labels: dict[int, str] = field(default_factory=dict)
    scale: str = ""

    @property
    def all_labels(self) -> dict[int, str]:
        return self.labels | self.missing_labels


@dataclass(frozen=True)
class Table:
    name: str
    description: str
    columns: Sequence[Column]
    rows: Callable[[], Iterable[Row]]
    key: tuple[str, ...] = ()
    """The columns that together identify a row; empty where a row needs no name."""
    tells: bool = True
    """Whether its file has the column `disarmed`."""

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]
