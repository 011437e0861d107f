"""The bank of quotations: who writes what, what of the message shows, and what goes once it was erased."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from annotations.errors import BadInput, StaleWrite
from annotations.models import Event, Message, Quotation
from annotations.quotations.reading import shown
from annotations.quotations.store import add_quotation, change_quotation, delete_quotation
from annotations.results.listing import listed
from tests.factories import make_candidate, make_conversation, make_member, make_study
from tests.results.frames import frame_of_messages

TEXT = "Mijn moeder Zwaantje wacht nu al zes weken, bel haar op 06-00000011 of vraag @kees_demo"
FINE = "Een klant zegt dat een familielid al lang op antwoord wacht."

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank():
    study = make_study("bank", detector_version="1")
    study.sofie = make_member(study, "sofie", "supervisor")
    conversation = make_conversation(study, TEXT, "Stuur ons een DM ^Sanne", organisation_first=False)
    study.message = conversation.messages.get(position=0)
    study.answer = conversation.messages.get(position=1)
    make_candidate(study.message, "06-00000011", "phone")
    return study


def add(study, paraphrase=FINE, message=None, **values):
    given = {"category": "contains_pii:yes", "status": "paraphrase"} | values
    message = message or study.message
    return add_quotation(study.pk, message.pk, paraphrase=paraphrase, actor_id=study.sofie.pk, **given)


def client_of(study):
    client = Client()
    client.force_login(study.sofie)
    return client


def test_a_paraphrase_has_a_writer_a_time_and_no_text_in_the_log(bank):
    row = add(bank)
    assert (row.written_by, row.remains, row.revision) == (bank.sofie, [], 1)
    assert row.written_at is not None
    event = Event.objects.get(action="quotation.written")
    assert event.after == {
        "conversation": bank.message.conversation_id,
        "message": bank.message.pk,
        "variable": "contains_pii",
        "category": "yes",
        "status": "paraphrase",
    }


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"paraphrase": "  \n "}, "andere woorden"),
        ({"paraphrase": "a" * 2001}, "andere woorden"),
        ({"category": "contains_pii:maybe"}, "categorie"),
        ({"category": "nothing"}, "categorie"),
        ({"status": "free"}, "grond"),
        ({"status": "public"}, "organisatie"),
    ],
)
def test_what_is_refused_changes_nothing(bank, values, said):
    with pytest.raises(BadInput, match=said):
        add(bank, **values)
    assert not Quotation.objects.exists()


def test_a_message_of_another_study_or_without_text_cannot_be_quoted(bank):
    other = make_conversation(make_study("other"), "Hoi").messages.get()
    with pytest.raises(BadInput):
        add(bank, message=other)
    Message.objects.filter(pk=bank.message.pk).update(state="deleted", text="")
    with pytest.raises(BadInput):
        add(bank)


def test_a_change_says_which_revision_it_saw(bank):
    row = add(bank)
    new = {"category": "contains_pii:no", "paraphrase": FINE, "status": "asked", "actor_id": None}
    change_quotation(bank.pk, row.pk, revision=1, **new)
    with pytest.raises(StaleWrite):
        change_quotation(bank.pk, row.pk, revision=1, **new)
    with pytest.raises(StaleWrite):
        delete_quotation(bank.pk, row.pk, revision=1, actor_id=None)
    row.refresh_from_db()
    assert (row.category, row.status, row.revision) == ("no", "asked", 2)
    assert row.written_by == bank.sofie  # the words are hers still
    change_quotation(bank.pk, row.pk, revision=2, **new)
    assert Quotation.objects.get().revision == 2
    delete_quotation(bank.pk, row.pk, revision=2, actor_id=None)
    assert not Quotation.objects.exists()
    assert FINE not in str(list(Event.objects.values_list("before", "after")))


def test_the_page_shows_the_masked_message_and_what_can_be_recognised(bank):
    row = add(bank, "Zij wacht nu al zes weken, bel haar, zegt kees_demo")
    page = client_of(bank).get(reverse("quotations", args=["bank"])).content.decode()
    assert "06-00000011" not in page
    assert "@kees_demo" not in page
    assert "Mijn moeder Zwaantje" in page
    [one] = shown(bank, [row], "nl")
    assert [piece.text for piece in one.pieces if piece.why] == [
        "wacht nu al zes weken, bel haar",
        "kees_demo",
    ]
    assert not one.is_fit


def test_while_typing_the_page_says_what_remains(bank):
    make_conversation(bank, "Hallo")
    client, address = client_of(bank), reverse("quotation_check", args=["bank"])
    said = client.post(
        address, {"message": bank.message.pk, "paraphrase": "bel 06 00000011"}
    ).content.decode()
    assert "quotation__trace" in said
    fine = client.post(address, {"message": bank.message.pk, "paraphrase": FINE}).content.decode()
    assert "quotation__trace" not in fine
    assert not Quotation.objects.exists()


def test_an_organisation_may_be_quoted_in_its_own_words_but_no_agent_is_named(bank):
    plain = add(bank, "Stuur ons een DM", bank.answer, status="public")
    named = add(bank, "Stuur een DM aan Sanne", bank.answer, status="public")
    assert [one.is_fit for one in shown(bank, [plain, named], "nl")] == [True, False]


def test_with_the_message_its_words_go_and_what_was_found_stays(bank):
    close = add(bank, "Iemand wacht nu al zes weken, bel haar maar")
    fine = add(bank)
    Message.objects.filter(pk=bank.message.pk).update(state="deleted", text="", text_before_repair="")
    bank.message.candidates.all().delete()
    page = client_of(bank).get(reverse("quotations", args=["bank"])).content.decode()
    assert "Zwaantje" not in page
    assert FINE in page
    assert [one.is_fit for one in shown(bank, [close, fine], "nl")] == [False, True]
    with pytest.raises(BadInput, match="gewist"):
        change_quotation(
            bank.pk,
            close.pk,
            category="contains_pii:yes",
            paraphrase="Anders",
            status="paraphrase",
            revision=1,
            actor_id=None,
        )
    close.refresh_from_db()
    assert close.paraphrase.startswith("Iemand")


def test_a_stale_form_shows_both_versions(bank):
    row = add(bank)
    client, address = client_of(bank), reverse("quotation", args=["bank", row.pk])
    sent = {"category": "contains_pii:yes", "paraphrase": "Van mij", "status": "paraphrase", "revision": 9}
    answer = client.post(address, sent)
    assert answer.status_code == 409
    assert FINE in answer.content.decode()
    assert "Van mij" in answer.content.decode()


def test_of_a_conversation_a_message_is_chosen(bank):
    address = reverse("quotation_new", args=["bank"])
    page = client_of(bank).get(address, {"conversation": 1, "category": "contains_pii:"}).content.decode()
    assert f"?message={bank.message.pk}&amp;category=contains_pii%3A" in page
    assert "06-00000011" not in page


def test_queries_do_not_grow_with_the_bank(bank, django_assert_num_queries):
    rows = [add(bank)]
    with django_assert_num_queries(8) as before:
        shown(bank, rows, "nl")
    for number in range(4):
        conversation = make_conversation(bank, f"Bericht {number} van iemand")
        rows.append(add(bank, message=conversation.messages.get()))
    with django_assert_num_queries(len(before)):
        shown(bank, rows, "nl")


def test_the_database_knows_the_grounds(bank):
    row = add(bank)
    for values in ({"status": "free"}, {"paraphrase": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Quotation.objects.filter(pk=row.pk).update(**values)


def test_a_unit_behind_a_figure_is_quoted_by_its_message_and_a_conversation_by_one_of_them(bank):
    frame = frame_of_messages([0])
    frame.ids["message"], frame.ids["conversation"] = [bank.message.pk], [bank.message.conversation_id]
    [unit] = listed(bank, frame, "message", [0])
    assert unit.quoted_by == f"message={bank.message.pk}"
    assert "06-00000011" not in unit.excerpt
    [conversation] = listed(bank, frame, "conversation", [0])
    assert conversation.quoted_by == "conversation=1"
