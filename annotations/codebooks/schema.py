"""What a codebook is, once it has been read: plain, frozen data.

Nothing here knows YAML, Django or the database. A text that people read is a mapping from language
code to string, for instance ``{"nl": "Adres", "en": "Address"}``; every language the codebook declares
is present in it, except in examples, which may be given in one language only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

Text = Mapping[str, str]
Condition = Mapping[str, tuple[str, ...]]

ANY_VALUE = "*"
# Spans are coded first, conversations last: a condition may look at its own level or an earlier one.
LEVELS = ("span", "message", "conversation")
KINDS = ("single", "multi", "boolean", "number", "text")
ROLES = ("consumer", "organisation", "any")
SCALES = {
    "single": ("nominal", "ordinal", "interval"),
    "multi": ("nominal",),
    "boolean": ("nominal",),
    "number": ("ordinal", "interval", "ratio"),
    "text": (),
}
BOOLEAN_CODES = {"yes": 1, "no": 0}
MISSING_CODES = (97, 98, 99)
# Keys of the coding page itself; no category may take them.
RESERVED_SHORTCUTS = frozenset("jksz?")
# In a multi variable these mean "nothing of the above", so they stand alone.
EXCLUSIVE_KEYS = frozenset({"none", "not_stated"})


@dataclass(frozen=True)
class CategorySpec:
    """One value of a single or multi variable. ``code`` is the number used in SPSS and other data files."""

    key: str
    code: int
    label: Text
    definition: Text = field(default_factory=dict)
    include: Text = field(default_factory=dict)
    exclude: Text = field(default_factory=dict)
    example: Text = field(default_factory=dict)
    shortcut: str = ""
    exclusive: bool = False
    seed_definition: bool | None = None

    @property
    def is_missing(self) -> bool:
        """Whether choosing this category is a missing value for the analysis (97 or 98)."""
        return self.code in MISSING_CODES


@dataclass(frozen=True)
class DerivationSpec:
    """How a value can be proposed from another variable; a proposal counts only once a coder confirms it."""

    source: str
    rule: str
    threshold: int | None = None


@dataclass(frozen=True)
class VariableSpec:
    """One question. ``show_if`` and ``required_if`` map a variable to the values that satisfy it."""

    key: str
    module: str
    level: str
    kind: str
    label: Text
    definition: Text
    include: Text = field(default_factory=dict)
    exclude: Text = field(default_factory=dict)
    example: Text = field(default_factory=dict)
    applies_to: str = "any"
    required: bool = False
    required_if: Condition = field(default_factory=dict)
    show_if: Condition = field(default_factory=dict)
    scale: str | None = None
    reliability: bool = True
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str = ""
    source: str = ""
    anchor: str = ""
    replication: str = ""
    derive: DerivationSpec | None = None
    suggest: DerivationSpec | None = None
    pre_highlight: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[CategorySpec, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, CategorySpec]:
        return {category.key: category for category in self.categories}

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The values that can be named in a condition: category keys, or yes and no for a boolean."""
        return tuple(BOOLEAN_CODES) if self.kind == "boolean" else tuple(self.by_key)


@dataclass(frozen=True)
class ModuleSpec:
    key: str
    label: Text
    default_on: bool = False


@dataclass(frozen=True)
class MetadataSpec:
    """A field that is imported, computed or filled in by a supervisor: described here, never coded."""

    key: str
    label: Text
    level: str
    type: str
    obtained: str
    source: str = ""


@dataclass(frozen=True)
class CodebookSpec:
    key: str
    version: str
    title: Text
    languages: tuple[str, ...]
    default_language: str
    missing_codes: Mapping[int, Text]
    modules: tuple[ModuleSpec, ...]
    variables: tuple[VariableSpec, ...]
    description: Text = field(default_factory=dict)
    license: str = ""
    seeds: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Text] = field(default_factory=dict)
    metadata_fields: tuple[MetadataSpec, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, VariableSpec]:
        return {variable.key: variable for variable in self.variables}

    @property
    def default_modules(self) -> frozenset[str]:
        return frozenset(module.key for module in self.modules if module.default_on)
