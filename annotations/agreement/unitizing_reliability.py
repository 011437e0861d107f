"""Agreement on spans: where they are, and what type they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .bootstrap import Interval, resampled_sums, summarise
from .coincidence import Floats
from .continua import (
    Continua,
    Continuum,
    ReadContinuum,
    UnitizingSums,
    coder_pairs,
    read_continua,
    span_matches,
    sums_of,
)
from .reliability import check_options
from .unitizing import binary_u_alpha, cu_alpha, ku_alpha, length_agreement, type_u_alpha, u_alpha
from .wording import Notice, reason, verdict, verdict_words


@dataclass(frozen=True)
class TypeAgreement:
    """One type of span. alpha: uα of this type against everything else; ku_alpha: among marked text only."""

    category: Any
    spans: int
    characters: int
    alpha: float | None
    ku_alpha: float | None
    f1_exact: float | None
    f1_overlap: float | None

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class SpanPairAgreement:
    """Two coders on the continua both read."""

    coders: tuple[str, str]
    units: int
    alpha: float | None
    binary_alpha: float | None
    percent_agreement: float | None
    f1_exact: float | None
    f1_overlap: float | None

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self)) | {"coders": list(self.coders)}


@dataclass(frozen=True, kw_only=True)
class UnitizingReliability:
    """Agreement on spans. A coefficient that is not defined is None, and `undefined` says why.

    coders: coders who read at least one continuum. units, pairable_units: continua, and those two coders
    read.
    length: characters of the pairable continua. spans: spans marked in them. alpha: uα with types.
    percent_agreement: the share of the length on which two coders say the same. f1_exact, f1_overlap: mean
    over coder pairs of 2 × matched spans / all spans of both.
    """

    coders: int
    units: int
    pairable_units: int
    length: int
    spans: int
    alpha: float | None = None
    binary_alpha: float | None = None
    cu_alpha: float | None = None
    interval: Interval | None = None
    binary_interval: Interval | None = None
    percent_agreement: float | None = None
    f1_exact: float | None = None
    f1_overlap: float | None = None
    undefined_key: str | None = None
    warnings: list[Notice] = field(default_factory=list)
    categories: list[TypeAgreement] = field(default_factory=list)
    pairs: list[SpanPairAgreement] = field(default_factory=list)
    coder_names: tuple[str, ...] = ()
    level: str = "nominal"
    kind: str = "span"

    @property
    def alpha_ci(self) -> tuple[float, float] | None:
        return (self.interval.low, self.interval.high) if self.interval else None

    @property
    def binary_alpha_ci(self) -> tuple[float, float] | None:
        return (self.binary_interval.low, self.binary_interval.high) if self.binary_interval else None

    @property
    def p_alpha_below_667(self) -> float | None:
        return self.interval.p_below_667 if self.interval else None

    @property
    def p_alpha_below_800(self) -> float | None:
        return self.interval.p_below_800 if self.interval else None

    @property
    def undefined(self) -> str | None:
        return self.why_undefined("en")

    def why_undefined(self, language: str) -> str | None:
        return reason(self.undefined_key, language) if self.undefined_key else None

    @property
    def verdict(self) -> str:
        return verdict(self.alpha)

    def as_dict(self) -> dict[str, Any]:
        """The same as plain dicts, lists, numbers and texts; what does not apply to spans is None."""
        return {
            "level": self.level,
            "kind": self.kind,
            "coders": self.coders,
            "units": self.units,
            "pairable_units": self.pairable_units,
            "length": self.length,
            "spans": self.spans,
            "percent_agreement": self.percent_agreement,
            "holsti": None,
            "alpha": self.alpha,
            "alpha_ci": list(self.alpha_ci) if self.alpha_ci else None,
            "p_alpha_below_667": self.p_alpha_below_667,
            "p_alpha_below_800": self.p_alpha_below_800,
            "binary_alpha": self.binary_alpha,
            "binary_alpha_ci": list(self.binary_alpha_ci) if self.binary_alpha_ci else None,
            "cu_alpha": self.cu_alpha,
            "f1_exact": self.f1_exact,
            "f1_overlap": self.f1_overlap,
            "gwet_ac1": None,
            "fleiss_kappa": None,
            "brennan_prediger": None,
            "cohen_kappa": {},
            "verdict": self.verdict,
            "verdict_text": verdict_words(self.verdict),
            "undefined": self.undefined,
            "undefined_key": self.undefined_key,
            "warnings": [notice.as_dict() for notice in self.warnings],
            "categories": [each.as_dict() for each in self.categories],
            "pairs": [each.as_dict() for each in self.pairs],
        }


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
    check_options(bootstrap, seed)
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

    pairs = [_pair(read, one, other) for one, other in coder_pairs(read)]
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
        categories=[_type(read, total, k) for k in range(size)],
        pairs=pairs,
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


def _type(read: Continua, total: UnitizingSums | None, k: int) -> TypeAgreement:
    own = [span for each in read.pairable for spans in each.spans.values() for span in spans if span[2] == k]
    return TypeAgreement(
        category=read.types[k],
        spans=len(own),
        characters=sum(end - start for start, end, _ in own),
        alpha=type_u_alpha(total, k) if total else None,
        ku_alpha=ku_alpha(total, k) if total and not read.overlapping else None,
        f1_exact=_mean([_f1(read, one, other, exact=True, k=k) for one, other in coder_pairs(read)]),
        f1_overlap=_mean([_f1(read, one, other, exact=False, k=k) for one, other in coder_pairs(read)]),
    )


def _pair(read: Continua, one: str, other: str) -> SpanPairAgreement:
    shared = _shared(read, one, other)
    size = len(read.types)
    total = None
    if shared and not read.overlapping:
        rows = [sums_of(each, size, (one, other)).as_row() for each in shared]
        total = UnitizingSums.from_row(np.sum(rows, axis=0), size)
    return SpanPairAgreement(
        coders=(one, other),
        units=len(shared),
        alpha=u_alpha(total) if total else None,
        binary_alpha=binary_u_alpha(total) if total else None,
        percent_agreement=length_agreement(total) if total else None,
        f1_exact=_f1(read, one, other, exact=True),
        f1_overlap=_f1(read, one, other, exact=False),
    )


def _shared(read: Continua, one: str, other: str) -> list[ReadContinuum]:
    return [each for each in read.pairable if one in each.spans and other in each.spans]


def _f1(read: Continua, one: str, other: str, *, exact: bool, k: int | None = None) -> float | None:
    """2 × matched spans / all spans of both, over the continua both read; None without spans."""
    matched = spans = 0
    for each in _shared(read, one, other):
        left, right = (
            [span for span in each.spans[coder] if k is None or span[2] == k] for coder in (one, other)
        )
        matched += span_matches(left, right, exact=exact)
        spans += len(left) + len(right)
    return 2 * matched / spans if spans else None


def _mean(values: Sequence[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return float(np.mean(defined)) if defined else None
