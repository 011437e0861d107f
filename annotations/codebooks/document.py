"""A codebook as a plain document that can be edited: the shape of its YAML, as JSON, with marks.

A mark is a field whose name begins with an underscore. Modules, variables, categories and rules carry

``_id``         what edits and faults are addressed to, whatever the item is called by now
``_was``        of a variable: its key in the base version; of a category: the keys that went into it
``_withdrawn``  true: it is in the base version and not in the next
``_meaning``    whether a changed definition means the same (``same``) or something else (``new``)
``_reason``     why it was changed

Without its marks the document is what ``reading`` reads.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import yaml

from .nodes import TAG
from .problems import Fault, Path
from .reading import read_nodes
from .schema import CodebookSpec
from .writing import document_of, write_yaml

Document = dict[str, Any]
Item = dict[str, Any]
PARTS = ("modules", "variables")
_NOWHERE = yaml.Mark("", 0, 0, 0, "", 0)


def marked(spec: CodebookSpec) -> Document:
    """A document to edit, in which nothing was changed yet."""
    document = as_json(document_of(spec))
    for module in document.get("modules", []):
        module["_was"] = module["key"]
    for variable in document.get("variables", []):
        variable["_was"] = variable["key"]
        for category in variable.get("categories", []):
            category["_was"] = [category["key"]]
    return numbered(document)


def numbered(document: Document) -> Document:
    """Gives every item that has none an id of its own; changes the document."""
    taken = {item["_id"] for item in items_of(document) if "_id" in item}
    free = (f"i{number}" for number in itertools.count(1) if f"i{number}" not in taken)
    for item in items_of(document):
        if "_id" not in item:
            item["_id"] = next(free)
    return document


def items_of(document: Document) -> Iterator[Item]:
    """Modules, variables, categories, withdrawn ones too, and the rules on contradictions."""
    yield from document.get("modules", [])
    for variable in document.get("variables", []):
        yield variable
        yield from variable.get("categories", [])
    yield from document.get("consistency", [])


def is_there(document: Document, item: str) -> bool:
    return item == "codebook" or any(each["_id"] == item for each in items_of(document))


def unmarked(document: Document) -> Document:
    """The next version as its YAML will hold it: without marks and what is withdrawn."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items() if not key.startswith("_")}
        if isinstance(value, list):
            return [plain(each) for each in value if not is_withdrawn(each)]
        return value

    found = {part: plain(value) for part, value in document.items()}
    return {part: value for part, value in found.items() if value or part in ("codebook", *PARTS)}


def is_withdrawn(item: Any) -> bool:
    return isinstance(item, dict) and bool(item.get("_withdrawn"))


def read_document(document: Document) -> tuple[CodebookSpec, list[Fault]]:
    """What the next version is so far, and its faults; a path names items by their ``_id``."""
    plain = unmarked(document)
    spec, faults = read_nodes(_node(plain))
    return spec, [Fault(_with_ids(document, fault.path), fault.sentence, fault.params) for fault in faults]


def yaml_of(document: Document) -> str:
    """The next version as a person would have written it. Only where it has no faults."""
    spec, faults = read_document(document)
    if faults:
        raise ValueError("a document with faults has no YAML")
    return write_yaml(spec)


def as_json(value: Any) -> Any:
    """A document with nothing in it but what JSON knows."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return copy.copy(value)


def _with_ids(document: Document, path: Path) -> Path:
    """``("variables", 3, "categories", 1, "key")`` -> ``("i17", "key")``."""
    found: Path = ()
    here: Any = document
    for step in path:
        if isinstance(step, int) and isinstance(here, list):
            here = [each for each in here if not is_withdrawn(each)]
            here = here[step] if step < len(here) else None
            if isinstance(here, dict) and "_id" in here:
                found = (here["_id"],)
                continue
        elif isinstance(here, dict):
            here = here.get(str(step))
        found = (*found, step)
    return found


def _node(value: Any) -> yaml.Node:
    if isinstance(value, dict):
        pairs = [(_node(str(key)), _node(each)) for key, each in value.items()]
        return yaml.MappingNode(TAG + "map", pairs, _NOWHERE, _NOWHERE)
    if isinstance(value, list):
        return yaml.SequenceNode(TAG + "seq", [_node(each) for each in value], _NOWHERE, _NOWHERE)
    if isinstance(value, bool):
        return _scalar("bool", "true" if value else "false")
    if isinstance(value, int):
        return _scalar("int", str(value))
    if isinstance(value, float):
        return _scalar("float", f"{Decimal(repr(value)):f}")
    return _scalar("null", "") if value is None else _scalar("str", str(value))


def _scalar(tag: str, text: str) -> yaml.Node:
    return yaml.ScalarNode(TAG + tag, text, _NOWHERE, _NOWHERE)
