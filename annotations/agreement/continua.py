"""Unitized continua: texts in which coders marked spans, and the sums that the unitizing alphas need of each.

A continuum is (length, {coder: [(start, end, category), …]}): start and end in code points, end exclusive. A
coder who read the text and marked nothing has an empty list; a coder who did not read it is absent, or None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from .reading import sort_key

SpanTuple = tuple[int, int, Any]
Continuum = tuple[int, Mapping[str, Sequence[SpanTuple] | None]]


@dataclass(frozen=True)
class ReadContinuum:
    """A checked continuum; spans of each coder who read it, in order, as (start, end, index of the type)."""

    length: int
    spans: dict[str, list[tuple[int, int, int]]]


@dataclass(frozen=True)
class Continua:
    """All continua of a variable, the T types in order, and the coders.

    overlapping: whether a coder marked the same characters with two types somewhere.
    """

    continua: list[ReadContinuum]
    types: tuple[Any, ...]
    coders: tuple[str, ...]
    overlapping: bool

    @property
    def differing(self) -> list[int]:
        """Indices of the continua that two coders read, and in which their spans are not all the same."""
        return [
            index
            for index, each in enumerate(self.continua)
            if len({tuple(sorted(own)) for own in each.spans.values()}) > 1
        ]

    @property
    def pairable(self) -> list[ReadContinuum]:
        """The continua with a length that two coders or more read."""
        return [each for each in self.continua if len(each.spans) >= 2 and each.length]


def read_continua(
    continua: Sequence[Continuum], *, categories: Sequence[Any] | None = None, overlaps: str = "error"
) -> Continua:
    """Checked continua.

    overlaps: what to do where a coder gave the same characters two types: "error", or "per_type" (figures per
    type only). Two spans of the same type may never overlap; they may touch, and then are two units.

    Raises ValueError naming the continuum, the coder and the span.
    """
    if overlaps not in ("error", "per_type"):
        raise ValueError(f"overlaps: expected 'error' or 'per_type', got {overlaps!r}.")
    checked = [_checked(number, each) for number, each in enumerate(continua)]
    used = {span[2] for _, spans in checked for own in spans.values() for span in own}
    types = tuple(sorted(used, key=sort_key)) if categories is None else tuple(categories)
    if used - set(types):
        wrong = sorted(used - set(types), key=sort_key)[0]
        raise ValueError(f"{wrong!r} is not among the declared categories {list(types)!r}.")
    index = {category: position for position, category in enumerate(types)}
    read, overlapping = [], False
    for number, (length, spans) in enumerate(checked):
        for coder, own in spans.items():
            overlapping |= _overlaps(number, coder, own, overlaps)
        read.append(
            ReadContinuum(
                length,
                {
                    coder: [(start, end, index[category]) for start, end, category in own]
                    for coder, own in spans.items()
                },
            )
        )
    coders = tuple(dict.fromkeys(coder for each in read for coder in each.spans))
    return Continua(read, types, coders, overlapping)


def _checked(number: int, continuum: Any) -> tuple[int, dict[str, list[SpanTuple]]]:
    where = f"Continuum {number}"
    try:
        length, by_coder = continuum
        by_coder = {str(coder): spans for coder, spans in by_coder.items() if spans is not None}
    except (TypeError, ValueError, AttributeError):
        raise ValueError(
            f"{where}: expected (length, {{coder: [(start, end, category), …]}}), got {continuum!r:.80}."
        ) from None
    if not _whole(length) or length < 0:
        raise ValueError(f"{where}: the length has to be a whole number, 0 or more, got {length!r}.")
    spans_of = {}
    for coder, spans in by_coder.items():
        own = []
        for span in spans:
            if not isinstance(span, Sequence) or isinstance(span, str) or len(span) != 3:
                raise ValueError(
                    f"{where}, coder {coder}: expected (start, end, category), got {span!r:.80}."
                )
            start, end, category = span
            if not (_whole(start) and _whole(end) and 0 <= start < end <= length):
                raise ValueError(
                    f"{where}, coder {coder}: span {start!r}–{end!r} has to hold at least one "
                    f"character and lie within 0–{length}."
                )
            own.append((int(start), int(end), category))
        spans_of[coder] = sorted(own, key=lambda span: span[:2])
    return int(length), spans_of


def _whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _overlaps(number: int, coder: str, spans: list[SpanTuple], overlaps: str) -> bool:
    """Whether spans of different types overlap; an error where that is not allowed, or where the types are
    one."""
    last_of_type: dict[Any, SpanTuple] = {}
    found = False
    reach: SpanTuple | None = None
    for span in spans:
        same = last_of_type.get(span[2])
        clash = same if same and same[1] > span[0] else None
        if clash is None and reach and reach[1] > span[0]:
            found = True
            clash = reach if overlaps == "error" else None
        if clash:
            raise ValueError(
                f"Continuum {number}, coder {coder}: spans {clash[0]}–{clash[1]} ({clash[2]!r}) and "
                f"{span[0]}–{span[1]} ({span[2]!r}) overlap; a coder's own spans may touch but not overlap."
            )
        last_of_type[span[2]] = span
        reach = span  # while nothing overlaps, the last one reaches furthest
    return found


def coder_pairs(continua: Continua) -> list[tuple[str, str]]:
    return list(combinations(continua.coders, 2))
