"""Telephone numbers of persons.

Dutch numbers have ten digits: 06 and eight more for mobiles, an area code of three or four digits and a
subscriber
number for the rest, 085/088/084/087/091/097 without a place. Abroad +31 or 0031 replaces the first zero.
0800, 0900, 0906,
0909, 14xx and short numbers are services, never personal. Foreign numbers are taken with + or 00 in front.

Source: national numbering plan (nummerplan telefoon- en ISDN-diensten); Google's phonenumbers metadata.

>>> from annotations.pii.message import Message
>>> [(f.start, f.end, f.confidence) for f in find(Message("bel me op 06-12 34 56 78 aub"))]
[(10, 24, 'high')]
>>> list(find(Message("bel 0800-0543 of 0900 1234567")))
[]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from annotations.pii.candidate import MASKED, PARTIAL, Finding
from annotations.pii.context import explained
from annotations.pii.message import Message, Number

_OWN_LINE = re.compile(
    r"(?:klantenservice|klanten service|servicenummer|helpdesk|belastingtelefoon|storingsnummer|"
    r"storingslijn|service ?desk|"
    r"customer (?:service|care)|support|bel (?:dan |even |gerust )?(?:ons|onze|met ons)|call us|reach us|"
    r"us on|us at|ons bellen|"
    r"(?:je|u|jullie) (?:kunt|kan) ons|bereik(?:en|baar)? ons|ons bereiken|"
    r"onze|our|afdeling|receptie|hoofdkantoor|branch(?: ph)?|department directly|"
    r"centrale)\b(?P<between>[^0-9]{0,30}(?:[0-9]{1,2}[.:]?[0-9]{0,2}[^0-9]{1,20}){0,2})$"
)


_OWNED = re.compile(
    r"[0-9 ()+-]{10,18} (?:is|was) (?:het nummer )?van (?:de|het|jullie|kpn|ziggo|een bedrijf)\b"
)


@lru_cache(maxsize=4096)
def _valid(digits: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False


def is_service(national: str) -> bool:
    """Whether a number as dialled in the Netherlands is a service line.

    >>> is_service("08000543"), is_service("0201234567")
    (True, False)
    """
    return national.startswith(("0800", "0900", "0906", "0909", "14", "18", "112", "116"))


def _read(number: Number, message: Message) -> tuple[int, str, str] | None:
    """Where the number starts with its prefix, as dialled, and which shape it has; None where it has none."""
    digits, start = number.digits, number.start
    before = message.text[max(0, start - 2) : start]
    if before.endswith(("+", "+ ")):
        start -= 1 if before.endswith("+") else 2
        if digits.startswith("31"):
            return start, "0" + digits[2:].lstrip("0"), "national"
        return start, "+" + digits, "foreign"
    if before.endswith("("):
        start -= 1
    if digits.startswith("0031"):
        return start, "0" + digits[4:].lstrip("0"), "national"
    if digits.startswith("00") and len(digits) >= 11:
        return start, "+" + digits[2:], "foreign"
    if digits.startswith("316") and len(digits) == 11:
        return start, "0" + digits[2:], "national"
    if digits.startswith("0") and len(digits) == (12 if digits.startswith("097") else 10):
        return start, digits, "national"
    return None


def find(message: Message) -> Iterator[Finding]:
    for number in message.of_length(*range(9, 16)):
        if number.blocked and not number.digits.startswith(("06", "316")):
            continue
        read = _read(number, message)
        if read is None:
            continue
        start, dialled, shape = read
        if is_service(dialled):
            continue
        finding = _full(message, number, start, dialled, shape)
        if finding:
            yield finding
    yield from _announced(message)
    if "(" in message.text and message.digits >= 10:
        for match in _AMERICAN.finditer(message.text):
            if not _is_own_line(message, match.start()):
                near = message.near(*match.span(), "phone")
                why = explained(near, ("digits", 10))
                yield Finding(
                    *match.span(), "phone", "phone", why, check=2, context=near.strength if near else 0
                )
    if "06 " in message.low:
        for match in _TOLD_APART.finditer(message.low):
            if any(map(str.isalpha, message.low[match.start() : match.start("rest")])):
                clauses: tuple[tuple[str | int, ...], ...] = (("mobile",), ("before", "06"))
                yield Finding(*match.span("rest"), "phone", "phone", clauses, check=1, context=2)
    yield from _hidden(message)


def _full(message: Message, number: Number, start: int, dialled: str, shape: str) -> Finding | None:
    if shape == "national" and len(dialled) != (12 if dialled.startswith("097") else 10):
        return None
    if message.text[start] == "(" and ")" not in message.text[start : number.end]:
        start += 1
    end = number.end
    near = message.near(start, end, "phone")
    other = message.near(start, end, "case_number", "order_number", "customer_number", "invoice_number")
    if near is None and other and other.before and other.adjacent and not number.whole:
        return None  # the head of a longer number that another word announces
    if (
        near is None
        and not number.alone
        and not dialled.startswith("06")
        and re.search(r"[0-9][-/.]$", message.text[max(0, start - 2) : start])
    ):
        return None  # the tail of a longer number
    mobile = shape == "national" and dialled.startswith("06")
    valid = _valid(dialled, "NL") if shape == "national" else _valid(dialled, None)
    if not near and not (valid or (mobile and "-" in number.separators)):
        return None
    if shape == "foreign" and not near and message.text[max(0, start - 1) : start] in ("-", ".", "/", "_"):
        return None
    if not (near and near.adjacent) and not number.alone and message.text[end : end + 1].isalpha():
        return None
    called = near is not None and (near.adjacent or (near.before and near.cue.strong and near.gap <= 4))
    if not valid and not mobile and not called:
        return None
    if (
        not near
        and number.grouped
        and not mobile
        and number.separators == " "
        and number.sizes[0] not in (3, 4)
        and shape != "foreign"
    ):
        return None
    if not mobile and _is_own_line(message, start):
        return None
    clauses: list[tuple[str | int, ...]] = [("mobile",) if mobile else ("digits", len(number.digits))]
    if shape == "foreign":
        clauses = [("foreign",)]
    clauses.append(("passed" if valid else "failed", "numbering_plan"))
    if near:
        clauses.append(near.clause)
    return Finding(
        start,
        end,
        "phone",
        "phone",
        tuple(clauses),
        check=3
        if mobile or (valid and (start < number.start or shape == "foreign"))
        else 2.4
        if valid
        else 0,
        context=near.strength if near else 0,
    )


_MINE = re.compile(r"\b(?:mijn|m'n|mn|ik|my|me|mij|werk|work|zakelijk)\b")


def _is_own_line(message: Message, start: int) -> bool:
    """Whether the words before say that this is an organisation's line, and not "my number"."""
    own = _OWN_LINE.search(message.low, max(0, start - 60), start)
    if message.text.startswith("088", start):  # for organisations: a person's only where it is said to be
        around = max(0, start - 40), start + 55
        if not _MINE.search(message.low, *around) or "onze" in message.low[slice(*around)]:
            return True
    if _OWNED.match(message.low, start):
        return True
    return own is not None and not re.search(r"\b(?:mijn|m'n|mn|ik|my|me|mij|vast|vaste)\b", own["between"])


