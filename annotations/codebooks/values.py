"""The values a variable can take. What each kind of variable makes of them is in ``kinds``.

========  =======================================  =========================
kind      value                                    in a file, one per row
========  =======================================  =========================
single    the category's key                       the key
multi     frozenset of keys, empty: nothing        a row per key, or one empty
boolean   "yes" or "no"                            yes, no
number    Decimal                                  as digits, no exponent
text      str                                      as it is
any       Missing                                  97, 98, 99; of a number -97, -98, -99
========  =======================================  =========================
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .schema import VariableSpec


class Missing(Enum):
    """A missing code. No number: the answer 97 and the code 97 are never equal."""

    NOT_APPLICABLE = 97
    UNDETERMINED = 98
    NOT_CODED = 99

    def __int__(self) -> int:
        return int(self.value)


Value = str | frozenset[str] | Decimal | Missing


class InvalidValue(ValueError):
    """The value does not fit the variable. The sentence is ``sentence % params``, for translation."""

    def __init__(self, sentence: str, **params: object) -> None:
        self.sentence, self.params = sentence, params
        super().__init__(sentence % params)


def is_answer(value: Value | None) -> bool:
    """Whether the coder has answered: also "not applicable" and "cannot be determined" are answers.

    An empty choice is stored, but does not answer a question that must be answered.
    """
    return value is not None and value is not Missing.NOT_CODED and value != frozenset() and value != ""


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


def plain(value: Value | None) -> str | int | list[str] | None:
    """A value as JSON: a missing code is a number, a multi answer a list, everything else a string."""
    if isinstance(value, Missing):
        return int(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return f"{value:f}" if isinstance(value, Decimal) else value


def from_plain(variable: VariableSpec, value: Any) -> Value:
    """What ``plain`` gave, read back and checked. Raises InvalidValue, or ValueError for other things."""
    if isinstance(value, int) and not isinstance(value, bool):
        return check_value(variable, Missing(value))
    if isinstance(value, list):
        return check_value(variable, frozenset(str(key) for key in value))
    return check_value(variable, variable.of_kind.read(variable, [str(value)]))
