"""Saved selections: filters under a name, one writer, and the bar on the list of conversations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from annotations.conversations.filters import Filters, as_plain, from_plain, matching
from annotations.conversations.selections import (
    MOST,
    asks_for,
    delete_selection,
    rename_selection,
    replace_filters,
    save_selection,
)
from annotations.errors import BadInput, StaleWrite
from annotations.models import Event, Selection
from annotations.studies.log import log_page
from tests.factories import make_conversation, make_study, with_people

HOSTILE = "<img src=x onerror=alert(1)> &amp; {{ 7|add:7 }} {% url 'x' %} %(name)s"
ORGANISATION = 1
FILTERS = [
    Filters(search="mijn <b>IBAN</b> is 100 % “weg”"),
    Filters(organisation=ORGANISATION),
    Filters(organisation=0),
    Filters(since=date(2019, 5, 1)),
    Filters(until=date(2019, 5, 31)),
    Filters(role="third_party"),
    Filters(types=("iban",)),
    Filters(coded="uncoded"),
    Filters(missing=True),
    Filters("iban", 0, date(2019, 1, 1), date(2020, 1, 1), "consumer", ("iban", "bsn"), "coded", True),
]
IBAN = Filters(search="iban")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def study(make_user):
    people = {"anna": "supervisor", "bea": "supervisor", "bram": "coder"}
    return with_people(make_study("webcare", detector_version="1"), make_user, **people)


@pytest.fixture
def client(study, client_of):
    return english(client_of(study.anna))


def english(client):
    client.cookies["django_language"] = "en"
    return client


def save(study, name="IBAN", filters=IBAN) -> Selection:
    return save_selection(study.pk, name=name, filters=filters, actor_id=study.anna.pk)


def page_at(study, **query) -> str:
    return reverse("conversations", args=[study.slug], query=query)


@pytest.mark.parametrize("filters", FILTERS, ids=lambda filters: "-".join(as_plain(filters)))
def test_every_filter_comes_back_as_it_was_saved(study, filters):
    if filters.organisation:
        filters = Filters(organisation=study.organisations.get().pk)
    kept = save(study, filters=filters)
    kept.refresh_from_db()
    assert from_plain(kept.filters) == filters
    assert len(asks_for(kept)) == len(kept.filters)


def test_only_filters_that_are_set_are_kept(study):
    assert save(study, filters=Filters(organisation=0, coded="coded")).filters == {
        "organisation": 0,
        "coded": "coded",
    }


def test_saving_twice_keeps_one_and_writes_one_line_in_the_log(study):
    assert save(study) == save(study)
    assert Event.objects.filter(action="selection.saved").count() == 1


def test_a_name_is_used_once_in_a_study_whatever_its_capitals_or_spaces(study):
    save(study, "Privé gegevens")
    for name in ("PRIVÉ  GEGEVENS", " privé gegevens ", "privé\u200b gegevens"):
        with pytest.raises(BadInput, match="already"):
            save(study, name, Filters(missing=True))
    elsewhere = make_study("other")
    elsewhere.anna = study.anna
    save(elsewhere, "Privé gegevens")


def test_the_database_refuses_a_name_twice_and_no_name(study):
    save(study, "Iban")
    for name in ("IBAN", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            Selection.objects.create(study=study, name=name, filters={"missing": True})


@pytest.mark.parametrize("name", ["", "  ", "\x00\u200b", "x" * 81])
def test_a_name_has_1_to_80_characters_that_can_be_seen(study, name):
    with pytest.raises(BadInput):
        save(study, name)
    assert not Selection.objects.exists()


def test_a_selection_of_everything_or_of_an_organisation_of_elsewhere_is_refused(study):
    theirs = make_study("other").organisations.get()
    for filters in (Filters(), Filters(organisation=theirs.pk), Filters(organisation=999_999)):
        with pytest.raises(BadInput):
            save(study, filters=filters)
    assert not Selection.objects.exists()


def test_a_study_keeps_a_bounded_number_of_selections(study):
    for number in range(MOST):
        save(study, f"Selection {number}")
    with pytest.raises(BadInput, match=str(MOST)):
        save(study, "One more")


def test_who_saw_an_older_revision_changes_nothing(study):
    kept = save(study)
    renamed = rename_selection(study.pk, kept.pk, name="Bank", revision=1, actor_id=study.anna.pk)
    assert (renamed.name, renamed.revision) == ("Bank", 2)
    late = {"revision": 1, "actor_id": study.bea.pk}
    with pytest.raises(StaleWrite):
        rename_selection(study.pk, kept.pk, name="Money", **late)
    with pytest.raises(StaleWrite):
        replace_filters(study.pk, kept.pk, filters=Filters(missing=True), **late)
    with pytest.raises(StaleWrite):
        delete_selection(study.pk, kept.pk, **late)
    kept.refresh_from_db()
    assert (kept.name, from_plain(kept.filters), kept.revision) == ("Bank", IBAN, 2)


def test_writing_what_is_there_already_is_no_conflict(study):
    kept = save(study)
    for _ in range(2):
        rename_selection(study.pk, kept.pk, name="Bank", revision=1, actor_id=study.anna.pk)
    assert Event.objects.filter(action="selection.renamed").count() == 1


def test_a_selection_may_change_the_capitals_of_its_own_name(study):
    kept = save(study, "iban")
    assert rename_selection(study.pk, kept.pk, name="IBAN", revision=1, actor_id=None).name == "IBAN"


def test_the_log_tells_what_changed_but_not_what_was_searched_for(study):
    organisation = study.organisations.get()
    kept = save(study, filters=Filters(search="06-12345678", coded="uncoded"))
    wanted = Filters(
        search="Zebravink", organisation=organisation.pk, since=date(2019, 5, 1), types=("iban",)
    )
    replace_filters(study.pk, kept.pk, filters=wanted, revision=1, actor_id=study.anna.pk)
    delete_selection(study.pk, kept.pk, revision=2, actor_id=study.bea.pk)
    events = list(Event.objects.filter(study=study, action__startswith="selection."))
    assert [event.action for event in events] == [
        "selection.deleted",
        "selection.changed",
        "selection.saved",
    ]
    told = " ".join(f"{event.before} {event.after}" for event in events)
    assert "06-12345678" not in told
    assert "Zebravink" not in told
    assert events[1].before == {"search": True, "coded": "uncoded"}
    assert events[1].after["organisation"] == "Zwaluwlijn"
    entries = log_page(study, kind="rounds").entries
    deleted, replaced, saved = (entry.sentence for entry in entries)
    assert "deleted a selection" in deleted
    assert "replaced the filters of a selection" in replaced
    assert "saved a selection" in saved
    assert "coding “coded by nobody”" in saved


def test_saving_in_the_browser_shows_the_selection(study, client):
    make_conversation(study, "mijn iban is weg")
    make_conversation(study, "mijn fiets is weg")
    answer = client.post(page_at(study, q="iban"), {"action": "save", "name": "Bank"})
    kept = Selection.objects.get()
    assert (kept.created_by, answer.url) == (study.anna, page_at(study, selection=kept.pk))
    page = client.get(answer.url)
    assert [row.conversation.number for row in page.context["page"].rows] == [1]
    assert page.context["selection"] == kept
    assert f'href="?selection={kept.pk}" aria-current="page"' in page.content.decode()
    make_conversation(study, "welke IBAN?")
    page = client.get(answer.url)
    assert [row.conversation.number for row in page.context["page"].rows] == [1, 3]


def test_the_same_filters_in_the_address_are_the_selection(study, client):
    kept = save(study)
    page = client.get(page_at(study, q="iban", organisation="", since=""))
    assert page.context["selection"] == kept
    assert not page.context["selection_is_changed"]


def test_changed_filters_can_be_put_in_the_selection(study, client):
    kept = save(study)
    address = page_at(study, selection=kept.pk, q="iban", missing=1)
    assert client.get(address).context["selection_is_changed"]
    client.post(address, {"action": "replace", "revision": 1})
    kept.refresh_from_db()
    assert from_plain(kept.filters) == Filters(search="iban", missing=True)


def test_a_refused_name_stays_in_its_field_with_the_reason(study, client):
    save(study)
    answer = client.post(page_at(study, q="pin"), {"action": "save", "name": "iban"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a selection of this name already" in page
    assert 'value="iban"' in page
    assert 'aria-invalid="true"' in page


def test_of_two_supervisors_the_second_sees_what_the_first_made_of_it(study, client, client_of):
    kept = save(study)
    address = page_at(study, selection=kept.pk)
    client.post(address, {"action": "rename", "name": "Bank", "revision": 1})
    late = english(client_of(study.bea))
    answer = late.post(address, {"action": "rename", "name": "Money", "revision": 1})
    assert answer.status_code == 409
    assert answer.context["selection"].name == "Bank"
    assert "Somebody else changed this selection" in answer.content.decode()
    assert late.post(address, {"action": "delete", "revision": 1}).status_code == 409
    assert late.post(address, {"action": "delete", "revision": 2}).status_code == 302
    assert not Selection.objects.exists()
    answer = client.post(address, {"action": "rename", "name": "Gone", "revision": 2})
    assert answer.status_code == 422
    assert "no longer there" in answer.content.decode()


@pytest.mark.parametrize("action", ["rename", "replace", "delete"])
def test_a_selection_of_another_study_does_not_exist_here(study, client, action):
    other = make_study("other")
    other.anna = study.anna
    kept = save(other)
    address = page_at(study, selection=kept.pk, q="pin")
    assert client.get(address).context["selection"] is None
    assert client.post(address, {"action": action, "name": "x", "revision": 1}).status_code == 422
    kept.refresh_from_db()
    assert (kept.name, kept.revision) == ("IBAN", 1)


@pytest.mark.parametrize("given", [{}, {"action": "drop"}, {"action": "save", "name": "All"}])
def test_a_post_that_asks_for_nothing_that_can_be_done_is_refused(study, client, given):
    assert client.post(page_at(study), given).status_code == 422
    assert not Selection.objects.exists()


def test_a_coder_saves_nothing(study, client_of):
    answer = client_of(study.bram).post(page_at(study, q="iban"), {"action": "save", "name": "Bank"})
    assert answer.status_code == 403
    assert not Selection.objects.exists()


def test_hostile_names_and_searches_are_shown_inert(study, client):
    kept = save(study, HOSTILE[:80], Filters(search=HOSTILE))
    for address in (page_at(study, selection=kept.pk), page_at(study, selection=kept.pk, q="x")):
        page = client.get(address).content.decode()
        assert "<img src=x" not in page
        assert "{{ 7|add:7 }}" in page


def test_an_organisation_that_is_gone_fits_nothing_and_that_is_said(study, client):
    make_conversation(study, "Hallo")
    gone = study.organisations.create(name="Weg")
    kept = save(study, filters=Filters(organisation=gone.pk))
    gone.delete()
    page = client.get(page_at(study, selection=kept.pk))
    assert page.context["page"].rows == []
    assert "no longer in the study, so nothing fits" in page.content.decode()
    assert asks_for(kept) == ["an organisation that is no longer in the study"]


def test_a_kind_that_the_codebook_no_longer_has_keeps_asking_for_it(study, client):
    make_conversation(study, "Hallo")
    kept = save(study, filters=Filters(types=("gone_kind",)))
    page = client.get(page_at(study, selection=kept.pk))
    assert page.context["page"].rows == []
    again = client.get(page_at(study, selection=kept.pk, type="gone_kind", q=""))
    assert not again.context["selection_is_changed"]
    assert not matching(study, from_plain(kept.filters)).exists()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_time_is_no_error(study, client, day):
    assert client.get(page_at(study, until=day, since=day)).status_code == 200


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_however_many_selections(study, client, django_assert_num_queries, number):
    for i in range(number):
        save(study, f"Selection {i}", Filters(search=str(i)))
    chosen = save(study)
    with django_assert_num_queries(9):
        client.get(page_at(study, selection=chosen.pk))
