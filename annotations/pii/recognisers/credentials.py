"""User names, passwords, PINs and codes: a value after the word that announces it.

"Wachtwoord vergeten" has no value. A value stands after a colon or "is" and looks odd (a digit, a sign, a
capital inside),
or stands in quotation marks; a PIN or code has three to eight digits.

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

_CODE = (
    r"pin(?: ?code)?|puk(?:-? ?code)?|toegangscode|verificatie ?code|activatie ?code|sms-? ?code|inlogcode|"
    r"beveiligingscode|pass ?code|digid-?code|verification code|security code|otp|code"
)
_WORD = (
    r"gebruikers ?naam|inlog(?:naam|gegevens)?|log-?in(?: ?naam)?|wacht ?woord|wachtwoorden|wachtw|"
    r"wachwoord|paswoord|ww|"
    r"codewoord|user ?name|user ?id|user|pass ?word|pass(?= ?[:=])|passwd|pw|digid"
)
_LINKS = (
    r"is|was|voor|van|naar|for|mijn|account|wordt|dus|nu|tijdelijke?|now|router|wifi|het|de|my|the|reset|"
    r"gereset|digid|to|"
    r"gewijzigd|veranderd|in|staat|op"
)
_CUE = re.compile(
    rf"\b(?:(?P<code>{_CODE})|(?P<word>{_WORD}))\b(?P<links>(?: (?:{_LINKS})(?=[ :=])){{0,5}})"
    r" ?(?P<mark>[:=]|->)? ?(?P<quote>[\"'“‘«]?)(?P<value>[0-9](?: [0-9]){3,7}(?![^\W_])|[^\s\"”’»\0]{3,40})",
    re.IGNORECASE,
)
_HINTS = ("naam", "log", "woord", "ww", "pin", "puk", "code", "user", "pass", "pw", "otp", "wachtw", "digid")
_OWN_CODE = re.compile(r"\b(?:mijn|my|sms|inlog|digid)\b")
_OTHER_CODE = re.compile(
    r"(?:error|fout|postal|zip|post|promo|korting|discount|qr|bar|country|area|actie|"
    r"source|storing)s?[ -]?$"
)
_SITE = re.compile(r"^[^@]*\.(?:nl|com|org|net|be)$", re.IGNORECASE)
_NO_VALUES = frozenset(
    words(
        "vergeten fout kwijt niet geen onjuist ongeldig verkeerd veranderd gewijzigd gereset verlopen "
        "nodig aanvragen opvragen "
        "ingesteld resetten wijzigen veranderen klopt werkt invullen ingevuld forgotten wrong not reset "
        "changed expired required "
        "incorrect invalid sterk veilig geblokkeerd blocked onbekend unknown hetzelfde goed juist correct "
        "opnieuw nog weer al ook "
        "maar dan wel toch kapot vermeld gestuurd verstuurd gebruiken bekend ontvangen aangevraagd "
        "aanmaken gelekt en of rood "
        "oranje wachtwoord gebruikersnaam password dat die dit minimaal minstens maximaal alleen invoeren "
        "inclusief"
    )
)


_BENEFIT = re.compile(r"(?:\bde|\bin|\been|\bvan|\bmet|\bdeze|\bkrijg|\bheb|\bna|\bmijn|\buit) $")
_PAIR = re.compile(
    r"\b(?P<cue>inlog(?:code|gegevens|naam)?|login|log in)\b[ :]{1,3}(?P<user>[\w.@-]{3,40}) ?/ ?(?!ww |pw )"
    r"(?P<secret>[^\s/]{4,40})",
    re.IGNORECASE,
)


def _pairs(message: Message) -> Iterator[Finding]:
    """A user name and a password with a slash between them."""
    for match in _PAIR.finditer(message.text):
        if any(character.isdigit() for character in match["user"] + match["secret"]):
            for part in ("user", "secret"):
                clauses = (("secret", match["cue"].lower()),)
                yield Finding(*match.span(part), "credentials", "credentials", clauses, check=1, context=2.1)


def find(message: Message) -> Iterator[Finding]:
    if not any(map(message.low.__contains__, _HINTS)):
        return
    yield from _pairs(message)
    position = 0
    while match := _CUE.search(message.text, position):
        position = match.end("code") if match["code"] else match.end("word")
        value = _value(message, match)
        if value:
            start = match.start("value")
            position = start + len(value)
            cue = (match["code"] or match["word"]).lower()
            odd = 1 if _is_odd(value) else 0
            clauses = (("secret", cue),)
            yield Finding(start, position, "credentials", "credentials", clauses, check=odd, context=2)


def _is_odd(value: str) -> bool:
    """Whether a value looks like no ordinary word: a digit, a sign or a capital inside."""
    return bool(re.search(r"[0-9!#$%&*+_@?]|[a-z][A-Z]|[a-z][.-][a-z]", value.rstrip("!?.")))


def _value(message: Message, match: re.Match[str]) -> str | None:
    value = re.sub(r"(?:[,;.)/]+|!{2,}|\?+)$", "", match["value"])
    links = match["links"].lower().split()
    marked = bool(match["mark"] or match["quote"])
    said = marked or bool({"is", "was", "naar", "to", "in", "wordt"} & set(links))
    if len(value) < 3 or value.lower().strip("!.,'") in _NO_VALUES:
        return None
    if message.text[max(0, match.start() - 1) : match.start()] in ("-", "@", "."):
        return None
    if match["word"] and match["word"].lower() == "ww" and _BENEFIT.search(message.low, 0, match.start()):
        return None
    if match["code"]:
        return _code(message, match, value, said, marked)
    word = match["word"].lower()
    if word == "ww" and re.match(r"(?:€|[0-9.,-]+$)", value):
        return None
    if _is_odd(value) and not _SITE.search(value) and (said or not links or re.search("[0-9]", value)):
        return value
    if marked and (value[0].isupper() or word not in ("login", "inlog", "user", "digid")):
        return value
    named = word.replace(" ", "") in ("username", "gebruikersnaam", "loginnaam", "inlognaam")
    alone = not message.text[match.start("value") + len(value) :].lstrip()[:1].isalnum()
    return value if named and links == ["is"] and alone else None


def _code(message: Message, match: re.Match[str], value: str, said: bool, marked: bool) -> str | None:
    """The value of a PIN or code: digits, or an odd value after a colon."""
    word = match["code"].lower()
    plain = word == "code"
    before = message.low[max(0, match.start() - 12) : match.start()]
    if plain and not (_OWN_CODE.search(before) if not marked else not _OTHER_CODE.search(before)):
        return None
    digits = re.match(r"[0-9](?: ?[0-9]){2,7}(?![0-9A-Za-z€%])", value)
    if digits and (said or not plain):
        return digits.group()
    if word.startswith("pin") or not _is_odd(value) or not any(character.isdigit() for character in value):
        return None
    return value if said or word.startswith(("activatie", "toegang", "inlog")) else None
