"""PURE: words that a paraphrase has in common with the message, however they are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 6
"""So many words in a row can be searched for."""
_JOINS = frozenset("'’‘ʼ`´-‐‑.")
"""Between two letters they are part of the word: `m'n`, `e-mail` and `06.12` are one word each."""


@dataclass(frozen=True)
class Word:
    """`plain`: without capitals, accents and punctuation; `start` and `end`: where it stands."""

    plain: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """
    >>> [word.plain for word in words_of("Hé, m'n E-mail!")]
    ['he', 'mn', 'email']
    """
    found: list[Word] = []
    plain, start, end = "", 0, 0
    for at, character in enumerate(text):
        letters = _letters(character)
        if letters:
            if not plain:
                start = at
            plain += letters
            end = at + 1
        elif plain and not _continues(text, at):
            found.append(Word(plain, start, end))
            plain = ""
    return [*found, Word(plain, start, end)] if plain else found


def _letters(character: str) -> str:
    """A letter or digit without capital and accent; nothing of anything else."""
    spread = unicodedata.normalize("NFKD", character).casefold()
    return "".join(one for one in unicodedata.normalize("NFKD", spread) if one.isalnum())


def _continues(text: str, at: int) -> bool:
    """Whether a word goes on after this character: one that cannot be seen, an accent, or a join."""
    if unicodedata.category(text[at]) in ("Cf", "Mn", "Mc", "Me"):
        return True
    return text[at] in _JOINS and at + 1 < len(text) and text[at + 1].isalnum()


def runs(message: str, paraphrase: str, *, least: int = LEAST) -> list[tuple[int, int]]:
    """Where in the paraphrase `least` or more words in a row are those of the message, as (start, end).

    >>> said = "Ik wacht al acht weken op een belletje van jullie"
    >>> found = "Iemand wacht AL acht weken, op één belletje."
    >>> [found[start:end] for start, end in runs(said, found)]
    ['wacht AL acht weken, op één belletje']
    """
    ours = words_of(paraphrase)
    theirs = set(_stretches([word.plain for word in words_of(message)], least))
    same = [
        at for at, stretch in enumerate(_stretches([word.plain for word in ours], least)) if stretch in theirs
    ]
    found: list[tuple[int, int]] = []
    for at in same:
        start, end = ours[at].start, ours[at + least - 1].end
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _stretches(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + length]) for at in range(len(words) - length + 1)]


def places_of(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Where words say the same as a text, wherever its spaces are.

    >>> places_of("06-00000011", words_of("bel 06 0000 0011"))
    [(4, 16)]
    """
    wanted = "".join(word.plain for word in words_of(text))
    found = []
    for at, first in enumerate(words if wanted else ()):
        said = ""
        for word in words[at:]:
            said += word.plain
            if not wanted.startswith(said):
                break
            if said == wanted:
                found.append((first.start, word.end))
    return found
