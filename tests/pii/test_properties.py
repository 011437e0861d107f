"""What holds for every text, however odd: offsets, order, repeatability, linear time."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.pii import EXTRA_TYPES, STUDY_TYPES, find_candidates
from annotations.pii.message import Message
from annotations.pii.normalise import mask, normalise

pytestmark = pytest.mark.pure

PIECES = st.sampled_from(
    [
        "06-12345678", "bsn ", "111222333", "NL91ABNA0417164300", " ", ".", "-", "\n", "klantnr ",
        "4471902", "1234 AB", "Lindelaan 3", "jan@example.org", " apenstaartje ", " punt nl",
        "€ 1.200,-", "verdien ", "schuld ", "nul zes ", "een twee drie ", "\u200b", "\ufe0f\u20e3",
        "\uff10", "&amp;", "&#48;", "@kpn", "#fail", "https://t.co/a", "**", "xx", "12-03-1980",
        "geb. ", "wachtwoord: ", "Welkom1!", "ß", "İ", "👨‍👩‍👧", "\0", "ſ", "½", "K",
        "laatste cijfers ", "300", "A", "12-GBD-3", "mijn naam is ", "Jan de Vries", "(", ")", "+31",
        "0031",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map("".join))


@given(TEXTS)
def test_candidates_lie_in_the_text_in_order_and_apart(text: str) -> None:
    found = find_candidates(text)
    at = 0
    for candidate in found:
        assert at <= candidate.start < candidate.end <= len(text)
        at = candidate.end
        value = text[candidate.start : candidate.end]
        assert value == value.strip()
        assert candidate.info_type in STUDY_TYPES + EXTRA_TYPES
        assert candidate.confidence in ("high", "medium")
        assert candidate.reason()
        assert candidate.reason("en")


@given(TEXTS)
def test_the_same_text_gives_the_same_candidates(text: str) -> None:
    assert find_candidates(text) == find_candidates(text)


@given(TEXTS)
def test_every_place_in_the_plain_view_leads_back_to_the_text(text: str) -> None:
    view = normalise(text)
    if view is None:
        return
    for index in range(len(view.text)):
        start, end = view.origin(index, index + 1)
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=100))
def test_masking_keeps_the_length(text: str) -> None:
    assert len(mask(text)) == len(text)


@given(st.text(max_size=100))
def test_the_lower_case_text_has_the_same_offsets(text: str) -> None:
    assert len(Message(text).low) == len(text)


HOSTILE = {
    "digits": "1" * 100_000,
    "digits apart": "1 " * 50_000,
    "dotted": "a." * 50_000,
    "at signs": "@" * 100_000,
    "a@": "a@" * 50_000,
    "at words": " at a" * 20_000,
    "letters": "a" * 100_000,
    "capitals": "A" * 100_000,
    "capitals apart": "A. " * 33_000,
    "codes": "A1-" * 33_000,
    "cues": "klantnummer " * 8_000,
    "cues with numbers": "bsn 111222333 " * 7_000,
    "income": "verdien 1200 " * 8_000,
    "amounts": "schuld €1.000,- " * 6_000,
    "dates": "1-1-1980 " * 11_000,
    "streets": "straat 1 " * 11_000,
    "names": "Jan van " * 12_000,
    "number words": "nul zes " * 12_000,
    "masked": "06**" * 25_000,
    "stars": "*" * 100_000,
    "postcodes": "1234 AB " * 12_000,
    "iban": "NL91 " * 20_000,
    "foreign iban": "DE12 ABCD " * 10_000,
    "zero width": "1\u200b" * 50_000,
    "entities": "&amp;" * 20_000,
    "ampersands": "&" * 100_000,
    "look-alikes": "0O" * 50_000,
    "look-alikes apart": "l1 O0 " * 16_000,
    "hashtags": "#a1" * 33_000,
    "slashes": "a.b/" * 25_000,
    "passwords": "wachtwoord is " * 7_000,
    "last digits": "laatste cijfers " * 6_000,
    "spaces": " " * 100_000,
    "plates": "AB-12-" * 16_000,
    "quotes": "\"'" * 50_000,
    "towns": "Zuiderdiep 12 Utrecht " * 5_000,
    "parcels apart": "1Z " * 33_000,
    "letters apart": "A 1 " * 25_000 + "pnr",
    "moved": "moved from 1 A to " * 6_000,
}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="no timer of processor time here")
@pytest.mark.parametrize("name", HOSTILE)
def test_no_pattern_backtracks_on_a_hostile_text(name: str) -> None:
    """A guard against a hang, no stopwatch: a text takes half a second of work, a quadratic pattern many."""
    with stopped_after(CPU_SECONDS):
        find_candidates(HOSTILE[name][:LENGTH])


LENGTH, CPU_SECONDS = 50_000, 12


@contextmanager
def stopped_after(seconds: int) -> Iterator[None]:
    """Fails after this much work of the processor; waiting for other processes does not count."""

    def stop(*_: object) -> None:
        pytest.fail(f"still busy after {seconds} seconds of work")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
