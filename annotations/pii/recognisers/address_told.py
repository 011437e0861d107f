"""Addresses that a sentence tells: a street without a street-like ending after "woon", "zit op", "adres" or a
word of sending; a house number in words, before the street or further on; a post box; an American zip code.

>>> from annotations.pii.message import Message
>>> text = "Ik zit op rietveld 138-III, eerst Hoofdstraat honderdtwaalf"
>>> [text[f.start:f.end] for f in find(Message(text))]
['rietveld 138-III', 'Hoofdstraat honderdtwaalf']
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.lexicon import words
from annotations.pii.message import Message
from annotations.pii.recognisers.address_abroad import CAPITAL, STREET_TYPE, street_found
from annotations.pii.recognisers.postcode import house_number_end

_NUMBER_WORDS = (
    r"(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|"
    r"zestien|zeventien|"
    r"achttien|negentien|(?:(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:en|ën))?(?:twintig|dertig|"
    r"veertig|vijftig|"
    r"zestig|zeventig|tachtig|negentig)|(?:twee|drie|vier)?honderd(?:en)?(?:een|twee|drie|vier|vijf|zes|"
    r"zeven|acht|negen|"
    r"tien|elf|twaalf|dertien|veertien|vijftien|(?:(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:en|"
    r"ën))?(?:twintig|"
    r"dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig))?)"
)
_IN_WORDS = re.compile(
    rf"(?<![^\W_])(?P<street>(?:(?:{CAPITAL}|van|de|der|den) ){{0,3}}[^\W\d_][\w'’-]{{3,25}}) "
    rf"(?:op )?(?:nummer |nr\.? )?(?P<number>{_NUMBER_WORDS}(?: {_NUMBER_WORDS}){{0,2}})(?![^\W_])(?! "
    rf"?(?:uur|dag|dage|week|weken|"
    rf"maand|jaar|keer|"
    r"euro|min|minu|km|man|mensen|weg|stuks|kinder))",
)
_A_NUMBER = re.compile(rf" {_NUMBER_WORDS}(?![^\W_])")
_STREET_END = re.compile(r"(?:straat|laan|plein|kade|gracht|singel|dijk|steeg|dreef|weg|hof|plantsoen)$")
_LIVES = re.compile(
    r"\b(?:(?:ik|we|wij|moeder|vader|oma|opa|zoon|dochter|die|ze|zij|hij|dat)? ?(?:woon|woont|wonen|woonde|"
    r"zit|zitten)(?: nu| al jaren| zelf| nog| ook)?"
    r"(?: (?:op|aan|in))?(?: de| het| 't)?|(?:verhuis\w*|verhuizen|(?:verhuisd|"
    r"verhuizing)[^.!?\n]{1,40}) (?:naar|van)(?: de| het| 't)?|"
    r"(?:storing|lekkage|stroomstoring)(?= [A-Z][^\W\d_]+ [0-9]{1,4} [A-Z])|"
    r"(?:storing|lekkage|pakket\w*|bezorg\w*|lever\w*|afleveren|monteur|vergunning|aansluiting|"
    r"container\w*) (?:\w+ )?"
    r"(?:op|aan|bij|voor|in|naar)(?: de| het| 't)?(?= [^\W\d_]+ [^\W\d_]+ [0-9]{1,4}[a-z]? (?:te|in) "
    r"[A-Z]| [A-Z])|(?:woon|bezorg|aflever|huis|thuis)?adres(?: per [0-9]{1,2} [a-z]{3,9})?(?: is|:| is:|"
    r" wordt)?(?: nu)?|"
    r"thuis op) "
    r"(?P<street>(?!(?:ik|het|de|is|al|nog|een|ruim|nu|ongeveer|bijna|meer|kanaal|spoor|lijn|kamer|level|"
    r"pagina|"
    r"nummer|nr|postbus|station|halte|filiaal|winkel|vandaag|morgen|gisteren|met|zonder|op|in|bij|aan|"
    r"tussen|windows|android|ios|versie|etage|rij|stoel|gate|perron|wachtrij|plaats|positie|bestelling|"
    r"order|klant\w*|bus|tram|trein|box|unit|vak|tribune|zaal|hal|afdeling|nivo|niveau)\b)"
    r"(?:['’]t )?[^\W\d_][\w'’-]{2,25}(?: [^\W\d_][\w'’-]{2,25}){0,2}) (?:nr\.? |nummer "
    r")?(?P<n>[0-9]{1,4})(?![0-9:%]|[.,][0-9])",
    re.IGNORECASE,
)
_MOVED_TO = re.compile(
    rf"\bnaar (?P<street>(?:[Dd]e |[Hh]et |"
    rf"'t )?{CAPITAL}(?: {CAPITAL}){{0,2}}) (?P<n>[0-9]{{1,4}})(?![0-9:%]|[.,][0-9])"
)
"""Where somebody moves to, when the old address stood before it."""
_LIVES_AT = re.compile(
    r"\b(?i:liv(?:e|es|ed|ing) at|address(?: is|:| is:| to)?|(?:deliver|ship|sen[dt]|post|mail|left|gone|"
    r"went)(?:ed|ped)?(?: it| them| this)?"
    r"(?: to| at| with)|mov(?:e|ed|ing) (?:from|to|into)|(?<=[a-z]) to(?= [0-9]{1,4} The )|no \w+ at|"
    r"outage at|meter at|property at|flat at|house at|home at)"
    rf" (?P<place>[0-9]{{1,4}}[A-Za-z]? (?:The )?{CAPITAL}(?: {CAPITAL}){{0,2}}|The (?:Old "
    rf")?{CAPITAL},? {CAPITAL} {STREET_TYPE})(?![\w€$£%])"
)
_POST_BOX = re.compile(
    r"\b(?i:adres|address|naar|to|post|facturen?)(?i: is| was|:| it)?:? (?P<place>(?i:postbus|"
    r"antwoordnummer|p\.? ?o\.? ?box) ?[0-9]{1,6}"
    rf"(?:,? [1-9][0-9]{{3}} ?[A-Z]{{2}}(?: {CAPITAL})?|,? {CAPITAL}(?: {CAPITAL})?,? [A-Z]{{2}} "
    rf"[0-9]{{5}})?)"
)
_NUMBER_FIRST = re.compile(
    rf"\b(?i:nr\.?|nummer|huisnummer|huisnr\.?) ?[0-9]{{1,4}}[a-z]?,? (?:(?:aan|in|op|van) )?(?:(?:de|het) "
    rf")?{CAPITAL}"
    + "(?:"
    + "|".join(
        f"(?<={end})"
        for end in words("straat laan plein kade gracht singel dijk steeg dreef weg hof plantsoen")
    )
    + ")"
    r"(?![\w-])(?! [0-9])"
)
_NUMBER_LATER = re.compile(
    rf"(?<![^\W_])(?:{CAPITAL} )?(?:(?:van|de|der|den|ten) ){{0,2}}[^\W\d_][\w'’-]{{2,25}}"
    r"(?:straat|laan|plein|kade|gracht|singel|dijk|steeg|dreef|weg|plantsoen),? "
    r"(?:(?:en )?(?:op|ik zit op|wij zitten op|daar|met) )(?:huis)?(?:nummer|"
    r"nr\.?) [0-9]{1,4}[a-z]?(?![0-9])",
)
_ZIP = re.compile(r"\bzip(?: ?code)?(?: is)?[: ]{1,3}(?P<code>[0-9]{5})(?:-[0-9]{4})?(?![0-9])")
"""A house after a word of living or sending; a post box of one's own; the number before the street."""
_TO_TOWN = re.compile(r" te [A-Z][a-z]")
_UNITS = frozenset(words("weg over van op sinds ruim bijna ongeveer voor na tot in om circa"))
SPOKEN = (
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "tig",
    "honderd",
)


