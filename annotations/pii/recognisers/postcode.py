"""Dutch postcodes, and the house number beside one.

Four digits that do not start with 0 and two letters, never SA, SD or SS. "2023 op", "3650 en" and "1000
mb" look the same:
a pair that is a word or a unit needs a word that announces a postcode, or capitals. Post-office boxes are
skipped: they
are organisations'.

Source: python-stdnum's ``stdnum.nl.postcode``; NEN 5825.

>>> from annotations.pii.message import Message
>>> text = "sinds 2023 op 1234ab, postcode 4567 op, 1000 mb, Postbus 12, 9876 ZX Ons Dorp"
>>> [text[p.start:p.end] for p in postcodes(Message(text))]
['1234ab', '4567 op']
"""

from __future__ import annotations

import re
from typing import NamedTuple

from annotations.pii.lexicon import words
from annotations.pii.message import Message

_POSTCODE = re.compile(
    r"(?<![0-9A-Za-z][./-])(?<![0-9€$£])(?<!€ )[1-9][0-9]{3}(?P<gap>[ .-]?|  )(?P<letters>[A-Za-z]{2})"
    r"(?:(?![^\W_])|(?=[0-9]{1,4}(?![^\W_])))",
    re.ASCII,
)
_PAIRS = frozenset(
    words(
        "yn oan fan op en in is we ze je ik al te er of om na nu de he ja me pb uu st dm eh oh "
        "ah ha ho zn mn bv nv "
        "vs vd tm "
        "id va ca ex ff wo wa wi la le il el et un du ms th nd rd aa uk be se xx up to on at by my no so "
        "do go us it "
        "if as an or ok nl ma di vr za zo ons via"
    )
)
_UNITS = frozenset(
    words(
        "xp hp mb gb kb tb km kg ml mg mm cm hz kw mw gw px cc cl dl hm oz lb ft sq eu pm am nr tv en op "
        "in is "
        "pk pp pg ps pe ce er xl xs ad ac dc"
    )
)
_MODEL = re.compile(
    r"(?:vlucht|flight|boeing|airbus|model|type|trein|train|serie\w*|artikel\w*|product|nokia|samsung|"
    r"canon|asus|hp|"
    r"level|code|error|#\S+) ?$"
)
_POST_BOX = re.compile(r"(?:postbus|antwoordnummer|p\.?o\.? box) ?[0-9]{1,6}[ ,.]{0,3}$")
_WORD = r"(?:huis ?-?(?:nummer|nr\.?)|nummer|nr\.?|hnr\.?|no\.?|number|house (?:number|no\.?))"
_AFTER = re.compile(
    rf"(?: ?[,/+&;-]? ?|  | (?:en|met|and|with) )(?:{_WORD} ?(?:is |"
    rf": ?)?)?(?P<n>[0-9]{{1,5}})(?![0-9])(?![.,:][0-9])"
)
_BEFORE = re.compile(
    r"(?:huis ?(?:nummer|nr\.?)|hnr\.?|house (?:number|no\.?)) ?(?:is |"
    r": ?)?(?P<n>[0-9]{1,5}(?: ?[-/]? ?(?:[a-z]|i{1,3}|iv|hs|bis|[0-9]{1,3})\b)?)"
    r"[ ,;/&+-]{0,3}(?:en |met |and |te |in |op )?(?:mijn )?(?:postcode|pc|postal code|zip)? ?(?:is |: ?)?$"
)
_ADDITION = re.compile(
    r"[-/][0-9]{1,4}(?![0-9-])"
    r"|(?P<gap> ?[-/]? ?)(?P<letter>hs|huis|bis|boven|rood|zwart|i{1,3}|iv|[a-z])(?![^\W_]|['’.][^\W_])"
    r"(?:[ -](?:[0-9]{1,3}|[A-Z])(?![^\W_]))?",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s?(?:€|%|euro|eur\b|uur|u\b|min\b|minu|minutes|dagen|weken|maand|jaar|km\b|gb\b|mb\b|x\b|keer|mei\b|"
    r"jan\b|feb|mrt|maart|"
    r"apr|jun|jul|aug|sep|okt|nov\b|dec|st\b|e\b|jarige|hours|days|years|weeks|personen|man\b|mensen|am\b|"
    r"pm\b|mbit|mbps|volgers|"
    r"kilo|kinderen|meter|stuks|tweets|kramen|gulden|min )"
)


class Postcode(NamedTuple):
    start: int
    end: int
    announced: bool  # a word says that it is one


def postcodes(message: Message) -> list[Postcode]:
    """Everything that is probably a postcode, in order."""
    found: list[Postcode] = []
    if not any(end - start == 4 for start, end in message.groups):
        return found
    for match in _POSTCODE.finditer(message.text):
        letters = match["letters"]
        if letters.upper() in ("SA", "SD", "SS"):
            continue
        near = message.near(match.start(), match.end(), "postcode", "address", "house_number")
        announced = bool(near and (near.adjacent or near.cue.kind == "postcode"))
        if not announced and (
            not _looks_like_one(match, message.shouting)
            or message.text[max(0, match.start() - 1) : match.start()].isalpha()
            or _MODEL.search(message.low, max(0, match.start() - 25), match.start())
        ):
            continue
        if (
            (letters.lower() in _PAIRS or letters.lower() in _UNITS)
            and letters.islower()
            and match["gap"]
            and not (near and near.adjacent)
        ):
            continue
        if _POST_BOX.search(message.low, max(0, match.start() - 40), match.start()):
            continue
        found.append(Postcode(match.start(), match.end(), announced))
    return found


def _looks_like_one(match: re.Match[str], shouting: bool) -> bool:
    """Whether four digits and two letters that nothing announces are rather a postcode than "2023 op"."""
    letters, gap = match["letters"], match["gap"]
    year = 1900 <= int(match.group()[:4]) <= 2099
    if letters.lower() in _UNITS or letters.lower() in _PAIRS:
        if not letters.isupper() or year or shouting:
            return False
        follows = match.string[match.end() : match.end() + 4].lstrip(" -")
        return letters.lower() not in _UNITS or (follows[:1].isdigit() and match.group()[2:4] != "00")
    if not letters.isupper():
        return not year and not gap.strip()
    return not (year and shouting)


def house_number_end(message: Message, start: int, end: int) -> int | None:
    """Where the house number at ``start:end`` ends with its addition; None where it is rather something
    else."""
    digits = message.text[start:end]
    if (digits.startswith("0") and len(digits) > 1) or message.is_quantity(start, end):
        return None
    if re.match(r"[-/.][0-9]{4}|:[0-9]", message.text[end : end + 5]):
        return None
    addition = _ADDITION.match(message.text, end)
    if addition is None or not _belongs(message, addition):
        return None if _UNIT_AFTER.match(message.low, end) else end
    return addition.end()


def _belongs(message: Message, addition: re.Match[str]) -> bool:
    """Whether a letter after a house number belongs to it: "12a", "12 A Utrecht", but not "12 a man" or
    "12 e etage"."""
    letter, gap = addition["letter"], addition["gap"]
    if letter is None or len(letter) > 1 or gap != " ":
        return not (letter and gap == "" and _UNIT_AFTER.match(message.low, addition.start()))
    if letter.isupper():
        return not message.shouting
    return letter in "abcd" and message.text[addition.end() : addition.end() + 1] in ("", ",", ".", ";", "\n")


def with_house_number(message: Message, code: Postcode) -> tuple[int, int] | None:
    """The stretch of a postcode together with the house number after or before it, or None."""
    house = _AFTER.match(message.low, code.end)
    if house:
        end = house_number_end(message, *house.span("n"))
        if end is not None:
            return code.start, end
    before = _BEFORE.search(message.low, max(0, code.start - 50), code.start)
    return (before.start("n"), code.end) if before else None
