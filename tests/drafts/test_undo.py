"""Taking back the steps of a draft and doing them again: every step, whoever did it, never an unseen one."""

import json
import random

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.codebooks.editing.steps import replaced, stretch_between
from annotations.drafts.store import draft_of, redo, replace, undo
from annotations.errors import BadInput, StaleWrite
from annotations.models import DraftStep
from tests.factories import make_member, make_study

from .help import Drafting
from .test_lossless import FEW, random_edit

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafting():
    study = make_study("ongedaan")
    study.boss = make_member(study, "baas", "supervisor")
    study.second = make_member(study, "tweede", "supervisor")
    return Drafting(study)


def post(drafting, user, do, revision=None):
    client = Client()
    client.force_login(user)
    body = {"revision": revision or drafting.draft.revision, "edit": {"do": do}, "item": "codebook"}
    address = reverse("codebook_draft_edit", args=[drafting.study.slug])
    answer = client.post(address, body, content_type="application/json")
    drafting.draft.refresh_from_db()
    return answer


@given(st.text(), st.text())
def test_a_stretch_leads_from_one_text_to_the_other_and_back(before, after):
    step = stretch_between(before, after)
    assert replaced(before, step.at, step.removed, step.inserted) == after
    assert replaced(after, step.at, step.inserted, step.removed) == before
    assert len(step.removed) <= len(before)


def test_a_stretch_is_taken_back_only_where_it_stands():
    with pytest.raises(ValueError, match="not the text"):
        replaced("abc", 1, "x", "y")


@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_whatever_is_edited_every_step_goes_back_and_forth(drafting, seed):
    chance = random.Random(seed)
    boss = drafting.study.boss.pk
    while drafting.draft.step:  # of the example before
        drafting.draft, _step = undo(drafting.draft.pk, revision=drafting.draft.revision, actor_id=boss)
    texts = [drafting.draft.written]
    for _edit in range(8):
        random_edit(drafting, chance)
        if drafting.draft.written != texts[-1]:
            texts.append(drafting.draft.written)
    for text in reversed(texts[:-1]):
        drafting.draft, _step = undo(drafting.draft.pk, revision=drafting.draft.revision, actor_id=boss)
        assert drafting.draft.written == text
    with pytest.raises(BadInput):
        undo(drafting.draft.pk, revision=drafting.draft.revision, actor_id=boss)
    for text in texts[1:]:
        drafting.draft, _step = redo(drafting.draft.pk, revision=drafting.draft.revision, actor_id=boss)
        assert drafting.draft.written == text
    with pytest.raises(BadInput):
        redo(drafting.draft.pk, revision=drafting.draft.revision, actor_id=boss)


def test_another_edit_takes_the_place_of_what_was_undone(drafting):
    place, boss = drafting.id("solved"), drafting.study.boss.pk
    drafting.set(place, "label.nl", "Een")
    drafting.set(place, "label.nl", "Twee")
    drafting.draft, _step = undo(drafting.draft.pk, revision=drafting.draft.revision, actor_id=boss)
    drafting.set(place, "label.nl", "Drie")
    with pytest.raises(BadInput):
        redo(drafting.draft.pk, revision=drafting.draft.revision, actor_id=boss)
    drafting.draft, _step = undo(drafting.draft.pk, revision=drafting.draft.revision, actor_id=boss)
    assert '"nl": "Een"' in drafting.draft.written
    assert list(DraftStep.objects.values_list("number", flat=True)) == [1, 2]


def test_a_step_is_as_short_as_the_edit_and_a_file_is_one(drafting):
    before = drafting.draft.written
    drafting.set(drafting.id("solved"), "label.nl", "Klaar")
    step = DraftStep.objects.get()
    assert (step.do, step.field, step.item) == ("set", "label.nl", drafting.id("solved"))
    assert len(step.inserted) < 20 < len(before) / 20
    replace(
        drafting.draft.pk,
        json.loads(before),
        revision=drafting.draft.revision,
        actor_id=drafting.study.boss.pk,
    )
    drafting.draft.refresh_from_db()
    assert DraftStep.objects.last().do == "file"
    undo(drafting.draft.pk, revision=drafting.draft.revision, actor_id=drafting.study.boss.pk)
    assert '"nl": "Klaar"' in draft_of(drafting.study).written


def test_of_two_supervisors_nobody_undoes_what_is_not_in_view(drafting):
    seen = drafting.draft.revision
    drafting.set(drafting.id("solved"), "label.nl", "Klaar")
    answer = post(drafting, drafting.study.second, "undo", revision=seen)
    assert (answer.status_code, answer.json()["revision"]) == (409, drafting.draft.revision)
    assert "Klaar" in answer.json()["html"]["tree"]
    assert "“Klaar”: Naam, door baas" in answer.json()["html"]["bar"]
    with pytest.raises(StaleWrite):
        redo(drafting.draft.pk, revision=seen, actor_id=drafting.study.second.pk)
    assert '"nl": "Klaar"' in drafting.draft.written


def test_the_page_says_what_goes_back_and_shows_the_place(drafting):
    place = drafting.id("solved", "partly")
    drafting.set(place, "label.nl", "Half")
    reply = post(drafting, drafting.study.boss, "undo").json()
    assert (reply["about"], reply["field"], reply["item"]) == (place, "label.nl", drafting.id("solved"))
    assert "Half" not in reply["html"]["form"]
    assert "Opnieuw doen: “" in reply["html"]["bar"]
    assert 'id="draft-undo" data-do="undo" disabled' in reply["html"]["bar"]
    assert "Half" in post(drafting, drafting.study.boss, "redo").json()["html"]["form"]
    refused = post(drafting, drafting.study.boss, "redo")
    assert (refused.status_code, refused.json()["problem"]) == (422, "Er is niets om opnieuw te doen.")


def test_what_was_added_is_gone_again_and_the_page_stays_where_it_was(drafting):
    new = drafting.do(do="add_category", item=drafting.id("solved"))
    assert f'"{new}"' in drafting.draft.written
    reply = post(drafting, drafting.study.boss, "undo").json()
    assert (reply["item"], f'"{new}"' in drafting.draft.written) == ("codebook", False)
