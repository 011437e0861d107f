"""In the editor: rules on answers that contradict each other, and what missing values are called."""

import pytest
from django.test import Client
from django.urls import reverse

from annotations.codebooks.document import yaml_of
from annotations.codebooks.lookup import lookup
from annotations.codebooks.schema import ConsistencySpec
from annotations.drafts.editor import Editor
from annotations.drafts.publish import check
from annotations.drafts.store import edit
from annotations.drafts.words import told_changes
from annotations.errors import BadInput, StaleWrite
from tests.factories import make_member, make_study

from .help import Drafting

pytestmark = pytest.mark.django_db
TEXTS = {"nl": "Nee, en toch gevraagd.", "en": "No, and yet asked."}


@pytest.fixture
def drafting():
    study = make_study()
    study.boss = make_member(study, f"{study.slug}-boss", "supervisor")
    return Drafting(study)


def form_of(drafting, wanted):
    return Editor(drafting.draft.document, check(drafting.draft), {}, "nl").form(wanted)


def new_rule(drafting, **fields):
    rule = drafting.do(do="add_rule")
    for name, value in {"text.nl": TEXTS["nl"], "text.en": TEXTS["en"], **fields}.items():
        drafting.set(rule, name, value)
    return rule


def test_a_rule_is_written_published_and_stands_in_the_yaml_as_a_person_writes_it(drafting):
    rule = new_rule(drafting, key="no_but_asked", kind="hard", fragments="some")
    drafting.set(rule, "when", {"contains_pii": ["no"], "removal_request": ["*"]})
    assert check(drafting.draft).faults == []
    written = yaml_of(drafting.draft.document)
    assert written.endswith(
        """
consistency:

  - key: no_but_asked
    level: message
    kind: hard
    when:
      contains_pii:
        - 'no'
      removal_request:
        - '*'
    fragments: some
    text:
      nl: Nee, en toch gevraagd.
      en: No, and yet asked.
"""
    )
    version = drafting.publish()
    assert lookup(version.pk).spec.consistency[-1] == ConsistencySpec(
        "no_but_asked", "message", "hard", {"contains_pii": ("no",), "removal_request": ("*",)}, TEXTS, "some"
    )


def test_each_fault_of_a_rule_stands_beside_its_field(drafting):
    rule = drafting.do(do="add_rule")
    form = form_of(drafting, rule)
    assert form.conditions[0].note
    assert all(each.is_fault for each in form.texts[0].inputs)
    drafting.set(rule, "key", "No good")
    assert form_of(drafting, rule).key.is_fault
    drafting.do(do="remove", item=rule)
    rule = new_rule(drafting, key="later")
    drafting.set(rule, "when", {"solved": ["not"]})
    form = form_of(drafting, rule)
    assert form.conditions[0].rows[0].note  # solved is coded later, of the conversation
    assert [label for key, label in form.conditions[0].more if key == "solved"] == []
    drafting.set(rule, "level", "conversation")
    assert not form_of(drafting, rule).conditions[0].rows[0].note


def test_a_rule_follows_the_names_of_what_it_looks_at_is_moved_and_goes(drafting):
    first, second = new_rule(drafting), new_rule(drafting)
    drafting.set(first, "when", {"contains_pii": ["no"]})
    drafting.set(drafting.id("contains_pii"), "key", "has_pii")
    rules = drafting.draft.document["consistency"]
    assert next(each for each in rules if each["_id"] == first)["when"] == {"has_pii": ["no"]}
    drafting.do(do="move", item=second, by=-1)
    order = [each["_id"] for each in drafting.draft.document["consistency"]]
    assert order.index(second) < order.index(first)
    drafting.do(do="remove", item=first)
    assert first not in [each["_id"] for each in drafting.draft.document["consistency"]]


def test_two_supervisors_at_one_rule_and_an_edit_that_is_none(drafting):
    rule = new_rule(drafting)
    what = {"do": "set", "item": rule, "field": ["text", "nl"], "value": "Anders"}
    with pytest.raises(StaleWrite) as stale:
        edit(drafting.draft.pk, what, revision=1, actor_id=None)
    assert stale.value.current == {"value": TEXTS["nl"]}
    for field in (["when"], ["text", "nl", "x"], ["shortcut"]):
        with pytest.raises(BadInput):
            drafting.do(do="set", item=rule, field=field, value="x")


def test_the_labels_of_missing_codes_are_edited_in_every_language(drafting):
    drafting.set("codebook", "missing_codes.97.nl", "n.v.t.")
    assert "nl: n.v.t." in yaml_of(drafting.draft.document)
    changes = check(drafting.draft).changes
    [told] = told_changes(drafting.study, drafting.draft.base_id, changes, "nl")
    assert told.title == "Het codeboek als geheel: ontbrekende waarden"
    drafting.set("codebook", "missing_codes.98.en", "")
    form = form_of(drafting, "codebook")
    assert [each.is_fault for row in form.missing for each in row.inputs] == [
        False,
        False,
        False,
        True,
        False,
        False,
    ]
    drafting.set("codebook", "missing_codes.98.nl", "")
    assert [each.is_fault for each in form_of(drafting, "codebook").missing[1].inputs] == [True, True]


def test_a_number_has_missing_codes_of_its_own(drafting):
    days = drafting.id("waiting_days")
    for code, number in (("97", -7), ("98", -8)):
        drafting.set(days, f"missing_codes.{code}", number)
    numbers = {each.path: each.is_fault for each in form_of(drafting, days).numbers}
    assert [numbers[f"missing_codes.{code}"] for code in (97, 98, 99)] == [False, False, True]
    drafting.set(days, "missing_codes.99", -9)
    assert check(drafting.draft).faults == []
    assert "missing_codes:\n      '97': -7\n      '98': -8\n      '99': -9\n" in yaml_of(
        drafting.draft.document
    )
    for code in ("97", "98", "99"):
        drafting.set(days, f"missing_codes.{code}", None)
    assert "-9" not in yaml_of(drafting.draft.document)


def test_the_page_draws_a_rule_and_the_labels(drafting):
    rule = new_rule(drafting)
    client = Client()
    client.force_login(drafting.study.boss)
    url = reverse("codebook_draft", args=[drafting.study.slug])
    page = client.get(url, {"item": rule}).text
    assert f'data-of="{rule}"' in page
    assert "Verwacht: ten minste één variabele" in page or "verwacht: ten minste één variabele" in page
    assert 'data-path="missing_codes.97.nl"' in client.get(url, {"item": "codebook"}).text
