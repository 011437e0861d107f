"""Reads values out of YAML nodes, and knows the line and the name of everything it has read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from decimal import Decimal, InvalidOperation

import yaml

from .problems import Fault, Path, Problem

MAX_ITEMS = 1_000
TAG = "tag:yaml.org,2002:"
WHOLE = re.compile(r"-?(0|[1-9]\d{0,8})")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


class Nodes:
    """Reads values out of nodes, collecting a problem instead of stopping at each fault.

    Every method takes the node and its path, and returns the value or an empty one of the same type.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.faults: list[Fault] = []
        """The same, by path."""
        self.unread: list[Path] = []
        """Where something is wrong, and an empty value stands for what is not known."""
        self._places: dict[Path, tuple[int, int]] = {}
        self._names: dict[Path, str] = {}

    def report(self, fault: Fault) -> None:
        """Add a fault at the place of its path, or of the nearest path above that is in the file."""
        self.faults.append(fault)
        path = fault.path
        while path and path not in self._places:
            path = path[:-1]
        line, column = self._places.get(path, (1, 1))
        self.problems.append(Problem(line, column, self.describe(fault.path), fault.sentence, fault.params))

    def fault(self, path: Path, sentence: str, **params: object) -> None:
        self.unread.append(path)
        self.report(Fault(path, sentence, params))

    def describe(self, path: Path) -> str:
        """The path as a person would say it: ``variables.in_scope.categories.spam.code``."""
        return ".".join(
            str(step) if isinstance(step, str) else self._names.get(path[: place + 1], f"#{step + 1}")
            for place, step in enumerate(path)
        )

    def place(self, node: yaml.Node, path: Path) -> None:
        self._places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)

    def mapping(
        self, node: yaml.Node, path: Path, *, allowed: Collection[str] = (), required: Collection[str] = ()
    ) -> dict[str, yaml.Node]:
        """Fields of a mapping. Without ``allowed`` any key will do."""
        self.place(node, path)
        if not isinstance(node, yaml.MappingNode) or node.tag != TAG + "map":
            self.fault(path, "expected a mapping (field: value), found %(thing)s", thing=_name(node))
            return {}
        fields: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = self.string(key_node, (*path, str(getattr(key_node, "value", "?"))))
            here = (*path, key)
            self.place(key_node, here)
            if key in fields:
                self.fault(here, "this field stands here twice; keep one of them")
            elif key and allowed and key not in allowed:
                near = difflib.get_close_matches(key, allowed, n=1)
                hint = near[0] if near else ", ".join(sorted(allowed))
                self.fault(here, "unknown field; did you mean %(hint)s?", hint=hint)
            fields[key] = value
        for missing in sorted(set(required) - set(fields)):
            self.fault((*path, missing), "this field is missing")
        return fields

    def sequence(self, node: yaml.Node, path: Path) -> Iterator[tuple[yaml.Node, Path]]:
        """The items of a list with their paths; an item that has a ``key`` is named by it."""
        self.place(node, path)
        if not isinstance(node, yaml.SequenceNode) or node.tag != TAG + "seq":
            self.fault(
                path, "expected a list (lines that start with a dash), found %(thing)s", thing=_name(node)
            )
            return
        if len(node.value) > MAX_ITEMS:
            self.fault(path, "more than %(limit)s items; a codebook has fewer", limit=MAX_ITEMS)
            return
        for index, item in enumerate(node.value):
            here = (*path, index)
            self.place(item, here)
            if isinstance(item, yaml.MappingNode):
                for key_node, value in item.value:
                    if key_node.value == "key" and isinstance(value, yaml.ScalarNode):
                        self._names[here] = value.value
            yield item, here

    def string(self, node: yaml.Node, path: Path, *, most: int = 200) -> str:
        self.place(node, path)
        if not isinstance(node, yaml.ScalarNode) or node.tag == TAG + "null":
            self.fault(path, "expected text, found %(thing)s", thing=_name(node))
        elif node.tag == TAG + "str":
            return self._clean(node, path, most)
        elif node.tag == TAG + "bool":
            self.fault(
                path,
                "YAML reads %(value)s without quotes as true or false; write '%(value)s' between quotes",
                value=node.value,
            )
        else:
            self.fault(
                path,
                "YAML reads %(value)s without quotes as %(thing)s; write '%(value)s' between quotes",
                value=node.value[:40],
                thing=_name(node),
            )
        return ""

    def _clean(self, node: yaml.ScalarNode, path: Path, most: int) -> str:
        value: str = node.value.strip()
        if not value:
            self.fault(path, "this is empty; expected text")
        elif len(value) > most:
            self.fault(path, "longer than %(most)s characters; shorten it", most=most)
        elif CONTROL.search(value):
            self.fault(path, "a control character stands in this text; remove it")
        else:
            return value
        return ""

    def choice(self, node: yaml.Node, path: Path, options: Collection[str]) -> str:
        value = self.string(node, path)
        if value and options and value not in options:
            expected = ", ".join(options)
            self.fault(path, "expected one of %(expected)s; found %(found)s", expected=expected, found=value)
            return ""
        return value

    def matching(self, node: yaml.Node, path: Path, pattern: re.Pattern[str], expected: str) -> str:
        value = self.string(node, path)
        if value and not pattern.fullmatch(value):
            self.fault(path, "expected %(wanted)s; found %(found)s", wanted=expected, found=value)
        return value

    def flag(self, node: yaml.Node, path: Path) -> bool:
        self.place(node, path)
        if node.tag != TAG + "bool":
            self.fault(path, "expected true or false, found %(thing)s", thing=_name(node))
            return False
        return node.value.lower() in {"true", "yes", "on"}

    def whole(self, node: yaml.Node, path: Path) -> int:
        self.place(node, path)
        if node.tag != TAG + "int" or not WHOLE.fullmatch(node.value):
            self.fault(path, "expected a whole number, found %(thing)s", thing=_name(node))
            return 0
        return int(node.value)

    def decimal(self, node: yaml.Node, path: Path) -> Decimal:
        self.place(node, path)
        if node.tag in {TAG + "int", TAG + "float"}:
            try:
                value = Decimal(node.value)
            except InvalidOperation:
                value = Decimal("nan")
            if value.is_finite():
                return value
        self.fault(path, "expected a number, found %(thing)s", thing=_name(node))
        return Decimal(0)


def _name(node: yaml.Node) -> str:
    kind = node.tag.removeprefix(TAG)
    names = {"map": "a mapping", "seq": "a list", "null": "nothing", "bool": "true or false", "str": "text"}
    names |= {"int": "a number", "float": "a number", "timestamp": "a date"}
    return names.get(kind, "a tag")
