"""Keys and codes of a document: making them, changing them, and whatever names them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ..categories import MISSING_CODES
from ..document import Document, Item


def rename(document: Document, part: str, item: Item, variable: Item | None, key: str) -> None:
    old = item.get("key", "")
    item["key"] = key
    item.pop("_auto", None)
    if not key or not old or key == old:
        return
    if part == "modules":
        for each in document["variables"]:
            if each.get("module") == old:
                each["module"] = key
    elif part == "variables":
        rename_variable(document, old, key)
    elif variable is not None:
        replace_category(document, variable, old, [key])


def rename_variable(document: Document, old: str, key: str) -> None:
    for condition in conditions(document):
        if old in condition:
            for name in list(condition):  # in its own place
                condition[key if name == old else name] = condition.pop(name)
    for each in document["variables"]:
        for name in ("derive", "suggest"):
            if each.get(name, {}).get("from") == old:
                each[name]["from"] = key


def replace_category(document: Document, variable: Item, old: str, keys: list[str]) -> None:
    for condition in conditions(document):
        values = condition.get(variable["key"])
        if values and old in values:
            replaced = [new for value in values for new in (keys if value == old else [value])]
            condition[variable["key"]] = list(dict.fromkeys(replaced))
    marks = variable.get("pre_highlight", {})
    if old in marks:
        marks[keys[0]] = marks.pop(old)


def conditions(document: Document) -> Iterator[dict[str, list[str]]]:
    for variable in document.get("variables", []):
        for name in ("show_if", "required_if"):
            if variable.get(name):
                yield variable[name]
    for item in document.get("consistency", []):
        if item.get("when"):
            yield item["when"]


def follow_label(document: Document, part: str, item: Item, variable: Item | None) -> None:
    """The key of a new item is made of its name, until somebody gives it one."""
    if part == "codebook" or not item.get("_auto"):
        return
    header = document["codebook"]
    name = item.get("label", {}).get(header.get("default_language", ""), "") or next(
        iter(item.get("label", {}).values()), ""
    )
    key = key_from(name)
    siblings = variable["categories"] if variable else document[part]
    others = [each for each in siblings if each is not item]
    if key:
        rename(document, part, item, variable, free_key(others, key))
        item["_auto"] = True


def key_from(name: str) -> str:
    """A key of small letters, digits and underscores, made of a name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_").lstrip("0123456789_")[:50].strip("_")


def free_key(items: list[Item], key: str) -> str:
    taken, wanted, number = {item.get("key") for item in items}, key, 2
    while wanted in taken:
        wanted, number = f"{key}_{number}", number + 1
    return wanted


def free_code(items: list[Item]) -> int:
    taken = {item.get("code") for item in items} | set(MISSING_CODES)
    return next(code for code in range(1, 32_000) if code not in taken)
