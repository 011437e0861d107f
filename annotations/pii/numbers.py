"""The numbers in a text: neighbouring groups of digits, read together in every way that people write them.

"06-12 34 56 78" is five groups of digits; whether they are one telephone number or two other things is for
a recogniser to say. It asks for the numbers of as many digits as its kind has, and gets each stretch of
neighbouring groups
with that many.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SEPARATOR = re.compile(r" ?[-./_·()] ?|\s?\(0\)\s?|  ?")
_FEWEST, _MOST = 6, 20
_GROUPS = 24


@dataclass(frozen=True, slots=True)
class Number:
    """Digits that stand together, possibly in groups with separators."""

    digits: str
    start: int
    end: int
    sizes: tuple[int, ...]
    separators: str  # one character for each kind of separator used, sorted
    alone: bool  # not joined by - . / _ to further digits, nor followed or preceded by a letter
    whole: bool  # no further digits are joined to it, not even by a space
    blocked: bool  # part of a date, a time, an amount or a quantity

    @property
    def grouped(self) -> bool:
        return len(self.sizes) > 1


def joins(text: str, groups: Sequence[tuple[int, int]]) -> list[str | None]:
    """What joins each group to the next: a separator, or None where other text stands between them."""
    found: list[str | None] = []
    for (_, end), (start, _) in pairwise(groups):
        between = text[end:start]
        found.append(between if len(between) <= 5 and _SEPARATOR.fullmatch(between) else None)
    return found


def most_digits(groups: Sequence[tuple[int, int]], joined: Sequence[str | None]) -> int:
    """How many digits the longest stretch of joined groups has."""
    most = length = 0
    for index, (start, end) in enumerate(groups):
        length = end - start + (length if index and joined[index - 1] is not None else 0)
        most = max(most, length)
    return most


def by_length(
    text: str, groups: Sequence[tuple[int, int]], joined: Sequence[str | None], blocked: Container[int]
) -> dict[int, list[Number]]:
    """Every stretch of joined groups with 6 to 20 digits, by how many it has.

    ``blocked`` holds the starts of groups that are dates, times, amounts or counts.
    """
    found: dict[int, list[Number]] = defaultdict(list)
    begun = 0  # where the run of joined groups begins
    for first in range(len(groups)):
        if first and joined[first - 1] is None:
            begun = first
        for last, digits in _stretches(text, groups, joined, first):
            if last > first and first - begun > _GROUPS:
                break  # a long row of figures is a table, not a number
            if len(digits) >= _FEWEST:
                found[len(digits)].append(_number(text, groups, joined, blocked, first, last, digits))
    return found


def _stretches(
    text: str, groups: Sequence[tuple[int, int]], joined: Sequence[str | None], first: int
) -> Iterator[tuple[int, str]]:
    """The index of the last group, and the digits, of each stretch that begins with the group ``first``."""
    digits = ""
    for last in range(first, len(groups)):
        start, end = groups[last]
        if (last > first and joined[last - 1] is None) or len(digits) + end - start > _MOST:
            return
        digits += text[start:end]
        yield last, digits


def _number(
    text: str,
    groups: Sequence[tuple[int, int]],
    joined: Sequence[str | None],
    blocked: Container[int],
    first: int,
    last: int,
    digits: str,
) -> Number:
    start, end = groups[first][0], groups[last][1]
    left = joined[first - 1] if first else None
    right = joined[last] if last < len(joined) else None
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    beside_letter = before.isalpha() or after.isalpha() or before == "+"
    return Number(
        digits,
        start,
        end,
        sizes=tuple(b - a for a, b in groups[first : last + 1]),
        separators="".join(sorted({(join or "").strip()[:1] or " " for join in joined[first:last]})),
        alone=not beside_letter and left in (None, " ") and right in (None, " "),
        whole=left is None and right is None,
        blocked=any(a in blocked for a, _ in groups[first : last + 1]),
    )
