"""Rules that a study adds to the detector: a word and the shape of the value that it announces.

A shape is written as people describe a number: ``A`` a capital letter, ``a`` any letter, ``9`` a digit, every
other character itself; ``{4}`` or ``{4,6}`` after it says how many. A rule that finds reads a value of
that shape
within 30 characters after the word; a rule that silences drops candidates of a type behind the word.

>>> polis = Rule("find", "customer_order_invoice", "polis", "A{2} 9{4} 9{4}")
>>> [(found.start, found.end) for found in findings("mijn polis is AB 1234 5678", [polis])]
[(14, 26)]
>>> shape_of(["AB 1234 5678", "XY 5555 1"])
'A{2} 9{4} 9{1,4}'
>>> shape_of(["AB 1234", "12-AB"]) is None
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from annotations.pii.candidate import Finding

FIND, SILENCE = "find", "silence"
REACH = 30
LONGEST_SHAPE, LONGEST_WORD = 80, 40
_PART = re.compile(r"(?P<char>[^{}])(?:\{(?P<few>[0-9]{1,2})(?:,(?P<many>[0-9]{1,2}))?\})?")
_CLASSES = {"A": "[A-Z]", "a": "[A-Za-z]", "9": "[0-9]", " ": "[ ]"}


class BadRule(ValueError):
    """What is wrong with a rule: ``args[0]`` is "word", "shape", "type" or "kind"."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``kind``: "find" or "silence". A silencing rule may leave ``shape`` empty: any value."""

    kind: str
    info_type: str
    word: str
    shape: str = ""


def checked(rule: Rule) -> Rule:
    """The rule with its word in lower case; raises ``BadRule`` where it cannot be used.

    A shape needs three letters or digits at least, one of them a digit, so that it is not found everywhere.
    """
    word = " ".join(rule.word.lower().split())
    if rule.kind not in (FIND, SILENCE):
        raise BadRule("kind")
    if not rule.info_type:
        raise BadRule("type")
    if not 2 <= len(word) <= LONGEST_WORD or not any(map(str.isalpha, word)):
        raise BadRule("word")
    if rule.kind == FIND or rule.shape:
        _pattern(rule.shape)
    return Rule(rule.kind, rule.info_type, word, rule.shape)


@lru_cache(maxsize=4096)
def _pattern(shape: str) -> re.Pattern[str]:
    """The shape as an expression whose cost is bounded: every part has a greatest length."""
    at, parts, least, digits = 0, [], 0, 0
    if not shape or len(shape) > LONGEST_SHAPE or shape != shape.strip():
        raise BadRule("shape")
    while at < len(shape):
        part = _PART.match(shape, at)
        if part is None:
            raise BadRule("shape")
        few = int(part["few"] or 1)
        many = int(part["many"] or few)
        if not 0 < many <= 40 or few > many:
            raise BadRule("shape")
        if part["char"] in "Aa9":
            least += few
            digits += few if part["char"] == "9" else 0
        parts.append(f"{_CLASSES.get(part['char'], re.escape(part['char']))}{{{few},{many}}}")
        at = part.end()
    if least < 3 or not digits:
        raise BadRule("shape")
    return re.compile(rf"(?<![^\W_]){''.join(parts)}(?![^\W_])")


def findings(text: str, rules: Sequence[Rule]) -> Iterator[Finding]:
    """What the finding rules see in a plain text."""
    low = text.lower()
    for rule in rules:
        if rule.kind == FIND and rule.word in low:
            for match in _pattern(rule.shape).finditer(text):
                if _announces(rule.word, low, match.start()):
                    clauses = (("rule", rule.word),)
                    yield Finding(
                        match.start(), match.end(), rule.info_type, "rule", clauses, check=1, context=2.5
                    )


def is_silenced(text: str, start: int, end: int, info_type: str, rules: Iterable[Rule]) -> bool:
    """Whether a rule silences a candidate of this type at this place."""
    low = text.lower()
    return any(
        rule.kind == SILENCE
        and rule.info_type == info_type
        and _announces(rule.word, low, start)
        and (not rule.shape or bool(_pattern(rule.shape).fullmatch(text, start, end)))
        for rule in rules
    )


def _announces(word: str, low: str, start: int) -> bool:
    """Whether the word stands whole within ``REACH`` characters before this place, in the same line."""
    before = low[max(0, start - REACH - len(word)) : start].rpartition("\n")[2]
    at = before.rfind(word)
    if at < 0 or len(before) - at - len(word) > REACH:
        return False
    after = before[at + len(word) : at + len(word) + 1]
    return not (at and before[at - 1].isalnum()) and not after.isalpha()


_RUNS = re.compile(r"(?P<digits>[0-9]+)|(?P<capitals>[A-Z]+)|(?P<letters>[A-Za-z]+)|(?P<other>.)", re.DOTALL)


def _runs(value: str) -> list[tuple[str, int]]:
    kinds = {"digits": "9", "capitals": "A", "letters": "a"}
    return [(kinds.get(str(run.lastgroup), run.group()), len(run.group())) for run in _RUNS.finditer(value)]


def outline(value: str) -> str:
    """The shape of a value without its lengths: values with one outline can share a rule."""
    return "".join(char for char, _ in _runs(value))


def shape_of(values: Sequence[str]) -> str | None:
    """The narrowest shape that all values have; None where they share none, or it says too little."""
    runs = [_runs(value) for value in values]
    if not runs or len({tuple(char for char, _ in run) for run in runs}) != 1:
        return None
    parts = []
    for column in zip(*runs, strict=True):
        few, many = min(length for _, length in column), max(length for _, length in column)
        counted = "" if few == many == 1 else f"{{{few}}}" if few == many else f"{{{few},{many}}}"
        parts.append(column[0][0] + counted)
    shape = "".join(parts)
    try:
        _pattern(shape)
    except BadRule:
        return None
    return shape
