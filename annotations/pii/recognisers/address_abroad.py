"""Addresses that are not written the Dutch way: Belgian and French, German, British, American, Frisian.

>>> from annotations.pii.message import Message
>>> text = (
...     "Rue de la Loi 16, 1000 Brussel; Hauptstraße 27, 48529 Nordhorn; 42 Acacia Avenue, Leeds LS6 2AB; "
...     "1600 Elm Street, Springfield IL 62704"
... )
>>> for found in sorted(find(Message(text)), key=lambda found: found.start):
...     print(text[found.start : found.end])
Rue de la Loi 16, 1000 Brussel
Hauptstraße 27, 48529 Nordhorn
42 Acacia Avenue, Leeds LS6 2AB
1600 Elm Street, Springfield IL 62704
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.context import explained
from annotations.pii.lexicon import words
from annotations.pii.message import Message
from annotations.pii.recognisers.towns import TOWNS

CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’-]{0,25}"
_W = r"[^\W\d_][\w'’-]{0,25}"
_TOWN = rf"(?:,? [0-9]{{4,5}} {CAPITAL}(?: {CAPITAL})?)?"
_BUS = r"(?:[-/]?[a-zA-Z]\b)?(?:,? ?(?:bus|boîte|bte|box) ?[0-9a-zA-Z]{1,4})?"
_FRENCH = re.compile(
    rf"(?<![^\W_])(?i:rue|avenue|chauss[ée]e|place|boulevard|quai|all[ée]e|impasse) (?:(?:de la|de l'|des|"
    rf"du|de|d'|le|la|les|l') ?){{0,2}}"
    rf"{CAPITAL}(?:[ -]{CAPITAL}){{0,2}},? [0-9]{{1,4}}"
    rf"{_BUS}(?![0-9]){_TOWN}"
)
_GERMAN = re.compile(
    rf"(?<![^\W_])(?:(?:{CAPITAL} ){{0,2}}{CAPITAL}?(?i:stra(?:ß|ss)e|str\.|gasse|allee|platz|ring|damm|"
    rf"ufer)|"
    rf"(?:Am|An der|Auf dem|Im|Zum|Zur) {CAPITAL}) [0-9]{{1,4}} ?[a-z]?(?![0-9\w]){_TOWN}"
)
_BELGIAN = re.compile(
    rf"(?<![^\W_])(?:{CAPITAL} ){{0,2}}{CAPITAL} [0-9]{{1,4}}{_BUS}, [1-9][0-9]{{3}} "
    rf"{CAPITAL}(?:-{CAPITAL})?(?![\w€])"
)
_IN_TOWN = re.compile(
    rf"(?<![^\W_])(?:{CAPITAL} ){{0,2}}{CAPITAL} (?:nr\.? )?[0-9]{{1,4}}(?:[-/ ]?[a-zA-Z]\b|"
    rf"-[0-9]{{1,3}})?(?=,? te [A-Z][a-z]{{3}})"
    rf"|(?<![^\W_])(?:Singel|Plein|Dijk|Wal|Haven|Kade|Markt|Brink|Gracht|Dam|Dreef|Hof|Laan|Weg|Haven) "
    rf"[0-9]{{1,4}}"
    rf"(?:[-/ ]?[a-zA-Z]\b|-[0-9]{{1,3}})?(?=,? (?:in |te )?[A-Z][a-z]{{3}})"
)
"""A name and a number "te" a town; a bare word for a street, with a capital, and a town."""
STREET_TYPE = (
    r"(?i:street|road|avenue|lane|drive|close|court|gardens|square|terrace|crescent|grove|place|way|mews|"
    r"hill|"
    r"boulevard|parkway|st|rd|ave|dr|ln|blvd|ct|pl)"
)
_ENGLISH = re.compile(
    r"(?:(?<![^\W_])(?i:flat|apartment|apt|unit|suite) ?[0-9]{1,4}[a-zA-Z]?,? )?"
    rf"(?<![0-9A-Za-z.,/$£€:-])(?<![$£€] )[0-9]{{1,5}}[A-Za-z]? (?:[NSEWnsew]\.? )?(?P<name>(?:{_W} "
    rf"){{1,3}}){STREET_TYPE}\b\.?"
    r"(?:,? (?i:apt|unit|flat|#) ?[0-9a-zA-Z]{1,4})?"
    rf"(?P<place>,? (?:{_W},? ){{0,2}}(?:[A-Z]{{1,2}}[0-9][0-9A-Z]? ?[0-9][A-Z]{{2}}|(?:[A-Z]{{2}}|"
    rf"[a-z]{{2}}),? [0-9]{{5}})(?!\w))?"
)
_UK_CODE = (
    r"(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|"
    r"K[ATWY]|"
    r"L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|"
    r"YO|ZE)"
    r"[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}"
)
"""A British postcode: one of the 124 areas, a district, a sector and a unit."""
_BRITISH = re.compile(
    rf"(?<![^\W_])[0-9]{{1,4}}[A-Za-z]? (?:{CAPITAL},? ){{1,5}}{_UK_CODE}(?![^\W_])"
    rf"|(?<![^\W_])(?i:flat|apartment|apt|unit) [0-9]{{1,4}}[A-Za-z]?,? (?:[0-9]{{1,4}} )?(?:{CAPITAL},? "
    rf"){{1,5}}{_UK_CODE}(?![^\W_])"
    rf"|(?<![^\W_]){_UK_CODE},? (?:and )?(?i:house (?:number|no\.?)|number|no\.?|house) "
    rf"[0-9]{{1,4}}[a-z]?(?![^\W_])"
    rf"|(?<![^\W_])(?P<alone>{_UK_CODE})(?![^\W_])"
)
_FRISIAN = re.compile(
    rf"(?<![^\W_])(?:(?:it|de|'t) )?{CAPITAL}?(?:strjitte|dyk|wei|hiem|leane|buorren|paad|reed|singel|wyk|"
    rf"skans|pleats)"
    r" (?P<n>[0-9]{1,4})(?![0-9])"
    r"|(?<![^\W_])(?:Buorren|Terp|Leane|Mienewei|Skoallestrjitte|Tsjerkebuorren|Fabryksleane|Opfeart|"
    r"Wjelsryp) [0-9]{1,4}(?= (?:yn|te|in) )"
    rf"|(?:(?<=oan de )|(?<=op de )|(?<=oan it )|(?<=op it )|(?<=wenje op )|"
    rf"(?<=wenje oan )){CAPITAL} [0-9]{{1,4}}[a-z]?\b(?! (?:oere|kear|euro|jier))"
)
_NAMED = re.compile(r"(?![a-z])[^\W\d_][\w'’.-]{0,60},? (?:nr\.? )?[0-9]")
_UNIT_CODE = re.compile(r"[0-9][ABD-HJLNP-UW-Z]{2}(?![^\W_])")
"""First filters: a capitalised word before a number, the end of a British postcode."""
_BEFORE_TOWN = re.compile(
    rf"(?<![^\W_])(?P<street>(?:{CAPITAL} ){{0,2}}{CAPITAL}) (?P<house>[0-9]{{1,4}}(?:[a-zA-Z]\b|"
    rf"[-/][0-9]{{1,4}}|-[a-zA-Z]{{1,3}}\b| [a-zA-Z]\b)?)"
    rf"(?:,|,? (?:in|te))? (?P<town>{CAPITAL}(?:[ -]{CAPITAL})?)"
)
_AT = re.compile(r"\b(?:at|to|from|on|of|in|address is|address:?)[ :]{1,2}$")
_NUMBER_AND_TOWN = re.compile(rf"[0-9](?:[-/ ]?[0-9a-zA-Z]{{1,4}})?,?(?: in| te)? (?P<town>{CAPITAL})")
_NO_STREETS = frozenset(
    words(
        "trein intercity ic sprinter lijn bus tram metro gate spoor perron vlucht afrit halte zaal kamer "
        "hal filiaal januari "
        "februari maart april mei juni juli augustus september oktober november december jan feb mrt apr "
        "jun jul aug sep okt nov "
        "dec maandag dinsdag woensdag donderdag vrijdag zaterdag zondag nummer nr ronde etappe seizoen top "
        "level deel hoofdstuk "
        "euro sinds vanaf train flight line room platform route exit stage season postbus antwoordnummer "
        "provincie zone terminal "
        "knooppunt wijk groep klas team onder boven"
    )
)


def find(message: Message) -> Iterator[Finding]:
    text = message.text
    taken: set[int] = set()
    if message.groups:
        named = _NAMED.search(text) is not None
        for pattern, hints in _PATTERNS:
            if (named or pattern is _ENGLISH) and any(map(message.low.__contains__, hints)):
                for match in pattern.finditer(text):
                    if match.start() not in taken and (
                        pattern is not _ENGLISH or _is_english(message, match)
                    ):
                        taken.update(range(match.start(), match.end()))
                        yield street_found(message, match.start(), match.end())
        if named and any(_town(match["town"]) for match in _NUMBER_AND_TOWN.finditer(text)):
            for match in _BEFORE_TOWN.finditer(text):
                if match.start() not in taken and _is_town(match):
                    taken.update(range(match.start(), match.end()))
                    yield street_found(message, match.start(), match.end("house"))
        if _UNIT_CODE.search(text):
            yield from (found for found in _british(message) if found.start not in taken)


def _town(name: str) -> bool:
    """Whether a name is that of a town, or begins with one ("Bergen op Zoom")."""
    low = name.lower()
    return low in TOWNS or low.split()[0].split("-")[0] in TOWNS


def _is_town(match: re.Match[str]) -> bool:
    """Whether "Zuiderdiep 12-14 Groningen" ends in a town and begins with what may be a street."""
    return _town(match["town"]) and match["street"].split()[-1].lower() not in _NO_STREETS


def _british(message: Message) -> Iterator[Finding]:
    """A number, names and a British postcode; or such a postcode alone, spaced or after "postcode"."""
    for match in _BRITISH.finditer(message.text):
        if match["alone"] is None:
            yield street_found(message, match.start(), match.end())
            continue
        near = message.near(match.start(), match.end(), "postcode", "address")
        flight = re.search(
            r"(?:flight|vlucht|seat|gate|room|model|order|ref\w*) $",
            message.low[max(0, match.start() - 12) : match.start()],
        )
        if near or (" " in match["alone"] and not flight):
            clauses = explained(near, ("postcode",))
            yield Finding(
                match.start(),
                match.end(),
                "postcode_only",
                "address",
                clauses,
                check=2,
                context=near.strength if near else 0,
            )


def _is_english(message: Message, match: re.Match[str]) -> bool:
    """A number, a name and a street type: with capitals, with a place, or after "address"."""
    capital = all(part[0].isupper() for part in match["name"].split())
    near = message.near(match.start(), match.end(), "address")
    abbreviated = match.group().rstrip(".").rsplit(" ", 1)[-1].lower() in (
        "way",
        "place",
        "hill",
        "st",
        "dr",
        "close",
    )
    if match["place"]:
        return capital or near is not None
    written = match.group().rstrip(".").rsplit(" ", 1)[-1][0].isupper()
    if (
        abbreviated
        and capital
        and written
        and _AT.search(message.low, max(0, match.start() - 12), match.start())
    ):
        return True
    return (capital and not (abbreviated and near is None)) or (
        near is not None and near.before and near.gap < 25
    )


def street_found(message: Message, start: int, end: int) -> Finding:
    near = message.near(start, end, "address", "postcode", "house_number")
    clauses = explained(near, ("street",))
    return Finding(start, end, "address", "address", clauses, check=1.6, context=near.strength if near else 0)


_PATTERNS = (
    (_FRENCH, ("rue ", "avenue ", "chauss", "place ", "boulevard ", "quai ", "allée ", "allee ", "impasse ")),
    (
        _GERMAN,
        ("stra", "str.", "gasse", "allee", "platz", "ring ", "damm", "ufer", "am ", "der ", "im ", "zu"),
    ),
    (_BELGIAN, (", ",)),
    (
        _IN_TOWN,
        (
            " te ",
            "singel",
            "plein",
            "dijk",
            "wal ",
            "haven",
            "kade",
            "markt",
            "brink",
            "gracht",
            "dam ",
            "dreef",
            "hof ",
            "laan",
            "weg",
        ),
    ),
    (
        _ENGLISH,
        (
            *words(
                "street road avenue lane drive close court gardens square terrace crescent grove place way"
            ),
            *words("mews hill boulevard parkway blvd"),
            *(" st", " rd", " ave", " dr", " ln", " ct", " pl"),
        ),
    ),
    (
        _FRISIAN,
        (
            " oan ",
            "wenje",
            "strjitte",
            "dyk ",
            "wei ",
            "hiem ",
            "leane ",
            "buorren ",
            "paad ",
            "reed ",
            "skans ",
            "pleats ",
        ),
    ),
)
