"""Changes of a draft in sentences, with what they touch and what happens with the codes. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..codebooks.categories import CategorySpec, text_in
from ..codebooks.changes import (
    MERGE,
    NEW_CATEGORY,
    NEW_VARIABLE,
    REDEFINITION,
    RENAME,
    SPLIT,
    WITHDRAWN_CATEGORY,
    WITHDRAWN_VARIABLE,
    Change,
    must_be_answered,
)
from ..codebooks.lookup import lookup
from ..codebooks.schema import CodebookSpec, VariableSpec
from ..models import CodebookVersion, Study, VersionChange
from .touched import Touched, touched_by

OUTCOMES = {
    "wording": gettext_lazy("The codes stand."),
    "setting": gettext_lazy("The codes stand. What a new condition hides is kept, and not counted."),
    "rename": gettext_lazy("The codes stand, under the new name."),
    "new_category": gettext_lazy("Earlier codes stand; nobody could choose it before."),
    "new_variable": gettext_lazy("Empty in what is finished."),
    "merge": gettext_lazy("The codes are carried over."),
    "split": gettext_lazy("To be coded again; until then these codes count under the earlier version only."),
    "redefinition": gettext_lazy(
        "To be coded again; until then these codes count under the earlier version only."
    ),
    "withdrawn_category": gettext_lazy(
        "To be coded again; until then these codes count under the earlier version only."
    ),
    "withdrawn_variable": gettext_lazy("The codes stay readable and can be exported; it is asked no more."),
}


ASKED_OF_FINISHED = gettext_lazy("Asked of everything that was finished too: to be answered there.")


@dataclass(frozen=True)
class ToldChange:
    title: str
    kind: str
    kind_word: str
    touched: Touched
    outcome: str
    reason: str
    item: str
    needs_eyes: bool
    is_required: bool = False
    """A new variable that must be answered."""
    asks: str = ""
    """Of what a new variable is asked, as far as somebody chose."""
    before: str = ""
    after: str = ""
    about: str = ""
    """The variable, where the change is about one of its categories."""


def told_changes(study: Study, version_id: int, changes: Sequence[Change], language: str) -> list[ToldChange]:
    """The weightiest first: those after which something is to be coded again."""
    touched = touched_by(study, version_id, changes)
    spec = lookup(version_id).spec
    told = [tell(change, number, language, spec) for change, number in zip(changes, touched, strict=True)]
    return sorted(told, key=lambda each: not each.needs_eyes)


def tell(change: Change, touched: Touched, language: str, base: CodebookSpec) -> ToldChange:
    needs = change.needs_eyes
    variable = base.by_key.get(change.was) if change.carries or change.categories else None
    return ToldChange(
        title=title_of(change, language),
        kind=change.kind,
        kind_word=_kind_word(change),
        touched=touched,
        outcome=str(ASKED_OF_FINISHED if change.asks_finished else OUTCOMES[change.kind]),
        reason=change.reason,
        item=change.item,
        needs_eyes=needs,
        is_required=must_be_answered(change),
        before=_texts(change.before, change.fields, language),
        after=_texts(change.after, change.fields, language),
        about=text_in(variable.label, language) if variable else "",
    )


def _kind_word(change: Change) -> str:
    if change.is_undecided:
        return _("to be judged")
    return _("code again") if change.needs_eyes else str(VersionChange.Kind(change.kind).label)


def title_of(change: Change, language: str) -> str:
    """Such as: “Klantnummer” is split into “klantnummer” and “ordernummer”."""
    before = _name(change.before, language) or change.was
    after = _name(change.after, language) or change.variable
    if change.kind == SPLIT:
        return _("“%(name)s” is split into %(parts)s") % {
            "name": before,
            "parts": _(" and ").join(f"“{part}”" for part in _parts(change, language)),
        }
    if change.kind == MERGE:
        gone = [_name(each, language) for each in change.before.get("categories", [])]
        return _("%(parts)s become “%(name)s”") % {
            "parts": _(" and ").join(f"“{name}”" for name in gone),
            "name": after,
        }
    sentences = {
        RENAME: _("“%(before)s” is now called “%(after)s”"),
        NEW_CATEGORY: _("“%(after)s” is new in “%(variable)s”"),
        NEW_VARIABLE: _("“%(after)s” is a new variable"),
        REDEFINITION: _("“%(after)s” means something else"),
        WITHDRAWN_CATEGORY: _("“%(before)s” is withdrawn"),
        WITHDRAWN_VARIABLE: _("“%(before)s” is asked no more"),
    }
    parts = {"before": before, "after": after, "variable": change.variable}
    if change.kind == RENAME:
        parts = {"before": change.before.get("key", ""), "after": change.after.get("key", "")}
    if change.kind in sentences:
        return str(sentences[change.kind] % parts)
    fields = ", ".join(str(FIELDS.get(name, name)) for name in change.fields)
    return f"{after}: {fields}" if after else _("The codebook as a whole: %(fields)s") % {"fields": fields}


FIELDS = {
    "label": gettext_lazy("name"),
    "definition": gettext_lazy("definition"),
    "include": gettext_lazy("when"),
    "exclude": gettext_lazy("when not"),
    "example": gettext_lazy("example"),
    "show_if": gettext_lazy("condition"),
    "required": gettext_lazy("must be answered"),
    "required_if": gettext_lazy("must be answered"),
    "module": gettext_lazy("module"),
    "modules": gettext_lazy("modules"),
    "order": gettext_lazy("order"),
    "order of the categories": gettext_lazy("order of the categories"),
    "applies_to": gettext_lazy("asked of whom"),
    "shortcut": gettext_lazy("shortcut"),
    "code": gettext_lazy("code"),
    "title": gettext_lazy("title"),
    "description": gettext_lazy("description"),
    "consistency": gettext_lazy("answers that contradict each other"),
    "reliability": gettext_lazy("counts in agreement"),
    "missing_codes": gettext_lazy("missing codes"),
}


def _parts(change: Change, language: str) -> list[str]:
    """What the parts of a split are called; their keys where they have no name yet."""
    names = [text_in(name, language) for name in change.names]
    names += [""] * (len(change.categories) - len(names))
    return [name or key for name, key in zip(names, change.categories, strict=True)]


def sizes(touched: Touched) -> str:
    """143 codes of 3 coders in 97 conversations; 21 settled cases."""
    parts = [
        ngettext("%(n)s code", "%(n)s codes", touched.codes) % {"n": touched.codes},
        ngettext("%(n)s coder", "%(n)s coders", touched.coders) % {"n": touched.coders},
        ngettext("%(n)s conversation", "%(n)s conversations", touched.conversations)
        % {"n": touched.conversations},
        ngettext("%(n)s settled case", "%(n)s settled cases", touched.settled) % {"n": touched.settled},
    ]
    return ", ".join(parts)


def _name(item: Mapping[str, Any], language: str) -> str:
    return text_in(item.get("label") or {}, language)


def _texts(item: Mapping[str, Any], fields: Sequence[str], language: str) -> str:
    """The texts of an item that the change is about, to be compared."""
    texts = [
        text_in(item[name], language)
        for name in fields
        if name in ("label", "definition", "include", "exclude", "example") and item.get(name)
    ]
    return " · ".join(texts)


def told_version(version: CodebookVersion, language: str) -> list[ToldChange]:
    """The changes with which a version was published, as they were counted then."""
    if version.based_on_id is None:
        return []
    base, now = lookup(version.based_on_id).spec, lookup(version.pk).spec
    told = []
    for row in version.changes.all():
        change = Change(
            row.kind,
            was=row.was,
            variable=row.variable,
            carries=row.carries,
            every_code=row.every_code,
            categories=tuple(row.categories),
            names=tuple(_labels(now, row.variable, row.categories)),
            before=_was(base, row),
            after=_is(now, row),
            fields=tuple(row.fields),
            reason=row.reason,
            asks_finished=row.asks_finished,
        )
        told.append(tell(change, Touched(**row.touched), language, base))
    return sorted(told, key=lambda each: not each.needs_eyes)


def _labels(spec: CodebookSpec, variable: str, keys: Sequence[str]) -> list[Mapping[str, str]]:
    known = spec.by_key.get(variable)
    return [known.by_key[key].label if known and key in known.by_key else {} for key in keys]


def _was(spec: CodebookSpec, row: VersionChange) -> dict[str, Any]:
    variable = spec.by_key.get(row.was)
    categories = [variable.by_key[key] for key in row.carries if key in variable.by_key] if variable else []
    if row.kind == MERGE:
        return {"categories": [vars_of(each) for each in categories]}
    item = categories[0] if categories else variable
    return vars_of(item) if item else {}


def _is(spec: CodebookSpec, row: VersionChange) -> dict[str, Any]:
    variable = spec.by_key.get(row.variable)
    if variable is None:
        return {}
    key = next((each for each in row.categories if each in variable.by_key), None)
    return vars_of(variable.by_key[key] if key else variable)


def vars_of(item: VariableSpec | CategorySpec) -> dict[str, Any]:
    return {name: dict(getattr(item, name)) for name in TEXTS} | {"key": item.key}


TEXTS = ("label", "definition", "include", "exclude", "example")
