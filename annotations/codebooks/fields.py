"""Reads named fields of a codebook's mappings: texts per language, conditions, lists, choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import TypeVar

import yaml

from .nodes import Nodes
from .problems import Path
from .schema import Condition, DerivationSpec, Text

KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
LABEL, PARAGRAPH = 200, 4_000

Fields = dict[str, yaml.Node]
Item = TypeVar("Item")
Default = TypeVar("Default")


class FieldReader(Nodes):
    """Each method reads the field ``name`` of ``fields``, the mapping at ``path``; empty if absent."""

    languages: tuple[str, ...] = ()

    def key_of(self, fields: Fields, path: Path) -> str:
        if "key" not in fields:
            return ""
        expected = "a key of small letters, digits and underscores that starts with a letter"
        return self.matching(fields["key"], (*path, "key"), KEY, expected)

    def string_of(self, fields: Fields, path: Path, name: str, *, most: int = LABEL) -> str:
        return self.string(fields[name], (*path, name), most=most) if name in fields else ""

    def choice_of(
        self, fields: Fields, path: Path, name: str, options: Collection[str], *, default: str = ""
    ) -> str:
        return self.choice(fields[name], (*path, name), options) if name in fields else default

    def flag_of(self, fields: Fields, path: Path, name: str, default: Default) -> bool | Default:
        return self.flag(fields[name], (*path, name)) if name in fields else default

    def list_of(
        self, fields: Fields, path: Path, name: str, read: Callable[[yaml.Node, Path], Item]
    ) -> tuple[Item, ...]:
        if name not in fields:
            return ()
        return tuple(read(node, here) for node, here in self.sequence(fields[name], (*path, name)))

    def strings_of(self, fields: Fields, path: Path, name: str) -> dict[str, str]:
        return self._mapping_of(
            fields, path, name, lambda node, here: self.string(node, here, most=PARAGRAPH)
        )

    def texts_of(self, fields: Fields, path: Path, name: str) -> dict[str, Text]:
        return self._mapping_of(fields, path, name, self._text_or_string)

    def text_of(
        self, fields: Fields, path: Path, name: str, *, most: int = LABEL, partly: bool = False
    ) -> dict[str, str]:
        """A text in every language of the codebook; ``partly``: in at least one of them."""
        return self._text(fields[name], (*path, name), most, partly) if name in fields else {}

    def condition_of(self, fields: Fields, path: Path, name: str) -> Condition:
        def values(node: yaml.Node, here: Path) -> tuple[str, ...]:
            return tuple(self.string(item, place) for item, place in self.sequence(node, here))

        return self._mapping_of(fields, path, name, values)

    def derivation_of(self, fields: Fields, path: Path, name: str) -> DerivationSpec | None:
        if name not in fields:
            return None
        here, required = (*path, name), {"from", "rule"}
        parts = self.mapping(fields[name], here, allowed={*required, "threshold"}, required=required)
        threshold = self.whole(parts["threshold"], (*here, "threshold")) if "threshold" in parts else None
        return DerivationSpec(
            self.string_of(parts, here, "from"), self.string_of(parts, here, "rule"), threshold
        )

    def _mapping_of(
        self, fields: Fields, path: Path, name: str, read: Callable[[yaml.Node, Path], Item]
    ) -> dict[str, Item]:
        if name not in fields:
            return {}
        here = (*path, name)
        return {key: read(node, (*here, key)) for key, node in self.mapping(fields[name], here).items()}

    def _text(self, node: yaml.Node, path: Path, most: int, partly: bool) -> dict[str, str]:
        required = () if partly else self.languages
        parts = self.mapping(node, path, allowed=self.languages, required=required)
        if partly and not parts:
            self.fault(path, "this is empty; expected text")
        return {
            language: self.string(parts[language], (*path, language), most=most)
            for language in self.languages
            if language in parts
        }

    def _text_or_string(self, node: yaml.Node, path: Path) -> Text:
        """A remark may be one string: the same in every language."""
        if isinstance(node, yaml.ScalarNode):
            return dict.fromkeys(self.languages, self.string(node, path, most=PARAGRAPH))
        return self._text(node, path, PARAGRAPH, partly=False)
