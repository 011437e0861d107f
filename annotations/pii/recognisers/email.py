"""E-mail addresses, as written and as spelled out ("jan apenstaartje example punt nl", "jan (at) example
[dot] com").

Mailboxes of a department (klantenservice@, info@, no-reply@ …) are the organisation's own and are left
out, unless the
author calls it theirs. Handles and Mastodon addresses are masked before this recogniser reads.

Source: RFC 5321 for lengths; the practical subset of RFC 5322 that people use.

>>> from annotations.pii.message import Message
>>> text = "mail jan.jansen@example.org of jan apenstaartje example punt nl, niet info@example.org"
>>> [text[f.start:f.end] for f in find(Message(text))]
['jan.jansen@example.org', 'jan apenstaartje example punt nl']
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.lexicon import words
from annotations.pii.message import Message

_LOCAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-'&àáâäçèéêëìíîïñòóôöùúûü"
_DOMAIN = re.compile(
    r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,62})(?:[.,][a-zA-Z0-9-]{1,63}){0,4}[.,][a-zA-Z]{2,12}(?![a-zA-Z0-9])"
)
_PROVIDERS = words(
    "gmail hotmail outlook live ziggo kpnmail kpnplanet xs4all planet home casema chello "
    "yahoo icloud upcmail hetnet tele2 telfort quicknet online zonnet msn me mail protonmail "
    "proton example solcon caiway onsbrabantnet gmx wanadoo freeler tiscali concepts ymail "
    "googlemail hotmial gmial"
)
_MAILERS = "(?:" + "|".join(_PROVIDERS) + r")(?![\w-])"
_PROVIDER = re.compile(_MAILERS, re.IGNORECASE)
_AT = (
    r"(?:[ ]{0,2}[(\[{<][ ]?(?:at|@|a|ape?n?staart(?:je)?)[ ]?[)\]}>][ ]{0,2}"
    r"|[ ]{1,2}(?:at|apenstaart(?:je)?|apestaart(?:je)?|apenstaarje|appenstaartje|@)[ ]{1,2}"
    r"|[_-](?:at)[_-]|apenstaartje|apestaartje"
    rf"|[ ]@(?={_MAILERS}))"
)
_DOT = (
    r"(?:[ ]{0,2}[(\[{<][ ]?(?:dot|punt|\.)[ ]?[)\]}>][ ]{0,2}|[ ]{1,2}(?:dot|punt)[ ]{1,2}|[ ]?\.[ ]?|"
    r"[_-](?:dot|punt)[_-])"
)
_HINTS = (
    " at ",
    "apen",
    "apest",
    "appen",
    "(at",
    "[at",
    "{at",
    "<at",
    "( at",
    "-at-",
    "_at_",
    "[a]",
    "(a)",
    "@",
)
_TLD = r"(?:nl|com|org|net|eu|be|de|nu|info|frl|co[ .]uk|uk|amsterdam|me|io|fr)"
_SIGN = re.compile(_AT, re.IGNORECASE)
_SPELLED_DOMAIN = re.compile(
    rf"[a-z0-9-]{{2,63}}(?:{_DOT}[a-z0-9-]{{2,63}}){{0,2}}?{_DOT}{_TLD}(?![\w-])", re.IGNORECASE
)
_SPELLED_LOCAL = re.compile(
    r"(?:(?<![^\W_])[a-z0-9][a-z0-9._+-]{0,40}(?:[ ](?:punt|dot|streepje|underscore|laag streepje|min|"
    r"plus)[ ][a-z0-9][a-z0-9._+-]{0,40}){0,3})$",
    re.IGNORECASE,
)
_ROLES = frozenset(
    words(
        "info klantenservice webcare service support contact noreply no-reply helpdesk "
        "socialmedia social-media mail sales pers press administratie facturen factuur "
        "klantcontact customercare customerservice care help donotreply no_reply redactie privacy "
        "avg abuse postmaster webmaster servicedesk twitter vragen klachten privacyofficer "
        "phishing valse-email spam marketing team feedback hello hallo secretariaat receptie hr "
        "recruitment debiteuren incasso crediteuren bezwaar meldpunt fraude security nieuwsbrief "
        "newsletter customer.service customer.care verzekeringen reserveringen bestellingen "
        "orders retour webshop shop online zakelijk particulier"
    )
)
_OWN = re.compile(
    r"\b(?:mijn|m'n|mn|my|ons|onze|our)\b(?: \w+)? ?(?:e-?mail\w*|mail\w*|adres|address)[^@]{0,15}$"
)


_NO_LOCALS = frozenset(
    words(
        "only up look meet us me out available shop buy home here now online is be sale live weather visit "
        "order ben"
    )
)
_OWN_AFTER = re.compile(r" ?(?:is|=) (?:mijn|m'n|mn|my|ons|our)\b")


_LIST = re.compile(r"-l@|@lists?\.|@googlegroups\.")
"""Mailing lists."""


def _is_role(local: str) -> bool:
    return local.lower() in _ROLES or re.sub(r"[0-9._+-]+", "", local.lower()) in _ROLES


def _found(message: Message, start: int, end: int, spelled: bool) -> Finding | None:
    value = message.text[start:end]
    if not spelled and _LIST.search(value.lower()):
        return None
    role = _is_role(re.split(_SIGN if spelled else "@", value)[0])
    if role and not (
        _OWN.search(message.low, max(0, start - 50), start) or _OWN_AFTER.match(message.low, end)
    ):
        return None
    near = message.near(start, end, "email")
    clauses: list[tuple[str | int, ...]] = [("spelled_mail",)] if spelled else [("passed", "email")]
    if near:
        clauses.append(near.clause)
    return Finding(
        start, end, "email", "email", tuple(clauses), check=3, context=near.strength if near else 0
    )


def _announced(message: Message, sign: re.Match[str]) -> bool:
    return message.near(sign.start(), sign.end(), "email") is not None


def find(message: Message) -> Iterator[Finding]:
    text = message.text
    position = text.find("@")
    while position >= 0:
        head = text[max(0, position - 64) : position]
        local = head[len(head.rstrip(_LOCAL)) :].lstrip(".-'&%+")
        domain = _DOMAIN.match(text, position + 1) or _PROVIDER.match(text, position + 1)
        if local and domain and not local.endswith("."):
            end = domain.end()
            finding = _found(message, position - len(local), end, spelled=False)
            if finding:
                yield finding
        position = text.find("@", position + 1)
    if not any(map(message.low.__contains__, _HINTS)):
        return
    for sign in _SIGN.finditer(text):
        place = _SPELLED_DOMAIN.match(text, sign.end())
        bare = sign.group().strip().lower() in ("at", "@")
        spelled = place is not None and ("dot" in place.group().lower() or "punt" in place.group().lower())
        place = place or _PROVIDER.match(text, sign.end())
        if bare and not spelled and place and sign.group().strip() != "@" and not _announced(message, sign):
            continue  # "look at home", "stock up at shop.com"
        if (
            sign.group().strip() == "@"
            and place
            and "." not in place.group()
            and not _announced(message, sign)
        ):
            continue  # "ik ben @ home"
        if place is None:
            continue
        name = _SPELLED_LOCAL.search(text, max(0, sign.start() - 80), sign.start())
        if name and not (bare and name.group().lower() in _NO_LOCALS):
            finding = _found(message, name.start(), place.end(), spelled=True)
            if finding:
                yield finding
