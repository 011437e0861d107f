"""International bank account number (IBAN), and Dutch account numbers without it.

Dutch: NL, two check digits, four letters of the bank, ten digits; other countries have their own lengths.
The whole is
valid when it leaves 1 modulo 97 after moving the first four characters to the end. A Dutch-looking IBAN
that fails is
still reported (mistyped, or O for 0). "The last digits of my IBAN" is partial information.

Source: ISO 13616; python-stdnum's ``stdnum.iban``.

>>> from annotations.pii.message import Message
>>> [(f.start, f.end, f.clauses[0][0]) for f in find(Message("rek. nl91 abna 0417 1643 00"))]
[(5, 27, 'passed')]
>>> [(f.subtype, f.completeness) for f in find(Message("laatste cijfers van mijn iban: 300"))]
[('iban_last_digits', 'partial')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError

from annotations.pii.candidate import MASKED, PARTIAL, Finding
from annotations.pii.context import explained
from annotations.pii.lexicon import words
from annotations.pii.message import Message

_S = r"[ .\-_/]{0,2}"
_DUTCH = re.compile(
    rf"NL{_S}[0-9O]{_S}[0-9O]{_S}[A-Z]{_S}[A-Z]{_S}[A-Z0]{_S}[A-Z0](?:{_S}[0-9OIL]){{10}}(?![0-9])",
    re.ASCII | re.IGNORECASE,
)
_FOREIGN = re.compile(
    rf"(?<![A-Za-z0-9])(?!NL)[A-Z]{{2}}[0-9]{{2}}(?:{_S}[A-Z0-9]){{11,30}}(?![A-Za-z0-9])", re.ASCII
)
_BANKS = frozenset(
    words("INGB RABO ABNA SNSB TRIO ASNB RBRB BUNQ KNAB REVO FVLB NNBA HAND BNGB FBHL GILL INSI")
)
_MASKED_DUTCH = re.compile(
    r"(?<![A-Za-z0-9])NL ?[0-9*xX#]{2}[ .-]?(?:[A-Z*xX#]{4}[ .-]?)?"
    r"(?:[0-9*•xX#.…]{1,10}[ -]?){1,6}(?<![ .-])(?![A-Za-z0-9])"
)
_BANK = re.compile(r"\b(?:bank|rekening|rek|account|pas|iban)\w*\b")
_SORT_CODE = re.compile(
    r"\bsort ?code\b[ :]{0,3}(?:is )?(?P<value>[0-9]{2}[- ]?[0-9]{2}[- ]?[0-9]{2}(?:[ ,;]{1,3}(?:and "
    r")?(?:account|acc|a/c)"
    r"(?: no\.?| number)?[ :]{0,2}[0-9]{7,8})?)(?![0-9])"
)
_OLD_WORD = re.compile(r"\b(?:bank)?(?:rekening|rek|giro)(?:nummer|nr)?\b[^0-9.!?\n]{0,15}$")
_OLD_LAYOUTS = {(2, 2, 2, 3), (3, 3, 3, 1), (2, 2, 2, 2, 1)}


def _valid(compact: str) -> bool:
    try:
        stdnum_iban.validate(compact, check_country=False)
    except ValidationError:
        return False
    return True


def find(message: Message) -> Iterator[Finding]:
    if message.digits >= 7 and "nl" in message.low:
        yield from _dutch(message)
    for match in _FOREIGN.finditer(message.text) if len(message.text) > 14 and message.digits >= 7 else ():
        finding = _foreign(message, match)
        if finding:
            yield finding
    if "sort" in message.low:
        for match in _SORT_CODE.finditer(message.low):
            clauses = (("account",), ("before", "sort code"))
            yield Finding(*match.span("value"), "iban", "iban", clauses, check=2, context=2)
    yield from _old_accounts(message)
    yield from _parts(message)


def _compact(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _dutch(message: Message) -> Iterator[Finding]:
    for match in _DUTCH.finditer(message.text):
        raw = _compact(match.group())
        digits = str.maketrans("OIL", "011")
        compact = (
            raw[:2] + raw[2:4].translate(digits) + raw[4:8].replace("0", "O") + raw[8:].translate(digits)
        )
        valid = _valid(compact)
        near = message.near(match.start(), match.end(), "iban", "account")
        clauses: list[tuple[str | int, ...]] = (
            [("passed", "mod97")] if valid else [("iban_form",), ("failed", "mod97")]
        )
        if compact != raw:
            clauses.append(("rewritten",))
        if near:
            clauses.append(near.clause)
        yield Finding(
            match.start(),
            match.end(),
            "iban",
            "iban",
            tuple(clauses),
            check=4 if valid else 2.6,
            context=near.strength if near else 0,
        )


def _foreign(message: Message, match: re.Match[str]) -> Finding | None:
    """The longest head of the match that is a valid IBAN of its country, or, with a cue, the match as it
    stands."""
    text = match.group()
    ends = [index for index in range(len(text), 14, -1) if text[index - 1] not in " .-_/"]
    near = message.near(match.start(), match.end(), "iban", "account")
    for end in ends:
        following = text[end : end + 1]
        if following.isalnum():
            continue
        if _valid(_compact(text[:end])):
            clauses = explained(near, ("passed", "mod97"))
            return Finding(
                match.start(),
                match.start() + end,
                "iban",
                "iban",
                clauses,
                check=4,
                context=near.strength if near else 0,
            )
    if near and near.adjacent:
        clauses = explained(near, ("iban_form",), ("failed", "mod97"))
        return Finding(match.start(), match.end(), "iban", "iban", clauses, context=2)
    return None


def _old_accounts(message: Message) -> Iterator[Finding]:
    """Nine or ten digits called a bank account, or "rekeningnummer" with a passing eleven test of the old
    accounts."""
    for number in message.of_length(7, 8, 9, 10):
        if number.blocked:
            continue
        near = message.near(number.start, number.end, "iban", "account")
        written = (number.sizes in _OLD_LAYOUTS and "." in number.separators) or (
            "oude " in message.low or "giro" in message.low or "postbank" in message.low
        )
        if written and not near and _OLD_WORD.search(message.low, max(0, number.start - 35), number.start):
            yield Finding(number.start, number.end, "iban", "iban", (("account",),), check=0.5, context=2)
            continue
        if not near or not near.adjacent:
            continue
        padded = number.digits.zfill(10)
        passed = sum(int(digit) * (10 - index) for index, digit in enumerate(padded)) % 11 == 0
        if near.cue.kind == "account" and not (passed and len(number.digits) >= 9):
            continue
        clauses = explained(near, ("account",), ("passed" if passed else "failed", "eleven"))
        yield Finding(
            number.start, number.end, "iban", "iban", clauses, check=0.5 if passed else 0, context=2
        )


def _parts(message: Message) -> Iterator[Finding]:
    said_or_hidden = message.masked_values or message.last_digits or "NL" in message.text
    if not said_or_hidden and message.kinds.isdisjoint(("iban", "account")):
        return
    places = set(message.masked_values)
    dutch = {match.span() for match in _MASKED_DUTCH.finditer(message.text) if _hides(match.group())}
    for start, end in sorted(places | dutch):
        near = message.near(start, end, "iban", "account")
        if (start, end) in dutch or (near and near.adjacent):
            clauses = explained(near, ("masked",)) if near else (("masked",), ("iban_form",))
            yield Finding(
                start,
                end,
                "iban",
                "iban",
                clauses,
                check=2.6 if (start, end) in dutch else 0,
                context=near.strength if near else 0,
                completeness=MASKED,
            )
    said = set(message.last_digits)
    called = {group for group in message.groups if 3 <= group[1] - group[0] <= 5 and _alone(message, *group)}
    for start, end in sorted(said | called):
        near = message.near(start, end, "iban", "account", reach=60)
        known = near is not None and (near.adjacent and near.cue.kind == "iban" and near.before)
        if (start, end) in said:
            known = near is not None or bool(_BANK.search(message.low, max(0, start - 45), start))
        if known:
            clauses = explained(near, ("last_digits",))
            yield Finding(
                start, end, "iban", "iban", clauses, "iban_last_digits", context=2, completeness=PARTIAL
            )


def _alone(message: Message, start: int, end: int) -> bool:
    around = message.text[max(0, start - 1) : start] + message.text[end : end + 1]
    return not re.search(r"[^\W_]", around) and not message.is_quantity(start, end)


def _hides(value: str) -> bool:
    return bool(re.search(r"[*•xX#]{2}|\.\.|…", value)) and any(character.isdigit() for character in value)
