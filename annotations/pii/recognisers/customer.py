"""Customer, order, invoice and case numbers.

They have no documented form: 5 to 12 digits, or letters and digits, beside a word that announces them
(klant-, relatie-,
order-, bestel-, factuur-, zaak-, ticket- … with nummer, nr, no, code or #). Only parcel codes ("3S" and
letters) are
recognised by their form.

>>> from annotations.pii.message import Message
>>> text = "klantnr ZL-4471902, order #4500123, factuur van 35 euro"
>>> [(text[f.start:f.end], f.subtype) for f in find(Message(text))]
[('ZL-4471902', 'customer_number'), ('4500123', 'order_number')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import ean

from annotations.pii.candidate import MASKED, PARTIAL, Finding
from annotations.pii.context import Near, explained, is_link
from annotations.pii.lexicon import NO_PERSONS_NUMBER
from annotations.pii.message import Message

KINDS = ("customer_number", "order_number", "invoice_number", "case_number", "account")
_VALUE = re.compile(
    r"(?<![^\W_])(?<![0-9][.,/-])(?:[A-Za-z]{1,6}[-./_ ]?(?=[0-9]))?[0-9](?:[A-Za-z0-9]|"
    r"[-./_](?=[A-Za-z0-9]))*+(?: [0-9]{2,4}(?![^\W_])(?![.,:/-][0-9]))*+"
    r"|(?<![^\W_])[A-Z]{1,6}(?:[A-Z0-9]|[-./_](?=[A-Z0-9])){4,30}+(?![^\W_])",
    re.ASCII,
)
_GLUED = re.compile(r"(?<=[a-z])[0-9](?:[0-9]|[-./](?=[0-9])){4,14}(?![^\W_])")
_PARCEL = re.compile(
    r"(?<![A-Za-z0-9])(?:3S[A-Z0-9]{4,8}[0-9]{5,9}|JVGL ?[0-9](?: ?[0-9]){11,19}|JJD[0-9]{15,21}|"
    r"1Z ?(?=[0-9A-Z ]{0,30}[0-9]{2})(?:[0-9A-Z] ?){15}[0-9A-Z]|TBA[0-9]{12})(?![A-Za-z0-9])"
)
_HASHED = re.compile(r"(?<![\w&])#[A-Z]{1,3}-?[0-9]{5,9}(?![\w-])")
_SPELLED = re.compile(
    r"(?<![^\W_])(?=[A-Z0-9 ]{0,20}[0-9])(?=[A-Z0-9 ]{0,20}[A-Z])[A-Z0-9](?: "
    r"[A-Z0-9]){4,9}(?![^\W_])"
)
_LETTERS_ONLY = re.compile(r"(?<![^\W_])[A-Z]{6}(?![^\W_])")
_BOOKING_WORD = re.compile(
    r"\b(?:pnr|boekingscode|reserveringscode|booking (?:ref|reference|code|no)|record locator|"
    r"boekings?nummer|locator)"
    r"[ .:#]{0,3}(?:is |was )?$"
)
_NO_BOOKING = frozenset(
    (
        "PLEASE",
        "REFUND",
        "CANCEL",
        "TICKET",
        "FAILED",
        "STATUS",
        "NUMMER",
        "NUMBER",
        "VLUCHT",
        "FLIGHT",
        "ONLINE",
    )
)
_LISTED = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{1,4}-[0-9]{6,10}(?![A-Za-z0-9-])")
_UNIT = re.compile(
    r"\s?(?:€|%|euro|eur\b|uur|min\b|minuten|dagen|weken|maanden|jaar|mb\b|gb\b|x\b|keer|days|weeks|hours|"
    r"years)"
)
_RESERVATION = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,8}$")
_YEAR_NUMBER = re.compile(r"(?:19|20)[0-9]{2}[-./][0-9]{4,}$")
_COMMON = re.compile(
    r"(?:4g|5g|3g|h264|mp3|mp4|covid19|covid-19|ipv6|ipv4|ps[345]|iphone.*|s[0-9]{1,2}|win[0-9]+|office365)$"
)


_BOOKINGS = frozenset(("booking", "boeking", "pnr", "reservering", "reservation", "booking reference", "ref"))
_SPACED = re.compile(r"(?<![^\W_])(?<![0-9] )[0-9](?: [0-9]){4,14}(?! ?[0-9])(?![^\W_])")


_LOCATOR = re.compile(
    r"(?<![A-Za-z0-9#/._-])(?=[A-Z]*[0-9])(?=(?:[0-9]*[A-Z]){3})(?![A-Z]{1,2}[0-9]{1,2}[A-Z]?[0-9][A-Z]{2}(?![A-Z0-9]))"
    r"[A-Z0-9]{6}(?![A-Za-z0-9/_-])"
)
_TRAVEL = re.compile(
    r"\b(?:vlieg\w*|vlucht\w*|flight|flights|flying|fly|boek\w*|geboekt|booked|booking|reserv\w*|pnr|"
    r"check[ -]?in|ticket\w*|airline|airport|schiphol|luggage|baggage|koffer\w*|bagage|boarding|"
    r"itinerary|seats?|"
    r"stoel\w*|hotel|layover)\b"
)


def _locators(message: Message) -> Iterator[Finding]:
    """The six letters and digits of a booking ("WLP29K"), where the message speaks of travelling."""
    if message.shouting:
        return
    for match in _LOCATOR.finditer(message.text):
        around = max(0, match.start() - 70), match.end() + 50
        word = _TRAVEL.search(message.low, *around)
        if word and not _COMMON.match(match.group().lower()):
            side = "before" if word.start() < match.start() else "after"
            clauses: tuple[tuple[str | int, ...], ...] = (("code",), (side, word.group()))
            yield Finding(
                *match.span(), "customer_order_invoice", "customer", clauses, "order_number", context=1
            )


def find(message: Message) -> Iterator[Finding]:
    if message.digits <= 60:
        yield from _locators(message)
    if message.kinds.isdisjoint((*KINDS, "number")):
        yield from _parcels(message)
        return
    seen_end = -1
    for match in _VALUE.finditer(message.text):
        finding = _beside_a_cue(message, *_trimmed(message, match))
        if finding:
            seen_end = finding.end
            yield finding
    for match in _SPACED.finditer(message.text):
        near = message.near(match.start(), match.end(), *KINDS)
        if near and near.adjacent:
            clauses = explained(near, ("digits", len(match.group()) // 2 + 1))
            subtype = "invoice_number" if near.cue.kind == "account" else near.cue.kind
            yield Finding(
                match.start(),
                match.end(),
                "customer_order_invoice",
                "customer",
                clauses,
                subtype,
                context=near.strength + 0.3,
            )
    for match in _SPELLED.finditer(message.text):
        near = message.near(match.start(), match.end(), *KINDS)
        if near and near.adjacent:
            clauses = explained(near, ("code",))
            subtype = "invoice_number" if near.cue.kind == "account" else near.cue.kind
            yield Finding(
                *match.span(),
                "customer_order_invoice",
                "customer",
                clauses,
                subtype,
                context=near.strength + 0.3,
            )
    for match in _LETTERS_ONLY.finditer(message.text):
        if match.group() not in _NO_BOOKING and _BOOKING_WORD.search(
            message.low, max(0, match.start() - 30), match.start()
        ):
            clauses = (("code",), ("before", "pnr"))
            yield Finding(
                *match.span(), "customer_order_invoice", "customer", clauses, "order_number", context=2
            )
    for match in _GLUED.finditer(message.text):
        if match.start() >= seen_end:
            finding = _beside_a_cue(message, match.start(), match.end())
            if finding:
                yield finding
    yield from _parcels(message)
    yield from _parts(message)


def _parcels(message: Message) -> Iterator[Finding]:
    if "#" in message.text:
        for match in _HASHED.finditer(message.text):
            clauses: tuple[tuple[str | int, ...], ...] = (("code",), ("before", "#"))
            yield Finding(
                *match.span(), "customer_order_invoice", "customer", clauses, "order_number", context=1
            )
    if not any(map(message.text.__contains__, ("3S", "JVGL", "JJD", "1Z", "TBA"))):
        return
    for match in _PARCEL.finditer(message.text):
        near = message.near(match.start(), match.end(), *KINDS)
        clauses = explained(near, ("parcel",))
        yield Finding(
            match.start(),
            match.end(),
            "customer_order_invoice",
            "customer",
            clauses,
            "order_number",
            check=2.5,
            context=near.strength if near else 0,
        )


def _trimmed(message: Message, match: re.Match[str]) -> tuple[int, int]:
    """The value without groups after a space that hardly belong to it."""
    start, value = match.start(), match.group()
    head = re.match(r"([A-Za-z]{1,6})([-./_ ]?)(?=[0-9])", value)
    if head and (_only_links(head[1]) or (head[2] == " " and not (head[1].isupper() and len(head[1]) <= 3))):
        start += head.end()
        value = value[head.end() :]
    groups = value.split(" ")
    if len(groups) > 1 and not (groups[0][:1].isalpha() and len(groups) == 2 and len(groups[0]) <= 3):
        small = all(len(group) <= 4 for group in groups)
        digits = sum(character.isdigit() for character in value)
        if not small or digits > 16 or (len(groups[0]) >= 5) or (len(groups[0]) == 1 and len(groups) == 2):
            value = groups[0]
    if _UNIT.match(message.low, start + len(value)) and " " in value:
        value = value.rsplit(" ", 1)[0]
    return start, start + len(value)


def _only_links(head: str) -> bool:
    """Whether letters before digits are a word ("nr.4471902") and not a part of the number ("NL-4471902")."""
    return is_link(head.lower()) and not (head.isupper() and head in ("NL", "EN", "DM"))


def _beside_a_cue(message: Message, start: int, end: int) -> Finding | None:
    value = message.text[start:end]
    digits = sum(character.isdigit() for character in value)
    if digits < 1 or len(value) < 4 or digits > 24 or (digits < 3 and not _RESERVATION.match(value)):
        return None
    near = message.near(start, end, *KINDS) or _just_a_number(message, start, end, digits)
    if near is None or (not near.before and not near.adjacent):
        return None
    loose = not near.cue.strong
    if not near.adjacent and (digits < 6 or near.gap > 30):
        return None
    booked = (
        (near.cue.word in _BOOKINGS or near.cue.word.endswith(("boeking", "reservering")))
        and 5 <= len(value) <= 8
        and value.isalnum()
        and value.isupper()
    )
    if digits < 3 and ((loose and not booked) or not near.adjacent):
        return None
    if digits < (5 if loose else 4) and not (value[0].isalpha() and len(value) >= 5) and not booked:
        return None
    if near.cue.word == "barcode" and len(value) == 13 and ean.is_valid(value):
        return None  # the barcode of an article
    if _UNIT.match(message.low, end) or _COMMON.match(value.lower()):
        return None
    if message.is_quantity(start, end):
        called = value.isalnum() and near.adjacent and near.cue.strong
        if not called and not _YEAR_NUMBER.match(value):
            return None
    subtype = {"account": "invoice_number", "number": "customer_number"}.get(near.cue.kind, near.cue.kind)
    shape = ("digits", digits) if digits == sum(character.isalnum() for character in value) else ("code",)
    return Finding(
        start,
        end,
        "customer_order_invoice",
        "customer",
        (shape, near.clause),
        subtype,
        context=near.strength + (0 if loose else 0.2),
    )


_WHOSE = re.compile(r"([^\W\d_]+)[ -]$")


def _just_a_number(message: Message, start: int, end: int, digits: int) -> Near | None:
    """ "Number" itself, directly before a long value: "aangevraagd onder nummer OLO 4419283"."""
    value = message.text[start:end]
    if value[0] == "0" or digits < (6 if value[0].isalpha() else 7):
        return None
    near = message.near(start, end, "number")
    if near is None or not near.adjacent or not near.before or near.gap > 5:
        return None
    whose = _WHOSE.search(message.low, max(0, near.cue.start - 20), near.cue.start)
    return None if whose and whose[1] in NO_PERSONS_NUMBER else near


def _parts(message: Message) -> Iterator[Finding]:
    for start, end in message.masked_values:
        near = message.near(start, end, *KINDS)
        if near and near.adjacent:
            yield Finding(
                start,
                end,
                "customer_order_invoice",
                "customer",
                (("masked",), near.clause),
                "invoice_number" if near.cue.kind == "account" else near.cue.kind,
                context=2,
                completeness=MASKED,
            )
    for start, end in message.last_digits:
        near = message.near(start, end, *KINDS[:4], reach=45)
        if near and near.cue.strong:
            clauses = explained(near, ("last_digits",))
            yield Finding(
                start,
                end,
                "customer_order_invoice",
                "customer",
                clauses,
                near.cue.kind,
                context=2,
                completeness=PARTIAL,
            )


_NUMBERED = re.compile(
    r"\b(?:nr|nummer|no|number|num)\b[.:# ]{0,3}(?:is )?(?P<value>(?=[A-Z0-9 ./-]*[0-9](?:[ ./-]?[0-9]){4})"
    r"(?:[A-Z]{1,4}[-. ]?)?[0-9](?:[-./]?[A-Z0-9]){4,14})(?![A-Za-z0-9])",
)


def find_listed(message: Message) -> Iterator[Finding]:
    """Codes such as ZL-4471902, and a "nr" without a name, which count only among other personal data."""
    for match in _NUMBERED.finditer(message.text):
        if not message.is_quantity(*match.span("value")):
            clauses: tuple[tuple[str | int, ...], ...] = (("code",), ("among",))
            yield Finding(
                *match.span("value"),
                "customer_order_invoice",
                "customer",
                clauses,
                "customer_number",
                check=0.1,
            )
    for match in _LISTED.finditer(message.text):
        clauses = (("code",), ("among",))
        yield Finding(
            match.start(),
            match.end(),
            "customer_order_invoice",
            "customer",
            clauses,
            "customer_number",
            check=0.1,
        )
