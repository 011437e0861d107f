"""A message as the recognisers read it: its plain text, its numbers, its cues; each worked out once, when
asked for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from annotations.pii.context import Context, Near

_DIGITS = re.compile(r"[0-9]+")
_SEPARATOR = re.compile(r" ?[-./_·()] ?|\s?\(0\)\s?|  ?")
_MOST_DIGITS = 20
_MONTHS = (
    "jan(?:uari|uary)?|feb(?:ruari|ruary|r)?|mrt|maart|mar(?:ch)?|apr(?:il)?|mei|may|juni?|june?|juli?|july?|"
    "aug(?:ustus|ust)?|sept?(?:ember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
DATE = re.compile(
    r"(?<![0-9])(?:(?P<d>[0-3]?[0-9])(?P<sep> ?[-/.] ?| )(?P<m>[01]?[0-9])(?P=sep)(?P<y>(?:19|20)[0-9]{2}|"
    r"'?[0-9]{2})"
    r"|(?P<y2>(?:19|20)[0-9]{2})(?P<sep2>[-/.])(?P<m2>[01]?[0-9])(?P=sep2)(?P<d2>[0-3]?[0-9])"
    rf"|(?P<d3>[0-3]?[0-9])(?:e|ste|de|st|nd|rd|th)?[ .-]{{0,2}}(?:of )?(?P<month>{_MONTHS})\b[ .,-]{{0,2}}"
    r"(?P<y3>(?:19|20)[0-9]{2}|'?[0-9]{2})"
    rf"|(?P<month2>{_MONTHS}) (?P<d4>[0-3]?[0-9])(?:st|nd|rd|th)?,? (?P<y4>(?:19|20)[0-9]{{2}}))"
    r"(?![0-9])(?![-./][0-9])",
    re.ASCII,
)
_QUANTITY = re.compile(
    r"(?<![0-9])[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})? ?(?:uur|u\b|am\b|pm\b|h\b)"
    r"|(?<![0-9:])[0-2]?[0-9]:[0-5][0-9](?![0-9])"
    r"|[0-9]+ ?(?:%|°|procent|gb\b|mb\b|kb\b|tb\b|mbps|mbit|kbps|gbit|ghz|mhz|kwh|kw\b|m3\b|km\b|kg\b|"
    r"gram\b|cm\b|mm\b|ml\b|"
    r"liter|watt|volgers|followers|tweets|views|punten|points|keer\b|x\b|uur|uren|min\b|minuten|minutes|"
    r"mins|dagen|days|weken|"
    r"weeks|maanden|months|jaar|years|euro|eur\b|stuks|mensen|people|klanten|huishoudens|customers|"
    r"woningen|stemmen|"
    r"miles|meter\b|seconden|sec\b|times\b|hours|hrs|pagina|steps|stappen)"
    r"|(?:€|\$|£|eur\b|euro) ?[0-9][0-9.,]*",
)


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


class Message:
    """``text`` is the plain, masked view; offsets of findings count in it.

    ``found`` collects what other recognisers found, for those that only speak among other data.
    """

    def __init__(self, text: str, author_role: str = "") -> None:
        self.text = text
        low = text.lower()
        self.low = (
            low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
        )
        self.author_role = author_role

    @cached_property
    def groups(self) -> list[tuple[int, int]]:
        return [match.span() for match in _DIGITS.finditer(self.text)]

    @cached_property
    def context(self) -> Context:
        return Context(self.low, self.groups)

    @cached_property
    def dates(self) -> list[re.Match[str]]:
        if len(self.groups) < 2:
            return []
        return list(DATE.finditer(self.low))

    @cached_property
    def _quantities(self) -> frozenset[int]:
        """Where the digits of dates, times, amounts and counts begin."""
        spans = [match.span() for match in self.dates] + [
            match.span() for match in _QUANTITY.finditer(self.low)
        ]
        starts = [start for start, _ in self.groups]
        return frozenset(
            starts[index]
            for start, end in spans
            for index in range(bisect_left(starts, start), bisect_left(starts, end))
        )

    def is_quantity(self, start: int, end: int) -> bool:
        """Whether any digits in this stretch belong to a date, a time, an amount or a count."""
        if not self._quantities:
            return False
        return any(place in self._quantities for place in range(start, end))

    @cached_property
    def shouting(self) -> bool:
        """Whether the message is written in capitals, so that a capital says nothing."""
        letters = sum(map(str.isalpha, self.text))
        return letters > 20 and sum(map(str.isupper, self.text)) > 0.6 * letters

    @cached_property
    def numbers(self) -> dict[int, list[Number]]:
        """Every way to read neighbouring groups as one number, by how many digits it has (3 to 20)."""
        groups, text, low = self.groups, self.text, self.low
        by_length: dict[int, list[Number]] = defaultdict(list)
        blocked = {index for index, (start, _) in enumerate(groups) if start in self._quantities}
        joins: list[str | None] = []
        for (_, end), (start, _) in pairwise(groups):
            between = text[end:start]
            joins.append(between if len(between) <= 5 and _SEPARATOR.fullmatch(between) else None)
        for first, (start, end) in enumerate(groups):
            digits, sizes, separators, is_blocked = "", [], set(), False
            for index in range(first, len(groups)):
                if index > first:
                    join = joins[index - 1]
                    if join is None:
                        break
                    separators.add(join.strip()[:1] or " ")
                end = groups[index][1]
                part = text[groups[index][0] : end]
                if len(digits) + len(part) > _MOST_DIGITS:
                    break
                digits += part
                sizes.append(len(part))
                is_blocked = is_blocked or index in blocked
                if len(digits) >= 3:
                    before, after = text[start - 1 : start], text[end : end + 1]
                    left = first and joins[first - 1]
                    right = index < len(groups) - 1 and joins[index]
                    alone = not (
                        before.isalpha()
                        or after.isalpha()
                        or (left and left != " ")
                        or (right and right != " ")
                        or low[start - 1 : start] == "+"
                    )
                    by_length[len(digits)].append(
                        Number(
                            digits,
                            start,
                            end,
                            tuple(sizes),
                            "".join(sorted(separators)),
                            alone,
                            not (left or right),
                            is_blocked,
                        )
                    )
        return by_length

    def of_length(self, *lengths: int) -> list[Number]:
        return [number for length in lengths for number in self.numbers.get(length, ())]

    def near(self, start: int, end: int, *kinds: str, reach: int = 45) -> Near | None:
        """The nearest cue of one of these kinds."""
        return self.context.near(start, end, frozenset(kinds), reach)
