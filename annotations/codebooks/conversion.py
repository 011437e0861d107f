"""The values of a variable: checked, read from files and JSON, and written to files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .schema import VariableSpec
from .values import Missing, Value


def check_value(variable: VariableSpec, value: Value) -> Value:
    """The value in its one canonical form. Raises InvalidValue with one sentence.

    A missing code for which the variable has a category of its own becomes that category: "98" and
    "cannot_tell" must not count as a disagreement between two coders.
    """
    if isinstance(value, Missing):
        return variable.of_kind.own_category(variable, value)
    return variable.of_kind.check(variable, value)


def parse_value(variable: VariableSpec, written: Sequence[str]) -> Value:
    """The value written as one string per row of a file. Raises InvalidValue."""
    if len(written) == 1:
        missing = variable.of_kind.read_missing(variable, written[0].strip())
        if missing is not None:
            return check_value(variable, missing)
    return check_value(variable, variable.of_kind.read(variable, written))


def write_value(variable: VariableSpec, value: Value) -> list[str]:
    """The strings that ``parse_value`` reads back: one per row of a file."""
    if isinstance(value, Missing):
        return [str(variable.of_kind.missing_codes(variable)[value])]
    return variable.of_kind.write(value)


def from_plain(variable: VariableSpec, value: Any) -> Value:
    """What ``plain`` gave, read back and checked. Raises InvalidValue, or ValueError for other things."""
    if isinstance(value, int) and not isinstance(value, bool):
        return check_value(variable, Missing(value))
    if isinstance(value, list):
        return check_value(variable, frozenset(str(key) for key in value))
    return check_value(variable, variable.of_kind.read(variable, [str(value)]))
