"""Citizen service number (burgerservicenummer, BSN) and the RSIN of legal persons.

Eight or nine digits (a leading zero is often dropped). With d1…d9 the digits of the nine, the number
passes when
9·d1 + 8·d2 + … + 2·d8 − d9 is a multiple of 11 (the "elfproef"). One random number in eleven passes, so
without a word
that announces it a passing number is only a medium candidate. With such a word a failing number is
reported as well:
people mistype it, and it is coded by what they call it.

Source: python-stdnum's ``stdnum.nl.bsn``; Logisch Ontwerp BSN.

>>> from annotations.pii.message import Message
>>> [(f.start, f.end, f.confidence) for f in find(Message("mijn bsn is 1112.22.333"))]
[(12, 23, 'high')]
>>> list(find(Message("al 123456789 keer gebeld")))
[]
"""

from __future__ import annotations

from collections.abc import Iterator

from stdnum.nl import bsn as stdnum_bsn

from annotations.pii.candidate import MASKED, Finding
from annotations.pii.message import Message

_LAYOUTS = {(9,), (3, 3, 3), (4, 2, 3), (2, 2, 2, 3)}


def passes(digits: str) -> bool:
    """Whether eight or nine digits pass the eleven test (all zeros do not count)."""
    if not 8 <= len(digits) <= 9 or not int(digits):
        return False
    return stdnum_bsn.checksum(digits.zfill(9)) == 0


def find(message: Message) -> Iterator[Finding]:
    for number in message.of_length(9, 8):
        passed = passes(number.digits)
        near = message.near(number.start, number.end, "bsn")
        if message.text[max(0, number.start - 1) : number.start].isalpha() and not (
            near and near.before and not near.gap
        ):
            continue  # part of a code such as Z2020-0912
        if near is None:
            if not (passed and len(number.digits) == 9 and number.alone and not number.blocked):
                continue
            if number.sizes not in _LAYOUTS or number.separators not in ("", ".", " ", "-"):
                continue
        elif number.blocked or not (passed or near.adjacent):
            continue
        clauses = (("digits", len(number.digits)), ("passed" if passed else "failed", "eleven"))
        yield Finding(
            number.start,
            number.end,
            "bsn",
            "bsn",
            (*clauses, near.clause) if near else clauses,
            check=1.5 if passed else 0,
            context=near.strength if near else 0,
        )
    for start, end in message.masked_values:
        near = message.near(start, end, "bsn")
        if near and near.adjacent:
            yield Finding(
                start, end, "bsn", "bsn", (("masked",), near.clause), context=2, completeness=MASKED
            )
