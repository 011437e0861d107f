"""Birth dates: a date after "geboren", "geb.", "geboortedatum", "born", "dob", or among other identifying
data.

>>> from annotations.pii.message import Message
>>> text = "geb. 01-02-1980, besteld op 03-04-2019"
>>> [text[f.start:f.end] for f in find(Message(text))]
['01-02-1980']
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.context import explained
from annotations.pii.message import Message

_SHORT = re.compile(
    r"(?<![0-9])(?:[0-3][0-9][01][0-9](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]|"
    r"[0-3][0-9][01][0-9][0-9]{2})(?![0-9])"
)


_BORN = re.compile(
    r"\b(?:ben|(?:zoon(?:tje)?|dochter(?:tje)?|moeder|vader|man|vrouw|kind|partner|hij|zij|ze) is) van $|"
    r"d\.? ?o\.? ?b\.?:? $|geb\.? ?d(?:at|t)?\.?:? ?$|born on $"
)


def year_of(match: re.Match[str]) -> int | None:
    """The year of a match of ``message.DATE``; two digits are read as a year of birth."""
    raw = match["y"] or match["y2"] or match["y3"] or match["y4"]
    if raw is None:
        return None
    year = int(raw.lstrip("'"))
    return year if year > 99 else year + (2000 if year < 15 else 1900)


_IN_WORDS = re.compile(
    r"\b(?:geboren(?: op)?|geb(?:oorte)?\.?(?: ?datum)?)\W{1,3}(?:is |op )?(?P<date>(?:de )?[a-zë]{3,20} "
    r"(?:januari|februari|maart|"
    r"april|mei|juni|juli|augustus|september|oktober|november|december) "
    r"(?:negentien|twee ?duizend|'?[0-9]{2})[a-zë0-9 ]{0,30}?)(?=[^a-zë0-9 ]|$| (?:en|in|te|is|mijn|naam|"
    r"bsn|postcode)\b)"
)


def in_words(message: Message) -> Iterator[Finding]:
    """A birth date in words, after the word for one: "geboren op zeven mei negentienachtenvijftig"."""
    if "geb" in message.low and ("negentien" in message.low or "duizend" in message.low):
        for match in _IN_WORDS.finditer(message.low):
            yield Finding(*match.span("date"), "birth_date", "birth_date", (("date",),), check=1, context=2)


def find(message: Message) -> Iterator[Finding]:
    for match in message.dates:
        near = message.near(match.start(), match.end(), "birth_date")
        year = year_of(match)
        if not near and _BORN.search(message.low, max(0, match.start() - 25), match.start()):
            yield Finding(match.start(), match.end(), "birth_date", "birth_date", (("date",),), check=1)
        if near and (near.adjacent or near.before):
            clauses = explained(near, ("date",))
            yield Finding(
                match.start(),
                match.end(),
                "birth_date",
                "birth_date",
                clauses,
                check=3,
                context=near.strength,
            )
        elif year and 1915 <= year <= 2008 and str(year) in match.group() and not near:
            yield Finding(
                match.start(), match.end(), "birth_date", "birth_date", (("date",), ("among",)), check=0.1
            )
    yield from in_words(message)
    if message.most_digits < 6 or "birth_date" not in message.kinds:
        return
    for match in _SHORT.finditer(message.text):
        near = message.near(match.start(), match.end(), "birth_date")
        if near and near.adjacent:
            yield Finding(
                match.start(),
                match.end(),
                "birth_date",
                "birth_date",
                (("date",), near.clause),
                check=1,
                context=2,
            )
