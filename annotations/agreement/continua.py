"""Unitized continua: texts in which coders marked spans, and the sums that the unitizing alphas need of each.

A continuum is (length, {coder: [(start, end, category), …]}): start and end in code points, end exclusive. A
coder who read the text and marked nothing has an empty list; a coder who did not read it is absent, or None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

import numpy as np

from .coincidence import Floats
from .data import sort_key

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
        if reach is None or span[1] > reach[1]:
            reach = span
    return found


@dataclass(frozen=True)
class UnitizingSums:
    """Sums over continua, all in characters. Adding those of several continua gives those of the whole.

    coincidences: o_ck between types, shape (T, T): Σ over ordered coder pairs of shared length / (m − 1).
    lengths: l_c of each type, shape (T,). total: l, all coders' lengths together.
    squares: Σ of squared unit lengths of each type, shape (T,).
    shared_squares: the same with each unit counted as far as another coder marked anything there, shape (T,).
    any_coincidence, any_length: coincidence and length of "relevant", whatever the type.
    """

    coincidences: Floats
    lengths: Floats
    squares: Floats
    shared_squares: Floats
    total: float

    def as_row(self) -> Floats:
        return np.concatenate(
            [self.coincidences.ravel(), self.lengths, self.squares, self.shared_squares, [self.total]]
        )

    @classmethod
    def from_row(cls, row: Floats, n_types: int) -> UnitizingSums:
        cells, rest = row[: n_types**2], row[n_types**2 : -1].reshape(3, n_types)
        return cls(cells.reshape(n_types, n_types), rest[0], rest[1], rest[2], float(row[-1]))


def sums_of(continuum: ReadContinuum, n_types: int, coders: Sequence[str] | None = None) -> UnitizingSums:
    """The sums of one continuum that two coders or more read (only `coders`, where given)."""
    spans = {
        coder: np.array(own, dtype=float).reshape(-1, 3)
        for coder, own in continuum.spans.items()
        if coders is None or coder in coders
    }
    cells = np.zeros((n_types, n_types))
    lengths, squares, shared_squares = np.zeros(n_types), np.zeros(n_types), np.zeros(n_types)
    for one, other in permutations(spans.values(), 2):
        first, last = np.maximum.outer(one[:, 0], other[:, 0]), np.minimum.outer(one[:, 1], other[:, 1])
        shared = last - first
        row, column = np.nonzero(shared > 0)
        types = one[row, 2].astype(int), other[column, 2].astype(int)
        np.add.at(cells, types, shared[row, column] / (len(spans) - 1))
    for coder, own in spans.items():
        size = own[:, 1] - own[:, 0]
        kind = own[:, 2].astype(int)
        others = [span for name, each in spans.items() if name != coder for span in each]
        np.add.at(lengths, kind, size)
        np.add.at(squares, kind, size**2)
        np.add.at(shared_squares, kind, np.array([_covered(span, others) for span in own]) ** 2)
    return UnitizingSums(cells, lengths, squares, shared_squares, float(continuum.length * len(spans)))


def _covered(span: Floats, others: list[Floats]) -> float:
    """How many characters of the span any of the other spans covers."""
    covered, reach = 0.0, span[0]
    for start, end, _ in sorted(map(tuple, others)):
        start, end = max(start, reach), min(end, span[1])
        if end > start:
            covered += end - start
            reach = end
    return covered


def span_matches(one: Sequence[SpanTuple], other: Sequence[SpanTuple], *, exact: bool) -> int:
    """How many spans of `one` can be paired with a span of `other` of the same type, each used once.

    exact: same start and end; else they share at least one character. Spans of one type may not overlap
    within a coder, so that walking through both in order finds the most pairs there are.
    """
    if exact:
        return len(set(one) & set(other))
    matches = 0
    for category in {span[2] for span in one}:
        left = sorted(span for span in one if span[2] == category)
        right = sorted(span for span in other if span[2] == category)
        i = j = 0
        while i < len(left) and j < len(right):
            if left[i][1] > right[j][0] and right[j][1] > left[i][0]:
                matches, i, j = matches + 1, i + 1, j + 1
            elif left[i][1] <= right[j][0]:
                i += 1
            else:
                j += 1
    return matches


def coder_pairs(continua: Continua) -> list[tuple[str, str]]:
    return list(combinations(continua.coders, 2))
