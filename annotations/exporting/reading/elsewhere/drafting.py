"""Variables of the next version of a codebook, made out of the columns of a coded table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from ....codebooks.document import numbered
from ....codebooks.editing.keys import free_key, key_from
from ....codebooks.lookup import lookup
from ....drafts.starting import blank, on_base
from ....drafts.store import draft_of, fresh, replace, start
from ....errors import BadInput
from ....models import CodebookDraft, Study
from .choices import NONE, Choices, key_of, kind_of
from .table import CodedTable

MODULE = "imported"
WORDS = {"nl": "Overgenomen codes", "en": "Imported codes"}
DEFINITION = {
    "nl": "Overgenomen uit de kolom “{column}” van {file}.",
    "en": "Taken from the column “{column}” of {file}.",
}
NOTHING = {"nl": "Geen", "en": "None"}
Item = dict[str, Any]


def draft_for(
    study: Study,
    table: CodedTable,
    choices: Choices,
    names: Sequence[str],
    *,
    only_these: bool = False,
    actor_id: int,
) -> CodebookDraft:
    """The study's draft with a variable for each of the columns; one that is there goes on.

    `only_these`: a draft that holds nothing else. Raises BadInput, also where a draft is being written and
    should hold nothing else.
    """
    draft = draft_of(study)
    if draft is not None and only_these:
        raise BadInput(_("There is a draft already. Publish it or give it up first."))
    if draft is not None:
        document = draft.document
    elif only_these:
        document = on_base(study, blank(study))
    else:
        document = fresh(study.codebook_version_id)
    languages = list(document["codebook"]["languages"])
    if all(module["key"] != MODULE for module in document["modules"]):
        module = {"key": MODULE, "label": {each: WORDS.get(each, WORDS["en"]) for each in languages}}
        document["modules"].append({**module, "default_on": True})
    spec = lookup(study.codebook_version_id).spec
    for name in names:
        if key_of(name) in spec.by_key and not only_these:
            continue
        item = variable_of(table, choices, name, languages)
        there = [each for each in document["variables"] if each["key"] == item["key"]]
        if all(each.get("_withdrawn") for each in there):
            for each in there:  # of another shape, so another variable: it leaves
                each["key"] = free_key(document["variables"], each["key"])
            document["variables"].append(item)
    document = numbered(document)
    if draft is None:
        return start(study.pk, actor_id=actor_id, document=document)
    return replace(draft.pk, document, revision=draft.revision, actor_id=actor_id)


def variable_of(table: CodedTable, choices: Choices, name: str, languages: Sequence[str]) -> Item:
    """A variable as a document holds it: its kind and categories are those of the cells."""
    index = list(table.header).index(name)
    kind, cells = kind_of(table, index)
    item: Item = {
        "key": key_of(name),
        "module": MODULE,
        "level": choices.level,
        "kind": kind,
        "applies_to": "any",
        "label": dict.fromkeys(languages, table.title(index)),
        "definition": {
            each: DEFINITION.get(each, DEFINITION["en"]).format(column=name, file=table.name)
            for each in languages
        },
    }
    if kind == "number":
        item["scale"] = "interval"
    if kind == "single":
        item["categories"] = _categories(table, index, cells, languages)
    return item


def _categories(table: CodedTable, index: int, cells: Sequence[str], languages: Sequence[str]) -> list[Item]:
    found: list[Item] = []
    numbers = [int(cell) if cell.isdecimal() and len(cell) < 5 else None for cell in cells]
    keeps = None not in numbers and not {97, 98, 99} & set(numbers)
    for place, (cell, number) in enumerate(zip(cells, numbers, strict=True), 1):
        label = table.label(index, cell) or cell
        key = key_from(label) or (
            f"value_{key_from('v' + cell)[1:]}" if key_from("v" + cell)[1:] else "value"
        )
        found.append(
            {
                "key": free_key(found, key),
                "code": number if keeps and number is not None else place,
                "label": dict.fromkeys(languages, label),
            }
        )
    if len(found) == 1:
        code = 0 if found[0]["code"] else 1
        nothing = {each: NOTHING.get(each, NOTHING["en"]) for each in languages}
        found.append({"key": free_key(found, NONE), "code": code, "label": nothing})
    return found
