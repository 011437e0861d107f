"""Edits of a codebook document: one at a time, each a plain mapping that says what to do. Pure.

What an edit implies for the rest of the book is done along with it: a key that changes is changed in the
conditions that name it, the parts of a split stand in for it there, and a variable that is given another
level, kind or scale becomes another variable.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from ..categories import MISSING_CODES
from ..changes import IDENTITY, MEANINGS
from ..document import Document, Item, is_withdrawn, numbered
from ..kinds import KINDS
from ..schema import EXCLUSIVE_KEYS
from .fields import FIELDS, TEXT, EditError, checked, put
from .keys import follow_label, free_code, free_key, rename, rename_variable, replace_category

MOST_ITEMS = 1_000
Edit = dict[str, Any]
MARKS = ("_reason", "_meaning")


def edited(document: Document, edit: Edit) -> tuple[Document, str]:
    """The document after an edit, and the id of the item that it is about. Raises EditError."""
    document = copy.deepcopy(document)
    do = _EDITS.get(str(edit.get("do", "")))
    if do is None:
        raise EditError("this edit is not known; reload the page")
    item = do(document, edit)
    numbered(document)
    return document, item if isinstance(item, str) else item["_id"]


def _set(document: Document, edit: Edit) -> Item | str:
    """``item``, ``field`` (a path within it) and ``value``; an empty value takes the field away."""
    part, item, _siblings, variable = _find(document, edit.get("item"))
    field, value = edit.get("field"), edit.get("value")
    if not isinstance(field, list) or not field or not all(isinstance(step, str) for step in field):
        raise EditError("this edit is not known; reload the page")
    name = field[0]
    if name in MARKS and part != "codebook":
        _set_mark(item, name, value)
        return item
    if name not in FIELDS[part]:
        raise EditError("this edit is not known; reload the page")
    value = checked(FIELDS[part][name], value)
    if name == "key":
        rename(document, part, item, variable, str(value or ""))
    elif part == "variables" and name in IDENTITY and item.get("_was"):
        return _another_variable(document, item, name, value)
    else:
        put(item, field, value)
    if name == "kind":
        _fit_kind(item)
    if name == "label":
        follow_label(document, part, item, variable)
    return item if part != "codebook" else "codebook"


def _set_mark(item: Item, name: str, value: Any) -> None:
    if name == "_meaning" and value not in (*MEANINGS, None, ""):
        raise EditError("this edit is not known; reload the page")
    value = checked(TEXT, value)
    if value:
        item[name] = value
    else:
        item.pop(name, None)


def _add_module(document: Document, edit: Edit) -> Item:
    modules = document.setdefault("modules", [])
    _room(modules)
    modules.append({"key": free_key(modules, "module"), "label": {}, "default_on": True, "_auto": True})
    return _last(document, modules, None)


def _add_variable(document: Document, edit: Edit) -> Item:
    """After the variable ``after``, in its module; else at the end."""
    variables = document.setdefault("variables", [])
    _room(variables)
    after = next((item for item in variables if item["_id"] == edit.get("after")), None)
    modules = [item["key"] for item in document.get("modules", []) if not is_withdrawn(item)]
    module = after["module"] if after else (modules[-1] if modules else "")
    new: Item = {
        "key": free_key(variables, "variable"),
        "module": str(edit.get("module") or module),
        "level": after["level"] if after else "conversation",
        "kind": "single",
        "label": {},
        "definition": {},
        "categories": [_blank_category([]), _blank_category([{"key": "category", "code": 1}])],
        "_auto": True,
    }
    variables.append(new)
    return _last(document, variables, after)


def _add_category(document: Document, edit: Edit) -> Item:
    part, item, _siblings, variable = _find(document, edit.get("item"))
    owner = variable or item
    if part not in ("variables", "categories") or owner.get("kind") not in ("single", "multi"):
        raise EditError("only a variable with categories takes one more")
    categories = owner.setdefault("categories", [])
    _room(categories)
    categories.append(_blank_category(categories))
    return _last(document, categories, item if part == "categories" else None)


def _add_rule(document: Document, edit: Edit) -> Item:
    """A soft one: it asks, until somebody says that it stops."""
    rules = document.setdefault("consistency", [])
    _room(rules)
    new = {"key": free_key(rules, "rule"), "level": "message", "kind": "soft", "when": {}, "text": {}}
    rules.append(new)
    return _last(document, rules, None)


def _blank_category(siblings: list[Item]) -> Item:
    return {"key": free_key(siblings, "category"), "code": free_code(siblings), "label": {}, "_auto": True}


def _last(document: Document, items: list[Item], after: Item | None) -> Item:
    """Moves the last item to behind another, and gives it with its id."""
    item = items.pop()
    items.insert(next((at + 1 for at, each in enumerate(items) if each is after), len(items)), item)
    numbered(document)
    return item


def _move(document: Document, edit: Edit) -> Item:
    """``before``: the id of the item that it will stand in front of, none for the end; or ``by`` -1 or 1."""
    part, item, siblings, _variable = _find(document, edit.get("item"))
    if part == "codebook":
        raise EditError("this edit is not known; reload the page")
    if edit.get("by") in (-1, 1):
        standing = [each for each in siblings if not is_withdrawn(each)]
        if part == "variables":
            standing = [each for each in standing if each["module"] == item["module"]]
        at = next((place for place, each in enumerate(standing) if each is item), 0)
        to = at + edit["by"]
        if 0 <= to < len(standing):
            here, there = _place(siblings, item), _place(siblings, standing[to])
            siblings.insert(there, siblings.pop(here))
        return item
    before = next((each for each in siblings if each["_id"] == edit.get("before")), None)
    if before is item:
        return item
    siblings.pop(_place(siblings, item))
    siblings.insert(_place(siblings, before) if before else len(siblings), item)
    if part == "variables" and before:
        item["module"] = before["module"]
    return item


def _remove(document: Document, edit: Edit) -> Item | str:
    """What the base version has is withdrawn, and can be put back; what is new goes."""
    part, item, siblings, _variable = _find(document, edit.get("item"))
    if part == "codebook":
        raise EditError("this edit is not known; reload the page")
    if part == "modules" and any(
        each["module"] == item["key"] for each in document["variables"] if not is_withdrawn(each)
    ):
        raise EditError("this module still holds variables; move or remove them first")
    if item.get("_was"):
        item["_withdrawn"] = True
        return item
    siblings.pop(_place(siblings, item))
    return item


def _restore(document: Document, edit: Edit) -> Item:
    _part, item, siblings, _variable = _find(document, edit.get("item"))
    others = [each for each in siblings if each is not item and not is_withdrawn(each)]
    if any(each.get("key") == item.get("key") for each in others):
        raise EditError("another item has its key %(key)s by now; change that first", key=item.get("key"))
    item.pop("_withdrawn", None)
    return item


def _split(document: Document, edit: Edit) -> Item:
    """The category becomes two; it is withdrawn, and both stand in for it where conditions name it."""
    part, item, siblings, variable = _find(document, edit.get("item"))
    if part != "categories" or variable is None or not item.get("_was") or is_withdrawn(item):
        raise EditError("only a category of the base version can be split; change a new one as you like")
    _room(siblings)
    at = _place(siblings, item)
    halves = []
    for number in (1, 2):
        half = {key: copy.deepcopy(value) for key, value in item.items() if not key.startswith("_")}
        half |= {"key": free_key(siblings, f"{item['key'][:55]}_{number}"), "code": free_code(siblings)}
        half |= {"_was": list(item["_was"]), "_auto": True}
        if number == 2:
            half.pop("shortcut", None)
            half["label"] = {}
        siblings.insert(at + number, half)
        halves.append(half)
    item["_withdrawn"] = True
    if edit.get("reason"):
        item["_reason"] = checked(TEXT, edit["reason"])
    replace_category(document, variable, item["key"], [half["key"] for half in halves])
    numbered(document)
    return halves[0]


def _merge(document: Document, edit: Edit) -> Item:
    """The categories ``items`` go into ``item``: their codes carry over to it."""
    part, into, siblings, variable = _find(document, edit.get("item"))
    others = edit.get("items")
    if part != "categories" or variable is None or not isinstance(others, list) or is_withdrawn(into):
        raise EditError("choose two categories of one variable")
    gone = [each for each in siblings if each["_id"] in others and each is not into]
    if not gone or any(is_withdrawn(each) for each in gone):
        raise EditError("choose two categories of one variable")
    for item in gone:
        into["_was"] = list(dict.fromkeys([*into.get("_was", []), *item.get("_was", [])]))
        replace_category(document, variable, item["key"], [into["key"]])
        if item.get("_was"):
            item["_withdrawn"] = True
        else:
            siblings.pop(_place(siblings, item))
    if not into["_was"]:
        del into["_was"]
    return into


_EDITS: dict[str, Callable[[Document, Edit], Item | str]] = {
    "set": _set,
    "add_module": _add_module,
    "add_variable": _add_variable,
    "add_category": _add_category,
    "add_rule": _add_rule,
    "move": _move,
    "remove": _remove,
    "restore": _restore,
    "split": _split,
    "merge": _merge,
}


def _find(document: Document, wanted: Any) -> tuple[str, Item, list[Item], Item | None]:
    """(part, item, the list it stands in, the variable of a category)."""
    if wanted == "codebook":
        return "codebook", document.setdefault("codebook", {}), [], None
    for part in ("modules", "variables", "consistency"):
        for item in document.get(part, []):
            if item["_id"] == wanted:
                return part, item, document[part], None
            for category in item.get("categories", []):
                if category["_id"] == wanted:
                    return "categories", category, item["categories"], item
    raise EditError("this item is not there any more; reload the page")


def _place(items: list[Item], wanted: Item) -> int:
    return next(at for at, item in enumerate(items) if item is wanted)


def _room(items: list[Item]) -> None:
    if len(items) >= MOST_ITEMS:
        raise EditError("more than %(limit)s items; a codebook has fewer", limit=MOST_ITEMS)


def _another_variable(document: Document, item: Item, name: str, value: Any) -> Item:
    """Other level, kind or scale: the old variable is withdrawn, another one asks from now on."""
    variables = document["variables"]
    if item.get(name) == value:
        return item
    other = copy.deepcopy(item)
    for each in (other, *other.get("categories", [])):
        for mark in ("_id", "_was", "_meaning"):
            each.pop(mark, None)
    other["categories"] = [each for each in other.get("categories", []) if not is_withdrawn(each)]
    other["key"] = free_key(variables, re.sub(r"_\d+$", "", item["key"]) + "_2")
    put(other, [name], value)
    _fit_kind(other)
    variables.insert(_place(variables, item) + 1, other)
    rename_variable(document, item["key"], other["key"])
    item["_withdrawn"] = True
    numbered(document)
    return other


def _fit_kind(item: Item) -> None:
    """What a variable of another kind cannot have goes."""
    kind = item.get("kind")
    if kind not in ("single", "multi"):
        item.pop("categories", None)
    elif not item.get("categories"):
        item["categories"] = [_blank_category([]), _blank_category([{"key": "category", "code": 1}])]
    if kind != "number":
        for name in ("min", "max", "unit", "missing_codes"):
            item.pop(name, None)
    if item.get("scale") not in (KINDS[kind].scales if kind in KINDS else ()):
        item.pop("scale", None)
    for category in item.get("categories", []):
        if kind == "multi" and (category["key"] in EXCLUSIVE_KEYS or category.get("code") in MISSING_CODES):
            category["exclusive"] = True
        elif kind == "single":
            category.pop("exclusive", None)
