"""What of a message can still be recognised in a paraphrase of it: given all it needs, it reads nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..common.masking import mentions_and_links
from ..pii import Rule, find_candidates
from .likeness import Word, places_of, runs, words_of

WORDS, NAME, HANDLE, DATUM = KINDS = ("words", "name", "handle", "datum")
_SHORTEST = 3
_NO_NAMES = frozenset(
    {"and", "den", "der", "het", "les", "ten", "ter", "the", "tot", "van", "vom", "von", "und"}
)
"""Words of a name that name nobody."""


@dataclass(frozen=True)
class Trace:
    """`kind`: of KINDS; `start` and `end` in the paraphrase."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Source:
    """What must not come back. `data`: the stretches of the text that are personal data. `names`: display
    names and `handles` of those in the conversation who are not the organisation. `public`: handles that may
    be named, in lower case."""

    text: str
    data: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    public: frozenset[str] = frozenset()


def traces(source: Source, paraphrase: str, rules: Sequence[Rule] = ()) -> list[Trace]:
    """In the order in which they stand. `rules`: the study's own for the detector."""
    words = words_of(paraphrase)
    found = {(WORDS, *place) for place in runs(source.text, paraphrase)}
    found |= {(NAME, *place) for name in source.names for place in _names(name, paraphrase, words)}
    found |= {(HANDLE, *place) for place in mentions_and_links(paraphrase, keep_handles=source.public)}
    found |= {(HANDLE, *place) for handle in source.handles for place in places_of(handle, words)}
    found |= {(DATUM, *place) for datum in source.data for place in places_of(datum, words)}
    candidates = find_candidates(paraphrase, organisation_handles=source.public, rules=rules)
    found |= {(DATUM, each.start, each.end) for each in candidates}
    return [Trace(*each) for each in sorted(found, key=lambda each: (each[1], each[2], each[0]))]


def _names(name: str, paraphrase: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """The whole name, and each part of it that is written with a capital."""
    parts = [word.plain for word in words_of(name)]
    whole = places_of(name, words) if len(parts) > 1 else []
    singles = {part for part in parts if len(part) >= _SHORTEST and part not in _NO_NAMES}
    return whole + [
        (word.start, word.end) for word in words if word.plain in singles and paraphrase[word.start].isupper()
    ]


def is_fit(kinds: Collection[str], *, may_quote: bool) -> bool:
    """Whether a paraphrase with these traces may be published. `may_quote`: in its own words too."""
    return not (set(kinds) - ({WORDS} if may_quote else set()))
