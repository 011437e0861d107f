"""Values in words, for people. Labels come from the codebook. Reads only."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from ..codebooks.language import in_language
from ..codebooks.lookup import Lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Missing, Value
from .settled import Settlement


def category_label(variable: VariableSpec, key: str, language: str) -> str:
    category = variable.by_key.get(key)
    return in_language(category.label, language) if category else key


def value_label(codebook: Lookup, variable: VariableSpec, value: Value, language: str) -> str:
    """A value as people read it."""
    if isinstance(value, Missing):
        return in_language(codebook.spec.missing_codes.get(int(value), {}), language) or str(int(value))
    return variable.of_kind.label(variable, value, language)


def settlement_label(codebook: Lookup, variable: VariableSpec, settlement: Settlement, language: str) -> str:
    """A settlement in one line; of fragments only kinds and numbers, never the words of a message."""
    if not isinstance(settlement, tuple):
        return value_label(codebook, variable, settlement, language)
    if not settlement:
        return _("no fragments")
    counts = Counter(span.category for span in settlement)
    parts = [
        f"{category_label(variable, key, language)} ×{times}"
        if times > 1
        else category_label(variable, key, language)
        for key, times in counts.items()
    ]
    return ", ".join(parts)
