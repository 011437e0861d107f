"""Progress in figures, the home page and the front page of a study."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import ImportBatch, Membership
from annotations.studies.open_work import open_work, steps
from annotations.studies.progress import (
    Counts,
    coder_progress,
    organisation_progress,
    own_rounds,
    round_progress,
    studies_of,
)
from tests.factories import (
    add_assignment,
    add_coding,
    add_conversations,
    add_member,
    add_round,
    make_study,
    with_people,
)

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def study(make_user):
    study = with_people(make_study("privacy"), make_user, sofie="supervisor", anna="coder", bram="coder")
    return study


@pytest.fixture
def coded(study):
    """Ten conversations; anna has six (two finished, one begun), bram has two of the same (one finished)."""
    zwaluwlijn = add_conversations(study, {"Zwaluwlijn": 6, "Rijksheffingen": 3, "": 1})
    study.main = add_round(study, "Main")
    for number, conversation in enumerate(zwaluwlijn[:6]):
        assignment = add_assignment(study.main, conversation, study.anna, is_shared=number < 2)
        if number < 3:
            add_coding(assignment, finished=number < 2)
    for number, conversation in enumerate(zwaluwlijn[:2]):
        assignment = add_assignment(study.main, conversation, study.bram, is_shared=True)
        if number == 0:
            add_coding(assignment, finished=True)
    return study


def test_per_coder_what_is_assigned_finished_and_begun(coded):
    rows = {row.name: row.counts for row in coder_progress(coded.pk)}
    assert rows == {"anna": Counts(6, 2, 1), "bram": Counts(2, 1, 0)}


def test_a_coder_who_left_still_counts_and_one_without_work_is_shown(coded, make_user):
    coded.memberships.filter(user=coded.bram).update(is_active=False)
    add_member(coded, make_user("cleo"))
    rows = {row.name: (row.counts.assigned, row.is_active) for row in coder_progress(coded.pk)}
    assert rows == {"anna": (6, True), "bram": (2, False), "cleo": (0, True)}


def test_progress_in_one_round_leaves_the_others_out(coded):
    other = add_round(coded, "Other")
    add_assignment(other, coded.conversations.last(), coded.bram)
    assert {row.name: row.counts.assigned for row in coder_progress(coded.pk, round_id=other.pk)} == {
        "bram": 1
    }


def test_per_organisation_a_conversation_is_coded_when_all_its_coders_finished(coded):
    rows = {
        row.name: (row.conversations, row.assigned, row.finished) for row in organisation_progress(coded.pk)
    }
    # Both coders finished the first conversation; bram has not begun the second.
    assert rows == {"Zwaluwlijn": (6, 6, 1), "Rijksheffingen": (3, 0, 0), "": (1, 0, 0)}


def test_per_round_how_many_coders_and_shared_conversations(coded):
    [row] = round_progress(coded.pk)
    assert (row.coders, row.shared, row.counts) == (2, 2, Counts(8, 3, 1))


def test_a_person_sees_own_work_and_a_supervisor_that_of_all(coded):
    [of_anna] = studies_of(coded.anna.pk)
    [of_sofie] = studies_of(coded.sofie.pk)
    assert (of_anna.own, of_anna.everybody) == (Counts(6, 2, 1), None)
    assert (of_sofie.own, of_sofie.everybody) == (Counts(), Counts(8, 3, 1))


def test_a_closed_round_is_no_work_to_do(coded):
    coded.rounds.update(is_open=False)
    [row] = studies_of(coded.anna.pk)
    assert row.own.left == 0
    assert [of_round.is_open for of_round, _counts in own_rounds(coded.pk, coded.anna.pk)] == [False]


def test_what_waits_is_counted(coded):
    ImportBatch.objects.create(study=coded, state="preview")
    ImportBatch.objects.create(study=coded, state="failed")
    now = open_work(coded.pk)
    assert (now.conversations, now.unassigned, now.comparable) == (10, 4, 1)
    assert (now.imports_to_confirm, now.imports_failed) == (1, 1)
    assert (now.coders, now.idle_coders, now.assignments, now.finished) == (2, 0, 8, 3)


def test_other_studies_are_left_out_of_every_figure(coded, make_user):
    other = make_study("other")
    add_member(other, coded.anna)
    add_assignment(add_round(other), add_conversations(other, {"Zwaluwlijn": 1})[0], coded.anna)
    assert {row.name: row.counts.assigned for row in coder_progress(coded.pk)} == {"anna": 6, "bram": 2}
    assert open_work(other.pk).conversations == 1
    assert round_progress(coded.pk)[0].counts.assigned == 8


def test_the_steps_of_an_empty_study_are_all_ahead(study):
    study.memberships.filter(role="coder").update(is_active=False)
    assert [step.is_done for step in steps(open_work(study.pk))] == [False] * 4


def test_an_empty_study_shows_the_steps_and_a_coded_one_does_not(study, coded, client_of):
    page = client_of(study.sofie).get(reverse("study", args=["privacy"]))
    assert "steps-title" not in page.content.decode()
    empty = make_study("empty")
    add_member(empty, study.sofie, "supervisor")
    page = client_of(study.sofie).get(reverse("study", args=["empty"]))
    assert "steps-title" in page.content.decode()


def test_a_coder_sees_nobody_elses_progress(coded, client_of):
    page = client_of(coded.anna).get(reverse("study", args=["privacy"])).content.decode()
    assert "bram" not in page
    assert "sofie" not in page


def test_the_home_page_lists_only_ones_own_studies(coded, client_of):
    make_study("secret", name="Secret study")
    page = client_of(coded.anna).get(reverse("home")).content.decode()
    assert "Study privacy" in page
    assert "Secret study" not in page


def test_the_home_page_of_a_newcomer_says_what_to_do(make_user, client_of):
    page = client_of(make_user("new")).get(reverse("home"))
    assert reverse("study_new") not in page.content.decode()
    page = client_of(make_user("staff", is_staff=True)).get(reverse("home"))
    assert reverse("study_new") in page.content.decode()


def test_hostile_names_are_shown_inert(coded, client_of):
    coded.name = HOSTILE
    coded.save()
    coded.rounds.update(name=HOSTILE)
    coded.organisations.filter(name="Zwaluwlijn").update(name=HOSTILE)
    coded.sofie.first_name = HOSTILE
    coded.sofie.save()
    client = client_of(coded.sofie)
    pages = ["study", "organisations", "rounds", "study_settings", "codebook", "log", "round_new"]
    for address in [reverse("home"), *(reverse(name, args=["privacy"]) for name in pages)]:
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def queries(client, address, count):
    with count() as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def count():
    return lambda: CaptureQueriesContext(connection)


def fill(study, make_user, first, last):
    """Coders, conversations, assignments, rounds, organisations and imports, so many of each."""
    for number in range(first, last):
        user = make_user(f"coder{number}")
        add_member(study, user)
        [conversation] = add_conversations(study, {f"Organisation {number}": 1})
        assignment = add_assignment(add_round(study), conversation, user)
        add_coding(assignment, finished=number % 2 == 0)
        other = make_study(f"study{number}", codebook_version=study.codebook_version)
        add_member(other, study.sofie, "supervisor")


@pytest.mark.slow
def test_the_number_of_queries_of_no_page_grows_with_the_study(study, make_user, client_of, count):
    client = client_of(study.sofie)
    names = ["study", "rounds", "organisations", "log", "round_new"]
    addresses = [reverse("home"), *(reverse(name, args=["privacy"]) for name in names)]
    for address in addresses:
        client.get(address)
    fill(study, make_user, 0, 10)
    with_ten = {address: queries(client, address, count) for address in addresses}
    fill(study, make_user, 10, 200)
    assert {address: queries(client, address, count) for address in addresses} == with_ten


def test_a_member_who_left_is_no_member(coded, client_of):
    Membership.objects.filter(user=coded.anna).update(is_active=False)
    assert client_of(coded.anna).get(reverse("study", args=["privacy"])).status_code == 404
    assert studies_of(coded.anna.pk) == []
