"""How coders differ, in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..codebooks.language import in_language
from ..codebooks.lookup import Lookup
from ..codebooks.schema import VariableSpec
from ..finals.settled import Settlement, SpanValue
from ..finals.wording import category_label, settlement_label
from ..models.adjudication import Cause

CAUSES = {
    Cause.AMBIGUOUS_TEXT: (gettext_lazy("text ambiguous"), "deskAmbiguous"),
    Cause.CODEBOOK_GAP: (gettext_lazy("gap in the codebook"), "deskGap"),
    Cause.MISTAKE: (gettext_lazy("mistake"), "deskMistake"),
    Cause.BORDERLINE: (gettext_lazy("borderline"), "deskBorderline"),
    Cause.DIFFERENT_VIEWS: (gettext_lazy("real difference of views"), "deskViews"),
}
"""In a few words for the buttons, with the command of each."""


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
