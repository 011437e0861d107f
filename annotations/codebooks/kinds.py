"""The kinds of variable: everything that differs between single, multi, boolean, number and text.

Adding one is a class here, its input in ``static/annotations/js/coding/inputs.js`` and in the template
``coding/question.html``.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from .categories import CategorySpec, text_in
from .kind import MISSING, ExportColumn, Kind, Variable
from .values import InvalidValue, Missing, Value

MAX_TEXT = 5_000
# What every database keeps exactly: SQLite stores a decimal as a double.
MAX_DIGITS = 15
MAX_DECIMALS = 6
# Beyond every number that a variable without bounds takes.
FAR = -999_999_900
CHOSEN: dict[str, dict[int, str]] = {"nl": {1: "ja", 0: "nee"}, "en": {1: "yes", 0: "no"}}
NOTHING_CHOSEN = {"nl": "niets gekozen", "en": "nothing chosen"}


class _Categorical(Kind):
    scales: ClassVar[tuple[str, ...]] = ("nominal",)
    usual_scale = "nominal"

    def _key(self, variable: Variable, value: object) -> str:
        if not isinstance(value, str) or value not in variable.values:
            raise InvalidValue(
                "%(variable)s has no category %(value)s; choose one of %(values)s.",
                variable=variable.key,
                value=str(value)[:60],
                values=", ".join(variable.values),
            )
        return value

    def code(self, variable: Variable, written: str) -> str:
        if written in MISSING:
            return written
        return str(variable.by_key[written].code) if written else ""


class Single(_Categorical):
    key = "single"
    name = {"nl": "één antwoord", "en": "one answer"}
    field = "radio"
    column = "category"
    scales: ClassVar[tuple[str, ...]] = ("nominal", "ordinal", "interval")
    fewest_categories: ClassVar[int | None] = 2

    def check(self, variable: Variable, value: Value) -> Value:
        return self._key(variable, value)

    def missing_meant(self, variable: Variable, value: Value) -> Missing | None:
        if isinstance(value, Missing):
            return value
        category = variable.by_key.get(str(value))
        return Missing(category.code) if category and category.is_missing else None

    def label(self, variable: Variable, value: Value, language: str) -> str:
        category = variable.by_key.get(str(value))
        return text_in(category.label, language) if category else str(value)

    def export_columns(self, variable: Variable, language: str) -> list[ExportColumn]:
        labels = {each.code: text_in(each.label, language) for each in variable.options}
        return [ExportColumn("", "integer", "", labels, {int(code): code for code in Missing})]

    def export_cells(self, variable: Variable, value: Value) -> list[object]:
        return [int(value) if isinstance(value, Missing) else variable.by_key[str(value)].code]


class Boolean(Single):
    key = "boolean"
    name = {"nl": "ja of nee", "en": "yes or no"}
    scales = ("nominal",)
    fewest_categories = None
    offers_undetermined = True
    fixed = (
        CategorySpec("yes", 1, {"nl": "Ja", "en": "Yes"}, shortcut="y"),
        CategorySpec("no", 0, {"nl": "Nee", "en": "No"}, shortcut="n"),
    )


class Multi(_Categorical):
    key = "multi"
    name = {"nl": "meer antwoorden", "en": "several answers"}
    field = "checkbox"
    column = "categories"
    fewest_categories = 1
    takes_several = True

    def check(self, variable: Variable, value: Value) -> Value:
        if not isinstance(value, frozenset | set):
            raise InvalidValue("%(variable)s takes a set of categories.", variable=variable.key)
        for key in sorted(value, key=str):
            self._key(variable, key)
        alone = sorted(key for key in value if variable.by_key[key].exclusive)
        if alone and len(value) > 1:
            raise InvalidValue(
                "%(variable)s: %(category)s excludes every other category.",
                variable=variable.key,
                category=alone[0],
            )
        return frozenset(value)

    def read(self, variable: Variable, written: Sequence[str]) -> Value:
        keys = frozenset(key.strip() for key in written if key.strip())
        if keys & set(MISSING):
            raise InvalidValue(
                "%(variable)s: a missing code cannot stand beside other values.", variable=variable.key
            )
        return keys

    def write(self, value: Value) -> list[str]:
        assert isinstance(value, frozenset)
        return sorted(value) or [""]

    def own_category(self, variable: Variable, missing: Missing) -> Value:
        own = super().own_category(variable, missing)
        return own if isinstance(own, Missing) else frozenset({str(own)})

    def missing_meant(self, variable: Variable, value: Value) -> Missing | None:
        if isinstance(value, Missing):
            return value
        assert isinstance(value, frozenset)
        codes = [variable.by_key[key].code for key in value if variable.by_key[key].is_missing]
        return Missing(codes[0]) if codes else None

    def label(self, variable: Variable, value: Value, language: str) -> str:
        assert isinstance(value, frozenset)
        labels = [text_in(each.label, language) for each in variable.options if each.key in value]
        return ", ".join(labels) or text_in(NOTHING_CHOSEN, language)

    def export_columns(self, variable: Variable, language: str) -> list[ExportColumn]:
        labels = CHOSEN.get(language, CHOSEN["en"])
        missing = {int(code): code for code in Missing}
        return [
            ExportColumn(f"__{each.key}", "integer", text_in(each.label, language), dict(labels), missing)
            for each in variable.options
        ]

    def export_cells(self, variable: Variable, value: Value) -> list[object]:
        missing = self.missing_meant(variable, value)
        if missing is not None:
            return [int(missing) for _each in variable.options]
        assert isinstance(value, frozenset)
        return [int(each.key in value) for each in variable.options]

    def distance(self, variable: Variable) -> str:
        return "masi"


class Number(Kind):
    key = "number"
    name = {"nl": "getal", "en": "number"}
    field = "number"
    column = "number"
    scales = ("ordinal", "interval", "ratio")
    usual_scale = "ratio"
    takes_bounds = True
    offers_undetermined = True

    def check(self, variable: Variable, value: Value) -> Value:
        key = variable.key
        if (
            not isinstance(value, Decimal)
            or not value.is_finite()
            or len(value.as_tuple().digits) > MAX_DIGITS
        ):
            raise InvalidValue("%(variable)s takes a number.", variable=key)
        if value.adjusted() >= MAX_DIGITS - MAX_DECIMALS - 1:
            raise InvalidValue("%(variable)s takes a number of ordinary size.", variable=key)
        if -int(value.normalize().as_tuple().exponent) > MAX_DECIMALS:
            raise InvalidValue(
                "%(variable)s takes at most %(most)s decimals.", variable=key, most=MAX_DECIMALS
            )
        if variable.minimum is not None and value < variable.minimum:
            raise InvalidValue(
                "%(variable)s must be at least %(bound)s.", variable=key, bound=variable.minimum
            )
        if variable.maximum is not None and value > variable.maximum:
            raise InvalidValue(
                "%(variable)s must be at most %(bound)s.", variable=key, bound=variable.maximum
            )
        if value in self.missing_codes(variable).values():
            raise InvalidValue(
                "%(variable)s: %(value)s is a missing code of this variable and cannot be an answer.",
                variable=key,
                value=plain_digits(value),
            )
        return Decimal(plain_digits(value))

    def read(self, variable: Variable, written: Sequence[str]) -> Value:
        try:
            return Decimal(str(super().read(variable, written)))
        except InvalidOperation:
            raise InvalidValue("%(variable)s takes a number.", variable=variable.key) from None

    def read_typed(self, variable: Variable, typed: str) -> Value:
        return self.read(variable, [typed.replace(",", ".", 1)])

    def write(self, value: Value) -> list[str]:
        assert isinstance(value, Decimal)
        return [plain_digits(value)]

    def missing_codes(self, variable: Variable) -> dict[Missing, int]:
        """The codebook's own; else -97, -98 and -99, or far below where those could be answers."""
        if variable.missing_codes:
            return {code: variable.missing_codes[int(code)] for code in Missing}
        low, high = variable.minimum, variable.maximum
        if low is None and variable.scale == "ratio":
            low = Decimal(0)
        are_outside = (low is not None and low > -97) or (high is not None and high < -99)
        return {code: -int(code) if are_outside else FAR - int(code) for code in Missing}

    def read_missing(self, variable: Variable, written: str) -> Missing | None:
        """97, 98 and 99 are numbers here, unless they lie outside the variable's range."""
        for code, number in self.missing_codes(variable).items():
            if written == str(number):
                return code
        common = MISSING.get(written)
        return None if common is None or is_in_range(variable, int(common)) else common

    def label(self, variable: Variable, value: Value, language: str) -> str:
        assert isinstance(value, Decimal)
        digits = plain_digits(value)
        return f"{digits if language == 'en' else digits.replace('.', ',')} {variable.unit}".strip()

    def export_columns(self, variable: Variable, language: str) -> list[ExportColumn]:
        missing = {number: code for code, number in self.missing_codes(variable).items()}
        return [ExportColumn("", "number", "", {}, missing)]

    def export_cells(self, variable: Variable, value: Value) -> list[object]:
        if isinstance(value, Missing):
            return [self.missing_codes(variable)[value]]
        return list(self.write(value))


class FreeText(Kind):
    key = "text"
    name = {"nl": "tekst", "en": "text"}
    field = "text"
    column = "text"
    is_free = True

    def check(self, variable: Variable, value: Value) -> Value:
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

    def export_cells(self, variable: Variable, value: Value) -> list[object]:
        return [int(value) if isinstance(value, Missing) else value]


KINDS: dict[str, Kind] = {kind.key: kind for kind in (Single(), Multi(), Boolean(), Number(), FreeText())}


def is_in_range(variable: Variable, number: int) -> bool:
    """Whether the bounds of the variable admit the number."""
    low, high = variable.minimum, variable.maximum
    return (low is None or number >= low) and (high is None or number <= high)


def plain_digits(value: Decimal) -> str:
    """Digits without exponent or needless zeros: 2.50 and 2.5 are the same answer."""
    digits = f"{value:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits
