"""Sets of fragments of one message: checked, joined, compared. Reads and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from ..codebooks.conversion import from_plain
from ..codebooks.lookup import Lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import InvalidValue, Value, plain
from ..coding.save import checked
from ..errors import BadInput
from ..finals.settled import SpanValue

MOST = 200
"""Fragments in one message; no message of a platform comes near."""

Spans = tuple[SpanValue, ...]


def checked_spans(codebook: Lookup, text: str, spans: Iterable[SpanValue]) -> Spans:
    """The set sorted and in canonical form; every fragment lies in the text. Raises BadInput."""
    variable = codebook.type_variable
    if variable is None:
        raise BadInput(_("This study's codebook marks no fragments."))
    found: dict[tuple[int, int, str], SpanValue] = {}
    for span in spans:
        if not 0 <= span.start < span.end <= len(text) or not text[span.start : span.end].strip():
            raise BadInput(_("The fragment does not match the text; reload the page and mark it again."))
        category = checked(variable, span.category)
        if not isinstance(category, str):
            raise BadInput(_("A fragment always has a type; remove the fragment instead."))
        answers = tuple(sorted((key, _answer(codebook, variable, key, value)) for key, value in span.answers))
        known = found.setdefault(
            (span.start, span.end, category), SpanValue(span.start, span.end, category, answers)
        )
        if known.answers != answers:
            raise BadInput(_("One fragment has two different answers; choose one of them."))
    if len(found) > MOST:
        raise BadInput(_("A message can hold %(most)d fragments.") % {"most": MOST})
    return tuple(found[place] for place in sorted(found))


def union(sets: Iterable[Spans]) -> Spans:
    """Every fragment that anybody marked; where only its further answers differ, the first counts."""
    found: dict[tuple[int, int, str], SpanValue] = {}
    for spans in sets:
        for span in spans:
            found.setdefault((span.start, span.end, span.category), span)
    return tuple(found[place] for place in sorted(found))


def overlaps(spans: Spans) -> bool:
    """Whether two fragments of a sorted set share a stretch of text."""
    return any(one.end > other.start for one, other in pairwise(spans))


def read_spans(written: Any) -> Spans:
    """The fragments in JSON, as `settled.as_json` writes them. Raises BadInput."""
    try:
        return tuple(
            SpanValue(
                int(item["start"]),
                int(item["end"]),
                str(item["category"]),
                tuple(sorted(dict(item.get("answers") or {}).items())),
            )
            for item in written
        )
    except (TypeError, ValueError, KeyError, AttributeError):
        raise BadInput(_("The fragments could not be read; reload the page.")) from None


def _answer(codebook: Lookup, type_variable: VariableSpec, key: str, value: Any) -> Any:
    """A further answer about a fragment, as JSON."""
    variable = codebook.spec.by_key.get(key)
    if variable is None or variable.level != "span" or variable is type_variable:
        raise BadInput(_("%(variable)s is not asked of fragments.") % {"variable": str(key)[:60]})
    return plain(from_json(variable, value))


def from_json(variable: VariableSpec, value: Any) -> Value:
    """What `plain` wrote, read back and checked. Raises BadInput."""
    try:
        return from_plain(variable, value)
    except InvalidValue as problem:
        raise BadInput(_(problem.sentence) % problem.params) from None
    except (ValueError, TypeError):
        raise BadInput(_("The value could not be read; reload the page and choose again.")) from None
