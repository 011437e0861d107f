"""What each number with a check digit says by itself and by the word beside it, and the groups it stands in.

The weights are those of `Finding`: 1.5 a check that one number in ten passes, 3 one that chance hardly makes.
"""

from __future__ import annotations

import pytest

from annotations.pii.message import Message
from annotations.pii.recognisers import checked

EAN, IMEI, SIM, CARD = "871694849675869470", "352099001761481", "8931440300000000018", "4111111111111111"


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
        ("creditcard 400000000000", []),
        ("gisteren 4000000000000000006", [("credit_card", 2.4, 0)]),
        ("creditcard 40000000000000000000", []),
        ("kvk 12345678", [("kvk_number", 0, 2)]),
        ("kvk 123456789012", [("kvk_number", 0, 2)]),
        ("kvk 1234567", []),
        ("kvk 123456789", []),
        ("gisteren 12345678", []),
        ("kvk stond er ooit eens bij 12345678", []),
        # One number that is nothing does not hide the next.
        ("gisteren 490154203237518, nu 352099001761481", [("imei", 2, 0)]),
        ("kvk stond er ooit eens bij 12345678, kvk 87654321", [("kvk_number", 0, 2)]),
        ("kvk op 12345678 keer, kvk 87654321", [("kvk_number", 0, 2)]),
        ("iccid 7931440300000000018 of 8931440300000000018", [("iccid", 3, 1)]),
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
        ((2, 2, 2, 2, 2, 2, 2, 2, 2), " ", False),
        ((3, 2, 2, 2, 2, 2, 2, 3), " ", False),
        ((1, 5, 6, 6), " ", False),
        ((6, 6, 1, 5), " ", False),
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


ELEVEN, MOD97 = "NL111222333B01", "NL000099998B57"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ELEVEN, [(ELEVEN, 5, 0, ("passed", "eleven"))]),
        (f"btw {ELEVEN}", [(ELEVEN, 5, 2, ("passed", "eleven"), ("before", "btw"))]),
        (f"btw-nummer {MOD97}", [(MOD97, 5, 2, ("passed", "mod97"), ("before", "btw-nummer"))]),
        (MOD97, [(MOD97, 5, 0, ("passed", "mod97"))]),
        # Without NL: the older number, which says what it is by its check or by the word.
        ("000099998B57", [("000099998B57", 5, 0, ("passed", "mod97"))]),
        ("111222333 B 01", [("111222333 B 01", 5, 0, ("passed", "eleven"))]),
        ("btw 123456789B01", [("123456789B01", 1, 2, ("failed", "eleven"), ("before", "btw"))]),
        ("123456789B01", []),
        ("NL123456789B01", [("NL123456789B01", 3, 0, ("failed", "eleven"))]),
        (f"123456789B01 en {ELEVEN}", [(ELEVEN, 5, 0, ("passed", "eleven"))]),
        # Of other countries: by the word alone, directly beside it.
        ("VAT BE 0123.456.789", [("BE 0123.456.789", 2.5, 2, ("foreign",), ("before", "vat"))]),
        ("btw LU12345678", [("LU12345678", 2.5, 2, ("foreign",), ("before", "btw"))]),
        ("DE123456789", []),
        ("the VAT number I once saw was DE123456789", []),
        ("VAT is a tax that nobody likes to pay in any country of Europe. DE123456789", []),
    ],
)
def test_a_vat_number_says_which_check_it_passed(text: str, expected: list[tuple]) -> None:
    found = [each for each in checked.find(Message(text)) if each.detector == "vat_number"]
    seen = [(text[each.start : each.end], each.check, each.context, *each.clauses) for each in found]
    assert seen == expected
    assert {(each.info_type, each.subtype) for each in found} <= {("other", "vat_number")}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("meternummer 12345678", ["12345678"]),
        ("mijn gasmeter: E0012345", ["E0012345"]),
        ("stroommeternummer is 12345678901234", ["12345678901234"]),
        ("de meter 3 en meternummer 1234567", ["1234567"]),
        ("meter 12345", []),
        ("12345678 is mijn meternummer", []),
        ("the meter stands at 123456", []),
    ],
)
def test_a_meter_s_serial_number_stands_directly_after_the_word(text: str, values: list[str]) -> None:
    found = list(checked.find(Message(text)))
    assert [text[each.start : each.end] for each in found] == values
    for each in found:
        assert (each.info_type, each.subtype, each.detector) == ("other", "meter_ean", "meter_ean")
        assert (each.check, each.context, each.clauses) == (0, 2.1, (("code",), ("before", "meter")))
