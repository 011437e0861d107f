"""What each number with a check digit says by itself and by the word beside it, and the groups it stands in.

The weights are those of `Finding`: 1.5 a check that one number in ten passes, 3 one that chance hardly makes.
"""

from __future__ import annotations

import pytest

from annotations.pii.message import Message
from annotations.pii.recognisers import checked

EAN, IMEI, SIM, CARD = "871687120000000011", "352099001761481", "8931440300000000018", "4111111111111111"


def seen(text: str) -> list[tuple[str, float, float]]:
    """Kind, weight of the check, weight of the words."""
    return [(each.subtype, each.check, each.context) for each in checked.find(Message(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"gisteren {EAN}", [("meter_ean", 3, 0)]),
        (f"ean {EAN}", [("meter_ean", 3, 2)]),
        ("ean 123456789012345675", [("meter_ean", 1.5, 2)]),
        ("gisteren 123456789012345675", []),
        ("ean 871687120000000012", [("meter_ean", 0, 2)]),
        ("ean die ik vorige week las 871687120000000012", []),
        (f"gisteren {IMEI}", [("imei", 2, 0)]),
        ("gisteren 862099001761484", [("imei", 2, 0)]),
        ("gisteren 012099001761483", [("imei", 2, 0)]),
        ("gisteren 992099001761487", [("imei", 2, 0)]),
        ("imei 490154203237518", [("imei", 1.5, 2)]),
        ("gisteren 490154203237518", []),
        (f"gisteren {SIM}", [("iccid", 3, 0)]),
        (f"gisteren {SIM}7", [("iccid", 3, 0)]),
        (f"gisteren {SIM}78", []),
        ("iccid 7931440300000000018", []),
        (f"gisteren {CARD}", [("credit_card", 2.4, 0)]),
        ("gisteren 4000000000006", [("credit_card", 2.4, 0)]),
        ("gisteren 6000000000000000004", [("credit_card", 2.4, 0)]),
        ("gisteren 60000000000000000007", []),
        ("creditcard 4000000000007", [("credit_card", 0, 2)]),
        ("kvk 12345678", [("kvk_number", 0, 2)]),
        ("kvk 123456789012", [("kvk_number", 0, 2)]),
        ("kvk 1234567", []),
        ("kvk 123456789", []),
        ("gisteren 12345678", []),
        ("kvk stond er ooit eens bij 12345678", []),
    ],
)
def test_what_the_number_says_and_what_the_word_says(
    text: str, expected: list[tuple[str, float, float]]
) -> None:
    assert seen(text) == expected


@pytest.mark.parametrize(
    ("sizes", "separators", "is_written_so"),
    [
        ((18,), "", True),
        ((3, 3, 3, 3, 3, 3), " ", True),
        ((2, 3, 3, 3, 3, 2, 2), " ", True),
        ((6, 6, 6), ".", True),
        ((6, 6, 5, 1), " ", True),
        ((2, 2, 2, 2, 2, 2, 2, 4), " ", False),
        ((1, 5, 6, 6), " ", False),
        ((6, 1, 5, 6), " ", False),
        ((6, 6, 6), " -", False),
    ],
)
def test_without_a_word_an_ean_stands_in_a_few_groups_of_one_kind(
    sizes: tuple[int, ...], separators: str, is_written_so: bool
) -> None:
    parts, at = [], 0
    for size in sizes:
        parts.append(EAN[at : at + size])
        at += size
    written = parts[0]
    for place, part in enumerate(parts[1:]):
        written += separators[place % len(separators)] + part
    assert bool(seen(f"gisteren {written}")) == is_written_so
    if len(sizes) < 8:
        assert seen(f"ean {written}"), "with the word any groups will do"


def test_the_reason_names_the_length_the_check_and_the_word() -> None:
    (found,) = checked.find(Message(f"ean {EAN}"))
    assert found.clauses == (("digits", 18), ("passed", "gs1"), ("before", "ean"))
    (found,) = checked.find(Message("ean 871687120000000012"))
    assert found.clauses == (("digits", 18), ("failed", "gs1"), ("before", "ean"))
    (found,) = checked.find(Message("kvk 12345678"))
    assert found.clauses == (("digits", 8), ("before", "kvk"))
    assert (found.start, found.end, found.info_type) == (4, 12, "other")
