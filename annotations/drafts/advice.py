"""What is no mistake in a draft and yet goes wrong in practice; said beside the field that it is about.

A question that can never be asked, a category nobody can choose, and an example that holds personal data.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from ..codebooks.categories import CategorySpec
from ..codebooks.document import Document, Item, is_withdrawn
from ..codebooks.problems import Fault
from ..codebooks.schema import ANY_VALUE, HARD, CodebookSpec, VariableSpec
from ..pii import find_candidates

# Values that anybody sees are made up, as those in the codebooks of the app.
MADE_UP = re.compile(r"0000|1234567|111222333|\b0\d{3} ?[A-Z]{2}\b|example\.|voorbeeld\.|\b01-01-", re.I)
TEXTS = ("definition", "include", "exclude", "example")


def warnings_of(base: CodebookSpec, spec: CodebookSpec, document: Document, *, unread: bool) -> list[Fault]:
    """By path, as the faults. `unread`: there are faults, so that conditions may lead nowhere."""
    found = list(_personal_data(base, document))
    if not unread:
        ids = _ids(document)
        found += [
            Fault((ids[fault.path[0], fault.path[1]], *fault.path[2:]), fault.sentence, fault.params)
            for fault in _unreachable(spec)
        ]
    return found


def _ids(document: Document) -> dict[tuple[object, object], str]:
    """(variable, category or "") -> id."""
    found: dict[tuple[object, object], str] = {}
    for variable in document.get("variables", []):
        if not is_withdrawn(variable):
            found[variable["key"], ""] = variable["_id"]
            for category in variable.get("categories", []):
                if not is_withdrawn(category):
                    found[variable["key"], category["key"]] = category["_id"]
    return found


def _unreachable(spec: CodebookSpec) -> Iterator[Fault]:
    """Paths begin with the keys of variable and category."""
    for variable in spec.variables:
        clash = never_asked(spec, variable)
        if clash:
            yield Fault(
                (variable.key, "", "show_if"),
                "this question can never be asked: %(name)s would have to have two values at once",
                {"name": clash},
            )
    for item in spec.consistency:
        if item.kind == HARD and not item.fragments and len(item.when) == 1:
            ((key, values),) = item.when.items()
            for value in values:
                if (category := spec.by_key[key].by_key.get(value)) and spec.by_key[key].categories:
                    yield Fault(
                        (key, category.key, "key"),
                        "nobody can choose this: the rule %(name)s refuses it always",
                        {"name": item.key},
                    )
    for variable in spec.variables:
        yield from _same_names(variable)


def never_asked(spec: CodebookSpec, variable: VariableSpec) -> str:
    """The variable of which a question's conditions, all together, ask what cannot be; empty where none."""
    allowed: dict[str, set[str]] = {}
    waiting, seen = [variable], set()
    while waiting:
        here = waiting.pop()
        if here.key in seen:
            continue
        seen.add(here.key)
        for key, values in here.show_if.items():
            parent = spec.by_key[key]
            if parent.level != variable.level:
                continue  # any one of the units below will do
            if ANY_VALUE not in values and parent.of_kind.column == "category":
                allowed[key] = allowed.get(key, set(parent.values)) & set(values)
                if not allowed[key]:
                    return key
            waiting.append(parent)
    return ""


def _same_names(variable: VariableSpec) -> Iterator[Fault]:
    named: dict[tuple[str, str], CategorySpec] = {}
    for category in variable.categories:
        for language, label in category.label.items():
            other = named.setdefault((language, label.strip().lower()), category)
            if other is not category:
                yield Fault(
                    (variable.key, category.key, "label", language),
                    "another category of this question is called the same; nobody can tell which to choose",
                )


def _personal_data(base: CodebookSpec, document: Document) -> Iterator[Fault]:
    """In texts that the base version does not have."""
    known = {
        text
        for variable in base.variables
        for item in (variable, *variable.categories)
        for name in TEXTS
        for text in getattr(item, name).values()
    }
    for variable in document.get("variables", []):
        if is_withdrawn(variable):
            continue
        for item in (variable, *variable.get("categories", [])):
            if not is_withdrawn(item):
                yield from _in_texts(item, known)


def _in_texts(item: Item, known: Collection[str]) -> Iterator[Fault]:
    for name in TEXTS:
        texts: Mapping[str, str] = item.get(name) or {}
        for language, text in texts.items():
            if text in known:
                continue
            found = [
                each
                for each in find_candidates(text)
                if each.confidence == "high" and not MADE_UP.search(text[each.start : each.end])
            ]
            if found:
                yield Fault(
                    (item["_id"], name, language),
                    "this seems to hold real personal data (%(kind)s); make up an example instead",
                    {"kind": found[0].info_type},
                )
