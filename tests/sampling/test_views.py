"""The pages of rounds: the outcome is seen before it counts, and only what was seen counts."""

from decimal import Decimal

import pytest
from django.urls import reverse

from annotations.models import Assignment, Round
from annotations.sampling.rounds import advice
from tests.factories import add_coding, add_conversations, add_member, add_round, make_study, with_people


@pytest.fixture
def study(make_user):
    study = with_people(make_study("privacy"), make_user, sofie="supervisor", anna="coder", bram="coder")
    add_conversations(study, {"Zwaluwlijn": 24, "Rijksheffingen": 16})
    return study


@pytest.fixture
def client(study, client_of):
    return client_of(study.sofie)


def wish(study, **fields):
    values = {
        "name": "Round 1",
        "kind": "reliability",
        "scope": "new",
        "organisations": ["Zwaluwlijn", "Rijksheffingen"],
        "number": 20,
        "stratified": "yes",
        "coders": [study.anna.pk, study.bram.pk],
        "shared": "20",
        "shared_unit": "percent",
        "seed": 7,
        "action": "preview",
    }
    return {key: value for key, value in (values | fields).items() if value is not None}


def confirmation(page, study, **fields):
    data = page.context["form"].data
    shown = {"previewed": data["previewed"], "fingerprint": data["fingerprint"], "action": "confirm"}
    return wish(study, **(shown | fields))


NEW = reverse("round_new", args=["privacy"])


def test_the_page_proposes_a_name_a_seed_and_all_coders(client, study):
    form = client.get(NEW).context["form"]
    assert form["seed"].value() > 0
    assert form["coders"].value() == [study.anna.pk, study.bram.pk]
    assert set(form["organisations"].value()) == {"Zwaluwlijn", "Rijksheffingen"}
    assert "1" in form["name"].value()


def test_the_outcome_is_shown_and_nothing_is_written(client, study):
    page = client.post(NEW, wish(study))
    assert page.status_code == 200
    assert page.context["columns"] == ["Rijksheffingen", "Zwaluwlijn"]
    assert page.context["drawn"] == [8, 12]
    assert [(name, shared, total) for name, _counts, shared, total in page.context["table"]] == [
        ("anna", 4, 12),
        ("bram", 4, 12),
    ]
    assert not Round.objects.exists()


def test_what_was_shown_is_what_is_assigned(client, study):
    page = client.post(NEW, wish(study))
    answer = client.post(NEW, confirmation(page, study))
    of_round = Round.objects.get()
    assert answer.url == reverse("round", args=["privacy", of_round.pk])
    assert (of_round.name, of_round.kind, of_round.seed) == ("Round 1", "reliability", 7)
    plan = page.context["outcome"].plan
    for coder, order in plan.by_coder.items():
        assert list(
            of_round.assignments.filter(coder_id=coder)
            .order_by("position")
            .values_list("conversation_id", flat=True)
        ) == list(order)


@pytest.mark.parametrize(
    "change", [{"seed": 8}, {"number": 21}, {"shared": "30"}, {"name": "Other"}, {"kind": "main"}]
)
def test_a_change_after_the_outcome_shows_the_new_outcome_first(client, study, change):
    page = client.post(NEW, wish(study))
    page = client.post(NEW, confirmation(page, study, **change))
    assert page.status_code == 200
    assert page.context["notice"]
    assert not Round.objects.exists()
    assert client.post(NEW, confirmation(page, study, **change)).status_code == 302


def test_a_confirmation_out_of_the_blue_shows_the_outcome(client, study):
    assert client.post(NEW, wish(study, action="confirm")).status_code == 200
    assert not Round.objects.exists()


def test_conversations_that_came_in_since_get_409_and_the_new_outcome(client, study):
    page = client.post(NEW, wish(study, number=None))
    add_conversations(study, {"Zwaluwlijn": 1})
    answer = client.post(NEW, confirmation(page, study, number=None))
    assert answer.status_code == 409
    assert answer.context["outcome"].drawn == 41
    assert not Round.objects.exists()
    assert client.post(NEW, confirmation(answer, study, number=None)).status_code == 302


def test_two_clicks_make_one_round(client, study):
    page = client.post(NEW, wish(study))
    client.post(NEW, confirmation(page, study))
    again = client.post(NEW, confirmation(page, study))
    assert again.status_code == 422
    assert Round.objects.count() == 1
    assert Assignment.objects.count() == 24


