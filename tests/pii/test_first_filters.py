"""The quick ways out before a slow expression say the same as that expression."""

import re
import sys

from hypothesis import given
from hypothesis import strategies as st

from annotations.pii.literals import Filter, literals
from annotations.pii.message import DATE
from annotations.pii.money_words import AFTER_PATTERNS, BEFORE_PATTERNS, BESIDE_PATTERNS, SAID_PATTERNS
from annotations.pii.normalise import _SPECIAL, _SPECIALS
from annotations.pii.recognisers.name import _UP, may_hold_a_name
from annotations.pii.rewritten import _SEQUENCE
from annotations.pii.subject import RELATIVE
from tests.pii.learn_weights import TEXTS as LEARNED
from tests.pii.markup import read

INTRODUCED = re.compile(
    rf"(?:[Mm]ijn|[Mm]'?n|[Mm]y|nze|[Oo]ur|aar|ijn|[Hh]is|[Hh]er) {RELATIVE}|"
    rf"(?:[Mm]et|[Bb]en|am|'m|[Tt]his is|nder|"
    rf"^(?:H[a-z]{{1,4}}|[Hh](?:i|ey|ello) there),?|Hi,?|Hello,?) (?:van |de |el )?[{_UP}]"
)
BEFORE = [
    "Mijn",
    "mn",
    "m'n",
    "M'n",
    "My",
    "nze",
    "Our",
    "aar",
    "ijn",
    "His",
    "her",
    "met",
    "Ben",
    "am",
    "'m",
]
BEFORE += ["This is", "nder", "Hoi", "Hoi,", "Hi", "Hi,", "Hello", "Hello,", "x", "hi", "hi there"]
BEFORE += ["Hallootjes", "\n"]
AFTER = ["moeder", "zus", "dad", "van Ans", "de Bob", "el Cid", "Jan", "jan", "Émile", "van", "", "x"]
DATES = [
    "12 mei 1980",
    "may 5th, 1980",
    "1980-05-12",
    "12.05.'80",
    "3e van mei",
    "3 of june 1980",
    "x12-5-80",
]
SPOKEN = [
    "nul zes een twee",
    "Vier ſes acht",
    "dubbel vier zes",
    "twee keer 3 4 5",
    "triple 1 2 3",
    "elf 4 5",
]
PIECES = st.lists(st.sampled_from([*BEFORE, *AFTER, *DATES, *SPOKEN]), max_size=5).map(" ".join)
TEXTS = st.one_of(
    PIECES, st.text(max_size=40), st.builds("{}{}{}".format, PIECES, st.text(max_size=3), PIECES)
)


@given(TEXTS)
def test_whatever_introduces_a_name_is_let_through(text):
    assert may_hold_a_name(text, "") == bool(INTRODUCED.search(text))


def test_each_way_to_introduce_a_name():
    for text in (f"{lead}{before} {after}" for lead in ("", "y ") for before in BEFORE for after in AFTER):
        assert may_hold_a_name(text, "") == bool(INTRODUCED.search(text)), text


@given(TEXTS)
def test_dates_and_spoken_numbers_may_begin_at_the_letters_that_are_tried(text):
    for pattern in (DATE, _SEQUENCE):
        filtered = pattern.pattern.partition(")")[0] + ")"
        assert filtered.startswith("(?=[")
        whole = re.compile(pattern.pattern.removeprefix(filtered), pattern.flags)
        spans = [match.span() for match in whole.finditer(text.lower())]
        assert [match.span() for match in pattern.finditer(text.lower())] == spans


def test_every_character_that_is_rewritten_sends_a_text_to_be_rewritten():
    missed = [
        char for char in map(chr, range(sys.maxunicode + 1)) if _SPECIAL.match(char) and char not in _SPECIALS
    ]
    assert missed == []


PATTERNS = {**SAID_PATTERNS, **BESIDE_PATTERNS, **BEFORE_PATTERNS, **AFTER_PATTERNS}


def test_no_pattern_about_money_matches_where_its_literals_are_not():
    money = Filter(PATTERNS)
    for text in (text.lower() for path in LEARNED for text, _ in read(path)):
        possible = {name for name, _ in money.possible(money.seen(text), text)}
        assert {name for name, pattern in PATTERNS.items() if pattern.search(text)} <= possible, text


def test_most_patterns_about_money_have_literals():
    assert sum(literals(each.pattern) is None for each in PATTERNS.values()) <= 4


def test_the_literals_of_a_pattern_are_those_that_every_match_needs():
    assert literals("(?:a|in) debt|owed?") == {" debt", "owe"}
    assert literals("ab?c*") is None
    assert literals("(?i:rood)") is None
    assert literals("rood", re.IGNORECASE) is None
