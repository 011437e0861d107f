"""The parts of the page of a draft, as plain records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Input:
    """A field of an item. `path`: within the item, with dots; `note`: what is wrong with it."""

    item: str
    path: str
    name: str
    value: Any
    note: str = ""
    is_fault: bool = False
    language: str = ""
    options: Sequence[tuple[str, str]] = ()

    @property
    def id(self) -> str:
        return f"f-{self.item}-{self.path.replace('.', '-')}"


@dataclass(frozen=True)
class TextRow:
    """One text in every language of the book."""

    name: str
    field: str
    inputs: list[Input]

    @property
    def is_empty(self) -> bool:
        return not any(each.value for each in self.inputs)


@dataclass(frozen=True)
class ConditionRow:
    key: str
    label: str
    values: list[tuple[str, str, bool]]
    note: str = ""


@dataclass(frozen=True)
class ConditionField:
    field: str
    name: str
    rows: list[ConditionRow]
    more: list[tuple[str, str]]
    note: str = ""


@dataclass(frozen=True)
class CategoryRow:
    id: str
    key: str
    label: str
    state: str
    """"", new, split, merged, changed or withdrawn."""
    state_word: str
    codes: int
    shortcut: Input
    code: Input
    key_input: Input
    texts: list[TextRow]
    exclusive: bool | None
    meaning: str
    reason: str
    asks_meaning: bool
    meaning_fault: bool
    can_split: bool
    notes: list[tuple[str, bool]] = field(default_factory=list)
    free: str = ""


@dataclass(frozen=True)
class TreeRow:
    id: str
    label: str
    is_child: bool
    badge: str
    faults: int
    is_withdrawn: bool


@dataclass(frozen=True)
class TreeModule:
    id: str
    label: str
    is_on: bool
    rows: list[TreeRow]
    faults: int = 0


@dataclass(frozen=True)
class Form:
    """`kind`: variable, module, rule or codebook. `missing`: the labels of the missing codes."""

    kind: str
    id: str
    title: str
    key: Input | None
    texts: list[TextRow]
    missing: list[TextRow]
    inputs: list[Input]
    flags: list[Input]
    numbers: list[Input]
    conditions: list[ConditionField]
    categories: list[CategoryRow]
    takes_categories: bool
    meaning: str
    reason: str
    asks_meaning: bool
    meaning_fault: bool
    is_new: bool
    is_withdrawn: bool
    notes: list[tuple[str, bool]]
