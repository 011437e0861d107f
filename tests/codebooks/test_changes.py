"""Edits of a document, and what a next version changes: which codes stand, carry over or are coded again."""

import copy

import pytest

from annotations.codebooks.changes import changes_of
from annotations.codebooks.document import items_of, marked, read_document, yaml_of
from annotations.codebooks.editing.edits import edited
from annotations.codebooks.editing.fields import EditError
from annotations.codebooks.reading import read_codebook
from annotations.codebooks.writing import write_yaml
from tests.factories import SMALL_CODEBOOK

BASE = read_codebook(SMALL_CODEBOOK)


def fresh():
    return marked(BASE)


def find(document, key, category=None):
    variable = next(item for item in document["variables"] if item["key"] == key)
    items = variable["categories"] if category else [variable]
    return next(item for item in items if item["key"] == (category or key))["_id"]


def after(*edits, document=None):
    document = document or fresh()
    for edit in edits:
        document, _item = edited(document, edit)
    return document


def kinds(document):
    return [change.kind for change in changes_of(BASE, document)]


def set_(item, field, value):
    return {"do": "set", "item": item, "field": field.split("."), "value": value}


def test_an_untouched_document_is_the_base_and_changes_nothing():
    assert yaml_of(fresh()) == write_yaml(BASE)
    assert kinds(fresh()) == []


def test_an_edit_leaves_the_document_it_was_given():
    document = fresh()
    before = copy.deepcopy(document)
    edited(document, set_(find(document, "solved"), "label.nl", "Klaar"))
    assert document == before


def test_words_stand_but_a_definition_that_reads_otherwise_must_be_judged():
    document = fresh()
    item = find(document, "solved", "partly")
    [label] = changes_of(BASE, after(set_(item, "label.nl", "Half")))
    assert (label.kind, label.carries, label.is_undecided) == ("wording", {"partly": "partly"}, False)
    document = after(set_(item, "definition.nl", "Een deel."))
    [undecided] = changes_of(BASE, document)
    assert (undecided.kind, undecided.is_undecided) == ("wording", True)
    [same] = changes_of(BASE, after(set_(item, "_meaning", "same"), document=document))
    assert (same.kind, same.is_undecided) == ("wording", False)
    [new] = changes_of(BASE, after(set_(item, "_meaning", "new"), document=document))
    assert (new.kind, new.carries, new.needs_eyes) == ("redefinition", {"partly": None}, True)


def test_one_more_translation_is_wording():
    document = fresh()
    item = find(document, "info_type", "bsn")
    document = after(set_(item, "include.nl", "Ook in delen."), set_(item, "_meaning", "same"))
    assert kinds(document) == ["wording"]


def test_a_redefined_variable_touches_every_code_of_it():
    document = after(set_(find(fresh(), "solved"), "_meaning", "new"))
    [change] = changes_of(BASE, document)
    assert (change.kind, change.every_code, change.was) == ("redefinition", True, "solved")


def test_a_split_stops_the_old_codes_and_stands_in_for_it_in_conditions():
    document = fresh()
    document = after({"do": "split", "item": find(document, "contains_pii", "yes")})
    split = changes_of(BASE, document)[0]
    assert (split.kind, split.carries) == ("split", {"yes": None})
    channels = next(item for item in document["variables"] if item["key"] == "channels")
    assert channels["show_if"] == {"contains_pii": list(split.categories)}
    halves = [
        item for item in items_of(document) if item.get("_was") == ["yes"] and not item.get("_withdrawn")
    ]
    assert len(halves) == 2
    assert len({item["code"] for item in halves} - {1, 2, 98}) == 2


def test_a_merge_carries_both_into_one():
    document = fresh()
    into, other = find(document, "solved", "partly"), find(document, "solved", "not")
    document = after({"do": "merge", "item": into, "items": [other]})
    [merge] = changes_of(BASE, document)
    assert (merge.kind, merge.carries) == ("merge", {"partly": "partly", "not": "partly"})
    spec, faults = read_document(document)
    assert faults == []
    assert spec.by_key["solved"].values == ("partly", "fully")


def test_a_key_that_changes_is_changed_where_it_is_named():
    document = after(set_(find(fresh(), "contains_pii"), "key", "holds_data"))
    [change] = changes_of(BASE, document)
    assert (change.kind, change.was, change.variable) == ("rename", "contains_pii", "holds_data")
    assert read_document(document)[1] == []
    assert read_document(document)[0].by_key["channels"].show_if == {"holds_data": ("yes",)}


@pytest.mark.parametrize(
    ("field", "value"), [("level", "conversation"), ("kind", "multi"), ("scale", "nominal")]
)
def test_another_level_kind_or_scale_is_another_variable(field, value):
    key = "solved" if field != "level" else "removal_request"
    document = after(set_(find(fresh(), key), field, value))
    found = changes_of(BASE, document)
    assert [(change.kind, change.was or change.variable) for change in found] == [
        ("withdrawn_variable", key),
        ("new_variable", f"{key}_2"),
    ]


def test_what_is_new_can_go_and_what_was_there_is_withdrawn_and_can_come_back():
    document, item = edited(fresh(), {"do": "add_category", "item": find(fresh(), "solved")})
    document = after(set_(item, "label.nl", "Deels, later"), document=document)
    new = next(each for each in items_of(document) if each["_id"] == item)
    assert (new["key"], new["code"]) == ("deels_later", 4)
    assert kinds(document) == ["new_category"]
    assert kinds(after({"do": "remove", "item": item}, document=document)) == []
    old = find(fresh(), "solved", "not")
    document = after({"do": "remove", "item": old})
    [change] = changes_of(BASE, document)
    assert (change.kind, change.carries) == ("withdrawn_category", {"not": None})
    assert kinds(after({"do": "restore", "item": old}, document=document)) == []


def test_faults_name_the_item_and_its_field():
    document = after(set_(find(fresh(), "solved", "not"), "shortcut", "2"))
    [fault] = read_document(document)[1]
    assert fault.path == (find(fresh(), "solved", "partly"), "shortcut")


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"do": "set"},
        {"do": "set", "item": "codebook", "field": ["key"], "value": "other"},
        {"do": "set", "item": "codebook", "field": ["title", "nl", "x"], "value": "a"},
        {"do": "move", "item": "codebook"},
        {"do": "merge", "item": "i1", "items": "i2"},
        {"do": "set", "item": "nobody", "field": ["key"], "value": "x"},
        {"do": "set", "item": find(fresh(), "solved"), "field": ["show_if"], "value": [1]},
        {"do": "set", "item": find(fresh(), "solved"), "field": ["required"], "value": "yes"},
        {"do": "set", "item": find(fresh(), "solved"), "field": ["_id"], "value": "i1"},
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(edit):
    with pytest.raises(EditError):
        edited(fresh(), edit)


def test_moving_keeps_everything_and_is_told():
    document = after({"do": "move", "item": find(fresh(), "note"), "before": find(fresh(), "waiting_days")})
    assert [item["key"] for item in document["variables"]][-3:] == ["note", "waiting_days", "solved"]
    assert kinds(document) == ["setting", "setting"]  # the order, and the module it is in now
    up = after({"do": "move", "item": find(fresh(), "solved", "fully"), "by": -1})
    assert [c["key"] for c in up["variables"][5]["categories"]] == ["not", "fully", "partly"]
