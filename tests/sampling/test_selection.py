"""Drawing from a saved selection: only its conversations, asked anew, and on record for good."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import translation

from annotations.conversations.filters import Filters
from annotations.conversations.selections import delete_selection, replace_filters, save_selection
from annotations.errors import BadInput, StaleWrite
from annotations.models import Event, Organisation, Round, Selection
from annotations.reliability.data import ReportScope
from annotations.reliability.methods import paragraphs
from annotations.sampling.assign import add_to_round, create_round
from annotations.sampling.plan import NEW, OUTSIDE, Wish, make_plan, pool_sizes
from annotations.sampling.rounds import draws
from annotations.studies.log import log_page
from tests.factories import add_conversations, make_conversation, make_study, with_people

DRAW = reverse("round_new", args=["privacy"])


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def study(make_user):
    study = with_people(make_study("privacy"), make_user, sofie="supervisor", anna="coder", bram="coder")
    add_conversations(study, {"Zwaluwlijn": 5, "Rijksheffingen": 5})
    study.asked = {make_conversation(study, f"mijn iban is weg {n}").pk for n in range(6)}
    return study


@pytest.fixture
def client(study, client_of):
    client = client_of(study.sofie)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def selection(study) -> Selection:
    return save(study, Filters(search="IBAN"))


def save(study, filters, name="Bank") -> Selection:
    return save_selection(study.pk, name=name, filters=filters, actor_id=None)


def wish(study, selection, **fields) -> Wish:
    coders = (study.anna.pk, study.bram.pk)
    return Wish(**({"coder_ids": coders, "seed": 7, "selection": selection and selection.pk} | fields))


def draw(study, selection, name="Round 1", **fields) -> Round:
    asked = wish(study, selection, **fields)
    return create_round(study.pk, asked, name=name, kind="main", actor_id=study.sofie.pk)


def assigned(of_round) -> set[int]:
    return set(of_round.assignments.values_list("conversation_id", flat=True))


def posted(study, selection, **fields):
    values = {
        "name": "Round 1",
        "kind": "main",
        "scope": "new",
        "selection": selection.pk if selection else "",
        "organisations": ["Zwaluwlijn", "Rijksheffingen"],
        "stratified": "yes",
        "coders": [study.anna.pk, study.bram.pk],
        "shared": "20",
        "shared_unit": "percent",
        "seed": 7,
        "action": "preview",
    }
    return values | fields


def test_a_draw_from_a_selection_contains_only_its_conversations(study, selection):
    assert assigned(draw(study, selection)) == study.asked
    assert assigned(draw(study, None, name="The rest")).isdisjoint(study.asked)


def test_a_sample_of_a_selection_stays_inside_it(study, selection):
    plan = make_plan(study.pk, wish(study, selection, number=4, stratified=False)).plan
    assert len(plan.conversations) == 4
    assert set(plan.conversations) <= study.asked


def test_the_pool_is_that_of_the_selection_per_organisation(study, selection):
    assert pool_sizes(study.pk, None, NEW) == {"Rijksheffingen": 11, "Zwaluwlijn": 5}
    assert pool_sizes(study.pk, None, NEW, selection) == {"Rijksheffingen": 6}


def test_a_selection_is_asked_anew_at_every_draw(study, selection):
    of_round = draw(study, selection)
    later = make_conversation(study, "weer een iban")
    add_to_round(of_round.pk, wish(study, selection), actor_id=study.sofie.pk)
    assert assigned(of_round) == {*study.asked, later.pk}


def test_what_came_into_the_selection_since_the_outcome_makes_it_stale(study, selection):
    shown = make_plan(study.pk, wish(study, selection))
    make_conversation(study, "nog een iban")
    with pytest.raises(StaleWrite):
        create_round(
            study.pk,
            wish(study, selection),
            name="Round 1",
            kind="main",
            actor_id=None,
            fingerprint=shown.fingerprint,
        )
    assert not Round.objects.exists()


def test_conversations_that_were_coded_elsewhere_can_be_selected(study, selection):
    draw(study, selection)
    given = save(study, Filters(coded="assigned"), "Given out")
    with pytest.raises(BadInput):
        make_plan(study.pk, wish(study, given))
    assert set(make_plan(study.pk, wish(study, given, scope=OUTSIDE)).plan.conversations) == study.asked


def test_the_record_of_a_draw_outlives_the_selection(study):
    organisation = Organisation.objects.get(study=study, name="Rijksheffingen")
    filters = Filters(search="IBAN", organisation=organisation.pk)
    selection = save(study, filters)
    of_round = draw(study, selection)
    replace_filters(study.pk, selection.pk, filters=Filters(missing=True), revision=1, actor_id=None)
    delete_selection(study.pk, selection.pk, revision=2, actor_id=None)
    Organisation.objects.filter(pk=organisation.pk).update(name="Another name")
    of_round.refresh_from_db()
    assert of_round.draw[0]["selection"] == {
        "name": "Bank",
        "filters": {"search": "IBAN", "organisation": organisation.pk},
        "organisation": "Rijksheffingen",
    }
    made = draws(of_round)[0]
    assert (made.selection, made.asked) == ("Bank", ["text holds “IBAN”", "Rijksheffingen"])
    assert "6 conversations of the selection “Bank”" in paragraphs(of_round, ReportScope(), [], "1")["en"]


def test_a_draw_from_all_conversations_records_no_selection(study):
    of_round = draw(study, None)
    assert "selection" not in of_round.draw[0]
    assert draws(of_round)[0].selection == ""


def test_the_log_names_the_selection_but_not_what_was_searched_for(study, selection):
    draw(study, selection)
    event = Event.objects.get(action="conversations.assigned")
    assert event.after["selection"] == "Bank"
    assert "IBAN" not in str(event.after)
    assert "selection “Bank”" in log_page(study, kind="rounds").entries[0].sentence


def test_a_selection_of_another_study_cannot_be_drawn_from(study, client):
    theirs = save(make_study("other"), Filters(search="iban"))
    with pytest.raises(BadInput):
        make_plan(study.pk, wish(study, theirs))
    assert client.post(DRAW, posted(study, theirs)).status_code == 422
    assert client.get(DRAW, {"selection": theirs.pk}).context["form"]["selection"].value() is None


def test_the_link_opens_the_form_with_the_selection_chosen(study, selection, client):
    page = client.get(DRAW, {"selection": selection.pk})
    form = page.context["form"]
    assert form["selection"].value() == selection.pk
    assert form.left == 6
    assert [label for _key, label in form["organisations"].field.choices] == [
        "Rijksheffingen · 6 conversations",
        "Zwaluwlijn · 0 conversations",
    ]
    assert "text holds “IBAN”" in page.content.decode()


def test_the_outcome_says_what_it_is_drawn_from_and_that_is_what_is_written(study, selection, client):
    page = client.post(DRAW, posted(study, selection))
    assert page.context["outcome"].drawn == 6
    assert "text holds “IBAN”" in page.content.decode()
    shown = page.context["form"].data
    again = {"previewed": shown["previewed"], "fingerprint": shown["fingerprint"], "action": "confirm"}
    changed = client.post(DRAW, posted(study, None, **again))
    assert changed.context["notice"]
    assert not Round.objects.exists()
    answer = client.post(DRAW, posted(study, selection, **again))
    assert assigned(Round.objects.get()) == study.asked
    page = client.get(answer.url).content.decode()
    assert "Bank" in page
    assert "text holds “IBAN”" in page


def test_a_selection_that_went_before_the_confirmation_is_told(study, selection, client):
    client.post(DRAW, posted(study, selection))
    delete_selection(study.pk, selection.pk, revision=1, actor_id=None)
    assert client.post(DRAW, posted(study, selection)).status_code == 422


def test_the_choice_is_not_there_without_selections(study, client):
    assert 'name="selection"' not in client.get(DRAW).content.decode()


@pytest.mark.parametrize("number", [1, 20])
def test_a_draw_asks_the_same_of_the_database_however_many_fit(study, django_assert_num_queries, number):
    for _ in range(number):
        make_conversation(study, "een pasje gevonden")
    selection = save(study, Filters(search="pasje"))
    with django_assert_num_queries(4):
        make_plan(study.pk, wish(study, selection))
