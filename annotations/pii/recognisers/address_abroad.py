"""Addresses that are not written the Dutch way: Belgian and French, German, British, American, Frisian; house
numbers in words; and Dutch streets without a street-like ending after "woon", "zit op" or "adres".

>>> from annotations.pii.message import Message
>>> text = (
...     "Rue de la Loi 16, 1000 Brussel; Hauptstraße 27, 48529 Nordhorn; 42 Acacia Avenue, Leeds LS6 2AB; "
...     "1600 Elm Street, Springfield IL 62704; Hoofdstraat honderdtwaalf; ik zit op rietveld 138-III"
... )
>>> for found in sorted(find(Message(text)), key=lambda found: found.start):
...     print(text[found.start : found.end])
Rue de la Loi 16, 1000 Brussel
Hauptstraße 27, 48529 Nordhorn
42 Acacia Avenue, Leeds LS6 2AB
1600 Elm Street, Springfield IL 62704
Hoofdstraat honderdtwaalf
rietveld 138-III
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.context import explained
from annotations.pii.lexicon import words
from annotations.pii.message import Message
from annotations.pii.recognisers.postcode import house_number_end
from annotations.pii.recognisers.towns import TOWNS

_W = r"[^\W\d_][\w'’-]{0,25}"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’-]{0,25}"
_TOWN = rf"(?:,? [0-9]{{4,5}} {_CAPITAL}(?: {_CAPITAL})?)?"
_BUS = r"(?:[-/]?[a-zA-Z]\b)?(?:,? ?(?:bus|boîte|bte|box) ?[0-9a-zA-Z]{1,4})?"
_FRENCH = re.compile(
    rf"(?<![^\W_])(?i:rue|avenue|chauss[ée]e|place|boulevard|quai|all[ée]e|impasse) (?:(?:de la|de l'|des|"
    rf"du|de|d'|le|la|les|l') ?){{0,2}}"
    rf"{_CAPITAL}(?:[ -]{_CAPITAL}){{0,2}},? [0-9]{{1,4}}"
    rf"{_BUS}(?![0-9]){_TOWN}"
)
_GERMAN = re.compile(
    rf"(?<![^\W_])(?:(?:{_CAPITAL} ){{0,2}}{_CAPITAL}?(?i:stra(?:ß|ss)e|str\.|gasse|allee|platz|ring|damm|"
    rf"ufer)|"
    rf"(?:Am|An der|Auf dem|Im|Zum|Zur) {_CAPITAL}) [0-9]{{1,4}} ?[a-z]?(?![0-9\w]){_TOWN}"
)
_BELGIAN = re.compile(
    rf"(?<![^\W_])(?:{_CAPITAL} ){{0,2}}{_CAPITAL} [0-9]{{1,4}}{_BUS}, [1-9][0-9]{{3}} "
    rf"{_CAPITAL}(?:-{_CAPITAL})?(?![\w€])"
)
_IN_TOWN = re.compile(
    rf"(?<![^\W_])(?:{_CAPITAL} ){{0,2}}{_CAPITAL} (?:nr\.? )?[0-9]{{1,4}}(?:[-/ ]?[a-zA-Z]\b|"
    rf"-[0-9]{{1,3}})?(?=,? te [A-Z][a-z]{{3}})"
    rf"|(?<![^\W_])(?:Singel|Plein|Dijk|Wal|Haven|Kade|Markt|Brink|Gracht|Dam|Dreef|Hof|Laan|Weg|Haven) "
    rf"[0-9]{{1,4}}"
    rf"(?:[-/ ]?[a-zA-Z]\b|-[0-9]{{1,3}})?(?=,? (?:in |te )?[A-Z][a-z]{{3}})"
)
"""A name and a number "te" a town; a bare word for a street, with a capital, and a town."""
_TYPE = (
    r"(?i:street|road|avenue|lane|drive|close|court|gardens|square|terrace|crescent|grove|place|way|mews|"
    r"hill|"
    r"boulevard|parkway|st|rd|ave|dr|ln|blvd|ct|pl)"
)
_ENGLISH = re.compile(
    r"(?:(?<![^\W_])(?i:flat|apartment|apt|unit|suite) ?[0-9]{1,4}[a-zA-Z]?,? )?"
    rf"(?<![0-9A-Za-z.,/$£€:-])(?<![$£€] )[0-9]{{1,5}}[A-Za-z]? (?:[NSEWnsew]\.? )?(?P<name>(?:{_W} "
    rf"){{1,3}}){_TYPE}\b\.?"
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
    rf"(?<![^\W_])[0-9]{{1,4}}[A-Za-z]? (?:{_CAPITAL},? ){{1,5}}{_UK_CODE}(?![^\W_])"
    rf"|(?<![^\W_])(?i:flat|apartment|apt|unit) [0-9]{{1,4}}[A-Za-z]?,? (?:[0-9]{{1,4}} )?(?:{_CAPITAL},? "
    rf"){{1,5}}{_UK_CODE}(?![^\W_])"
    rf"|(?<![^\W_]){_UK_CODE},? (?:and )?(?i:house (?:number|no\.?)|number|no\.?|house) "
    rf"[0-9]{{1,4}}[a-z]?(?![^\W_])"
    rf"|(?<![^\W_])(?P<alone>{_UK_CODE})(?![^\W_])"
)
_FRISIAN = re.compile(
    rf"(?<![^\W_])(?:(?:it|de|'t) )?{_CAPITAL}?(?:strjitte|dyk|wei|hiem|leane|buorren|paad|reed|singel|wyk|"
    rf"skans|pleats)"
    r" (?P<n>[0-9]{1,4})(?![0-9])"
    r"|(?<![^\W_])(?:Buorren|Terp|Leane|Mienewei|Skoallestrjitte|Tsjerkebuorren|Fabryksleane|Opfeart|"
    r"Wjelsryp) [0-9]{1,4}(?= (?:yn|te|in) )"
)
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
    rf"(?<![^\W_])(?P<street>(?:(?:{_CAPITAL}|van|de|der|den) ){{0,3}}[^\W\d_][\w'’-]{{3,25}}) "
    rf"(?:op )?(?:nummer |nr\.? )?(?P<number>{_NUMBER_WORDS}(?: {_NUMBER_WORDS}){{0,2}})(?![^\W_])(?! "
    rf"?(?:uur|dag|dage|week|weken|"
    rf"maand|jaar|keer|"
    r"euro|min|minu|km|man|mensen|weg|stuks|kinder))",
)
_A_NUMBER = re.compile(rf" {_NUMBER_WORDS}(?![^\W_])")
_NAMED = re.compile(r"(?![a-z])[^\W\d_][\w'’.-]{0,60},? (?:nr\.? )?[0-9]")
_UNIT_CODE = re.compile(r"[0-9][ABD-HJLNP-UW-Z]{2}(?![^\W_])")
"""First filters: a number in words, a capitalised word before a number, the end of a British postcode."""
_STREET_END = re.compile(r"(?:straat|laan|plein|kade|gracht|singel|dijk|steeg|dreef|weg|hof|plantsoen)$")
_LIVES = re.compile(
    r"\b(?:(?:ik|we|wij|moeder|vader|oma|opa|zoon|dochter|die|ze|zij|hij|dat)? ?(?:woon|woont|wonen|woonde|"
    r"zit|zitten)(?: nu| al jaren| zelf| nog| ook)?"
    r"(?: (?:op|aan|in))?(?: de| het| 't)?|(?:verhuis\w*|verhuizen|(?:verhuisd|"
    r"verhuizing)[^.!?\n]{1,40}) (?:naar|van)(?: de| het| 't)?|"
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
    r"order|klant\w*)\b)"
    r"(?:['’]t )?[^\W\d_][\w'’-]{2,25}(?: [^\W\d_][\w'’-]{2,25}){0,2}) (?:nr\.? |nummer "
    r")?(?P<n>[0-9]{1,4})(?![0-9.,:%])",
    re.IGNORECASE,
)
_LIVES_AT = re.compile(
    r"\b(?i:liv(?:e|es|ed|ing) at|address(?: is|:| is:| to)?|(?:deliver|ship|sen[dt]|post|mail|left|gone|"
    r"went)(?:ed|ped)?(?: it| them| this)?"
    r"(?: to| at| with)|mov(?:e|ed|ing) (?:from|to|into)|(?<=[a-z]) to(?= [0-9]{1,4} The )|no \w+ at|"
    r"outage at|meter at|property at|flat at|house at|home at)"
    rf" (?P<place>[0-9]{{1,4}}[A-Za-z]? (?:The )?{_CAPITAL}(?: {_CAPITAL}){{0,2}}|The (?:Old "
    rf")?{_CAPITAL},? {_CAPITAL} {_TYPE})(?![\w€$£%])"
)
_POST_BOX = re.compile(
    r"\b(?i:adres|address|naar|to|post|facturen?)(?i: is| was|:| it)?:? (?P<place>(?i:postbus|"
    r"antwoordnummer|p\.? ?o\.? ?box) ?[0-9]{1,6}"
    rf"(?:,? [1-9][0-9]{{3}} ?[A-Z]{{2}}(?: {_CAPITAL})?|,? {_CAPITAL}(?: {_CAPITAL})?,? [A-Z]{{2}} "
    rf"[0-9]{{5}})?)"
)
_NUMBER_FIRST = re.compile(
    rf"\b(?i:nr\.?|nummer|huisnummer|huisnr\.?) ?[0-9]{{1,4}}[a-z]?,? (?:(?:aan|in|op|van) )?(?:(?:de|het) "
    rf")?{_CAPITAL}"
    + "(?:"
    + "|".join(
        f"(?<={end})"
        for end in words("straat laan plein kade gracht singel dijk steeg dreef weg hof plantsoen")
    )
    + ")"
    r"(?![\w-])(?! [0-9])"
)
"""A house after a word of living or sending; a post box of one's own; the number before the street."""
_BEFORE_TOWN = re.compile(
    rf"(?<![^\W_])(?P<street>(?:{_CAPITAL} ){{0,2}}{_CAPITAL}) (?P<house>[0-9]{{1,4}}(?:[a-zA-Z]\b|"
    rf"[-/][0-9]{{1,4}}|-[a-zA-Z]{{1,3}}\b| [a-zA-Z]\b)?)"
    rf"(?:,|,? (?:in|te))? (?P<town>{_CAPITAL}(?:[ -]{_CAPITAL})?)"
)
_AT = re.compile(r"\b(?:at|to|from|on|of|in|address is|address:?)[ :]{1,2}$")
_NUMBER_AND_TOWN = re.compile(rf"[0-9](?:[-/ ]?[0-9a-zA-Z]{{1,4}})?,?(?: in| te)? (?P<town>{_CAPITAL})")
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
_TO_TOWN = re.compile(r" te [A-Z][a-z]")
_UNITS = frozenset(words("weg over van op sinds ruim bijna ongeveer voor na tot in om circa"))


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
                        yield _finding(message, match.start(), match.end())
        if any(map(message.low.__contains__, ("box", "postbus", "antwoordn"))):
            for match in _POST_BOX.finditer(text):
                yield _finding(message, *match.span("place"))
        if "nr" in message.low or "nummer" in message.low:
            for match in _NUMBER_FIRST.finditer(text):
                yield _finding(message, match.start(), match.end())
        if named_house(text):
            for match in _LIVES_AT.finditer(text):
                if match.start("place") not in taken:
                    yield _finding(message, *match.span("place"))
        if named and any(_town(match["town"]) for match in _NUMBER_AND_TOWN.finditer(text)):
            for match in _BEFORE_TOWN.finditer(text):
                if match.start() not in taken and _is_town(match):
                    taken.update(range(match.start(), match.end()))
                    yield _finding(message, match.start(), match.end("house"))
        if _UNIT_CODE.search(text):
            yield from (found for found in _british(message) if found.start not in taken)
        if "address" in message.kinds or " zit" in message.low or "thuis op" in message.low:
            yield from _lives(message)
    if any(map(message.low.__contains__, SPOKEN)) and _A_NUMBER.search(message.low):
        for match in _IN_WORDS.finditer(text):
            last = match["street"].split()[-1].lower()
            near = message.near(match.start(), match.end(), "address")
            if (_STREET_END.search(last) and len(last) > 6) or (
                (near or _TO_TOWN.match(text, match.end())) and match["street"].split()[-1][0].isupper()
            ):
                yield _finding(message, match.start(), match.end())


def named_house(text: str) -> bool:
    """Whether a number before a capitalised word may be a house: the first filter of ``_LIVES_AT``."""
    return _HOUSE.search(text) is not None


_HOUSE = re.compile(r" (?:at|to|from|into|is|address:?) (?:[0-9]{1,4}[A-Za-z]?|The) [A-Z]")


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
            yield _finding(message, match.start(), match.end())
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


def _lives(message: Message) -> Iterator[Finding]:
    for match in _LIVES.finditer(message.text):
        if match["street"].split()[-1].lower() in _UNITS:
            continue
        end = house_number_end(message, *match.span("n"))
        if end is not None:
            yield _finding(message, match.start("street"), end)


def _finding(message: Message, start: int, end: int) -> Finding:
    near = message.near(start, end, "address", "postcode", "house_number")
    clauses = explained(near, ("street",))
    return Finding(start, end, "address", "address", clauses, check=1.6, context=near.strength if near else 0)


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
        ("strjitte", "dyk ", "wei ", "hiem ", "leane ", "buorren ", "paad ", "reed ", "skans ", "pleats "),
    ),
)
