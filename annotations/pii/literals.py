"""A first filter for a regular expression: strings of which any match holds at least one.

Searching a string for a literal costs a fraction of trying a pattern at every place, and most messages hold none
of the words that a pattern asks for. The strings are worked out from the pattern itself, so they cannot be forgotten
when it changes.

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


def filtered(patterns: dict[str, re.Pattern[str]]) -> Callable[[str], list[tuple[str, re.Pattern[str]]]]:
    """A function that tells which named patterns a text may match, in their order."""
    listed = [(name, pattern, literals(pattern.pattern, pattern.flags)) for name, pattern in patterns.items()]

    def possible(text: str) -> list[tuple[str, re.Pattern[str]]]:
        return [
            (name, pattern)
            for name, pattern, strings in listed
            if strings is None or any(map(text.__contains__, strings))
        ]

    return possible
