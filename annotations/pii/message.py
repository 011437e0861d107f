"""A message as the recognisers read it: its plain text, its numbers, its cues; each worked out once, when
asked for."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from annotations.pii.context import Context, Near
from annotations.pii.numbers import Number, by_length, joins, most_digits
from annotations.pii.partial import last_digits, masked_values

_DIGITS = re.compile(r"[0-9]+")
_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_MONTHS = (
    "jan(?:uari|uary)?|feb(?:ruari|ruary|r)?|mrt|maart|mar(?:ch)?|apr(?:il)?|mei|may|juni?|june?|juli?|july?|"
    "aug(?:ustus|ust)?|sept?(?:ember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
DATE = re.compile(
    r"(?=[0-9jfmasond])"
    r"(?<![0-9])(?:(?P<d>[0-3]?[0-9])(?P<sep> ?[-/.] ?| )(?P<m>[01]?[0-9])(?P=sep)(?P<y>(?:19|20)[0-9]{2}|"
    r"'?[0-9]{2})"
    r"|(?P<y2>(?:19|20)[0-9]{2})(?P<sep2>[-/.])(?P<m2>[01]?[0-9])(?P=sep2)(?P<d2>[0-3]?[0-9])"
    rf"|(?P<d3>[0-3]?[0-9])(?:e|ste|de|st|nd|rd|th)?[ .-]{{0,2}}(?:of )?(?P<month>{_MONTHS})\b[ .,-]{{0,2}}"
    r"(?P<y3>(?:19|20)[0-9]{2}|'?[0-9]{2})"
    rf"|(?P<month2>{_MONTHS}) (?P<d4>[0-3]?[0-9])(?:st|nd|rd|th)?,? (?P<y4>(?:19|20)[0-9]{{2}}))"
    r"(?![0-9])(?![-./][0-9])",
    re.ASCII,
)
_MONTH_HINTS = (
    "jan",
    "feb",
    "mrt",
    "maa",
    "mar",
    "apr",
    "mei",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "okt",
    "oct",
    "nov",
    "dec",
    "'",
)
_QUANTITY = re.compile(
    r"(?<![0-9])[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})? ?(?:uur|u\b|am\b|pm\b|h\b)"
    r"|(?<![0-9:])[0-2]?[0-9]:[0-5][0-9](?![0-9])"
    r"|(?<![0-9])[0-9]++ ?(?:%|°|procent|gb\b|mb\b|kb\b|tb\b|mbps|mbit|kbps|gbit|ghz|mhz|kwh|kw\b|m3\b|"
    r"km\b|kg\b|"
    r"gram\b|cm\b|mm\b|ml\b|"
    r"liter|watt|volgers|followers|tweets|views|punten|points|keer\b|x\b|uur|uren|min\b|minuten|minutes|"
    r"mins|dagen|days|weken|"
    r"weeks|maanden|months|jaar|years|euro|eur\b|stuks|mensen|people|klanten|huishoudens|customers|"
    r"woningen|stemmen|"
    r"miles|meter\b|seconden|sec\b|times\b|hours|hrs|pagina|steps|stappen)"
)
_OF_COUNTS = frozenset(("income", "debt", "purchase", "number", "phone", "email"))
"""What a word may announce in a message of counts only: its value has no few digits."""
_CURRENCIES = frozenset("€£$")
_PRICE = re.compile(
    r"(?:€|\$|£|\beur\b|\beuro) ?[0-9][0-9.,]*",
)


if TYPE_CHECKING:
    from functools import cached_property as lazy
else:

    class lazy:
        """``functools.cached_property`` without its lock, which costs more than most of what is kept here."""

        def __init__(self, work: Any) -> None:
            self.work, self.name, self.__doc__ = work, work.__name__, work.__doc__

        def __get__(self, owner: Any, kind: Any = None) -> Any:
            if owner is None:
                return self
            value = owner.__dict__[self.name] = self.work(owner)
            return value


_SMALL_MATTERS = re.compile(
    r"[A-Z][0-9]|[0-9][A-Z]|[€£$]|(?i:eur|grand\b|hundred|thousand|pounds|per (?:uur|week|maand)|[0-9] "
    r"?k\b|[0-9],-|[0-9] ?(?:mille|duizend|honderd|ton\b)|"
    r"laatste|last|eind|end|kenteken|plate|wo+n|adres|address|live|living|verhuis|bezorg|lever|ship|"
    r"storing)|[A-Z0-9] [A-Z0-9] [A-Z0-9] |[0-9][xX*•-][xX*•A-Z]"
)


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
        self.said: dict[tuple[int, int], tuple[list[str], list[str] | None]] = {}
        """What its sentences say about amounts, by their place (``money_features``)."""
        self.money_seen: int | None = None
        """The patterns about money that it may match (``money_features``)."""

    @lazy
    def sentence_text(self) -> str:
        """The lower-case text in which a full stop ends a sentence: "1.450" has a comma."""
        return _POINT.sub(",", self.low) if self.groups else self.low

    @lazy
    def groups(self) -> list[tuple[int, int]]:
        return [match.span() for match in _DIGITS.finditer(self.text)]

    @lazy
    def context(self) -> Context:
        return Context(self.low, self.groups)

    @lazy
    def dates(self) -> list[re.Match[str]]:
        if self.digits < 3:
            return []
        if not any(self._joins) and not any(map(self.low.__contains__, _MONTH_HINTS)):
            return []
        return list(DATE.finditer(self.low))

    @lazy
    def _quantities(self) -> frozenset[int]:
        """Where the digits of dates, times, amounts and counts begin."""
        low, starts = self.low, [start for start, _ in self.groups]
        spans = [match.span() for match in self.dates]
        spans += [match.span() for start in starts if (match := _QUANTITY.match(low, start))]
        if not _CURRENCIES.isdisjoint(low) or "eur" in low:
            spans += [match.span() for match in _PRICE.finditer(low)]
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

    @lazy
    def only_counts(self) -> bool:
        """Whether all its digits are dates, times, amounts and counts, and no word announces others."""
        return (
            all(start in self._quantities for start, _ in self.groups)
            and self.kinds <= _OF_COUNTS
            and not self.last_digits
            and not self.masked_values
        )

    @lazy
    def shouting(self) -> bool:
        """Whether the message is written in capitals, so that a capital says nothing."""
        letters = sum(map(str.isalpha, self.text))
        return letters > 20 and sum(map(str.isupper, self.text)) > 0.6 * letters

    @lazy
    def digits(self) -> int:
        """How many digits there are in all."""
        return sum(end - start for start, end in self.groups)

    @lazy
    def _joins(self) -> list[str | None]:
        return joins(self.text, self.groups)

    @lazy
    def most_digits(self) -> int:
        """How many digits the longest number may have."""
        return most_digits(self.groups, self._joins)

    @lazy
    def _numbers(self) -> dict[int, list[Number]]:
        return by_length(self.text, self.groups, self._joins, self._quantities)

    @lazy
    def masked_values(self) -> list[tuple[int, int]]:
        """Stretches of which the author hid a part."""
        return masked_values(self.text)

    @lazy
    def last_digits(self) -> list[tuple[int, int]]:
        """Digits that are said to be the last ones of something."""
        return last_digits(self.low)

    def of_length(self, *lengths: int) -> list[Number]:
        """The numbers of six digits and more that have one of these lengths."""
        if self.most_digits < min(lengths):
            return []
        return [number for length in lengths for number in self._numbers.get(length, ())]

    @lazy
    def kinds(self) -> set[str]:
        """The kinds that any word of the message announces; none where its few digits cannot matter."""
        if self.most_digits < 3 and self.groups and not _SMALL_MATTERS.search(self.text):
            return set()
        return {cue.kind for cue in self.context.cues}

    def near(self, start: int, end: int, *kinds: str, reach: int = 45) -> Near | None:
        """The nearest cue of one of these kinds."""
        return self.context.near(start, end, frozenset(kinds), reach)
