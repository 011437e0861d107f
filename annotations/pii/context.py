"""The words around a value that say what it is, and how near they stand.

A *cue* is a word, or a compound such as "klantnr", that announces one kind of information. Words are
looked up, not
searched for: one pass splits the text into words, each word is looked up in a dictionary, so the cost does
not grow
with the size of the lexicon. Words just beside a number that are not in the dictionary are compared with
the long cue
words, because people type "klantnumer" and "geboorte datum".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from annotations.pii.lexicon import (
    ALSO,
    COMPOUNDS,
    LONG_CUES,
    LOOSE,
    NO_PERSONS_NUMBER,
    NUMBER_WORDS,
    PHRASES,
    PURCHASE,
    STEMS,
    WORDS,
    words,
)
from annotations.pii.reasons import Clause


class Cue(NamedTuple):
    start: int
    end: int
    kind: str
    word: str
    strong: bool  # announces a value by itself; a loose one ("order") only directly beside it


class Near(NamedTuple):
    """The cue nearest to a value, and how it stands to it."""

    cue: Cue
    gap: int
    adjacent: bool  # nothing but linking words in between
    before: bool

    @property
    def strength(self) -> float:
        return 2 if self.adjacent else 1

    @property
    def clause(self) -> tuple[str, str]:
        return ("before" if self.before else "after", self.cue.word)


def explained(near: Near | None, *clauses: Clause) -> tuple[Clause, ...]:
    """The clauses of a reason, with the cue that stands near, if one does."""
    return (*clauses, near.clause) if near else clauses


_WORD = re.compile(r"[^\W\d_]+")
_SUFFIX = re.compile(r"(?:s|n|en)?(?:nummers?|numm?er|numer|nummr|nmr|nrs?|num|number|no|code|id)$")
_NUMBERED = ("nummer", "nr")
_LINKS = words(
    "is zijn was luidt betreft van mij mijn me m'n mn ons onze het de den een deze dit dus "
    "even namelijk nl hier nr nrs nummer nummers no num number are my our the this here it "
    "its of it's als volgt volgende staat op as follows en met onder bij naar for with under "
    "to i have ik heb hebben had has heeft oude nieuwe huidige new old current hebt at commerce koophandel "
    "gebruik "
    "use wel nog ook dan nu currently and voor klant vader moeder man vrouw zoon dochter "
    "ouders oma opa zus broer partner mother father husband wife son daughter sorry vergeten dat die that "
    "buurman buurvrouw onder under aangemaakt geregistreerd registered "
    "forgot ff via om gaat eigen back terug s thuis brief letter best"
)
_LINKED = re.compile(
    r"[^\w\n]{0,4}(?:\n[^\w\n]{0,3})?(?:(?:"
    + "|".join(sorted(_LINKS, key=len, reverse=True))
    + r")\b[^\w]{0,4}){0,6}"
)
_BACK_LINKED = re.compile(
    r"[^\w\n]{0,4}(?:(?:is|was|zijn|als|are|as|dat|that|this|dit|het|the|mijn|m'n|mn|my|ons|onze|our|de|"
    r"=)\b[^\w\n]{0,3}){0,4}"
)
_GLUED = re.compile(
    r"(?:mijn|mn|m|het|uw|je)?(bsn|iban|tel|kvk|imei|klantnummer|klantnr)(?:nr|"
    r"nummer)?(?:is)?"
)
_OWN_VALUE = re.compile(r"[\s:=.#-]{0,3}(?:(?:is|nr|nummer)\b[\s:.]{0,2})?[a-z]{0,2}[0-9]")
_LINK_WORDS = frozenset(_LINKS)
_LONG = tuple(LONG_CUES)
_BREAK = re.compile(r"[.!?](?=\s)|\n")


@lru_cache(maxsize=65536)
def kind_of(word: str) -> tuple[str, bool] | None:
    """The kind that a lower-case word announces, and whether it does so by itself.

    >>> kind_of("klantnummer"), kind_of("klantennr"), kind_of("order"), kind_of("fiets")
    (('customer_number', True), ('customer_number', True), ('order_number', False), None)
    """
    if word in WORDS:
        return WORDS[word], word not in LOOSE
    if match := _SUFFIX.search(word):
        stem = word[: match.start()]
        if stem in STEMS:
            return STEMS[stem], True
        if len(stem) >= 5 and word.endswith(_NUMBERED) and stem.rstrip("s-") not in NO_PERSONS_NUMBER:
            return "customer_number", False  # "inschrijfnummer": whatever it is called, beside its number
    for ending, kind in COMPOUNDS.items():
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            return kind, False
    if match := _GLUED.fullmatch(word):
        return WORDS[match[1]], True
    return None


def is_link(word: str) -> bool:
    """Whether a lower-case word only links a cue to its value, or is a cue itself."""
    return word in _LINK_WORDS or word in NUMBER_WORDS or kind_of(word) is not None


@lru_cache(maxsize=65536)
def resembled_kind(word: str) -> str | None:
    """The kind that a mistyped long word announces.

    >>> resembled_kind("klantnumemr"), resembled_kind("telefoonummer"), resembled_kind("televisie")
    ('customer_number', 'phone', None)
    """
    if not 6 <= len(word) <= 40:
        return None
    allowed = 1 if len(word) < 9 else 2
    best = extractOne(word, _LONG, scorer=OSA.distance, score_cutoff=allowed)
    if best:
        return LONG_CUES[best[0]]
    for cue, kind in LONG_CUES.items():  # glued: "mijnklantnummeris"
        if len(cue) >= 7 and cue in word:
            return kind
    return None


_OPENING = (
    frozenset(word for phrase in PHRASES for word in phrase.split())
    | STEMS.keys()
    | PURCHASE
    | ALSO.keys()
    | NUMBER_WORDS
)
_plain_words: set[str] = (
    set(_LINKS) - _OPENING - WORDS.keys()
)  # grows with the words that turn out to say nothing


def find_cues(low: str, numbers: Iterable[tuple[int, int]] = ()) -> list[Cue]:
    """The cues in a lower-case text, in order. ``numbers`` are the stretches beside which typing errors
    are forgiven."""
    tokens = [
        (match.start(), match.end(), match.group())
        for match in _WORD.finditer(low)
        if match.group() not in _plain_words
    ]
    cues: list[Cue] = []
    unknown: list[tuple[int, int, str]] = []
    skip = 0
    for index, (start, end, word) in enumerate(tokens):
        if start < skip:
            continue
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if following and following[0] - end <= 2:
            pair = word + " " + following[2]
            if pair in PHRASES:
                cues.append(Cue(start, following[1], PHRASES[pair], low[start : following[1]], True))
                skip = following[1]
                continue
            if word in STEMS and (following[2] in NUMBER_WORDS) and "\n" not in low[end : following[0]]:
                cues.append(Cue(start, following[1], STEMS[word], low[start : following[1]], True))
                skip = following[1]
                continue
        if word in PURCHASE:
            cues.append(Cue(start, end, "purchase", word, False))
        if word in ALSO:
            cues.append(Cue(start, end, ALSO[word], word, True))
        known = kind_of(word)
        if word in NUMBER_WORDS and low[max(0, start - 3) : start].strip(" -").endswith("06"):
            known = "phone", True
        if known:
            strong = known[1] or low[end : end + 2].lstrip(" ")[:1] == "#"
            cues.append(Cue(start, end, known[0], word, strong))
        elif end - start >= 6 and resembled_kind(word):
            unknown.append((start, end, word))
        elif word not in _OPENING and len(_plain_words) < 200_000:
            _plain_words.add(word)
    if unknown and numbers:
        cues.extend(_resembling(unknown, numbers))
        cues.sort()
    return cues


def _resembling(words: list[tuple[int, int, str]], numbers: Iterable[tuple[int, int]]) -> list[Cue]:
    found = []
    ends = [end for _, end, _ in words]
    seen = set()
    for start, end in numbers:
        low, high = bisect_left(ends, start - 20), bisect_left(ends, end + 25)
        for word in words[low : min(high + 1, low + 8)]:
            if word not in seen and -25 < word[0] - end < 12:
                seen.add(word)
                kind = resembled_kind(word[2])
                if kind:
                    found.append(Cue(word[0], word[1], kind, word[2], True))
    return found


class Context:
    """The cues of one text, to be asked what stands near a value."""

    __slots__ = ("_ends", "_low", "_starts", "cues")

    def __init__(self, low: str, numbers: Iterable[tuple[int, int]] = ()) -> None:
        self._low = low
        self.cues = find_cues(low, numbers)
        self._ends = [cue.end for cue in self.cues]
        self._starts = [cue.start for cue in self.cues]

    def between(self, start: int, end: int) -> list[Cue]:
        """The cues inside a stretch."""
        return self.cues[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def near(self, start: int, end: int, kinds: frozenset[str], reach: int = 45) -> Near | None:
        """The nearest cue of one of these kinds within ``reach`` before the value (or half of it after),
        or None."""
        best: Near | None = None
        index = bisect_left(self._ends, start + 1) - 1
        for cue in self.cues[max(0, index - 5) : index + 1][::-1]:
            gap = start - cue.end
            if gap > reach:
                break
            if cue.kind in kinds:
                between = self._low[cue.end : start]
                adjacent = bool(_LINKED.fullmatch(between)) and "\0" not in between
                if adjacent or (cue.strong and not _BREAK.search(between)):
                    best = Near(cue, gap, adjacent, True)
                    break
        index = bisect_left(self._starts, end)
        for cue in self.cues[index : index + 3]:
            gap = cue.start - end
            if gap > reach // 2:
                break
            if cue.kind in kinds and not _OWN_VALUE.match(self._low, cue.end):
                between = self._low[end : cue.start]
                adjacent = bool(_BACK_LINKED.fullmatch(between))
                if (adjacent and cue.strong) or (cue.strong and not _BREAK.search(between) and gap < 12):
                    if (
                        best is None
                        or (gap + 10 < best.gap and not best.adjacent)
                        or (adjacent and not best.adjacent)
                    ):
                        best = Near(cue, gap + 10, adjacent and gap < 22, False)
                    break
        return best
