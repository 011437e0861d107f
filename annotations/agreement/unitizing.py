"""The unitizing alphas of Krippendorff, Mathet, Bouvry & Widlöcher (2016), Quality & Quantity 50.

Sums of several continua are added up; o, l and S below are those of all continua together.
Expected coincidence: e_ck = l (l_c l_k − [c = k] S_c) / (l² − Σ S), with S_c = Σ of squared unit lengths of a
type and Σ of lengths for blanks (characters a coder did not mark).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .coincidence import Floats
from .continua import ReadContinuum


@dataclass(frozen=True)
class UnitizingSums:
    """Sums over continua, all in characters. Adding those of several continua gives those of the whole.

    coincidences: o_ck between types, shape (T, T): Σ over ordered coder pairs of shared length / (m − 1).
    lengths: l_c of each type, shape (T,). total: l, all coders' lengths together.
    squares: Σ of squared unit lengths of each type, shape (T,).
    shared_squares: the same of the length a unit shares with what another coder marked (mean over others).
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
    spans = [
        np.array(own, dtype=float).reshape(-1, 3)
        for coder, own in continuum.spans.items()
        if coders is None or coder in coders
    ]
    cells = np.zeros((n_types, n_types))
    lengths, squares, shared_squares = np.zeros(n_types), np.zeros(n_types), np.zeros(n_types)
    for coder, own in enumerate(spans):
        shared = np.zeros(len(own))
        for other in spans[:coder] + spans[coder + 1 :]:
            first, last = np.maximum.outer(own[:, 0], other[:, 0]), np.minimum.outer(own[:, 1], other[:, 1])
            common = np.maximum(last - first, 0) / (len(spans) - 1)
            shared += common.sum(axis=1)
            row, column = np.nonzero(common)
            np.add.at(cells, (own[row, 2].astype(int), other[column, 2].astype(int)), common[row, column])
        size = own[:, 1] - own[:, 0]
        kind = own[:, 2].astype(int)
        np.add.at(lengths, kind, size)
        np.add.at(squares, kind, size**2)
        np.add.at(shared_squares, kind, shared**2)
    return UnitizingSums(cells, lengths, squares, shared_squares, float(continuum.length * len(spans)))


def u_alpha(sums: UnitizingSums) -> float | None:
    """uα: agreement on where the units are and on their types, blanks included."""
    blank = sums.total - sums.lengths.sum()
    agreeing = sums.coincidences.trace() + _blank_agreeing(sums)
    squares = sums.squares.sum() + blank
    return _alpha(sums.total, agreeing, (sums.lengths**2).sum() + blank**2, squares)


def binary_u_alpha(sums: UnitizingSums) -> float | None:
    """|uα: agreement on what is relevant (marked) and what is not, whatever the type."""
    marked = sums.lengths.sum()
    blank = sums.total - marked
    agreeing = sums.coincidences.sum() + _blank_agreeing(sums)
    return _alpha(sums.total, agreeing, marked**2 + blank**2, sums.squares.sum() + blank)


def type_u_alpha(sums: UnitizingSums, k: int) -> float | None:
    """uα of one type against everything else, as if only its spans had been marked; types may overlap."""
    marked = sums.lengths[k]
    blank = sums.total - marked
    agreeing = sums.coincidences[k, k] + blank - (marked - sums.coincidences[k, k])
    return _alpha(sums.total, agreeing, marked**2 + blank**2, sums.squares[k] + blank)


def cu_alpha(sums: UnitizingSums) -> float | None:
    """cuα: agreement on the types where two coders marked something, blanks left out."""
    shared = sums.coincidences.sum(axis=1)
    return _alpha(
        shared.sum(), sums.coincidences.trace(), (shared**2).sum(), float(sums.shared_squares.sum())
    )


def ku_alpha(sums: UnitizingSums, k: int) -> float | None:
    """(k)uα: agreement on one type where two coders marked something, blanks left out.

    1 − (Σ_{c≠k} o_ck / o_.k) / (Σ_{c≠k} e_ck / e_.k), over types only.
    """
    shared = sums.coincidences.sum(axis=1)
    total, l_k = shared.sum(), shared[k]
    expected = (total * l_k - l_k**2) / (total * l_k - sums.shared_squares[k]) if l_k else 0.0
    return float(1 - (l_k - sums.coincidences[k, k]) / l_k / expected) if expected > 0 else None


def length_agreement(sums: UnitizingSums) -> float | None:
    """1 − D_o: the share of the length on which two coders say the same (the same type, or both nothing)."""
    if not sums.total:
        return None
    return float((sums.coincidences.trace() + _blank_agreeing(sums)) / sums.total)


def _blank_agreeing(sums: UnitizingSums) -> float:
    """o of blank with blank: all length that is neither marked nor facing something marked."""
    marked = sums.lengths.sum()
    return float(sums.total - marked - (marked - sums.coincidences.sum()))


def _alpha(length: float, agreeing: float, sum_of_squares: float, self_pairs: float) -> float | None:
    """1 − D_o / D_e with D_o = l − Σ o_cc and D_e = l (l² − Σ l_c²) / (l² − Σ S)."""
    different = length**2 - sum_of_squares
    if different <= 1e-12 * length**2:
        return None
    return float(1 - (length - agreeing) * (length**2 - self_pairs) / (length * different))
