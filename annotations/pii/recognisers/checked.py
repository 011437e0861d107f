"""Numbers with a check digit that identify a device, a connection, a card or a firm.

====================  ======================================================================================
energy EAN            18 digits with the GS1 check digit; Dutch connections start with 871
IMEI                  15 digits, Luhn
ICCID (SIM card)      19 (or 20) digits starting with 89, Luhn
credit card           13 to 19 digits with a known prefix, Luhn
VAT number            NL, nine digits, B, two digits; the older ob-number lacks the NL
KvK number            eight digits (establishment: twelve), no check digit: only with a word that announces it
====================  ======================================================================================

Source: GS1 General Specifications; 3GPP TS 23.003; ITU-T E.118; ISO/IEC 7812; python-stdnum's
``stdnum.nl.btw``; kvk.nl.

>>> from annotations.pii.message import Message
>>> [(f.subtype, f.confidence) for f in find(Message("imei 490154203237518, kvk 12345678"))]
[('imei', 'high'), ('kvk_number', 'medium')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import ean, luhn
from stdnum.nl import btw

from annotations.pii.candidate import Finding
from annotations.pii.message import Message, Number
from annotations.pii.recognisers.bsn import passes as passes_eleven

_CARDS = (  # the prefixes of each scheme (ISO/IEC 7812) and how many digits its cards have
    (re.compile("4"), (13, 16, 19)),  # Visa
    (re.compile("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),  # Mastercard
    (re.compile("3[47]"), (15,)),  # American Express
    (re.compile("30[0-5]|3[68]"), (14,)),  # Diners Club
    (re.compile("50|5[6-9]|6"), (16, 19)),  # Maestro, Discover
)
_VAT = re.compile(
    r"(?<![A-Za-z0-9])(?P<nl>NL[ .-]?)?(?P<nine>[0-9]{9}|[0-9]{4}[ .-][0-9]{2}[ .-][0-9]{3}|"
    r"[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{3})[ .-]?B[ .-]?(?P<sub>[0-9]{2})(?![0-9])(?![.-][0-9])",
    re.IGNORECASE,
)


def _card(number: Number) -> bool:
    return luhn.is_valid(number.digits) and any(
        len(number.digits) in lengths and prefix.match(number.digits) for prefix, lengths in _CARDS
    )


def _subject(subtype: str, number: Number) -> tuple[bool, float, bool] | None:
    """Whether the check is passed, what that weighs, and whether it may stand without context; None where
    the shape does not fit."""
    digits = number.digits
    if subtype == "meter_ean":
        passed, dutch = ean.calc_check_digit(digits[:-1]) == digits[-1], digits.startswith("871")
        return passed, 3 if dutch else 1.5, passed and dutch
    if subtype == "imei":
        passed, usual = luhn.is_valid(digits), digits[:2] in ("35", "86", "01", "99")
        return passed, 2 if usual else 1.5, passed and usual
    if subtype == "iccid":
        passed = luhn.is_valid(digits) or luhn.is_valid(digits[:19])
        return (passed, 3, passed) if digits.startswith("89") else None
    if subtype == "credit_card":
        passed = _card(number)
        return passed, 2.4, passed
    return False, 0, False  # nothing to check


_LENGTHS = {
    "meter_ean": (18,),
    "imei": (15,),
    "iccid": (19, 20),
    "credit_card": tuple(range(13, 20)),
    "kvk_number": (8, 12),
}
_NAMES = {"meter_ean": "gs1", "imei": "luhn", "iccid": "luhn", "credit_card": "luhn"}


def find(message: Message) -> Iterator[Finding]:
    for subtype, lengths in _LENGTHS.items():
        for number in message.of_length(*lengths):
            subject = _subject(subtype, number)
            if subject is None or number.blocked:
                continue
            passed, weight, unannounced = subject
            near = message.near(number.start, number.end, subtype)
            if near is None and not (unannounced and number.alone and _layout(subtype, number)):
                continue
            if near and not passed and not near.adjacent:
                continue
            clauses: list[tuple[str | int, ...]] = [("digits", len(number.digits))]
            if subtype in _NAMES:
                clauses.append(("passed" if passed else "failed", _NAMES[subtype]))
            if near:
                clauses.append(near.clause)
            yield Finding(
                number.start,
                number.end,
                "other",
                subtype,
                tuple(clauses),
                subtype,
                check=weight if passed else 0,
                context=near.strength if near else 0,
            )
    yield from _vat(message)
    yield from _foreign_vat(message)
    yield from _meters(message)


def _layout(subtype: str, number: Number) -> bool:
    """Whether the groups are those in which people write such a number."""
    if not number.grouped:
        return True
    if subtype == "credit_card":
        return set(number.sizes) == {4} or number.sizes == (4, 6, 5)
    return len(number.separators) == 1 and min(number.sizes[:-1]) >= 2 and len(number.sizes) <= 7


def _vat(message: Message) -> Iterator[Finding]:
    for match in _VAT.finditer(message.text) if message.most_digits >= 9 else ():
        digits = re.sub(r"[^0-9]", "", match["nine"])
        passed = passes_eleven(digits) or btw.is_valid(f"NL{digits}B{match['sub']}")
        near = message.near(match.start(), match.end(), "vat_number")
        if not (passed or near or match["nl"]):
            continue
        check = "mod97" if not passes_eleven(digits) and passed else "eleven"
        clauses: tuple[tuple[str | int, ...], ...] = (("passed" if passed else "failed", check),)
        yield Finding(
            match.start(),
            match.end(),
            "other",
            "vat_number",
            (*clauses, near.clause) if near else clauses,
            "vat_number",
            check=5 if passed else 3 if match["nl"] else 1,
            context=near.strength if near else 0,
        )


_FOREIGN_VAT = re.compile(
    r"(?<![A-Za-z0-9])(?:BE ?[01]?[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}|(?:DE|PT|EL) ?[0-9]{3} ?[0-9]{3} "
    r"?[0-9]{3}|GB ?[0-9]{3} ?[0-9]{3,4} ?[0-9]{2,3}|"
    r"LU ?[0-9]{8}|FR ?[0-9A-Z]{2} ?[0-9]{9}|ES ?[A-Z][0-9]{7}[A-Z0-9]|PL ?[0-9]{10}|IT "
    r"?[0-9]{11})(?![A-Za-z0-9])"
)


def _foreign_vat(message: Message) -> Iterator[Finding]:
    """VAT numbers of other countries, beside a word that announces one; their checks are left to a person."""
    if "vat_number" not in message.kinds:
        return
    for match in _FOREIGN_VAT.finditer(message.text):
        near = message.near(match.start(), match.end(), "vat_number")
        if near and near.adjacent:
            clauses = (("foreign",), near.clause)
            yield Finding(match.start(), match.end(), "other", "vat_number", clauses, "vat_number", 2.5, 2)


_METER = re.compile(r"(?<![A-Za-z0-9])[A-Z]{0,2}[0-9]{6,14}(?![A-Za-z0-9])")
_METER_WORD = re.compile(
    r"\b(?:(?:gas|stroom|water|elektra|energie)?meter(?: ?(?:nummer|nr))?|meter number)[ .:#]{0,2}(?:is )?$"
)


def _meters(message: Message) -> Iterator[Finding]:
    """Serial numbers of energy and water meters, directly after the word."""
    if "meter_ean" not in message.kinds and "meter" not in message.low:
        return
    for match in _METER.finditer(message.text):
        if _METER_WORD.search(message.low, max(0, match.start() - 25), match.start()):
            clauses = (("code",), ("before", "meter"))
            yield Finding(match.start(), match.end(), "other", "meter_ean", clauses, "meter_ean", context=2.1)
