"""The list of conversations and one conversation: who may, filters, roles, facts, the log."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from annotations.coding.answers import CONVERSATION
from annotations.coding.save import save_answer
from annotations.conversations.coder_work import coder_work
from annotations.conversations.listing import LEAD, LONGEST, excerpt_of
from annotations.models import Account, Candidate, Event, Message
from tests.factories import (
    SMALL_CODEBOOK,
    add_member,
    assign,
    make_candidate,
    make_coding,
    make_conversation,
    make_study,
    with_people,
)

HOSTILE = "<img src=x onerror=alert(1)> &amp;"


@pytest.fixture
def study(make_user):
    people = {"anna": "supervisor", "bram": "coder", "stranger": ""}
    return with_people(make_study("webcare", detector_version="1"), make_user, **people)


@pytest.fixture
def client(study, client_of):
    return client_of(study.anna)


def shown(client, study, **given) -> list[int]:
    answer = client.get(reverse("conversations", args=[study.slug]), given)
    assert answer.status_code == 200
    return [row.conversation.number for row in answer.context["page"].rows]


def test_only_supervisors_see_conversations(study, client_of):
    conversation = make_conversation(study, "Hallo", "Dag")
    account = conversation.messages.first().account
    addresses = [
        ("get", reverse("conversations", args=[study.slug])),
        ("get", reverse("conversation", args=[study.slug, conversation.number])),
        ("post", reverse("account_role", args=[study.slug, conversation.number, account.pk])),
        (
            "post",
            reverse(
                "message_context", args=[study.slug, conversation.number, conversation.messages.first().pk]
            ),
        ),
    ]
    for method, address in addresses:
        assert getattr(client_of(study.bram), method)(address).status_code == 403
        assert getattr(client_of(study.stranger), method)(address).status_code == 404
        assert getattr(client_of(study.anna), method)(address).status_code in {200, 302}
    assert not Event.objects.exclude(actor=study.anna).filter(action="conversation.viewed").exists()


def test_what_belongs_to_another_study_does_not_exist(study, client):
    other = make_conversation(make_study("other"), "Hallo")
    make_conversation(study, "Hallo")
    message = other.messages.get()
    assert client.get(reverse("conversation", args=[study.slug, 99])).status_code == 404
    assert client.post(reverse("account_role", args=[study.slug, 1, message.account_id])).status_code == 404
    assert client.post(reverse("message_context", args=[study.slug, 1, message.pk])).status_code == 404


def test_filters_find_what_they_say(study, client):
    one = make_conversation(study, "mijn IBAN is weg", "Vervelend")
    two = make_conversation(study, "fiets gestolen", "")
    make_candidate(one.messages.first(), "IBAN", "iban")
    type(one).objects.filter(pk=one.pk).update(candidate_count=1)
    type(two).objects.filter(pk=two.pk).update(placeholder_count=1, organisation=None)
    assign(one, study.bram)
    organisation = study.organisations.get().pk
    assert shown(client, study) == [1, 2]
    assert shown(client, study, q="GESTOLEN") == [2]
    assert shown(client, study, q="%") == []
    assert shown(client, study, organisation=organisation) == [1]
    assert shown(client, study, organisation=0) == [2]
    assert shown(client, study, missing=1) == [2]
    assert shown(client, study, coded="assigned") == [1]
    assert shown(client, study, coded="unassigned") == [2]
    assert shown(client, study, coded="coded") == []
    assert shown(client, study, role="organisation") == [1]
    assert shown(client, study, since="2019-05-30", until="2019-05-30") == [1, 2]
    assert shown(client, study, since="2019-05-31") == []
    assert shown(client, study, role="x", coded="__", since="gisteren", organisation="1 or 1") == [1, 2]


def test_a_search_shows_where_the_text_was_found(study, client):
    make_conversation(study, "goedemiddag", "vul " + "het formulier in " * 20 + "of stuur je BSN <b> via DM")
    page = client.get(reverse("conversations", args=[study.slug]), {"q": "bsn"}).content.decode()
    assert "<mark>BSN</mark> &lt;b&gt; via DM" in page
    assert "goedemiddag" not in page


def test_what_was_searched_for_is_not_marked_where_it_is_masked(study, client):
    study.privacy = "masked"
    study.save()
    conversation = make_conversation(study, "mijn bsn is 111222333 hoor", "Dag")
    make_candidate(conversation.messages.first(), "111222333", "bsn")
    page = client.get(reverse("conversations", args=[study.slug]), {"q": "222333"}).content.decode()
    assert "mijn bsn is ••••••••• hoor" in page
    assert "<mark>" not in page


@given(st.text(), st.text(max_size=8))
def test_an_excerpt_is_part_of_the_text_and_holds_what_was_found(text, search):
    excerpt = excerpt_of(text, search)
    together = excerpt.before + excerpt.found + excerpt.after
    assert together.strip("…") in text or together in text
    assert len(together) <= LONGEST + 2 * LEAD + len(search) * 3 + 2
    if search in text:
        assert excerpt.found.lower() == search.lower()


def test_pages_are_cut_by_number(study, client):
    for _ in range(120):
        make_conversation(study, "Hallo")
    address = reverse("conversations", args=[study.slug])
    first = client.get(address).context["page"]
    second = client.get(address, {"after": first.after}).context["page"]
    third = client.get(address, {"after": second.after}).context["page"]
    numbers = [row.conversation.number for page in (first, second, third) for row in page.rows]
    assert numbers == list(range(1, 121))
    assert (first.before, third.after) == (None, None)
    back = client.get(address, {"before": third.before}).context["page"]
    assert [row.conversation.number for row in back.rows] == list(range(51, 101))


@pytest.mark.parametrize("number", [10, 200])
def test_the_list_costs_the_same_however_long(study, client, django_assert_num_queries, number):
    for _ in range(number):
        make_conversation(study, "Hallo", "Dag")
    with django_assert_num_queries(11):
        client.get(reverse("conversations", args=[study.slug]))


def test_a_conversation_is_shown_inert_and_its_reader_is_logged(study, client):
    conversation = make_conversation(study, HOSTILE, "Dag")
    answer = client.get(reverse("conversation", args=[study.slug, conversation.number]))
    page = answer.content.decode()
    assert "<img src=x" not in page
    event = Event.objects.get(action="conversation.viewed")
    assert (event.actor, event.subject_id) == (study.anna, conversation.pk)


def test_a_masked_text_is_shown_on_request_and_logged(study, client):
    study.privacy = "masked"
    study.save()
    conversation = make_conversation(study, "mijn bsn is 111222333", "Dag")
    message = conversation.messages.first()
    make_candidate(message, "111222333", "bsn")
    listed = client.get(reverse("conversations", args=[study.slug])).content.decode()
    assert "111222333" not in listed
    address = reverse("conversation", args=[study.slug, conversation.number])
    assert "111222333" not in client.get(address).content.decode()
    assert not Event.objects.filter(action="message.revealed").exists()
    assert "111222333" in client.post(address, {"reveal": message.pk}).content.decode()
    assert Event.objects.get(action="message.revealed").subject_id == message.pk


def test_a_role_holds_for_all_messages_of_the_account(study, client):
    one = make_conversation(study, "Vraag", "Antwoord")
    other = make_conversation(study, "Nog een vraag", "Antwoord")
    account = Account.objects.get(handle="ZwaluwlijnHulp")
    Account.objects.filter(pk=account.pk).update(role="consumer", organisation=None)
    given = {
        "role": "organisation",
        "organisation": study.organisations.get().pk,
        "revision": account.revision,
    }
    client.post(reverse("account_role", args=[study.slug, one.number, account.pk]), given)
    account.refresh_from_db()
    assert (account.role, account.role_source) == ("organisation", "hand")
    assert {row.author_role for row in Message.objects.filter(account=account)} == {"organisation"}
    other.refresh_from_db()
    assert other.first_response_minutes == 20
    assert other.unanswered is False
    assert Event.objects.get(action="account.changed").after["role"] == "organisation"
    client.post(
        reverse("account_role", args=[study.slug, one.number, account.pk]), given | {"role": "third_party"}
    )
    account.refresh_from_db()
    assert account.role == "organisation"


def test_unknown_facts_are_filled_in_by_hand(study, client):
    conversation = make_conversation(study, "Vraag", "Antwoord")
    message = conversation.messages.first()
    address = reverse("message_context", args=[study.slug, conversation.number, message.pk])
    client.post(address, {"author_followers": "120", "revision": message.revision})
    message.refresh_from_db()
    assert (message.author_followers, message.by_hand) == (120, ["author_followers"])


def test_candidates_of_an_older_detector_are_not_marked(study, client):
    conversation = make_conversation(study, "mijn bsn is 111222333")
    make_candidate(conversation.messages.get(), "111222333", "bsn", version="0")
    assert Candidate.objects.count() == 1
    page = client.get(reverse("conversation", args=[study.slug, conversation.number])).content.decode()
    assert "data-span" not in page


def test_the_way_through_the_conversations_stays_in_the_filter(study, client):
    for text in ("Hallo", "Bel me", "Hallo weer"):
        make_conversation(study, text, "Dag")
    numbers = shown(client, study, q="hallo")
    page = client.get(reverse("conversations", args=[study.slug]), {"q": "hallo"}).content.decode()
    address = reverse("conversation", args=[study.slug, numbers[0]])
    assert f'href="{address}?q=hallo"' in page
    answer = client.get(address, {"q": "hallo"})
    assert (answer.context["reading"].before, answer.context["reading"].after) == (None, numbers[1])
    page = answer.content.decode()
    assert f'href="{reverse("conversation", args=[study.slug, numbers[1]])}?q=hallo"' in page
    assert f'href="{reverse("conversations", args=[study.slug])}?q=hallo"' in page
    account = Account.objects.filter(messages__conversation__number=numbers[0]).first()
    posted = client.post(
        reverse("account_role", args=[study.slug, numbers[0], account.pk]) + "?q=hallo",
        {"role": "consumer", "revision": account.revision},
    )
    assert posted.url == f"{address}?q=hallo"


DOUBTS = (
    SMALL_CODEBOOK
    + """
