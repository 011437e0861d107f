"""Identity documents and licence plates.

Passport and identity card: two letters, six letters or digits, one digit, no letter O. Driving licence:
ten digits. V-number
of foreigners: ten digits. Licence plates: the RDW's series (sidecodes) 1 to 11 and those since 2024, with
dashes; from the
fourth series on no vowels, C or Q. Without dashes, or in lower case, only beside a word that announces them.

Source: python-stdnum's ``stdnum.nl.identiteitskaartnummer``; RDW, "Uitleg over de cijfers en letters op de
kentekenplaat".

>>> from annotations.pii.message import Message
>>> text = "kenteken 12-gbd-3, paspoort NXR6BD5F8; ook XX-99-XX gezien"
>>> [(text[f.start:f.end], f.kind) for f in find(Message(text))]
[('NXR6BD5F8', 'id_document'), ('12-gbd-3', 'licence_plate'), ('XX-99-XX', 'licence_plate')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.context import explained
from annotations.pii.message import Message

_DOCUMENT = re.compile(
    r"(?<![A-Za-z0-9])[A-NP-Z] ?[A-NP-Z](?: ?[A-NP-Z0-9]){6} ?[0-9](?![A-Za-z0-9])", re.IGNORECASE
)
_L = "[BDFGHJKLMNPRSTVWXYZ]"
_A = "[A-Z]"
_D = "[0-9]"
_S = r"[- ]?"
_OLD = [
    f"{_A}{{2}}{_S}{_D}{{2}}{_S}{_D}{{2}}",
    f"{_D}{{2}}{_S}{_D}{{2}}{_S}{_A}{{2}}",
    f"{_D}{{2}}{_S}{_A}{{2}}{_S}{_D}{{2}}",
]
_NEW = [
    f"{_L}{{2}}{_S}{_D}{{2}}{_S}{_L}{{2}}",
    f"{_L}{{2}}-?{_L}{{2}}-?{_D}{{2}}",
    f"{_D}{{2}}-?{_L}{{2}}-?{_L}{{2}}",
    f"{_D}{{2}}{_S}{_L}{{3}}{_S}{_D}",
    f"{_D}{_S}{_L}{{3}}{_S}{_D}{{2}}",
    f"{_L}{{2}}{_S}{_D}{{3}}{_S}{_L}",
    f"{_L}{_S}{_D}{{3}}{_S}{_L}{{2}}",
    f"{_L}{{3}}{_S}{_D}{{2}}{_S}{_L}",
    f"{_L}{_S}{_D}{{2}}{_S}{_L}{{3}}",
    f"{_D}{_S}{_L}{{2}}{_S}{_D}{{3}}",
    f"{_D}{{3}}{_S}{_L}{{2}}{_S}{_D}",
]
_LAYOUTS = "|".join([*_NEW, *_OLD])
_STRICT = re.compile("|".join(_NEW), re.IGNORECASE)
_PLATE = re.compile(
    r"(?<![A-Za-z0-9])(?<![0-9][./,-])(?:" + _LAYOUTS.replace(_L, _A) + r")(?![A-Za-z0-9])(?![-./][0-9])",
    re.IGNORECASE,
)


def find(message: Message) -> Iterator[Finding]:
    if "id_document" in message.kinds:
        yield from _documents(message)
    if "licence_plate" in message.kinds or message.text.count("-") >= 2:
        for match in _PLATE.finditer(message.text):
            finding = _plate(message, match)
            if finding:
                yield finding
    if "licence_plate" in message.kinds:
        yield from _foreign_plates(message)


def _documents(message: Message) -> Iterator[Finding]:
    for match in _DOCUMENT.finditer(message.text):
        near = message.near(match.start(), match.end(), "id_document")
        spaced = " " in match.group()
        if spaced and not (match.group().count(" ") == 8 and match.group().isupper()):
            continue  # words
        if near and (near.adjacent or near.cue.strong):
            clauses = explained(near, ("passed", "document"))
            yield Finding(
                match.start(),
                match.end(),
                "id_document",
                "id_document",
                clauses,
                check=2,
                context=near.strength,
            )
    for number in message.of_length(9, 10):
        near = message.near(number.start, number.end, "id_document")
        if near and near.adjacent and not number.blocked:
            clauses = explained(near, ("digits", len(number.digits)))
            yield Finding(number.start, number.end, "id_document", "id_document", clauses, context=2)


def _plate(message: Message, match: re.Match[str]) -> Finding | None:
    value = match.group()
    near = message.near(match.start(), match.end(), "licence_plate")
    dashes = value.count("-")
    if message.is_quantity(match.start(), match.end()):
        return None
    strict = bool(_STRICT.fullmatch(value))
    if near is None and not (strict and dashes == 2 and value == value.upper()):
        return None
    if near and dashes < 2 and not near.adjacent:
        return None
    if near and not near.cue.strong and dashes < 2 and value != value.upper():
        return None
    form = ("passed" if strict else "failed", "sidecode")
    clauses = (form, near.clause) if near else (form,)
    return Finding(
        match.start(),
        match.end(),
        "other",
        "licence_plate",
        clauses,
        "licence_plate",
        check=2.5 if strict else 1,
        context=near.strength if near else 0,
    )


_FOREIGN_PLATE = re.compile(
    r"(?<![A-Za-z0-9-])(?:[1-9][- ]?[A-Z]{3}[- ]?[0-9]{3}|[A-Z]{2}[0-9]{2} ?[A-Z]{3}|"
    r"[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2} ?[0-9]{1,4})"
    r"(?![A-Za-z0-9-])"
)
_BELGIAN_PLATE = re.compile(r"[1-9]-[A-Z]{3}-[0-9]{3}")
_BRITISH_PLATE = re.compile(r"[A-Z]{2}[0-9]{2} ?[A-Z]{3}")


def _foreign_plates(message: Message) -> Iterator[Finding]:
    """Belgian, British and German plates, directly beside a word that announces one."""
    for match in _FOREIGN_PLATE.finditer(message.text):
        near = message.near(match.start(), match.end(), "licence_plate")
        british = _BRITISH_PLATE.fullmatch(match.group())
        if near and near.adjacent and (near.cue.strong or british or _BELGIAN_PLATE.fullmatch(match.group())):
            clauses = (("foreign",), near.clause)
            yield Finding(
                match.start(), match.end(), "other", "licence_plate", clauses, "licence_plate", 1, 2
            )
