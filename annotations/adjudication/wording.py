"""Values and differences in words, for people. Labels come from the codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..codebooks.language import in_language
from ..codebooks.lookup import Lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Missing, Value
from ..finals.of_round import SpanValue
from .stored import Settlement


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


def difference(
    codebook: Lookup, variable: VariableSpec, apart: Sequence[tuple[Settlement, Sequence[int]]], language: str
) -> str:
    """In a few words how coders differ: "2 against 1", "Yes · No", "boundary differs".

    `apart`: each different value with the coders who gave it.
    """
    if len(apart) < 2:
        return _("all the same")
    sets = [value for value, _coders in apart if isinstance(value, tuple)]
    if sets:
        return _span_difference(variable, sets, language)
    sizes = sorted((len(coders) for _value, coders in apart), reverse=True)
    if sum(sizes) > 2:
        if sizes[0] == 1:
            return _("all %(n)d different") % {"n": len(sizes)}
        return f" {_('against')} ".join(str(size) for size in sizes)
    one, other = (value for value, _coders in apart)
    if isinstance(one, frozenset) and isinstance(other, frozenset) and one and other:
        labels = [in_language(c.label, language) for c in variable.categories if c.key in one ^ other]
        return _("%(category)s or not") % {"category": ", ".join(labels)}
    return " · ".join(settlement_label(codebook, variable, value, language) for value in (one, other))


def _span_difference(variable: VariableSpec, sets: Sequence[tuple[SpanValue, ...]], language: str) -> str:
    places = {tuple(span[:2] for span in spans) for spans in sets}
    if len(places) == 1:
        return _("same places, another type")
    kinds = {tuple(sorted(span.category for span in spans)) for spans in sets}
    if len(kinds) == 1:
        return _("boundary differs")
    one, other = (Counter(span.category for span in spans) for spans in sets[:2])
    if len(sets) == 2:
        apart = sorted((one - other) + (other - one))
        return _("%(category)s or not") % {
            "category": ", ".join(category_label(variable, key, language) for key in apart)
        }
    return ngettext("%(n)d set of fragments", "%(n)d sets of fragments", len(sets)) % {"n": len(sets)}
