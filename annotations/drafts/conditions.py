"""The conditions of an item as its page shows them: each question with its answers, and what may be added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from ..codebooks.categories import text_in
from ..codebooks.document import Item, is_withdrawn
from ..codebooks.kinds import KINDS
from ..codebooks.schema import ANY_VALUE, LEVELS
from .fields import ConditionField, ConditionRow
from .shown import Shown


def condition(shown: Shown, item: Item, name: str, words: str) -> ConditionField:
    own: Mapping[str, list[str]] = item.get(name) or {}
    others = [
        each
        for each in shown.document["variables"]
        if not is_withdrawn(each) and each is not item and _comes_before(shown, each, item)
    ]
    by_key = {each["key"]: each for each in shown.document["variables"] if not is_withdrawn(each)}
    rows = []
    for key, chosen in own.items():
        asked = by_key.get(key)
        note, _is_fault = shown.note(item, f"{name}.{key}")
        label = shown.label(asked) if asked else key
        rows.append(ConditionRow(key, label, _values(shown, asked, chosen), note))
    more = [(each["key"], shown.label(each)) for each in others if each["key"] not in own]
    own_notes = shown.notes.get(item["_id"], [])
    of_all = next((said for where, said, _is_fault in own_notes if where == (name,)), "")
    return ConditionField(name, words, rows, more, of_all)


def _values(shown: Shown, asked: Item | None, chosen: Sequence[str]) -> list[tuple[str, str, bool]]:
    options: list[tuple[str, str]] = []
    if asked:
        fixed = KINDS[asked["kind"]].fixed if asked.get("kind") in KINDS else ()
        options = [(each.key, text_in(each.label, shown.language)) for each in fixed]
        options += [
            (each["key"], shown.label(each)) for each in asked.get("categories", []) if not is_withdrawn(each)
        ]
    known = {key for key, _label in options}
    options += [(key, key) for key in chosen if key not in known and key != ANY_VALUE]
    options.append((ANY_VALUE, _("any answer")))
    return [(key, label, key in chosen) for key, label in options]


def _comes_before(shown: Shown, other: Item, item: Item) -> bool:
    variables = shown.document["variables"]
    if other.get("level") not in LEVELS or item.get("level") not in LEVELS:
        return False
    there, here = LEVELS.index(other["level"]), LEVELS.index(item["level"])
    if item not in variables:  # a rule looks at everything up to its own level
        return there <= here
    return there < here or (there == here and variables.index(other) < variables.index(item))
