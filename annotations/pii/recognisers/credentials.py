"""User names, passwords, PINs and codes: a value after the word that announces it.

"Wachtwoord vergeten" has no value. A value stands after a colon or "is", and contains a digit, a sign or a
capital, or
is quoted; a PIN has three to eight digits.

>>> from annotations.pii.message import Message
>>> text = "mijn wachtwoord is Welkom-demo1! inlog: jan1980, wachtwoord is vergeten"
>>> [text[f.start:f.end] for f in find(Message(text))]
['Welkom-demo1!', 'jan1980']
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.lexicon import words
from annotations.pii.message import Message

_CUE = re.compile(
    r"\b(?P<cue>gebruikers ?naam|inlog(?:naam|code|gegevens)?|log-?in(?: ?naam)?|wacht ?woord|wachtwoorden|"
    r"wachtw|ww|pin(?: ?code)?|puk(?:-? ?code)?|toegangscode|"
    r"verificatie ?code|activatie ?code|sms-? ?code|inlogcode|codewoord|beveiligingscode|user ?name|"
    r"user ?id|user|pass ?word|passwd|pw|pass ?code|"
    r"digid(?:-code)?|otp|code)\b(?P<link>(?: (?:is|was|voor|van|naar|van mijn|for|mijn|account|wordt|dus|"
    r"nu|tijdelijk|tijdelijke|now|gereset naar|router|wifi|het|de|digid|mijn digid|zijn|my|the|account is|"
    r"reset naar|gewijzigd in|veranderd in|=))*"
    r" ?(?P<mark>[:=]|->|is|was|naar|in)? ?)(?P<quote>[\"'“‘«]?)(?P<value>[^\s\"”’»\0]{3,40})",
    re.IGNORECASE,
)
_WORDS = frozenset(
    words(
        "vergeten fout kwijt niet geen onjuist ongeldig verkeerd veranderd gewijzigd gereset "
        "verlopen nodig aanvragen opvragen ingesteld resetten wijzigen veranderen klopt werkt "
        "invullen ingevuld forgotten wrong not reset changed expired required incorrect invalid "
        "sterk veilig geblokkeerd blocked onbekend unknown hetzelfde goed juist correct opnieuw "
        "nog weer al ook maar dan wel toch kapot vermeld gestuurd verstuurd gebruiken bekend "
        "ontvangen aangevraagd aanmaken gelekt en of"
    )
)
_PINS = ("pin", "puk", "code", "otp", "ww")


def find(message: Message) -> Iterator[Finding]:
    if not any(
        word in message.low
        for word in (
            "naam",
            "log",
            "woord",
            "ww",
            "pin",
            "puk",
            "code",
            "user",
            "pass",
            "pw",
            "otp",
            "wachtw",
        )
    ):
        return
    position = 0
    while match := _CUE.search(message.text, position):
        position = match.end("cue")
        finding = _value(message, match)
        if finding:
            position = finding.end
            yield finding


def _value(message: Message, match: re.Match[str]) -> Finding | None:
    value = match["value"]
    value = re.sub(r"[,;.)]+$|!{2,}$|\?+$", "", value)
    cue, marked = match["cue"].lower(), bool(match["mark"] or match["quote"])
    bare = value.lower().strip("!.,'")
    if len(value) < 3 or bare in _WORDS or message.text[match.start() - 1 : match.start()] == "-":
        return None
    has_digit = any(character.isdigit() for character in value)
    has_sign = bool(re.search(r"[!#$%&*+_@?-]", value.rstrip("!?")))
    odd = has_digit or has_sign or bool(re.search(r"[a-z][A-Z]", value))
    mark = (match["mark"] or "").lower()
    strong_mark = mark in (":", "=", "->", "naar") or bool(match["quote"])
    if cue.startswith(
        (
            "pin",
            "puk",
            "code",
            "otp",
            "sms",
            "verificatie",
            "activatie",
            "toegang",
            "inlogcode",
            "beveiliging",
        )
    ):
        digits = re.match(r"[0-9]{3,8}(?![0-9A-Za-z€%])", value)
        if digits and (marked or cue != "code"):
            value = digits.group()
        elif not (odd and strong_mark and cue != "pin"):
            return None
        if (
            cue == "code"
            and not strong_mark
            and not re.search(
                r"\b(?:mijn|my|sms|inlog|de)\b", message.low[max(0, match.start() - 12) : match.start()]
            )
        ):
            return None
    elif not (
        (odd and (marked or has_digit))
        or (
            strong_mark
            and (match["value"][0].isupper() or has_digit or cue not in ("login", "inlog", "user", "code"))
        )
    ):
        return None
    if cue in ("ww", "inlog", "login", "user", "pin") and not marked and not odd:
        return None
    if re.match(r"(?:€|[0-9.,]+$)", value) and cue == "ww":
        return None
    start = match.start("value")
    return Finding(
        start,
        start + len(value),
        "credentials",
        "credentials",
        (("secret", cue),),
        check=1 if odd else 0,
        context=2,
    )
