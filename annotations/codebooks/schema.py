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

from .categories import CategorySpec, Text
from .kind import Kind
from .kinds import KINDS

Condition = Mapping[str, tuple[str, ...]]

ANY_VALUE = "*"
# Spans are coded first, conversations last: a condition may look at its own level or an earlier one.
LEVELS = ("span", "message", "conversation")
ROLES = ("consumer", "organisation", "any")
# Of a contradiction: what it is about, how strict it is, and what it says of the fragments marked there.
CONSISTENCY_LEVELS = ("message", "conversation")
HARD, SOFT = STRICTNESS = ("hard", "soft")
SOME, NONE = FRAGMENTS = ("some", "none")
# Keys of the coding page itself; no category may take them.
RESERVED_SHORTCUTS = frozenset("jksz?")
# In a multi variable these mean "nothing of the above", so they stand alone.
EXCLUSIVE_KEYS = frozenset({"none", "not_stated"})


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
    missing_codes: Mapping[int, int] = field(default_factory=dict)
    unit: str = ""
    source: str = ""
    anchor: str = ""
    replication: str = ""
    derive: DerivationSpec | None = None
    suggest: DerivationSpec | None = None
    pre_highlight: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[CategorySpec, ...] = ()

    @property
    def of_kind(self) -> Kind:
        """What a variable of this kind takes, and how its values are written, shown and compared."""
        return KINDS.get(self.kind) or Kind()  # a kind that could not be read

    @cached_property
    def options(self) -> tuple[CategorySpec, ...]:
        """The categories: those of the codebook, or yes and no of a boolean."""
        return self.categories or self.of_kind.fixed

    @cached_property
    def by_key(self) -> dict[str, CategorySpec]:
        return {category.key: category for category in self.options}

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The values that can be named in a condition: the keys of the categories."""
        return tuple(self.by_key)


@dataclass(frozen=True)
class ConsistencySpec:
    """Answers that contradict each other in one message or in the conversation.

    ``when`` is read as ``show_if``; ``fragments``: some, none, or empty where they do not matter. A hard
    contradiction stops a coder from finishing; a soft one is asked about once.
    """

    key: str
    level: str
    kind: str
    when: Condition
    text: Text
    fragments: str = ""


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
    consistency: tuple[ConsistencySpec, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, VariableSpec]:
        return {variable.key: variable for variable in self.variables}

    @property
    def default_modules(self) -> frozenset[str]:
        return frozenset(module.key for module in self.modules if module.default_on)
