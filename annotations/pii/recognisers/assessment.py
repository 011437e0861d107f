"""Assessment and decision numbers of the tax office (aanslag-, beschikkings-, aangiftenummer).

A BSN or RSIN, a letter for the tax and a tail with the year: 1234.56.782.H.96.01. The tail depends on the
letter:
A B D E F L have a sub-number and four more digits (.01.9050); H N S a year and, often, a kind (.96 or
.96.01); V .96.0112;
T (benefits) .JJ.KVVVM; W .96[.01].4; M and Y .J[.nr]; Z .JK.VV0M or .JVVVV.7. The number starts with the
BSN, so it gives
the BSN away. After a word such as "beschikkingsnummer" any long number is taken.

Source: the tax office's own converter of payment references to assessment numbers.

>>> from annotations.pii.message import Message
>>> [(f.start, f.end, f.confidence) for f in find(Message("aanslag 1234.56.782.H.96.01 klopt niet"))]
[(8, 27, 'high'), (8, 19, 'medium')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import MASKED, Finding
from annotations.pii.context import explained
from annotations.pii.message import Message
from annotations.pii.recognisers.bsn import passes

_NUMBER = re.compile(
    r"(?<![0-9])(?P<bsn>[0-9]{4}[ .\-/]?[0-9]{2}[ .\-/]?[0-9]{3}|[0-9]{3}[ .\-]?[0-9]{3}[ .\-]?[0-9]{3}|"
    r"[0-9]{8})"
    r"(?P<sep>[ .\-/]{0,2})(?P<letter>[ABDEFHLMNSTVWYZ])[ .\-/]{0,2}"
    r"(?P<tail>[0-9]{1,7}(?:[ .\-/][0-9]{1,5}){0,3})(?![0-9])",
    re.ASCII | re.IGNORECASE,
)
_TAILS = {
    **dict.fromkeys("ABDEFL", r"[0-9]{2}[0-9]{4,6}"),
    **dict.fromkeys("HNS", r"[0-9]{2}(?:[0-9]{1,2}|[0-9]{4})?"),
    "V": r"[0-9]{6}",
    "T": r"[0-9]{2}[0-9]{3,5}",
    "W": r"[0-9]{2}(?:[0-9]{2})?[0-9]",
    "M": r"[0-9](?:[0-9]{1,3})?",
    "Y": r"[0-9](?:[0-9]{1,3})?",
    "Z": r"[0-9]{6}",
}
_KINDS = ("assessment_number",)


def find(message: Message) -> Iterator[Finding]:
    for match in _NUMBER.finditer(message.text) if message.most_digits >= 8 else ():
        finding = _structured(message, match)
        if finding:
            yield finding
    for number in message.of_length(*range(6, 18)):
        near = message.near(number.start, number.end, *_KINDS)
        if near and near.adjacent and not number.blocked and (near.cue.strong or len(number.digits) >= 8):
            clauses = explained(near, ("digits", len(number.digits)))
            yield Finding(
                number.start,
                number.end,
                "assessment_decision",
                "assessment",
                clauses,
                "assessment_number",
                context=2,
            )
    for start, end in message.masked_values:
        near = message.near(start, end, *_KINDS)
        if near and near.adjacent:
            yield Finding(
                start,
                end,
                "assessment_decision",
                "assessment",
                (("masked",), near.clause),
                "assessment_number",
                context=2,
                completeness=MASKED,
            )


def _structured(message: Message, match: re.Match[str]) -> Finding | None:
    digits = re.sub(r"[^0-9]", "", match["bsn"])
    letter, tail = match["letter"].upper(), match["tail"]
    end = match.end()
    fits = bool(re.fullmatch(_TAILS[letter], re.sub(r"[^0-9]", "", tail)))
    while not fits and re.search(r"[ .\-/][0-9]+$", tail):
        shorter = re.sub(r"[ .\-/][0-9]+$", "", tail)
        if not re.fullmatch(_TAILS[letter], re.sub(r"[^0-9]", "", shorter)):
            break
        end -= len(tail) - len(shorter)
        tail, fits = shorter, True
    passed = passes(digits)
    near = message.near(match.start(), end, *_KINDS)
    upper = match["letter"].isupper()
    convincing = passed and fits and (upper or "." in match.group())
    likely = upper and (passed or fits) and match["sep"] == "."
    if not near and not convincing and not likely:
        return None
    clauses: list[tuple[str | int, ...]] = [
        ("passed" if fits else "failed", "tail"),
        ("passed" if passed else "failed", "eleven"),
    ]
    if passed:
        clauses.append(("embedded_bsn",))
    if near:
        clauses.append(near.clause)
    return Finding(
        match.start(),
        end,
        "assessment_decision",
        "assessment",
        tuple(clauses),
        "assessment_number",
        check=5 if passed and fits else 3.5 if passed or fits else 2,
        context=near.strength if near else 0,
    )
