"""Payment references (betalingskenmerk), as on an acceptgiro.

Seven digits have no check; 9 to 14 have a check digit and a length digit; 16 have a check digit and
fifteen digits.
The check: weights 2 4 8 5 10 9 7 3 6 1, repeating from the right, C = 11 − (sum mod 11), where 10 becomes
1 and
11 becomes 0. One random number in ten passes. The tax office's references contain the BSN.

Source: Betaalvereniging Nederland, "Betalingskenmerk"; the tax office's own converter.

>>> passes("5000056789012345")
True
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.message import Message

_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)


def check_digit(digits: str) -> str:
    """The check digit over the digits that follow it (and the length digit, where there is one)."""
    total = sum(int(digit) * _WEIGHTS[index % 10] for index, digit in enumerate(reversed(digits)))
    check = 11 - total % 11
    return str({10: 1, 11: 0}.get(check, check))


def passes(reference: str) -> bool:
    """Whether a reference of 9 to 14 or of 16 digits carries the right check digit (and length digit)."""
    if len(reference) == 16:
        return check_digit(reference[1:]) == reference[0]
    if 9 <= len(reference) <= 14:
        return int(reference[1]) == (len(reference) - 2) % 10 and check_digit(reference[2:]) == reference[0]
    return False


_BELGIAN = re.compile(
    r"(?:\+{3} ?|\*{3} ?)?(?<![0-9/])([0-9]{3}) ?/ ?([0-9]{4}) ?/ ?([0-9]{5})(?![0-9/])(?: ?\+{3}| ?\*{3})?"
)


def _belgian(message: Message) -> Iterator[Finding]:
    """Belgian structured notes, +++090/9337/55493+++: ten digits and their rest modulo 97 (97 for 0)."""
    for match in _BELGIAN.finditer(message.text) if "/" in message.text else ():
        digits = "".join(match.groups())
        passed = (int(digits[:10]) % 97 or 97) == int(digits[10:])
        near = message.near(match.start(), match.end(), "payment_reference")
        if passed or near or match.group().startswith(("+++", "***")):
            clauses: tuple[tuple[str | int, ...], ...] = (("passed" if passed else "failed", "mod97"),)
            yield Finding(
                match.start(),
                match.end(),
                "assessment_decision",
                "payment_reference",
                (*clauses, near.clause) if near else clauses,
                "payment_reference",
                check=3 if passed else 1,
                context=near.strength if near else 0,
            )


def find(message: Message) -> Iterator[Finding]:
    yield from _belgian(message)
    for number in message.of_length(7, *range(9, 17)):
        if number.blocked:
            continue
        near = message.near(number.start, number.end, "payment_reference")
        passed = passes(number.digits)
        if near is None and passed and len(number.digits) == 16:
            near = message.near(number.start, number.end, "case_number")  # "acceptgiro met kenmerk"
            if near and not (near.adjacent and near.cue.word.endswith("kenmerk")):
                near = None
        if near is None:
            if not (
                passed and len(number.digits) == 16 and number.alone and number.sizes in ((16,), (4, 4, 4, 4))
            ):
                continue
        elif not (near.adjacent or passed):
            continue
        clauses: list[tuple[str | int, ...]] = [("digits", len(number.digits))]
        if len(number.digits) != 7:
            clauses.append(("passed" if passed else "failed", "payment"))
        if near:
            clauses.append(near.clause)
        yield Finding(
            number.start,
            number.end,
            "assessment_decision",
            "payment_reference",
            tuple(clauses),
            "payment_reference",
            check=1.5 if passed else 0,
            context=near.strength if near else 0,
        )
