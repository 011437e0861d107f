"""The values a variable can take. What a kind makes of them: ``kinds``; of one variable: ``conversion``.

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

from decimal import Decimal
from enum import Enum


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


def plain(value: Value | None) -> str | int | list[str] | None:
    """A value as JSON: a missing code is a number, a multi answer a list, everything else a string."""
    if isinstance(value, Missing):
        return int(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return f"{value:f}" if isinstance(value, Decimal) else value
