"""The surface of the detector that others rely on."""

from __future__ import annotations

import pytest

from annotations.pii import DETECTOR_VERSION, STUDY_TYPES, Candidate, find_candidates


def test_a_candidate_says_where_what_how_sure_and_why() -> None:
    text = "Mijn bsn is 111222333"
    (found,) = find_candidates(text)
    assert text[found.start : found.end] == "111222333"
    assert (found.info_type, found.subtype, found.confidence) == ("bsn", "", "high")
    assert (found.detector, found.version) == ("bsn", DETECTOR_VERSION)
    assert found.reason() == "9 cijfers, elfproef klopt, 'bsn' ervoor"
    assert found.reason("en") == "9 digits, passes the eleven test, 'bsn' before it"


@pytest.mark.parametrize(
    ("text", "value", "info_type"),
    [
        ("ik woon Lindelaan 3", "Lindelaan 3", "address"),
        ("mail jan@example.org", "jan@example.org", "email"),
        ("06-12345678", "06-12345678", "phone"),
        ("NL91ABNA0417164300", "NL91ABNA0417164300", "iban"),
        ("klantnr 4471902", "4471902", "customer_order_invoice"),
        ("aanslag 1234.56.782.H.96", "1234.56.782.H.96", "assessment_decision"),
        ("ik verdien € 1.450,- netto", "€ 1.450,-", "income"),
        ("heb 2300 euro schuld", "2300 euro", "debt"),
        ("bsn 111222333", "111222333", "bsn"),
    ],
)
def test_each_type_of_the_study_is_found_to_the_letter(text: str, value: str, info_type: str) -> None:
    assert info_type in STUDY_TYPES
    assert [(text[c.start : c.end], c.info_type) for c in find_candidates(text)] == [(value, info_type)]


def test_the_loser_of_an_overlap_stays_as_an_alternative() -> None:
    (found,) = find_candidates("klantnummer 111222333")
    assert found.subtype == "customer_number"
    assert found.alternatives == ("bsn",)


def test_a_study_s_own_numbers_and_mailboxes_are_no_personal_data() -> None:
    text = "bel 020-1234567 of mail hulp.jan@zwaluwlijn.example"
    assert len(find_candidates(text)) == 2
    assert (
        find_candidates(text, organisation_numbers=["+31 20 1234567"], organisation_handles=["@Zwaluwlijn"])
        == []
    )


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(KeyError):
        find_candidates("06-12345678", version="0.0")


def test_candidates_are_values_that_can_be_compared_and_kept_in_sets() -> None:
    text = "mail jan@example.org"
    assert set(find_candidates(text)) == set(find_candidates(text))
    assert isinstance(find_candidates(text)[0], Candidate)


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("bsn 111222333", "high"),  # passes, and is announced
        ("gisteren 111222333 doorgegeven", "medium"),  # passes only
        ("bsn 123456789", "medium"),  # announced only
        ("gisteren 123456789 doorgegeven", None),  # neither
    ],
)
def test_check_and_context_make_high_one_of_them_medium(text: str, confidence: str | None) -> None:
    assert [found.confidence for found in find_candidates(text)] == ([confidence] if confidence else [])


@pytest.mark.parametrize(
    ("text", "value", "completeness"),
    [
        ("laatste cijfers van mijn IBAN: 300", "300", "partial"),
        ("bel 06-******12", "06-******12", "masked"),
        ("bel 06-12345678", "06-12345678", "full"),
    ],
)
def test_parts_and_masked_values_are_marked_so(text: str, value: str, completeness: str) -> None:
    (found,) = find_candidates(text)
    assert (text[found.start : found.end], found.completeness) == (value, completeness)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("het bsn van mijn moeder is 111222333", "other_person"),
        ("mijn buurvrouw woont Lindelaan 3", "other_person"),
        ("my wife's number is +31612345678", "other_person"),
        ("mijn moeder Truus Bos belt al een week", "other_person"),
        ("mijn bsn is 111222333", ""),
        ("mijn man belt al een week, mijn nummer is 06-12345678", ""),
        ("Mijn moeder is ziek. bsn 111222333", ""),
    ],
)
def test_what_is_somebody_else_s_says_so(text: str, subject: str) -> None:
    (found,) = find_candidates(text)
    assert found.subject == subject
    assert ("van iemand anders" in found.reason()) == bool(subject)


@pytest.mark.parametrize(
    "text",
    [
        "de vorm 1234 AB met een spatie",
        "postcode invullen als 1234AB",
        "bijvoorbeeld 06-12345678",
        "mail bijv. naam@voorbeeld.nl",
        "stuur het naar naam@provider.nl",
    ],
)
def test_an_example_is_no_personal_data(text: str) -> None:
    assert find_candidates(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mijn man Bert belde gisteren", [("Bert", "name")]),
        ("mijn zoon Ajax fan heeft geen kaartje", []),
        ("I am drunk fam. If we go", []),
        ("passenger NGUYEN/THI MAI", [("NGUYEN/THI MAI", "name")]),
        ("ship it to P.O. Box 334, Boise, ID 83701", [("P.O. Box 334, Boise, ID 83701", "address")]),
        ("Zuiderdiep 12-14 Groningen", [("Zuiderdiep 12-14", "address")]),
        ("trein 3547 Zwolle, bus 22 Groningen", []),
        ("The store address is 1200 Blue Ridge Blvd", []),
        ("sort code 20-45-77 account 31926819", [("20-45-77 account 31926819", "iban")]),
        ("rekening die eindigt op 9 0 2 1", [("9 0 2 1", "iban")]),
        ("#W40118 where is it", [("#W40118", "customer_order_invoice")]),
        ("pnr Q L 8 T 2 Z", [("Q L 8 T 2 Z", "customer_order_invoice")]),
        ("debiteur 204417", [("204417", "customer_order_invoice")]),
        ("bij vragen bel 088-1234567", []),
        ("mijn werk is 088-1234567", [("088-1234567", "phone")]),
        ("email gamers-l@list.example.edu", []),
        ("moet nu ineens € 3.412 kinderopvangtoeslag terug betalen", [("€ 3.412", "debt")]),
        ("beslag op mijn loon voor € 5.230", [("€ 5.230", "debt")]),
        ("we spend about 150 a week on groceries", []),
    ],
)
def test_what_is_somebody_s_and_what_only_looks_so(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[c.start : c.end], c.info_type) for c in find_candidates(text)] == found
