"""Who may see the pages of studies and rounds: supervisor, coder, somebody of another study, nobody."""

import pytest
from django.urls import reverse

from tests.factories import add_conversations, add_member, add_round, make_study, with_people

MEMBERS = ["study", "codebook"]
SUPERVISORS = [
    "study_settings",
    "organisations",
    "organisation_new",
    "organisation",
    "log",
    "rounds",
    "round_new",
    "round",
    "round_add",
]
POST_ONLY = ["codebook_upload", "organisation_remove", "round_move", "round_share", "round_state"]
WITH_ROUND = {"round", "round_add", "round_move", "round_share", "round_state"}
WITH_ORGANISATION = {"organisation", "organisation_remove"}


@pytest.fixture
def study(make_user):
    people = {"anna": "supervisor", "bram": "coder", "stranger": ""}
    study = with_people(make_study("privacy"), make_user, **people)
    add_member(make_study("other"), study.stranger, "supervisor")
    add_conversations(study, {"Zwaluwlijn": 3})
    study.of_round = add_round(study, "Main")
    return study


def address(study, name):
    arguments = [study.slug]
    if name in WITH_ROUND:
        arguments.append(study.of_round.pk)
    if name in WITH_ORGANISATION:
        arguments.append(study.organisations.first().pk)
    return reverse(name, args=arguments)


@pytest.mark.parametrize("name", MEMBERS + SUPERVISORS)
def test_a_supervisor_sees_it(study, client_of, name):
    assert client_of(study.anna).get(address(study, name)).status_code == 200


@pytest.mark.parametrize("name", MEMBERS)
def test_a_coder_sees_it(study, client_of, name):
    assert client_of(study.bram).get(address(study, name)).status_code == 200


@pytest.mark.parametrize("name", SUPERVISORS)
def test_a_coder_may_not_see_it(study, client_of, name):
    assert client_of(study.bram).get(address(study, name)).status_code == 403


@pytest.mark.parametrize("name", MEMBERS + SUPERVISORS)
def test_it_does_not_exist_for_somebody_of_another_study(study, client_of, name):
    assert client_of(study.stranger).get(address(study, name)).status_code == 404


@pytest.mark.parametrize("name", MEMBERS + SUPERVISORS + POST_ONLY)
def test_somebody_who_left_is_a_stranger(study, client_of, name):
    study.memberships.update(is_active=False)
    client = client_of(study.anna)
    answer = client.post(address(study, name)) if name in POST_ONLY else client.get(address(study, name))
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["home", "study_new"])
def test_signing_in_comes_first(client, db, name):
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", MEMBERS + SUPERVISORS)
def test_signing_in_comes_first_in_a_study(client, study, name):
    assert client.get(address(study, name)).status_code == 302


@pytest.mark.parametrize("name", POST_ONLY)
def test_it_rejects_get(study, client_of, name):
    assert client_of(study.anna).get(address(study, name)).status_code == 405


@pytest.mark.parametrize("name", ["study", "codebook", "organisations", "log", "rounds", "round"])
def test_it_rejects_post(study, client_of, name):
    assert client_of(study.anna).post(address(study, name)).status_code == 405


@pytest.mark.parametrize("name", POST_ONLY)
def test_a_coder_may_not_do_it(study, client_of, name):
    assert client_of(study.bram).post(address(study, name)).status_code == 403


@pytest.mark.parametrize("name", ["round", "round_add"])
def test_a_round_of_another_study_does_not_exist(study, client_of, name):
    other = add_round(make_study("third"))
    assert client_of(study.anna).get(reverse(name, args=["privacy", other.pk])).status_code == 404


@pytest.mark.parametrize("name", ["round_move", "round_share", "round_state"])
def test_a_round_of_another_study_cannot_be_changed(study, client_of, name):
    other = add_round(make_study("third"))
    answer = client_of(study.anna).post(reverse(name, args=["privacy", other.pk]), {"state": "closed"})
    assert answer.status_code == 404
    other.refresh_from_db()
    assert other.is_open


def test_an_organisation_of_another_study_does_not_exist(study, client_of):
    other = make_study("third").organisations.get()
    client = client_of(study.anna)
    assert client.get(reverse("organisation", args=["privacy", other.pk])).status_code == 404
    assert client.post(reverse("organisation_remove", args=["privacy", other.pk])).status_code == 404
    assert type(other).objects.filter(pk=other.pk).exists()