- key: discuss
  module: core
  level: message
  kind: boolean
  applies_to: any
  required: false
  scale: nominal
  reliability: false
  label: {nl: Ter bespreking, en: For discussion}
  definition: {nl: Bespreken?, en: Discuss?}
"""
)


@pytest.fixture
def doubted(make_user):
    """A study in which coder bram doubts about a message of the first of two conversations."""
    study = make_study("doubts", DOUBTS, modules=["core", "extra"])
    study.anna, study.bram = make_user("anna"), make_user("bram")
    add_member(study, study.anna, "supervisor")
    add_member(study, study.bram, "coder")
    study.doubted, study.other = make_conversation(study, "Bel 06-1", "Dag"), make_conversation(study, "Hoi")
    coding = make_coding(study.doubted, study.bram)
    message = study.doubted.messages.first()
    for key, variable, value in (
        (("message", message.pk), "discuss", "yes"),
        (CONVERSATION, "note", "<b>Is dit een nummer?</b>"),
        (CONVERSATION, "solved", "fully"),
    ):
        save_answer(coding.pk, actor_id=study.bram.pk, key=key, variable=variable, value=value, revision=0)
    return study


def test_doubts_codes_times_and_history_reach_the_supervisor(doubted, client_of):
    client = client_of(doubted.anna)
    answer = client.get(reverse("conversation", args=[doubted.slug, doubted.doubted.number]))
    [work] = answer.context["work"]
    assert [(unit.number, [doubt.value for doubt in unit.doubts]) for unit in work.doubts] == [
        (1, ["Ja"]),
        (None, ["<b>Is dit een nummer?</b>"]),
    ]
    assert [answer.value for answer in work.units[-1].answers if not answer.is_doubt] == ["Geheel"]
    assert work.coding.started_at
    assert len(work.history) == 4
    page = answer.content.decode()
    assert "&lt;b&gt;Is dit een nummer?" in page
    assert "<b>Is dit" not in page


@pytest.mark.parametrize("kind", ["flagged", "noted"])
def test_doubts_are_found_in_the_list_and_from_the_overview(doubted, client_of, kind):
    client = client_of(doubted.anna)
    assert shown(client, doubted, coded=kind) == [doubted.doubted.number]
    page = client.get(reverse("study", args=[doubted.slug])).content.decode()
    assert f"{reverse('conversations', args=[doubted.slug])}?coded={kind}" in page


def test_a_supervisor_who_still_codes_a_conversation_does_not_see_what_others_gave(doubted, client_of):
    assign(doubted.doubted, doubted.anna)
    answer = client_of(doubted.anna).get(reverse("conversation", args=[doubted.slug, doubted.doubted.number]))
    assert answer.context["work"] == []
    assert "Is dit een nummer" not in answer.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_coders(doubted, make_user, django_assert_num_queries):
    with CaptureQueriesContext(connection) as with_one:
        coder_work(doubted.doubted, "nl")
    for name in ("carla", "dirk"):
        coder = make_user(name)
        add_member(doubted, coder)
        coding = make_coding(doubted.doubted, coder)
        save_answer(
            coding.pk, actor_id=coder.pk, key=CONVERSATION, variable="solved", value="not", revision=0
        )
    with django_assert_num_queries(len(with_one)):
        assert len(coder_work(doubted.doubted, "nl")) == 3