_MOBILE_SIZES = {(1, 2, 2, 2, 2), (1, 8), (1, 4, 4), (1, 3, 3, 2), (1, 2, 3, 3)}
"""How people group a mobile number without its first zero: "6 18 44 29 70"."""
_TOLD_APART = re.compile(
    r"(?<![0-9])06[^0-9.!?\n]{1,12}(?P<rest>[0-9](?:[ .-]?[0-9]){7})(?![0-9])(?! ?(?:euro|€|uur|keer|%))"
)
_AMERICAN = re.compile(r"(?<![0-9(+-])\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[- .][0-9]{4}(?![0-9-])")
"""The rest after words: "06 en dan 41 22 87 90"."""


def _announced(message: Message) -> Iterator[Finding]:
    """Too short, too long or without its first zero, but called a telephone number."""
    for number in message.of_length(7, 8, 9, 10, 11):
        if number.sizes in _MOBILE_SIZES and number.digits[0] == "6" and number.whole:
            called = message.near(number.start, number.end, "number")
            if called and called.adjacent:
                clauses = explained(called, ("mobile",))
                yield Finding(number.start, number.end, "phone", "phone", clauses, check=1, context=2)
                continue
        if number.blocked or is_service(number.digits) or not (number.whole or not number.grouped):
            continue
        if not number.digits.startswith("06") and _is_own_line(message, number.start):
            continue
        near = message.near(number.start, number.end, "phone")
        if near and near.adjacent and len(number.digits) == 11 and _valid(number.digits, "GB"):
            clauses = explained(near, ("foreign",), ("passed", "numbering_plan"))
            yield Finding(number.start, number.end, "phone", "phone", clauses, check=1, context=near.strength)
            continue
        mobile = number.digits[:1] == "6" and len(number.digits) == 9
        if not near or not near.adjacent or not (near.cue.strong or mobile):
            continue
        if number.digits[:1] == "6" and len(number.digits) == 9:
            clauses = explained(near, ("mobile",))
            yield Finding(number.start, number.end, "phone", "phone", clauses, check=1, context=near.strength)
        elif len(number.digits) != 10 or not number.digits.startswith("06"):
            clauses = explained(near, ("digits", len(number.digits)), ("failed", "numbering_plan"))
            yield Finding(number.start, number.end, "phone", "phone", clauses, context=near.strength)


def _hidden(message: Message) -> Iterator[Finding]:
    for start, end in message.masked_values:
        near = message.near(start, end, "phone")
        mobile = message.text[start:end].startswith(("06", "+316", "+31 6", "00316"))
        if (near and near.adjacent) or (mobile and end - start >= 8):
            clauses = explained(near, ("masked",)) if near else (("masked",), ("mobile",))
            yield Finding(
                start,
                end,
                "phone",
                "phone",
                clauses,
                check=2 if mobile else 0,
                context=near.strength if near else 0,
                completeness=MASKED,
            )
    for start, end in message.last_digits:
        near = message.near(start, end, "phone", reach=40)
        if near and (near.cue.strong or near.adjacent):
            clauses = explained(near, ("last_digits",))
            yield Finding(start, end, "phone", "phone", clauses, context=2, completeness=PARTIAL)
