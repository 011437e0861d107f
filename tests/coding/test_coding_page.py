"""Who may open the coding page, where it leads, and what it shows."""

import json

import pytest
from django.urls import reverse

from annotations.coding.save import start_coding
from annotations.models import Candidate, Code, Coding, Event, Membership, Study
from tests.coding.scene import data_of
from tests.factories import (
    assign,
    make_candidate,
    make_conversation,
    make_round,
    make_study,
)

pytestmark = pytest.mark.django_db


# Who may do what


@pytest.mark.parametrize(
    "name", ["coding_unit", "coding_save", "coding_seconds", "coding_reveal", "coding_context"]
)
@pytest.mark.parametrize("who", ["sam", "chief"])
def test_nobody_reaches_the_assignment_of_another(scene, name, who):
    user = getattr(scene, who)
    response = scene.get(user) if name == "coding_unit" else scene.post({}, user, name)
    assert response.status_code == 404
    assert not Coding.objects.exists()


@pytest.mark.parametrize("name", ["coding", "coding_list", "coding_unit"])
def test_a_stranger_and_a_former_member_find_nothing(scene, make_user, name):
    assert scene.get(make_user("stranger"), name).status_code == 404
    Membership.objects.filter(user=scene.noor).update(is_active=False)
    assert scene.get(scene.noor, name).status_code == 404


@pytest.mark.parametrize("name", ["coding", "coding_list", "coding_unit", "coding_save"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(scene, client, name):
    ask = client.post if name == "coding_save" else client.get
    assert ask(scene.url(name)).headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", ["coding_save", "coding_seconds", "coding_reveal", "coding_context"])
def test_it_rejects_get(scene, name):
    assert scene.get(scene.noor, name).status_code == 405


def test_an_assignment_of_another_study_does_not_exist_here(scene):
    other = make_study()
    Membership.objects.create(study=other, user=scene.noor, role="coder", pseudonym="n")
    url = reverse("coding_unit", args=[other.slug, scene.assignment.pk])
    assert scene.client_of(scene.noor).get(url).status_code == 404


def test_a_coder_sees_no_code_of_another_coder(scene):
    theirs = assign(scene.conversation, scene.sam)
    coding = start_coding(theirs.pk, actor_id=scene.sam.pk)
    scene.post(
        {"do": "answer", "unit": "c", "variable": "solved", "value": "fully", "revision": 0},
        scene.sam,
        assignment=theirs,
    )
    assert Code.objects.filter(coding=coding).count() == 1
    data = data_of(scene.get(scene.noor))
    assert data["units"]["c"]["a"] == {}


# Where the coder goes


def test_coding_goes_to_the_first_conversation_that_is_not_finished(scene):
    second = assign(make_conversation(scene.study, "a"), scene.noor)
    assert scene.get(scene.noor, "coding").headers["Location"] == scene.url()
    coding = start_coding(scene.assignment.pk, actor_id=scene.noor.pk)
    Coding.objects.filter(pk=coding.pk).update(state="finished", finished_at=coding.started_at)
    assert scene.get(scene.noor, "coding").headers["Location"] == scene.url(assignment=second)


@pytest.mark.parametrize("who", ["sam", "chief"])
def test_who_has_nothing_to_code_is_told_what_to_do(scene, who):
    page = scene.get(getattr(scene, who), "coding")
    assert page.status_code == 200
    assert "Je hebt" in page.content.decode()


def test_who_has_coded_everything_is_told_so(scene):
    coding = start_coding(scene.assignment.pk, actor_id=scene.noor.pk)
    Coding.objects.filter(pk=coding.pk).update(state="finished", finished_at=coding.started_at)
    assert "Alles is gecodeerd" in scene.get(scene.noor, "coding").content.decode()


def test_a_closed_round_is_not_opened_for_coding(scene):
    round_ = make_round(scene.study)
    round_.is_open = False
    round_.save()
    assert scene.get(scene.noor).headers["Location"] == scene.url("coding_list")
    assert scene.answer("solved", "fully", unit="c").status_code == 403
    assert not Code.objects.exists()


def test_asking_for_the_page_stores_nothing_and_opening_it_starts_the_coding_once(scene):
    """A page may be fetched ahead of its coder; the log records the reading when it is opened."""
    page = scene.get(scene.noor)
    assert page.status_code == 200
    assert not Coding.objects.exists()
    assert not Event.objects.filter(action="coding.started").exists()
    for _ in range(2):
        assert scene.post({}, scene.noor, "coding_open").json()["finished"] is False
    assert Coding.objects.count() == 1
    assert Event.objects.filter(action="coding.started").count() == 1


# The page


def test_the_page_holds_thread_questions_and_state_without_texts_in_the_data(scene):
    response = scene.get(scene.noor)
    page = response.content.decode()
    assert "Bevat persoonsgegevens" in page
    assert f'data-span="c{scene.candidate.pk}"' in page
    assert "10 cijfers" in page
    assert "noor@example.org" not in json.dumps(data_of(response))
    asked = [rule["key"] for rule in data_of(response)["rules"]["message"]]
    assert asked == ["contains_pii", "channels", "removal_request"]


def test_a_study_that_shows_the_certain_ones_masks_the_others_all_the_same(scene):
    unsure = make_candidate(scene.message, "noor@example.org", "email", confidence="medium")
    for privacy, least, shown in (("open", "medium", 2), ("open", "high", 1), ("masked", "high", 1)):
        Study.objects.filter(pk=scene.study.pk).update(privacy=privacy, least_confidence=least)
        page = scene.get(scene.noor)
        assert len(data_of(page)["candidates"]) == shown
        assert (f'data-span="c{unsure.pk}"' in page.content.decode()) == (least == "medium")
        assert ("noor@example.org" in page.content.decode()) == (privacy == "open")


def test_the_page_says_whose_a_candidate_is(scene):
    Candidate.objects.filter(pk=scene.candidate.pk).update(subject="other_person")
    assert [one["who"] for one in data_of(scene.get(scene.noor))["candidates"]] == ["other_person"]


def test_without_highlights_no_candidate_is_on_the_page(scene):
    scene.assignment.highlights = False
    scene.assignment.save()
    response = scene.get(scene.noor)
    assert "data-span" not in response.content.decode()
    assert data_of(response)["candidates"] == []


def test_candidates_of_another_detector_version_are_not_shown(scene):
    make_candidate(scene.message, "noor@example.org", "email", version="2")
    assert [candidate["t"] for candidate in data_of(scene.get(scene.noor))["candidates"]] == ["phone"]


def test_a_placeholder_says_why_there_is_no_text(scene):
    conversation = make_conversation(scene.study, "hallo", "", "dag")
    page = scene.get(scene.noor, assignment=assign(conversation, scene.noor)).content.decode()
    assert "Dit bericht is verwijderd." in page