@pytest.mark.parametrize(
    "fields",
    [
        {"number": 41},
        {"number": 0},
        {"coders": []},
        {"organisations": []},
        {"organisations": ["Somebody else"]},
        {"seed": -1},
        {"seed": None},
        {"name": ""},
        {"kind": "x"},
        {"shared": "101"},
        {"shared": "2.5", "shared_unit": "conversations"},
        {"shared": "21", "shared_unit": "conversations"},
        {"scope": "x"},
    ],
)
def test_a_wish_that_cannot_be_met_is_told_and_keeps_what_was_filled_in(client, study, fields):
    page = client.post(NEW, wish(study, **fields))
    assert page.status_code == 422
    assert page.context["form"].errors
    assert page.context["outcome"] is None


def test_somebody_outside_the_study_cannot_be_chosen(client, study, make_user):
    assert client.post(NEW, wish(study, coders=[make_user("cleo").pk])).status_code == 422


def test_one_coder_and_one_organisation_are_warned_about(client, study):
    page = client.post(NEW, wish(study, number=2, stratified="no", shared="0", seed=1))
    assert page.context["one_sided"] == [] or set(page.context["one_sided"]) <= {"anna", "bram"}
    assert client.post(NEW, wish(study, coders=[study.anna.pk], shared="0")).status_code == 200


def test_conversations_are_added_to_a_round_that_exists(client, study):
    of_round = add_round(study, "Main")
    address = reverse("round_add", args=["privacy", of_round.pk])
    page = client.post(address, wish(study, name=None, kind=None))
    assert client.post(address, confirmation(page, study, name=None, kind=None)).status_code == 302
    assert of_round.assignments.count() == 24
    assert client.get(reverse("round", args=["privacy", of_round.pk])).status_code == 200


@pytest.fixture
def main(client, study):
    page = client.post(NEW, wish(study))
    client.post(NEW, confirmation(page, study))
    return Round.objects.get()


def move(client, main, **fields):
    """Asked, and where there is something to move confirmed."""
    address = reverse("round_move", args=["privacy", main.pk])
    shown = client.post(address, fields)
    if shown.status_code != 200:
        return shown
    return client.post(address, fields | {"expected": shown.context["move"].fingerprint})


def test_untouched_conversations_are_taken_back(client, study, main):
    opened = main.assignments.filter(coder=study.anna, is_shared=False).last()
    add_coding(opened, finished=True)
    assert move(client, main, coder=study.anna.pk, number=3, action="take_back").status_code == 302
    assert main.assignments.filter(coder=study.anna).count() == 9
    assert main.assignments.filter(pk=opened.pk).exists()


def test_untouched_conversations_are_given_to_another(client, study, main):
    assert move(client, main, coder=study.anna.pk, to=study.bram.pk, action="give").status_code == 302
    assert main.assignments.filter(coder=study.bram).count() == 20


@pytest.mark.parametrize(
    "fields", [{"action": "give"}, {"action": "x"}, {"action": "take_back", "number": 99}]
)
def test_a_move_that_cannot_be_made_is_told(client, study, main, fields):
    answer = move(client, main, coder=study.anna.pk, **fields)
    assert answer.status_code == 422
    assert main.assignments.count() == 24


def test_a_later_coder_gets_what_everybody_codes(client, study, main, make_user):
    cleo = make_user("cleo")
    add_member(study, cleo)
    page = client.get(reverse("round", args=["privacy", main.pk]))
    assert (cleo.pk, "cleo") in page.context["lacking"]
    client.post(reverse("round_share", args=["privacy", main.pk]), {"coder": cleo.pk})
    assert main.assignments.filter(coder=cleo).count() == 4


@pytest.mark.parametrize("coder", ["", "x", "999999", "9" * 30])
def test_nonsense_as_coder_is_refused(client, main, coder):
    answer = client.post(reverse("round_share", args=["privacy", main.pk]), {"coder": coder})
    assert answer.status_code == 302
    assert main.assignments.count() == 24


def test_a_round_is_closed_and_opened(client, main):
    address = reverse("round_state", args=["privacy", main.pk])
    client.post(address, {"state": "closed"})
    main.refresh_from_db()
    assert not main.is_open
    client.post(address, {"state": "open"})
    main.refresh_from_db()
    assert main.is_open


def test_the_advice_is_that_of_lacy_and_riffe():
    # Published for an expected agreement of 85 %: 1996, table in Journalism & Mass Communication Quarterly.
    assert [advice(size).lacy_riffe for size in (100, 500, 1000, 10000)] == [60, 112, 126, 141]
    assert advice(1) is None
    assert advice(100).percent == 60


def test_the_share_without_highlights_is_told(client, study):
    study.withheld_share = Decimal("0.25")
    study.save()
    assert "25 %" in client.post(NEW, wish(study)).content.decode()
