"""A first filter for a regular expression: strings of which any match holds at least one.

Searching a string for a literal costs a fraction of trying a pattern at every place, and most messages hold
none of the words that a pattern asks for. The strings are worked out from the pattern itself, so they cannot
be forgotten when it changes.

>>> sorted(literals(r"\\b(?:in het )?rood\\b|over(?:draft|drawn)|i?owe[sd]?"))
['overdra', 'owe', 'rood']
>>> literals(r"[a-z]+|rood") is None
True
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

try:
    from re import _parser as parser  # type: ignore[attr-defined]  # no public way to read a pattern
except ImportError:  # pragma: no cover - an interpreter that hides it: no filter, the same findings
    parser = None

_FEWEST = 2  # letters; a shorter string is in nearly every text


@cache
def literals(pattern: str, flags: int = 0) -> frozenset[str] | None:
    """The strings of which every match of ``pattern`` holds one; None where that cannot be said."""
    if parser is None or flags & re.IGNORECASE:
        return None
    return _of_sequence(parser.parse(pattern, flags))


def _of_sequence(sequence: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """The best set among the parts of a sequence, each of which has to match."""
    best: frozenset[str] | None = None
    run = ""
    for operator, argument in [*sequence, (None, None)]:
        if str(operator) == "LITERAL":
            run += chr(argument)
            continue
        found = [frozenset((run,))] if len(run) >= _FEWEST else []
        run = ""
        inner = _of_part(str(operator), argument)
        found += [inner] if inner else []
        for each in found:
            if best is None or _worth(each) > _worth(best):
                best = each
    return best


def _of_part(operator: str, argument: Any) -> frozenset[str] | None:
    if operator == "SUBPATTERN" and not argument[1]:
        return _of_sequence(argument[3])
    if operator == "ATOMIC_GROUP":
        return _of_sequence(argument)
    if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and argument[0] >= 1:
        return _of_sequence(argument[2])
    if operator == "BRANCH":
        branches = [_of_sequence(branch) for branch in argument[1]]
        if all(branches):
            return shortest(string for branch in branches if branch for string in branch)
    return None


def shortest(strings: Iterable[str]) -> frozenset[str]:
    """The strings that hold no other of them: where one of all is found, one of these is."""
    listed = set(strings)
    return frozenset(each for each in listed if not any(other in each for other in listed if other != each))


def _worth(strings: frozenset[str]) -> tuple[int, int]:
    """Longer strings are rarer; fewer are quicker to look for."""
    return min(map(len, strings)), -len(strings)


class Filter:
    """Many named patterns, and which of them a text may match.

    One pass over the text looks up every three characters in a row; a pattern stays possible where three
    characters of one of its literals were seen, and then the literal itself is there.

    >>> weather = Filter({name: re.compile(name) for name in ("rain(?:ing|y)?", "[a-z]", "sno+w")})
    >>> [name for name, _ in weather.possible(weather.seen("a rainy day"), "a rainy day")]
    ['rain(?:ing|y)?', '[a-z]']
    """

    def __init__(self, patterns: dict[str, re.Pattern[str]]) -> None:
        self._listed: list[tuple[int, str, re.Pattern[str], tuple[str, ...]]] = []
        self._by_three: dict[str, int] = {}
        self._by_two: list[tuple[str, int]] = []
        self._always = 0
        for number, (name, pattern) in enumerate(patterns.items()):
            bit = 1 << number
            strings = literals(pattern.pattern, pattern.flags)
            self._listed.append((bit, name, pattern, tuple(sorted(strings or (), key=len))))
            if strings is None:
                self._always |= bit
            for string in strings or ():
                if len(string) < 3:
                    self._by_two.append((string, bit))
                else:
                    three = _rarest(string)
                    self._by_three[three] = self._by_three.get(three, 0) | bit

    def seen(self, text: str) -> int:
        """The patterns that may match anywhere in a text, as bits: worked out once for a message."""
        bits = self._always
        by_three = self._by_three
        for three in by_three.keys() & {text[place : place + 3] for place in range(len(text) - 2)}:
            bits |= by_three[three]
        for two, bit in self._by_two:
            if two in text:
                bits |= bit
        return bits

    def bits(self, names: Callable[[str], object]) -> int:
        """The bits of the patterns whose name ``names`` says yes to."""
        return sum(bit for bit, name, _, _ in self._listed if names(name))

    def possible(self, bits: int, part: str) -> list[tuple[str, re.Pattern[str]]]:
        """The patterns among ``bits`` that a part of the text may match."""
        return [
            (name, pattern)
            for bit, name, pattern, strings in self._listed
            if bits & bit and (not strings or any(map(part.__contains__, strings)))
        ]


_COMMON = "enatirodslghvkmucbpwjzfxyq"


def _rarest(string: str) -> str:
    """The three characters in a row whose letters are the least common."""
    threes = [string[place : place + 3] for place in range(len(string) - 2)]
    return max(threes, key=lambda three: sum(_COMMON.find(character) for character in three))
