"""What is worked out from a conversation: response, addressed, age of the account, requests for data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from annotations.importing.facts.context import (
    Turn,
    account_age_days,
    addressed,
    context_of,
    guess_role,
    is_new,
    mentions_in,
    signature_of,
    signs_with_caret,
)
from annotations.importing.facts.data_requests import find_data_request

NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_response_time_runs_from_first_contact_to_the_first_reply_after_it():
    turns = [
        Turn("organisation", "campagne", at(0), "water"),
        Turn("consumer", "help", at(10), None),
        Turn("organisation", "wat is er?", at(25), "water"),
        Turn("organisation", "nog iets?", at(20), "water"),
    ]
    found = context_of(turns)
    assert (found.first_contact, found.first_reply, found.response_minutes) == (1, 3, 10.0)
    assert found.unanswered is False
    assert found.organisation == "water"


def test_a_consumer_without_a_later_reply_is_unanswered():
    assert context_of([Turn("organisation", "", at(0)), Turn("consumer", "hallo?", at(1))]).unanswered is True


def test_without_a_consumer_there_is_nothing_to_answer():
    assert context_of([Turn("organisation", "post", at(0))]).unanswered is None
    assert context_of([Turn("consumer", "", at(0), present=False)]).unanswered is None


def test_without_times_the_place_decides_and_no_minutes_are_invented():
    found = context_of([Turn("consumer", "hallo"), Turn("organisation", "dag")])
    assert (found.first_reply, found.response_minutes) == (1, None)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"handle": "WaterWolk", "inbound": True}, ("organisation", "handle", "water")),
        ({"handle": "x", "inbound": False}, ("organisation", "file", None)),
        ({"handle": "115722", "inbound": True, "signed": 3}, ("organisation", "signature", None)),
        ({"handle": "115722", "inbound": True, "signed": 1}, ("consumer", "file", None)),
        ({"handle": "een_klant"}, ("consumer", "none", None)),
        ({"handle": None}, ("unknown", "none", None)),
        ({"handle": "x", "role_hint": "consumer", "signed": 9}, ("consumer", "file", None)),
    ],
)
def test_roles_are_guessed_from_handles_then_the_file_then_signatures(evidence, expected):
    guess = guess_role(**evidence, handles={"waterwolk": "water"})
    assert (guess.role, guess.source, guess.organisation) == expected


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("Dat kan! ^NHP", "NHP"),
        ("We kijken mee ^Sanne https://t.co/x", "Sanne"),
        ("Please shoot us a DM. -KC", "KC"),
        ("ik weet het niet", None),
        ("dat is 3 - 4 dagen", None),
    ],
)
def test_an_agents_signature_is_found_at_the_end(text, signature):
    assert signature_of(text) == signature


def test_only_a_caret_is_evidence_of_a_role():
    assert signs_with_caret("Dat kan! ^NHP")
    assert not signs_with_caret("Groetjes -KC")
    assert not signs_with_caret("2^8 is " + "veel " * 20)


@pytest.mark.parametrize(
    ("mentions", "reply_to", "expected"),
    [
        (("WaterWolk",), None, "this"),
        ((), "@waterwolk", "this"),
        (("waterwolk_storing",), None, "other"),
        (("iemand",), None, "none"),
        ((), None, "none"),
        (None, None, ""),
    ],
)
def test_addressed_says_this_account_another_of_the_organisation_or_none(mentions, reply_to, expected):
    assert addressed(mentions, reply_to, {"waterwolk"}, {"waterwolk_storing"}) == expected


def test_mentions_are_read_from_the_text_and_mail_addresses_are_none():
    assert mentions_in("@Water_Wolk hoi (@ander) mail a@b.nl @naam.bsky.social!") == (
        "Water_Wolk",
        "ander",
        "naam.bsky.social",
    )


def test_age_of_the_account_is_in_whole_days_and_unknown_stays_unknown():
    assert account_age_days(at(0), at(60 * 24 * 30 + 5)) == 30
    assert account_age_days(None, at(0)) is None
    assert account_age_days(at(5), at(0)) is None
    assert (is_new(30), is_new(31), is_new(None)) == (True, False, None)
    assert is_new(31, threshold_days=60)


@pytest.mark.parametrize(
    ("text", "kinds", "suggestion", "order"),
    [
        (
            "Stuur je telefoonnummer, postcode + huisnummer, geboortedatum, achternaam en laatste cijfers "
            "van je IBAN in een DM ^AB",
            {"phone", "address", "birth_date", "name", "iban"},
            "yes_dm",
            "ask_in_public_for_dm",
        ),
        (
            "Wat is je klantnummer en postcode?",
            {"customer_order_invoice", "postcode_only"},
            "yes_no_channel",
            "ask_in_public",
        ),
        ("Stuur ons even een privébericht, dan kijken we samen verder.", set(), "no", "private_then_ask"),
        ("Deel nooit je BSN in een openbaar bericht!", set(), "no", "no_request"),
        ("Vul je e-mailadres in op het contactformulier.", {"email"}, "yes_other", "ask_in_public"),
        ("De storing is rond 14.00 uur verholpen.", set(), "no", "no_request"),
        (
            "Could you DM us your order number and full name?",
            {"customer_order_invoice", "name"},
            "yes_dm",
            "ask_in_public_for_dm",
        ),
        (
            "Op welk adres is de storing? Geef je adres even door.",
            {"address"},
            "yes_no_channel",
            "ask_in_public",
        ),
        ("We hebben je factuurnummer gevonden", set(), "no", "no_request"),
    ],
)
def test_a_request_for_data_names_its_kinds_and_channel(text, kinds, suggestion, order):
    found = find_data_request(text)
    assert {evidence.kind for evidence in found.kinds} == kinds
    assert (found.count, found.suggestion, found.order) == (len(kinds), suggestion, order)


def test_evidence_points_at_the_words_also_after_an_emoji():
    text = "😡 Sorry! Wat is je klantnummer?"
    (one,) = find_data_request(text).kinds
    assert text[one.start : one.end] == "klantnummer"


def test_the_conversations_request_is_the_first_by_time():
    turns = [
        Turn("consumer", "Wat is je klantnummer?", at(0)),
        Turn("organisation", "Dag! Wat is je klantnummer?", at(9)),
        Turn("organisation", "Stuur een DM", at(5)),
    ]
    found = context_of(turns)
    assert found.data_request_at == 2
    assert found.data_request is not None
    assert found.data_request.order == "private_then_ask"
