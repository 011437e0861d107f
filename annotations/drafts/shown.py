"""A checked draft as its page reads it: names, notes and changes of each item, and one field at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from ..codebooks.categories import text_in
from ..codebooks.changes import Change
from ..codebooks.document import Document, Item
from ..codebooks.problems import Fault, Problem
from .fields import ConditionField, Input, TextRow
from .names import NAMES
from .publish import Checked


class Shown:
    """What the page says of the items of a draft."""

    def __init__(self, document: Document, checked: Checked, language: str) -> None:
        self.document, self.checked, self.language = document, checked, language
        self.languages = document["codebook"].get("languages", [])
        self.notes: dict[str, list[tuple[tuple[Any, ...], str, bool]]] = defaultdict(list)
        for is_fault, faults in ((True, checked.faults), (False, checked.warnings)):
            for fault in faults:
                item = str(fault.path[0]) if fault.path else "codebook"
                self.notes[item].append((fault.path[1:], in_words(fault), is_fault))
        self.changes: dict[str, list[Change]] = defaultdict(list)
        for change in checked.changes:
            self.changes[change.item].append(change)

    def faults(self, item: Item) -> int:
        return sum(is_fault for _path, _words, is_fault in self.notes.get(item["_id"], []))

    def label(self, item: Item) -> str:
        return text_in(item.get("label") or {}, self.language) or item.get("key", "")

    def judged(self, item: Item) -> dict[str, Any]:
        changes = self.changes[item["_id"]]
        asks = any(change.is_undecided for change in changes) or bool(item.get("_meaning"))
        return {
            "meaning": item.get("_meaning", ""),
            "reason": item.get("_reason", ""),
            "asks_meaning": asks,
            "meaning_fault": any(change.is_undecided for change in changes),
        }

    def left(
        self, item: Item, shown: Sequence[str], conditions: Sequence[ConditionField] = ()
    ) -> list[tuple[str, bool]]:
        """What is wrong, and has no field of its own to stand beside."""
        own = {*shown, "_meaning", *(each.field for each in conditions)}
        found = []
        for path, words, is_fault in self.notes.get(item["_id"], []):
            written = ".".join(map(str, path))
            if not any(written == each or written.startswith(f"{each}.") for each in own):
                found.append((words, is_fault))
        return list(dict.fromkeys(found))

    def note(self, item: Item, path: str) -> tuple[str, bool]:
        for where, words, is_fault in self.notes.get(item["_id"], []):
            written = ".".join(map(str, where))
            text_is_missing = path.startswith(f"{written}.")
            if written == path or written.startswith(f"{path}.") or text_is_missing:
                return words, is_fault
        return "", False

    def input(
        self,
        item: Item,
        path: str,
        name: str = "",
        *,
        options: Sequence[tuple[str, str]] = (),
        default: Any = "",
        language: str = "",
    ) -> Input:
        value: Any = item
        for step in path.split("."):
            value = value.get(step, default) if isinstance(value, Mapping) else default
        note, is_fault = self.note(item, path)
        name = name or str(NAMES.get(path, path))
        return Input(item["_id"], path, name, value, note, is_fault, language, options)

    def text(self, item: Item, name: str) -> TextRow:
        return TextRow(str(NAMES[name]), name, self.in_languages(item, name, str(NAMES[name])))

    def in_languages(self, item: Item, path: str, name: str) -> list[Input]:
        return [
            self.input(item, f"{path}.{language}", name, language=language) for language in self.languages
        ]


def in_words(fault: Fault) -> str:
    return Problem(0, 0, "", fault.sentence, fault.params).as_sentence(_)
