"""Lossy readings of a text: letters for digits (O6-l2345678) and numbers in words (nul zes een twee …).

They may be wrong, so a finding in them counts only where the rewritten part is in it, and its recogniser
asks for a
check or a context word as always.

>>> [view.text for view in views("bel O6-l2345678", "bel o6-l2345678")]
['bel 06-12345678']
>>> words = "nul zes, een twee drie vier vijf zes zeven dubbel acht"
>>> [view.text for view in views(words, words)]
['06123456788']
"""

from __future__ import annotations

import re

from annotations.pii.lexicon import words
from annotations.pii.normalise import View, rewrite

_LOOKALIKE = re.compile(
    r"(?<![^\W\d_])[0-9OoIl](?:[ .\-/]?[0-9OoIl]){5,}+(?![^\W\d_])"
    r"|(?<![^\W_])[1-9][0-9OoIl]{3}(?= ?[A-Z]{2}(?![^\W_]))"
)
_LETTERS = str.maketrans("OoIl", "0011")
_MIXED = re.compile(r"[0-9][ .\-/]?[OoIl]|[OoIl][ .\-/]?[0-9]")

_UNITS = {
    **{
        word: str(value)
        for value, word in enumerate(words("nul een twee drie vier vijf zes zeven acht negen"))
    },
    **{
        word: str(value)
        for value, word in enumerate(words("zero one two three four five six seven eight nine"))
    },
    "één": "1",
    "eén": "1",
    "oh": "0",
    "o": "0",
}
_TEENS = dict(
    zip(
        words("tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien"),
        map(str, range(10, 20)),
        strict=True,
    )
)
_TENS = dict(
    zip(
        words("twintig dertig veertig vijftig zestig zeventig tachtig negentig"),
        range(20, 100, 10),
        strict=True,
    )
)
_WORDS: dict[str, str] = {**_UNITS, **_TEENS, **{word: str(value) for word, value in _TENS.items()}}
for _tens, _ten in _TENS.items():
    for _value, _unit in enumerate(words("een twee drie vier vijf zes zeven acht negen"), 1):
        for _link in ("en", "ën"):
            _WORDS[_unit + _link + _tens] = str(_ten + _value)
_WORD = "(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"
_SPOKEN = rf"(?:(?:dubbel|dubbele|double|twee keer|triple) )?(?:{_WORD}|[0-9]{{1,8}})"
_INITIALS = "".join(sorted({"d", "t", *(word[0] for word in _WORDS)}))
_SEQUENCE = re.compile(
    rf"(?=[{_INITIALS}0-9])(?<![^\W_]){_SPOKEN}(?:[ ,.\-]{{1,3}}{_SPOKEN}){{2,30}}(?![^\W_])", re.IGNORECASE
)
_PART = re.compile(
    rf"(?:(?P<double>dubbele?|double|twee keer|triple) )?(?P<word>{_WORD}|[0-9]+)(?P<gap>[ ,.\-]*)",
    re.IGNORECASE,
)
_HINTS = (
    "nul",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "zero",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "nine",
)


def _spoken(match: re.Match[str]) -> str:
    words = 0
    parts = []
    for part in _PART.finditer(match.group()):
        word = part["word"].lower()
        digits = _WORDS.get(word, word)
        words += word in _WORDS
        times = {"d": 2, "t": 2}.get((part["double"] or "x")[0].lower(), 1)
        if (part["double"] or "").lower() == "triple":
            times = 3
        parts.append(digits * times)
    joined = "".join(parts).rstrip(" ,.-")
    digits = sum(c.isdigit() for c in joined)
    return joined if words >= 4 or (words >= 3 and digits >= 6) or (words and digits >= 8) else match.group()


def _digits(match: re.Match[str]) -> str:
    found = match.group()
    if sum(character.isdigit() for character in found) < min(5, len(found) - 1):
        return found
    return found.translate(_LETTERS)


def views(text: str, low: str, has_digit: bool = True) -> list[View]:
    """The lossy readings that differ from the text, at most two."""
    found = []
    if has_digit and _MIXED.search(text):
        view = rewrite(text, _LOOKALIKE, _digits)
        if view:
            found.append(view)
    spoken = sum(map(low.__contains__, _HINTS))
    if spoken >= 2 or (spoken and has_digit):
        view = rewrite(text, _SEQUENCE, _spoken)
        if view:
            found.append(view)
    return found
