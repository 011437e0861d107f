"""Addresses: street with house number, or postcode with house number; and postcodes alone.

A Dutch postcode is four digits (not starting with 0) and two letters, never SA, SD or SS. With the house
number it
identifies one address. "2023 op", "3650 en" and "1000 mb" look like postcodes; lower-case pairs that are
words or units
need a word that announces a postcode.

Source: python-stdnum's ``stdnum.nl.postcode``; NEN 5825 for the parts of an address.

>>> from annotations.pii.message import Message
>>> text = "ik woon op de Dorpsstraat 12a, 1234 AB Ons Dorp. Sinds 2023 op 4567cd-8, soms 9876 ZX"
>>> [(text[f.start:f.end], f.info_type) for f in find(Message(text))]
[('Dorpsstraat 12a, 1234 AB', 'address'), ('4567cd-8', 'address'), ('9876 ZX', 'postcode_only')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.lexicon import words
from annotations.pii.message import Message

_SURE = (
    "straat straatje straatweg laan laantje plein pleintje kade gracht singel dijk steeg dreef "
    "plantsoen boulevard"
)
_UNSURE = (
    "weg hof pad park baan markt veld berg hoek ring bos wal haven poort erf oord hage akker kamp donk "
    "brink meent "
    "heuvel horst zoom waard weide werf zijde tuin hout burg stein rade daal dal beek stroom meer eiland "
    "wijk burcht "
    "buurt allee heide esch es str ln wg kd pln grcht warande rijn gaarde land brug molen plaats vaart schans"
)
_BARE = frozenset(words("straat laan plein kade gracht singel dijk steeg dreef weg hof pad park markt"))
_NOT_STREETS = frozenset(
    words(
        "onderweg snelweg autosnelweg halverwege vandaag spoorweg rijksweg omweg buitenland "
        "binnenland nederland duitsland vakantiepark engeland rusland finland ierland schotland "
        "zwitserland thuisland voormeer nogmeer heelveel zoveel vliegveld voetbalveld werkplaats "
        "speelplaats supermarkt arbeidsmarkt huizenmarkt rotonde loopbaan startbaan landingsbaan "
        "trambaan busbaan vandaal sportpark winkelstraat hoofdstraat_ pretpark dierenpark "
        "kinderdagverblijf schandaal finale rommelmarkt aandelenmarkt rijbaan fietspad voetpad "
        "luchthaven jachthaven zeehaven station woningmarkt telecommarkt weekmarkt braakland "
        "platteland eiland parkeerplaats verblijfplaats woonplaats stopplaats standplaats "
        "geboorteplaats overwinning vakantie inplaats instroom uitstroom doorstroom stroom "
        "gelijkstroom binnenhof gerechtshof leerplein kruispunt woonwijk"
    )
)
_SUFFIXES = "|".join(sorted([*_SURE.split(), *_UNSURE.split()], key=len, reverse=True))
_SURE_SUFFIX = re.compile("(?:" + "|".join(_SURE.split()) + ")$")
_TOKEN = re.compile(r"(?<![^\W_])[^\W\d_][^\W\d_'’.-]*+")
_HOUSE = re.compile(
    r"[ ,]{1,3}(?:nr\.? ?|no\.? ?|nummer |huisnummer |huisnr\.? ?|# ?)?(?P<n>[0-9]{1,5})(?![0-9])(?!:[0-9])"
    r"(?P<add>(?: ?[-/] ?| )?(?:[a-zA-Z](?![^\W_]|['’])|hs\b|bis\b|huis\b|rood\b|zwart\b|i{1,3}\b|iv\b|"
    r"boven\b|[0-9]{1,4}(?![0-9]))"
    r"(?:-?[0-9]{1,3}(?![0-9]))?)?",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"(?<![0-9A-Za-z][.,/-])(?<![0-9€$£])(?<!€ )[1-9][0-9]{3}(?P<gap>[ ]?|[ ]?[-.][ ]?|"
    r"  )(?P<letters>[A-Za-z]{2})(?![^\W_])",
    re.ASCII,
)
_HOUSE_AFTER = re.compile(
    r"(?:[ ]?[,/+&-][ ]?|[ ]{1,2}|[ ]?(?:,|en|met|and|with)?[ ]?)(?:(?:huis ?(?:nummer|nr)|nummer|nr|hnr|"
    r"no|number|house number|house no)\.?[ ]?(?:is |: ?)?)?(?P<n>[0-9]{1,5})"
    r"(?![0-9])(?![.,:][0-9])(?P<add>(?: ?[-/] ?| )?(?:[a-zA-Z](?![^\W_]|['’])|hs\b|bis\b|huis\b|rood\b|"
    r"zwart\b|i{1,3}\b|boven\b)(?:-?[0-9]{1,3}(?![0-9]))?|[-/][0-9]{1,3}(?![0-9]))?",
    re.IGNORECASE,
)
_HOUSE_BEFORE = re.compile(
    r"(?:huis ?(?:nummer|nr)|hnr|house number|house no)\.? ?(?:is |"
    r": ?)?(?P<n>[0-9]{1,5}(?: ?[-/]? ?[a-zA-Z]\b)?)[ ,;/&+-]{0,3}(?:en |met |and )?(?:mijn )?(?:postcode|"
    r"pc|postal code|zip)? ?(?:is |: ?)?$",
    re.IGNORECASE,
)
_TO_POSTCODE = re.compile(r"[ ]?[,/;\n-]?[ ]{0,2}(?:(?:postcode|pc|te|in)[ :]{1,2})?")
_WORDS = frozenset(
    words(
        "op en in is we ze je ik al te er of om na nu de he ja me mb gb kb tb km kg ml mg mm cm "
        "eu pm am nr st dm pb uu hz kw mw gw px cc cl dl dm hm oz lb ft sq pk pp pg ps up to on "
        "at by my no so do go us it if as be an or ok nl ma di wo do vr za zo eh oh ah ha ho hè "
        "hé zn mn bv nv vs vd tm tv id va ca ex ff we wo wa wi la le il el et un du ms th nd rd "
        "aa uk be se xx"
    )
)
_UNIT_AFTER = re.compile(
    r"\s?(?:€|euro|eur\b|uur|u\b|min\b|minuten|dagen|weken|maanden|jaar|km\b|gb\b|mb\b|%|x\b|keer|mei\b|"
    r"jan|feb|mrt|maart|apr|jun|jul|aug|sep|okt|nov|dec|st\b|e\b|jarige|hours|days|years|weeks|personen|"
    r"man\b|mensen|am\b|pm\b|mbit|mbps|volgers|kilo)"
)
_PRE = re.compile(
    r"(?:(?:van|de|der|den|ten|ter|het|'t|op|aan|in|le|la|du|a|à)\b\s?|(?:[0-9]{1,2}(?:e|de|ste)\s)|"
    r"(?:[A-Z][^\W\d_]*[.’']?[- ]?))",
)
_POSTBUS = re.compile(r"(?:postbus|antwoordnummer|po box|p\.o\. box) ?[0-9]{1,6}[ ,.]{0,3}$")


def postcodes(message: Message) -> list[tuple[int, int, bool]]:
    """Start, end and whether a word announces it, for everything that is probably a postcode."""
    found = []
    shouting = _is_shouting(message.text)
    for match in _POSTCODE.finditer(message.text):
        letters = match["letters"]
        if letters.upper() in ("SA", "SD", "SS"):
            continue
        near = message.near(match.start(), match.end(), "postcode", "address", "house_number")
        announced = bool(near and (near.adjacent or near.cue.kind == "postcode"))
        if not announced and not _looks_like_one(match, shouting):
            continue
        if letters.lower() in _WORDS and letters.islower() and match["gap"] and not (near and near.adjacent):
            continue
        if _POSTBUS.search(message.low, max(0, match.start() - 40), match.start()):
            continue
        found.append((match.start(), match.end(), announced))
    return found


def _looks_like_one(match: re.Match[str], shouting: bool) -> bool:
    """Whether four digits and two letters that nothing announces are rather a postcode than "2023 op"."""
    letters, gap = match["letters"], match["gap"]
    year = 1900 <= int(match.group()[:4]) <= 2099
    if letters.lower() in _WORDS:
        return letters.isupper() and not year and not shouting and letters.lower() not in _UNITS
    if not letters.isupper():
        return not year and not gap.strip()
    return True


_UNITS = frozenset(
    words("mb gb kb tb km kg ml mg mm cm hz kw mw px cc cl eu pm am en op is in nl nr st tv id")
)


def _is_shouting(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 25 and sum(character.isupper() for character in letters) > 0.7 * len(letters)


def find(message: Message) -> Iterator[Finding]:
    codes = postcodes(message)
    taken: set[int] = set()
    for start, end, sure in _streets(message, codes):
        for index, (code_start, code_end, _) in enumerate(codes):
            if (
                index not in taken
                and 0 <= code_start - end <= 20
                and _TO_POSTCODE.fullmatch(message.low, end, code_start)
            ):
                taken.add(index)
                end = code_end
                sure = True
                break
        near = message.near(start, end, "address", "postcode", "house_number")
        clauses = (("street",), near.clause) if near else (("street",),)
        yield Finding(
            start,
            end,
            "address",
            "address",
            clauses,
            check=3 if sure else 1.5,
            context=near.strength if near else 0,
        )
    for index, (start, end, announced) in enumerate(codes):
        if index not in taken:
            yield _postcode(message, start, end, announced)


def _postcode(message: Message, start: int, end: int, announced: bool) -> Finding:
    near = message.near(start, end, "postcode", "address", "house_number")
    house = _HOUSE_AFTER.match(message.text, end)
    if (
        house
        and not _UNIT_AFTER.match(message.low, house.end())
        and not _starts_other(message, house.start("n"), house.end())
    ):
        end = house.end()
    else:
        before = _HOUSE_BEFORE.search(message.text, max(0, start - 50), start)
        if before is None:
            clauses = (("postcode",), near.clause) if near else (("postcode",),)
            return Finding(
                start, end, "postcode_only", "address", clauses, check=2, context=near.strength if near else 0
            )
        start = before.start("n")
    clauses = (("postcode_house",), near.clause) if near else (("postcode_house",),)
    return Finding(start, end, "address", "address", clauses, check=2.5, context=near.strength if near else 0)


def _starts_other(message: Message, start: int, end: int) -> bool:
    """Whether the would-be house number is the beginning of a date or of a telephone number."""
    if any(a <= start < b for a, b in message.quantities):
        return True
    digits = message.text[start:end]
    return digits.startswith(("06", "00")) or bool(re.match(r"[-/ .]?[0-9]{4,}", message.text[end : end + 8]))


def _streets(message: Message, codes: list[tuple[int, int, bool]]) -> Iterator[tuple[int, int, bool]]:
    text, low = message.text, message.low
    for token in _TOKEN.finditer(text):
        house = _HOUSE.match(text, token.end())
        if not house:
            continue
        word = token.group().lower().rstrip(".")
        suffix = re.search(rf"(?:{_SUFFIXES})$", word)
        end = _house_end(message, house)
        if end is None:
            continue
        sure = bool(_SURE_SUFFIX.search(word))
        near = message.near(token.start(), token.end(), "address")
        postcode_follows = any(
            0 <= start - end <= 20 and _TO_POSTCODE.fullmatch(low, end, start) for start, _, _ in codes
        )
        capital = token.group()[0].isupper()
        start = _street_start(message, token.start())
        if suffix and word not in _NOT_STREETS and word != suffix.group():
            if (
                not sure
                and not (near and near.before)
                and not postcode_follows
                and not (capital and _capital_counts(text, token.start()))
            ):
                continue
            yield start, end, sure or postcode_follows
        elif suffix and word in _BARE and start < token.start() and (capital or near):
            yield start, end, postcode_follows
        elif postcode_follows and capital and word not in ("postcode", "huisnummer", "nummer", "nr"):
            yield start, end, True
        elif (
            capital
            and near
            and near.before
            and near.adjacent
            and word not in ("postcode", "huisnummer", "nummer", "nr")
        ):
            yield start, end, False


def _capital_counts(text: str, start: int) -> bool:
    """A capital in the middle of a sentence says that the word is a name."""
    before = text[:start].rstrip()
    return bool(before) and before[-1] not in ".!?\0" and not _is_shouting(text)


def _house_end(message: Message, house: re.Match[str]) -> int | None:
    start, end = house.span("n")
    if _starts_other(message, start, end):
        return None
    if not house["add"] and _UNIT_AFTER.match(message.low, end):
        return None
    if house["add"] and house["add"][0] == " ":
        letter = house["add"].strip().lower()
        following = message.text[house.end() : house.end() + 1]
        if letter.isdigit() or (
            letter in ("a", "u", "x", "e", "o", "n", "i", "s", "t")
            and following == " "
            and not house["add"].strip().isupper()
        ):
            return end
    return house.end()


def _street_start(message: Message, start: int) -> int:
    """Take along the capitalised words and particles before the street's last word: "Laan van Nieuw
    Oost-Indië"."""
    text = message.text
    best = start
    at = start
    for _ in range(5):
        before = re.search(
            r"(?:^|(?<=[\s(\"'\0,:;]))(?P<word>[^\s,:;!?()\0\"]{1,20}) $", text[max(0, at - 22) : at]
        )
        if not before:
            break
        word = before["word"]
        at -= len(word) + 1
        if re.match(r"[0-9]{1,2}(?:e|de|ste)$", word) or (
            word[0].isupper() and (not word.endswith(".") or len(word) <= 5) and word.lower() not in _STARTERS
        ):
            best = at
        elif word.lower() not in (
            "van",
            "de",
            "der",
            "den",
            "ten",
            "ter",
            "het",
            "'t",
            "v.d.",
            "vd",
            "v",
            "d",
            "la",
            "le",
        ):
            break
    return best


_STARTERS = frozenset(
    words(
        "ik mijn wij we het de een adres op in aan bij woon wonen adres: is op: van woonachtig "
        "hoi hallo en of voor te nee ja my i live at address straat verhuisd naar nieuwe oude "
        "beste graag dag ok klopt hi hello we're we've to from the this is also"
    )
)
