"""Amounts of money as people write them: in figures, with a scale, in words, in Dutch and English.

>>> from annotations.pii.message import Message
>>> text = "€ 1.234,56, 1450, 2,3k, 28 grand, eenentwintighonderd euro, two thousand pounds; in 2019"
>>> [text[a.start:a.end] for a in amounts(Message(text))]
['€ 1.234,56', '1450', '2,3k', '28 grand', 'eenentwintighonderd euro', 'two thousand pounds']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from annotations.pii.lexicon import words
from annotations.pii.message import Message

_FIGURE = (
    r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]{2}|,-+)?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{2})?|"
    r"[0-9]{1,7}(?:[.,][0-9]{1,2}(?![0-9]))?(?:,-+|,=)?"
)
_YEAR = re.compile(r"(?:19[0-9]|20[0-3])[0-9]")
_SCALE = r"(?: ?(?:k|mille|duizend|thousand|grand|honderd|hundred|ton|miljoen|mln))"
_CURRENCY = r"(?:euro'?s?|eur|€|ekkies|piek|euri|e u r o|pounds?|quid|dollars?|bucks|£|\$)"
_AMOUNT = re.compile(
    rf"(?=[0-9€£$eug])(?<![0-9.,@])(?<![0-9]:)(?<![a-z0-9]-)(?<![0-9]\) )(?P<pre>(?:€|£|\$|euro?|gbp|usd) "
    rf"?)?(?<![^\W_])"
    rf"(?P<figure>{_FIGURE})(?P<scale>{_SCALE}(?![^\W_]))?"
    rf"(?P<post> ?{_CURRENCY}(?![^\W_])(?! ?[0-9]))?(?![0-9])(?![.,/-][0-9])(?! ?%)"
)
_UNITS = "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen"
_TENS = "twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
_TEENS = "tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien"
_SMALL = rf"(?:(?:{_UNITS})(?:en|ën|ëen)(?:{_TENS})|{_TENS}|{_TEENS}|{_UNITS}|anderhalf)"
_ENGLISH_SMALL = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|a)"
)
_WRITTEN = re.compile(
    rf"(?<![^\W_])(?:{_SMALL}? ?(?:honderd|duizend|ton)(?: ?(?:en )?{_SMALL}?(?:honderd)?{_SMALL}?)?"
    rf"|{_ENGLISH_SMALL} (?:hundred|thousand|grand)(?: and {_ENGLISH_SMALL}| {_ENGLISH_SMALL} hundred)?)"
    rf"(?: ?{_CURRENCY})?(?![^\W_])"
)
WRITTEN_HINTS = ("duizend", "honderd", "hundred", "thousand", "grand")
_COUNTED = re.compile(
    r" (?:(?!per|an?\b|de\b|each|every)\w+ )?(?:points?|punten|people|mensen|lines|hours?|uur|uren|"
    r"minut\w+|dagen|days|km|miles|mijl|klanten|customers|"
    r"followers|volgers|tweets|calls|boeken|stuks|kwh|m3|m2|keer|times|steps|stappen|words|woorden|mbps|gb)\b"
)
"""What is counted, and so no money."""
_AS_MONEY = re.compile(r"[.,][0-9]{3}(?:[.,][0-9]{2})?$|,[0-9]{2}$|[0-9] [0-9]{3}$")
_A_RUN = re.compile(r"\b(?:the|a|my|de|een|first|run) $")
_IN_A_ROW = re.compile(r"[0-9] $")
_ROW = re.compile(r" [0-9]{2,}(?! ?(?:euro?|€|x|keer|kind|uur|dagen|weken|maand|jaar|and|en|tot|to)\b)")
_PER = re.compile(r" ?(?:p/?m|p\.m\.?|per (?:maand|uur|week|jaar|month|hour|week|year))(?![^\W_])")
_YEAR_WORDS = frozenset(words("in sinds over vanaf van sedert tot uit eind begin since from until jaar"))
_LAST_WORD = re.compile(r"([^\W\d_]+)[ ']$")


class Amount(NamedTuple):
    """``sure``: a currency or a scale stands with it. ``value`` is in whole units, 0 where it is in words.
    ``written``: it is sure, or has the separators of an amount ("1.450", "87,50")."""

    start: int
    end: int
    sure: bool
    value: int
    written: bool = False


def _value(match: re.Match[str]) -> int:
    figure = re.sub(r"[,.][0-9]{1,2}$|,-+$|,=$", "", match["figure"].replace(" ", ""))
    whole = int(re.sub(r"[^0-9]", "", figure) or 0)
    scale = (match["scale"] or "").strip().lower()
    return whole * {"": 1, "honderd": 100, "hundred": 100, "ton": 100_000}.get(scale, 1000)


def amounts(message: Message) -> Iterator[Amount]:
    """Everything that may be an amount of money; bare numbers of three to six digits are unsure ones."""
    for match in _AMOUNT.finditer(message.low):
        figure = match["figure"]
        if not figure.strip("0.,-= "):
            continue
        sure = bool(match["pre"] or match["post"] or match["scale"] or figure.endswith(("-", "=")))
        digits = len(figure) - sum(map(figure.count, "., -="))
        written = _AS_MONEY.search(figure) is not None
        likely = 3 <= digits <= (7 if written else 5) and not figure.startswith("0")
        if (
            (match["scale"] or "").strip() in ("k", "thousand")
            and not match["pre"]
            and not match["post"]
            and _A_RUN.search(message.low, max(0, match.start() - 8), match.start())
        ):
            continue
        if not sure and not likely and _value(match) > 12 and _PER.match(message.low, match.end()):
            sure = True
        if not sure and (
            _IN_A_ROW.search(message.text, max(0, match.start() - 3), match.start())
            or _ROW.match(message.text, match.end())
        ):
            continue  # part of a longer number in groups
        if not sure and likely and _YEAR.fullmatch(figure):
            before = _LAST_WORD.search(message.low, max(0, match.start() - 12), match.start())
            likely = before is None or before[1] not in _YEAR_WORDS
            likely = likely and bool(_PER.match(message.low, match.end()) or "netto" in message.low)
        if (sure or likely) and not (
            not match["pre"] and not match["post"] and _COUNTED.match(message.low, match.end())
        ):
            yield Amount(match.start(), match.end(), sure, _value(match), sure or written)
    if any(map(message.low.__contains__, WRITTEN_HINTS)):
        for match in _WRITTEN.finditer(message.low):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield Amount(start, start + len(match[0].strip()), True, 0, True)