def find(message: Message) -> Iterator[Finding]:
    text = message.text
    if message.groups:
        if any(map(message.low.__contains__, ("box", "postbus", "antwoordn"))):
            for match in _POST_BOX.finditer(text):
                yield street_found(message, *match.span("place"))
        if "zip" in message.low:
            for match in _ZIP.finditer(message.low):
                clauses = (("postcode",), ("before", "zip"))
                yield Finding(*match.span("code"), "postcode_only", "address", clauses, check=1, context=2)
        if "nr" in message.low or "nummer" in message.low:
            for match in _NUMBER_LATER.finditer(text):
                yield street_found(message, match.start(), match.end())
            for match in _NUMBER_FIRST.finditer(text):
                yield street_found(message, match.start(), match.end())
        if named_house(text):
            for match in _LIVES_AT.finditer(text):
                yield street_found(message, *match.span("place"))
        if (
            "address" in message.kinds
            or " zit" in message.low
            or "thuis op" in message.low
            or "storing " in message.low
            or "lekkage " in message.low
        ):
            yield from _lives(message)
    if any(map(message.low.__contains__, SPOKEN)) and _A_NUMBER.search(message.low):
        for match in _IN_WORDS.finditer(text):
            last = match["street"].split()[-1].lower()
            near = message.near(match.start(), match.end(), "address")
            if (_STREET_END.search(last) and len(last) > 6) or (
                (near or _TO_TOWN.match(text, match.end())) and match["street"].split()[-1][0].isupper()
            ):
                yield street_found(message, match.start(), match.end())


def named_house(text: str) -> bool:
    """Whether a number before a capitalised word may be a house: the first filter of ``_LIVES_AT``."""
    return _HOUSE.search(text) is not None


_HOUSE = re.compile(r" (?:at|to|from|into|is|address:?) (?:[0-9]{1,4}[A-Za-z]?|The) [A-Z]")


def _lives(message: Message) -> Iterator[Finding]:
    moved = _MOVED_TO.finditer(message.text) if "verhuis" in message.low else ()
    for match in (*_LIVES.finditer(message.text), *moved):
        if match["street"].split()[-1].lower() in _UNITS:
            continue
        end = house_number_end(message, *match.span("n"))
        if end is not None:
            yield street_found(message, match.start("street"), end)
