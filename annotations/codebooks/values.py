"""The values a variable can take, and how they are written in a file.

========  =======================================  =========================
kind      value                                    in a file, one per row
========  =======================================  =========================
single    the category's key                       the key
multi     frozenset of keys, empty: nothing        a row per key, or one empty
boolean   "yes" or "no"                            yes, no
number    Decimal                                  as digits, no exponent
text      str                                      as it is
any       Missing                                  97, 98, 99
========  =======================================  =========================
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from enum import IntEnum

from .schema import BOOLEAN_CODES, VariableSpec

MAX_TEXT = 5_000
# What every database keeps exactly: SQLite stores a decimal as a double.
MAX_DIGITS = 15
MAX_DECIMALS = 6


class Missing(IntEnum):
    NOT_APPLICABLE = 97
    UNDETERMINED = 98
    NOT_CODED = 99


Value = str | frozenset[str] | Decimal | Missing
MISSING = {str(int(code)): code for code in Missing}


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
    """Return the value in its one canonical form. Raises InvalidValue with one sentence.

    A missing code for which the variable has a category of its own becomes that category: "98" and
    "cannot_tell" must not count as a disagreement between two coders.
    """
    if isinstance(value, Missing):
        own = next((category.key for category in variable.categories if category.code == value), None)
        return value if own is None else frozenset({own}) if variable.kind == "multi" else own
    return _CHECKS[variable.kind](variable, value)


def _check_single(variable: VariableSpec, value: Value) -> Value:
    if not isinstance(value, str) or value not in variable.values:
        raise InvalidValue(
            "%(variable)s has no category %(value)s; choose one of %(values)s.",
            variable=variable.key,
            value=_shown(value),
            values=", ".join(variable.values),
        )
    return value


def _check_multi(variable: VariableSpec, value: Value) -> Value:
    if not isinstance(value, frozenset | set):
        raise InvalidValue("%(variable)s takes a set of categories.", variable=variable.key)
    for key in sorted(value, key=str):
        _check_single(variable, key)
    alone = sorted(key for key in value if variable.by_key[key].exclusive)
    if alone and len(value) > 1:
        raise InvalidValue(
            "%(variable)s: %(category)s excludes every other category.",
            variable=variable.key,
            category=alone[0],
        )
    return frozenset(value)


def _check_number(variable: VariableSpec, value: Value) -> Value:
    if not isinstance(value, Decimal) or not value.is_finite() or len(value.as_tuple().digits) > MAX_DIGITS:
        raise InvalidValue("%(variable)s takes a number.", variable=variable.key)
    if value.adjusted() >= MAX_DIGITS - MAX_DECIMALS - 1:
        raise InvalidValue("%(variable)s takes a number of ordinary size.", variable=variable.key)
    if -int(value.normalize().as_tuple().exponent) > MAX_DECIMALS:
        raise InvalidValue(
            "%(variable)s takes at most %(most)s decimals.", variable=variable.key, most=MAX_DECIMALS
        )
    if variable.minimum is not None and value < variable.minimum:
        raise InvalidValue(
            "%(variable)s must be at least %(bound)s.", variable=variable.key, bound=variable.minimum
        )
    if variable.maximum is not None and value > variable.maximum:
        raise InvalidValue(
            "%(variable)s must be at most %(bound)s.", variable=variable.key, bound=variable.maximum
        )
    return Decimal(_plain(value))


def _check_text(variable: VariableSpec, value: Value) -> Value:
    if not isinstance(value, str) or not value.strip():
        raise InvalidValue("%(variable)s takes text.", variable=variable.key)
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if len(text) > MAX_TEXT:
        raise InvalidValue(
            "%(variable)s can hold %(most)s characters; this is %(length)s.",
            variable=variable.key,
            most=MAX_TEXT,
            length=len(text),
        )
    if text in MISSING or not text:
        raise InvalidValue(
            "%(variable)s: 97, 98 and 99 are the missing codes; write a few words more.",
            variable=variable.key,
        )
    return text


_CHECKS = {
    "single": _check_single,
    "boolean": _check_single,
    "multi": _check_multi,
    "number": _check_number,
    "text": _check_text,
}


def parse_value(variable: VariableSpec, written: Sequence[str]) -> Value:
    """The value written as one string per row of a file. Raises InvalidValue."""
    if len(written) == 1 and written[0].strip() in MISSING:
        return check_value(variable, MISSING[written[0].strip()])
    if variable.kind == "multi":
        keys = [key.strip() for key in written if key.strip()]
        if set(keys) & set(MISSING):
            raise InvalidValue(
                "%(variable)s: a missing code cannot stand beside other values.", variable=variable.key
            )
        return check_value(variable, frozenset(keys))
    if len(written) != 1:
        raise InvalidValue(
            "%(variable)s takes one value; found %(count)s.", variable=variable.key, count=len(written)
        )
    if variable.kind == "number":
        try:
            return check_value(variable, Decimal(written[0].strip()))
        except InvalidOperation:
            raise InvalidValue("%(variable)s takes a number.", variable=variable.key) from None
    return check_value(variable, written[0] if variable.kind == "text" else written[0].strip())


def write_value(value: Value) -> list[str]:
    """The strings that ``parse_value`` reads back: one per row of a file."""
    if isinstance(value, Missing):
        return [str(int(value))]
    if isinstance(value, frozenset):
        return sorted(value) or [""]
    if isinstance(value, Decimal):
        plain = _plain(value)
        # A number that looks like a missing code is written so that it does not.
        return [f"{plain}.0" if plain in MISSING else plain]
    return [value]


def plain(value: Value | None) -> str | int | list[str] | None:
    """A value as JSON: a missing code is a number, a multi answer a list, everything else a string."""
    if isinstance(value, Missing):
        return int(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return f"{value:f}" if isinstance(value, Decimal) else value


def numeric_code(variable: VariableSpec, value: str) -> int:
    """The number of a category, or of yes and no, for SPSS and other data files."""
    return BOOLEAN_CODES[value] if variable.kind == "boolean" else variable.by_key[value].code


def _plain(value: Decimal) -> str:
    """Digits without exponent or needless zeros: 2.50 and 2.5 are the same answer."""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def _shown(value: object) -> str:
    return str(value)[:60]
