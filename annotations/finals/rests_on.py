"""On which versions of the codebook figures rest: what was carried over from an earlier one, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..codebooks.carrying import Carrier, carrier
from ..codebooks.categories import text_in
from ..codebooks.lookup import lookup
from ..models import Study
from .of_study import counted_rounds


def carried_notes(study: Study, language: str) -> dict[str, str]:
    """Variable of the study's version -> which earlier categories count as which, and of which version.

    Only variables of which a category is called otherwise, or went into another, since a round was coded.
    """
    target = study.codebook_version_id
    found: dict[str, str] = {}
    for version in dict.fromkeys(round_.codebook_version_id for round_ in counted_rounds(study)):
        carried = carrier(version, target)
        if carried is None:
            continue
        for was in carried.changed:
            sentence = _sentence(carried, was, language)
            if sentence:
                key = carried.key(was)
                found[key] = " ".join(filter(None, [found.get(key), sentence]))
    return found


def _sentence(carried: Carrier, was: str, language: str) -> str | None:
    book, target = lookup(carried.source).spec, lookup(carried.target).spec
    variable = target.by_key.get(carried.key(was))
    if variable is None:
        return None
    into: dict[str, list[str]] = {}
    for category in book.by_key[was].options:
        key = carried.category(was, category.key)
        if key is not None and key in variable.by_key:
            into.setdefault(key, []).append(text_in(category.label, language))
    parts = []
    for key, names in into.items():
        label = text_in(variable.by_key[key].label, language)
        if names != [label]:
            before = _(" and ").join(f"“{name}”" for name in names)
            parts.append(_("%(before)s as “%(after)s”") % {"before": before, "after": label})
    if not parts:
        return None
    return _("“%(variable)s” counts what was coded with version %(version)s of the codebook: %(parts)s.") % {
        "variable": text_in(variable.label, language),
        "version": book.version,
        "parts": ", ".join(parts),
    }
