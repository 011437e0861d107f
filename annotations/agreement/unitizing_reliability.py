"""Agreement on spans: where they are, and what type they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .bootstrap import Interval, resampled_sums, summarise
from .coincidence import Floats
from .continua import Continua, Continuum, coder_pairs, read_continua
from .reliability import whole_number
from .span_f1 import span_matches
from .unitizing import (
    UnitizingSums,
    binary_u_alpha,
    cu_alpha,
    ku_alpha,
    length_agreement,
    sums_of,
    type_u_alpha,
    u_alpha,
)
from .unitizing_results import SpanPairAgreement, TypeAgreement, UnitizingReliability

EXACT, OVERLAPPING, ALL = range(3)
Matches = dict[tuple[str, str], npt.NDArray[np.int64]]


def unitizing_reliability(
    continua: Sequence[Continuum],
    *,
    bootstrap: int = 1000,
    seed: int = 0,
    categories: Sequence[Any] | None = None,
    overlaps: str = "error",
) -> UnitizingReliability:
    """uα with types, binary, and per type; and pairwise span F1.

    continua: one (length, {coder: [(start, end, category), …]}) per conversation or message; offsets in code
        points, end exclusive. An empty list: read, nothing marked. An absent coder: not read.
    categories: the declared types; those that occur where not given.
    overlaps: "error", or "per_type" where coders may give the same characters two types: then only the
        figures per type and F1 are computed.
    bootstrap: resamples of continua for the interval; a single continuum has none.

    Raises ValueError for spans outside the continuum, empty spans, and overlapping spans of one coder.
    """
    bootstrap, seed = whole_number("bootstrap", bootstrap), whole_number("seed", seed)
    read = read_continua(continua, categories=categories, overlaps=overlaps)
    pairable = read.pairable
    size = len(read.types)
    rows = [sums_of(each, size).as_row() for each in pairable]
    total = UnitizingSums.from_row(np.sum(rows, axis=0), size) if rows else None
    whole = total if not read.overlapping else None
    alpha = u_alpha(whole) if whole else None
    binary = binary_u_alpha(whole) if whole else None

    def interval(coefficient: Callable[[UnitizingSums], float | None]) -> Interval | None:
        if not bootstrap or len(rows) < 2:
            return None
        return summarise(_resampled(np.array(rows), size, coefficient, bootstrap, seed))

    counts = _matches(read)
    pairs = [_pair(read, pair, counts) for pair in counts]
    return UnitizingReliability(
        coders=len(read.coders),
        units=len(read.continua),
        pairable_units=len(pairable),
        length=sum(each.length for each in pairable),
        spans=sum(len(own) for each in pairable for own in each.spans.values()),
        alpha=alpha,
        binary_alpha=binary,
        cu_alpha=cu_alpha(whole) if whole else None,
        interval=interval(u_alpha) if alpha is not None else None,
        binary_interval=interval(binary_u_alpha) if binary is not None else None,
        percent_agreement=length_agreement(whole) if whole else None,
        f1_exact=_mean([pair.f1_exact for pair in pairs]),
        f1_overlap=_mean([pair.f1_overlap for pair in pairs]),
        undefined_key=None if alpha is not None else _why(read, total),
        categories=[_type(read, total, k, counts) for k in range(size)],
        pairs=pairs,
        differing_units=read.differing,
        coder_names=read.coders,
    )


def _why(read: Continua, total: UnitizingSums | None) -> str:
    if not read.coders:
        return "nothing_coded"
    if len(read.coders) == 1:
        return "one_coder"
    if total is None:
        return "no_pairable_unit"
    if read.overlapping:
        return "overlapping_types"
    return "no_variation" if total.lengths.any() else "no_span"


def _resampled(
    rows: Floats,
    size: int,
    coefficient: Callable[[UnitizingSums], float | None],
    bootstrap: int,
    seed: int,
) -> Floats:
    distinct, weights = np.unique(rows, axis=0, return_counts=True)
    alphas = [
        coefficient(UnitizingSums.from_row(row, size))
        for block in resampled_sums(distinct, weights, bootstrap, seed)
        for row in block
    ]
    return np.array([np.nan if alpha is None else alpha for alpha in alphas])


def _type(read: Continua, total: UnitizingSums | None, k: int, counts: Matches) -> TypeAgreement:
    own = [span for each in read.pairable for spans in each.spans.values() for span in spans if span[2] == k]
    return TypeAgreement(
        category=read.types[k],
        spans=len(own),
        characters=sum(end - start for start, end, _ in own),
        alpha=type_u_alpha(total, k) if total else None,
        ku_alpha=ku_alpha(total, k) if total and not read.overlapping else None,
        f1_exact=_mean([_f1(count[k], EXACT) for count in counts.values()]),
        f1_overlap=_mean([_f1(count[k], OVERLAPPING) for count in counts.values()]),
    )


def _pair(read: Continua, pair: tuple[str, str], counts: Matches) -> SpanPairAgreement:
    shared = [each for each in read.pairable if all(coder in each.spans for coder in pair)]
    size = len(read.types)
    total = None
    if shared and not read.overlapping:
        rows = [sums_of(each, size, pair).as_row() for each in shared]
        total = UnitizingSums.from_row(np.sum(rows, axis=0), size)
    count = counts[pair].sum(axis=0)
    return SpanPairAgreement(
        coders=pair,
        units=len(shared),
        alpha=u_alpha(total) if total else None,
        binary_alpha=binary_u_alpha(total) if total else None,
        percent_agreement=length_agreement(total) if total else None,
        f1_exact=_f1(count, EXACT),
        f1_overlap=_f1(count, OVERLAPPING),
    )


def _matches(read: Continua) -> Matches:
    """Per coder pair and type: spans matched exactly, matched by overlap, and marked at all, shape (T, 3)."""
    counts = {pair: np.zeros((len(read.types), 3), dtype=np.int64) for pair in coder_pairs(read)}
    for each in read.pairable:
        for one, other in counts:
            if one not in each.spans or other not in each.spans:
                continue
            left, right = each.spans[one], each.spans[other]
            count = counts[one, other]
            for _, _, k in left + right:
                count[k, ALL] += 1
            for k in {span[2] for span in left} & {span[2] for span in right}:
                same_type = [[span for span in spans if span[2] == k] for spans in (left, right)]
                count[k, EXACT] += span_matches(*same_type, exact=True)
                count[k, OVERLAPPING] += span_matches(*same_type, exact=False)
    return counts


def _f1(count: npt.NDArray[np.int64], matched: int) -> float | None:
    """2 × matched spans / all spans of both; None where neither marked one."""
    return float(2 * count[matched] / count[ALL]) if count[ALL] else None


def _mean(values: Sequence[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return float(np.mean(defined)) if defined else None
