"""Check digits: the number that carries the right digit is a candidate, its nine neighbours are not.

Every neighbour differs in one digit only, at every place of the number, so no place may be left out of a sum
and no weight may be another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from annotations.pii import Candidate, find_candidates
from annotations.pii.message import Message
from annotations.pii.recognisers import bsn, iban, payment_reference


def neighbours(digits: str, first: int = 0) -> Iterator[str]:
    """The numbers that differ from this one in one digit, from place ``first`` on."""
    for place in range(first, len(digits)):
        for digit in "0123456789":
            if digit != digits[place]:
                yield digits[:place] + digit + digits[place + 1 :]


def found(text: str, kind: str) -> list[Candidate]:
    return [each for each in find_candidates(text) if kind in (each.info_type, each.subtype)]


@pytest.mark.parametrize(
    ("kind", "number", "fixed"),
    [
        ("meter_ean", "871687120000000016", 3),  # 871: the prefix of Dutch connections
        ("meter_ean", "871694840031234561", 3),
        ("imei", "490154203237518", 2),
        ("iccid", "8931440300000000018", 2),
        ("credit_card", "4111111111111111", 1),
        ("credit_card", "5500005555555559", 2),
        ("credit_card", "378282246310005", 2),
    ],
)
def test_one_wrong_digit_takes_the_proof_away(kind: str, number: str, fixed: int) -> None:
    number = _with_last_digit(kind, number)
    (right,) = found(f"{kind_word(kind)} {number}", kind)
    assert right.confidence == "high"
    for wrong in neighbours(number, fixed):
        for each in found(f"{kind_word(kind)} {wrong}", kind):
            assert each.confidence == "medium", wrong
            assert not each.proven, wrong


def kind_word(kind: str) -> str:
    return {"meter_ean": "ean", "imei": "imei", "iccid": "iccid", "credit_card": "creditcard"}[kind]


def _gs1(digits: str) -> int:
    """GS1: weights 3 and 1 in turn from the right, up to the next ten."""
    return (
        -sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))) % 10
    )


def _luhn(digits: str) -> int:
    """Luhn: every second digit from the right doubled, its digits summed, up to the next ten."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits)))
    return -sum(sum(divmod(value, 10)) for value in doubled) % 10


def _with_last_digit(kind: str, number: str) -> str:
    rule: Callable[[str], int] = _gs1 if kind == "meter_ean" else _luhn
    return number[:-1] + str(rule(number[:-1]))


@pytest.mark.parametrize("number", ["871687120000000016", "871694840031234561", "123456789012345678"])
def test_an_energy_ean_without_a_word_needs_871_and_its_digit(number: str) -> None:
    right = _with_last_digit("meter_ean", number)
    assert bool(found(f"het gaat om {right}", "meter_ean")) == right.startswith("871")
    for wrong in neighbours(right, 17):
        assert not found(f"het gaat om {wrong}", "meter_ean")


def test_an_iccid_without_a_word_needs_89_and_its_digit() -> None:
    right = _with_last_digit("iccid", "8931440300000000010")
    assert found(f"sinds gisteren {right}", "iccid")
    assert found(f"sinds gisteren {right}7", "iccid"), "nineteen digits and a filler"
    for wrong in neighbours(right, 18):
        assert not found(f"sinds gisteren {wrong}", "iccid")
    other = _with_last_digit("iccid", "7931440300000000010")
    assert not found(f"sinds gisteren {other}", "iccid")


@pytest.mark.parametrize(
    ("digits", "is_card"),
    [
        ("4" + "0" * 15, True),
        ("4" + "0" * 12, True),
        ("4" + "0" * 13, False),
        ("51" + "0" * 14, True),
        ("55" + "0" * 14, True),
        ("56" + "0" * 14, True),
        ("56" + "0" * 12, False),
        ("51" + "0" * 13, False),
        ("2220" + "0" * 12, False),
        ("2221" + "0" * 12, True),
        ("2222" + "0" * 12, True),
        ("2720" + "0" * 12, True),
        ("2720" + "1" + "0" * 11, True),
        ("2721" + "0" * 12, False),
        ("34" + "0" * 13, True),
        ("37" + "0" * 13, True),
        ("35" + "0" * 13, False),
        ("36" + "0" * 12, True),
        ("305" + "0" * 11, True),
        ("306" + "0" * 11, False),
        ("6011" + "0" * 12, True),
        ("65" + "0" * 14, True),
        ("1" + "0" * 15, False),
        ("9" + "0" * 15, False),
    ],
)
def test_a_card_has_a_known_prefix_and_its_length(digits: str, is_card: bool) -> None:
    number = digits[:-1] + str(_luhn(digits[:-1]))
    assert bool(found(f"gisteren {number} doorgegeven", "credit_card")) == is_card


def test_the_prefixes_hold_at_every_wrong_digit() -> None:
    for wrong in neighbours("4111111111111111", 15):
        assert not found(f"gisteren {wrong} doorgegeven", "credit_card")


