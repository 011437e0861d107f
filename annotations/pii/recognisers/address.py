"""Addresses: a street with a house number, or a postcode with a house number; and postcodes alone.

A street is a word that ends as Dutch streets do ("Lindelaan 3"), a name with such a word ("Van der
Helststraat 12 III",
"Laan van Meerdervoort 100"), or a capitalised word after "adres" or "woon". Endings that are common in
other words ("weg",
"park") need a capital, a word that announces an address, or a postcode after it. A postcode directly after
the house
number belongs to the address; the town does not identify more and stays outside.

>>> from annotations.pii.message import Message
>>> text = "ik woon op de Dorpsstraat 12a, 1234 AB Ons Dorp. Onderweg 3 uur. Ook 4567cd-8 en soms 9876 ZX"
>>> [(text[f.start:f.end], f.info_type) for f in find(Message(text))]
[('Dorpsstraat 12a, 1234 AB', 'address'), ('4567cd-8', 'address'), ('9876 ZX', 'postcode_only')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from annotations.pii.candidate import Finding
from annotations.pii.context import explained
from annotations.pii.lexicon import words
from annotations.pii.message import Message
from annotations.pii.recognisers.postcode import Postcode, house_number_end, postcodes, with_house_number

_SURE = (
    "straat straatje straatweg laan laantje plein pleintje kade gracht singel dijk steeg dreef "
    "plantsoen boulevard"
)
_WAYS = "weg wal hof pad markt haven baan veld erf brink donk dam hage vaart schans str ln strt"
_OTHERS = (
    "berg hoek bos poort oord akker kamp meent heuvel horst zoom waard weide werf zijde tuin hout burg "
    "stein rade "
    "daal dal beek wijk burcht buurt allee heide warande rijn gaarde molen"
)
_ENGLISH = frozenset(words("street road avenue lane drive close gardens square"))
_BARE = frozenset(
    words("straat laan plein kade gracht singel dijk steeg dreef weg hof pad park markt brink dam wal")
)
_NOT_STREETS = frozenset(
    words(
        "onderweg snelweg autosnelweg halverwege spoorweg rijksweg omweg buitenland binnenland nederland "
        "duitsland engeland "
        "rusland finland ierland schotland zwitserland thuisland voormeer nogmeer vliegveld voetbalveld "
        "werkplaats supermarkt "
        "speelplaats arbeidsmarkt huizenmarkt loopbaan startbaan landingsbaan trambaan busbaan sportpark "
        "winkelstraat pretpark "
        "rommelmarkt aandelenmarkt rijbaan fietspad voetpad luchthaven jachthaven zeehaven woningmarkt "
        "telecommarkt weekmarkt "
        "platteland eiland parkeerplaats verblijfplaats woonplaats stopplaats standplaats geboorteplaats "
        "inplaats gerechtshof "
        "woonwijk griekenland rijnland ijsland friesland zeeland gelderland flevoland vakantiepark "
        "dierenpark bungalowpark laptop "
        "opdam amsterdam rotterdam volendam edam schiedam zaandam spijkenisse groenland island ireland "
        "england iceland heuvel "
        "verhuisplaats vindplaats laadplaats slaapplaats vakantieland buurland postcode huisnummer nummer "
        "binnenhof postbus antwoordnummer box flat apartment appartement unit bus busje kamer kanaal spoor "
        "lijn"
    )
)
_ENDINGS = tuple(words(_SURE) + words(_WAYS) + words(_OTHERS))
_NUMBER_WORDS = frozenset(words("nr no nummer huisnummer huisnr hnr"))
_ENDING = re.compile(
    "(?:(?P<sure>" + "|".join(words(_SURE)) + ")|(?P<way>" + "|".join(words(_WAYS)) + ")|"
    "(?:" + "|".join(words(_OTHERS)) + "))$"
)
_WORD_BEFORE = re.compile(
    r"(?<![^\W\d_])(?P<word>[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_])){1,28}\.?)(?P<gap>[ ,]{0,2})"
    r"(?:(?:nr|no|nummer|huisnummer|huisnr|hnr)\b\.? ?|# ?)?$",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(r"(?:^|(?<=[\s(\"'\0,:;]))(?P<word>[^\s,:;!?()\0\"]{1,20}) $")
_PARTICLES = frozenset(words("van de der den ten ter het 't v.d. vd v d la le du"))
_TITLES = frozenset(
    words(
        "prof. dr. mr. ir. ds. mgr. burg. st. gen. pres. jhr. prof dr mr ir ds mgr burg sint burgemeester "
        "pastoor dokter"
    )
)
_OPENERS = frozenset(words("laan achter lange korte plein grote kleine"))
_STARTERS = frozenset(
    words(
        "ik mijn wij we het de een adres op in aan bij woon wonen adres: is van woonachtig hoi hallo en of "
        "voor te nee ja my i live "
        "at address straat verhuisd naar beste graag dag ok klopt hi hello from the this also bezorgen "
        "levering bezorgd pakket"
    )
)
_TO_POSTCODE = re.compile(r"[ ,/;\n-]{1,4}")


def find(message: Message) -> Iterator[Finding]:
    codes = postcodes(message)
    taken: set[Postcode] = set()
    starts = {code.start: code for code in codes}
    for start, end, sure in _streets(message, starts):
        code = _following(message, end, starts)
        if code:
            taken.add(code)
            end, sure = code.end, True
        yield _address(message, start, end, "street", 3 if sure else 1.5)
    for code in codes:
        if code in taken:
            continue
        both = with_house_number(message, code)
        if both:
            yield _address(message, *both, "postcode_house", 2.5)
        else:
            near = message.near(code.start, code.end, "postcode", "address", "house_number")
            clauses = explained(near, ("postcode",))
            context = near.strength if near else 0
            yield Finding(code.start, code.end, "postcode_only", "address", clauses, check=2, context=context)


def _address(message: Message, start: int, end: int, form: str, check: float) -> Finding:
    near = message.near(start, end, "address", "postcode", "house_number")
    clauses = explained(near, (form,))
    return Finding(
        start, end, "address", "address", clauses, check=check, context=near.strength if near else 0
    )


def _following(message: Message, end: int, codes: dict[int, Postcode]) -> Postcode | None:
    """The postcode directly after a house number."""
    gap = _TO_POSTCODE.match(message.text, end)
    return codes.get(gap.end()) if gap else None


def _streets(message: Message, codes: dict[int, Postcode]) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether the form leaves little doubt, of every street with a house number."""
    for first, last in message.groups:
        if last - first > 5 or first in codes:
            continue
        if not codes and not _may_be_street(message, first):
            continue
        before = _WORD_BEFORE.search(message.text, max(0, first - 45), first)
        end = house_number_end(message, first, last) if before else None
        if before and end is not None:
            followed = _following(message, end, codes) is not None
            start = _street_start(message, before.start("word"))
            sure = _is_street(message, before, start, followed)
            if sure is not None:
                yield start, end, sure


