"""What every kind of variable has: how its values are checked, read, written, labelled and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Protocol

from .categories import CategorySpec, Text
from .values import InvalidValue, Missing, Value

MISSING = {str(int(code)): code for code in Missing}


class Variable(Protocol):
    """What a kind has to know of a variable; `schema.VariableSpec` is one."""

    @property
    def key(self) -> str: ...
    @property
    def scale(self) -> str | None: ...
    @property
    def minimum(self) -> Decimal | None: ...
    @property
    def maximum(self) -> Decimal | None: ...
    @property
    def missing_codes(self) -> Mapping[int, int]: ...
    @property
    def unit(self) -> str: ...
    @property
    def options(self) -> tuple[CategorySpec, ...]: ...
    @property
    def by_key(self) -> dict[str, CategorySpec]: ...
    @property
    def values(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class ExportColumn:
    """A column in which a statistics package gets (part of) a value.

    ``suffix`` follows the variable's key in the column's name; ``type`` is that of a Frictionless Table
    Schema; ``labels`` and ``missing``: number -> what it stands for, and number -> missing code.
    """

    suffix: str
    type: str
    label: str
    labels: dict[int, str] = field(default_factory=dict)
    missing: dict[int, Missing] = field(default_factory=dict)


class Kind:
    """What all kinds share. ``variable`` is always a variable of this kind."""

    key: ClassVar[str]
    name: ClassVar[Text]
    """The kind in words, for readers of the codebook."""
    field: ClassVar[str]
    """The input of the form, and the name of its counterpart in JavaScript."""
    column: ClassVar[str]
    """Where a value is stored (models.ValueFields): category, categories, number or text."""
    scales: ClassVar[tuple[str, ...]] = ()
    usual_scale: ClassVar[str] = ""
    fixed: ClassVar[tuple[CategorySpec, ...]] = ()
    """Categories that every variable of this kind has."""
    fewest_categories: ClassVar[int | None] = None
    """How many categories a codebook has to give; None: it gives none."""
    takes_bounds: ClassVar[bool] = False
    takes_several: ClassVar[bool] = False
    """Whether a value is a set of categories, some of which may exclude the others."""
    is_free: ClassVar[bool] = False
    """Free text: it may repeat personal data, and no two coders write the same."""

    offers_undetermined: ClassVar[bool] = False
    """Whether the form offers the missing code 98, for want of a category that means it."""

    def check(self, variable: Variable, value: Value) -> Value:
        """The value in its one canonical form. Raises InvalidValue."""
        raise NotImplementedError

    def read(self, variable: Variable, written: Sequence[str]) -> Value:
        """The value written as one string per row of a file, not yet checked. Raises InvalidValue."""
        if len(written) != 1:
            raise InvalidValue(
                "%(variable)s takes one value; found %(count)s.", variable=variable.key, count=len(written)
            )
        return written[0].strip()

    def read_typed(self, variable: Variable, typed: str) -> Value:
        """What a person typed into a field, not yet checked."""
        return self.read(variable, [typed])

    def write(self, value: Value) -> list[str]:
        """The strings that ``read`` takes: one per row of a file."""
        return [str(value)]

    def missing_codes(self, variable: Variable) -> dict[Missing, int]:
        """The number that stands for each missing code in data files."""
        return {code: int(code) for code in Missing}

    def read_missing(self, variable: Variable, written: str) -> Missing | None:
        """The missing code that a cell of a file stands for, if it is one."""
        return MISSING.get(written)

    def own_category(self, variable: Variable, missing: Missing) -> Value:
        """The variable's own category for a missing code, or the code where it has none."""
        own = next((category.key for category in variable.options if category.code == int(missing)), None)
        return missing if own is None else own

    def missing_meant(self, variable: Variable, value: Value) -> Missing | None:
        """The missing code that a value is, or that its category stands for; None for a valid answer."""
        return value if isinstance(value, Missing) else None

    def label(self, variable: Variable, value: Value, language: str) -> str:
        """A value that is no missing code, as people read it."""
        return str(value)

    def export_columns(self, variable: Variable, language: str) -> list[ExportColumn]:
        return [ExportColumn("", "string", "", {}, {int(code): code for code in Missing})]

    def export_cells(self, variable: Variable, value: Value) -> list[object]:
        """One cell for each of ``export_columns``."""
        raise NotImplementedError

    def code(self, variable: Variable, written: str) -> str:
        """One of the strings that ``write`` gives, as a number for a statistics package where it has one."""
        return written

    def distance(self, variable: Variable) -> str:
        """The difference that alpha weighs disagreements by: a level of measurement, or "masi" for sets."""
        return variable.scale or "nominal"