@pytest.mark.parametrize(
    ("text", "is_card"),
    [
        ("4111 1111 1111 1111", True),
        ("3782 822463 10005", True),
        ("41111 11111 111111", False),
        ("411111 1111 111111", False),
    ],
)
def test_without_a_word_a_card_stands_in_the_groups_that_are_printed_on_it(text: str, is_card: bool) -> None:
    assert bool(found(f"gisteren {text} doorgegeven", "credit_card")) == is_card


def test_old_accounts_pass_the_eleven_test_with_weights_ten_to_one() -> None:
    body = next(f"{first}23456789" for first in range(1, 10) if _old_account_rest(f"{first}23456789") == 0)
    assert [each.reason("en") for each in found(f"rekeningnummer {body}", "iban")]
    for wrong in neighbours(body):
        assert not list(iban.find(Message(f"rekeningnummer {wrong}"))), wrong
        (each,) = found(f"bankrekening {wrong}", "iban")
        assert "fails the eleven test" in each.reason("en")


def _old_account_rest(nine: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(nine, range(9, 0, -1), strict=True)) % 11


def test_an_old_account_of_seven_digits_is_not_called_one_by_rekeningnummer_alone() -> None:
    seven = next(str(n) for n in range(1234567, 1234667) if _old_account_rest(f"00{n}") == 0)
    assert list(iban.find(Message(f"bankrekening {seven}")))
    assert not list(iban.find(Message(f"rekeningnummer {seven}")))


@pytest.mark.parametrize(
    ("written", "is_bsn"),
    [
        ("111222333", True),
        ("111 222 333", True),
        ("1112.22.333", True),
        ("11.12.22.333", True),
        ("11 122 2333", False),
        ("1112 22333", False),
        ("11122 2333", False),
        ("111 22 2333", False),
        ("1 112 22 333", False),
        ("111/222/333", False),
    ],
)
def test_without_a_word_a_bsn_stands_in_the_groups_people_write(written: str, is_bsn: bool) -> None:
    assert bool(found(f"gisteren {written} doorgegeven", "bsn")) == is_bsn
    assert found(f"mijn bsn is {written}", "bsn"), "with the word any layout will do"


def test_every_digit_of_a_bsn_counts() -> None:
    assert bsn.passes("111222333")
    assert not any(bsn.passes(wrong) for wrong in neighbours("111222333"))
    assert bsn.passes("10000008")
    assert not any(bsn.passes(wrong) for wrong in neighbours("10000008"))
    assert not bsn.passes("000000000")
    # Of eight digits the first zero was dropped; one of seven is none, whatever its sum.
    assert not any(bsn.passes(str(number)) for number in range(1_000_000, 1_000_022))
    assert any(bsn.passes(f"0{number}") for number in range(1_000_000, 1_000_022))


@pytest.mark.parametrize("reference", ["5000056789012345", "9012345678901234", "17123456"])
def test_every_digit_of_a_payment_reference_counts(reference: str) -> None:
    body = reference[1:]
    weights = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)
    rests = set()
    for each in (body, *neighbours(body)):
        rest = sum(int(digit) * weights[place % 10] for place, digit in enumerate(reversed(each))) % 11
        assert payment_reference.check_digit(each) == {0: "0", 1: "1"}.get(rest, str(11 - rest))
        rests.add(rest)
    assert rests == set(range(11))


def test_the_length_digit_of_a_payment_reference_counts() -> None:
    for length in range(7, 13):
        body = "123456789012"[:length]
        right = payment_reference.check_digit(body) + str(length % 10) + body
        assert payment_reference.passes(right)
        for wrong in set("0123456789") - {right[1]}:
            assert not payment_reference.passes(right[0] + wrong + body)
    for length in (8, 15, 17):
        assert not payment_reference.passes("0" * length)


def test_vat_numbers_pass_by_the_eleven_test_or_modulo_97() -> None:
    assert [each.proven for each in found("btw NL111222333B01", "vat_number")] == [True]
    assert [each.proven for each in found("btw NL111222334B01", "vat_number")] == [False]


@pytest.mark.parametrize(
    ("text", "proven"),
    [
        ("bsn 111222333", True),  # check digit and the word
        ("gisteren 111222333 doorgegeven", False),  # one random number in eleven passes
        ("bsn 123456789", False),  # the word alone
        ("NL91ABNA0417164300", True),  # mod 97
        ("aanslag 1112.22.333.H.96", True),
        ("mail jan@example.org", True),
        ("mijn wachtwoord is Welkom-demo1!", False),
        ("Ik zit in de WW: krijg ik mijn toeslag nog?", False),
        ("ik verdien € 1.450,- netto", False),
        ("mijn naam is Jan de Vries", False),
        ("tel 612345678", False),  # its first zero is missing
        ("bel 06-******12", False),
        ("laatste cijfers van mijn IBAN: 300", False),
    ],
)
def test_proven_is_what_chance_and_a_misread_word_hardly_explain(text: str, proven: bool) -> None:
    assert any(each.proven for each in find_candidates(text)) == proven


def test_the_last_digits_are_an_account_s_when_a_word_for_one_stands_within_45_characters() -> None:
    for gap in range(30, 60):
        between = " eindigt " + "x" * (gap - len("pas eindigt  op ")) + " op "
        text = f"pas{between}4300"
        assert bool(found(text, "iban_last_digits")) == (len("pas" + between) <= 45), gap