@lru_cache(maxsize=16384)
def _ends_a_street(word: str) -> bool:
    return word.endswith(_ENDINGS) or word in _NUMBER_WORDS or word in _ENGLISH


def _may_be_street(message: Message, first: int) -> bool:
    """Whether the word before the number at ``first`` is worth a closer look."""
    before = message.low[max(0, first - 40) : first].rstrip(" ,#")
    word = (before.split() or [""])[-1].rstrip(".")
    if _ends_a_street(word):
        return True
    start = first - (min(first, 40) - len(before)) - len(word) - before.endswith(".")
    return message.text[start : start + 1].isupper() and (
        "address" in message.kinds or any(map(message.low[max(0, first - 60) : first].__contains__, _OPENERS))
    )


def _is_street(message: Message, before: re.Match[str], start: int, followed: bool) -> bool | None:
    """True or False for a street that is sure or less sure, None where the word before the number is no
    street."""
    word = before["word"].rstrip(".").lower()
    if word in _NOT_STREETS:
        return None
    at = before.start("word")
    near = message.near(at, before.end("word"), "address")
    called = bool(near and near.before)
    named = start < at
    capital = before["word"][0].isupper() and not message.shouting
    inside = capital and message.text[max(0, at - 2) : at].strip(" ") not in ("", ".", "!", "?", "\0", "\n")
    ending = _ENDING.search(word)
    if word in _BARE or word in _ENGLISH:
        return (
            followed if (named or called or inside or followed) and (capital or called or followed) else None
        )
    if ending and len(word) > len(ending.group()) + 1:
        if ending["sure"]:
            return True
        if not before["gap"]:
            return None
        if called or followed or named or inside or (capital and ending["way"]):
            return followed or called
        return False if ending.group() == "str" and len(word) > 6 else None
    opener = message.low[start : message.low.find(" ", start)]
    if named and opener in _OPENERS and capital:
        return False
    if capital and (followed or (near and near.before and near.adjacent)):
        return followed
    return None


def _street_start(message: Message, start: int) -> int:
    """Take along what stands before the last word of a street's name: "Laan van Nieuw Oost-Indië", "1e Jan
    Steenstraat"."""
    text = message.text
    best = at = start
    for _ in range(5):
        before = _PART_BEFORE.search(text, max(0, at - 22), at)
        if not before or message.shouting:
            break
        word = before["word"]
        at -= len(word) + 1
        low = word.lower()
        article = word == "De" and at and text[max(0, at - 2) : at - 1] not in ("", ".", "!", "?")
        proper = word[0].isupper() and not word.endswith(".") and low not in _STARTERS
        if proper or article or word == "Van" or low in _TITLES or re.match(r"[0-9]{1,2}(?:e|de|ste)$", word):
            best = at
        elif low not in _PARTICLES:
            break
    return best
