"""What the package hands back for spans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .bootstrap import Interval
from .results import AlphaResult, intervals_as_dict
from .wording import Notice


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
class UnitizingReliability(AlphaResult):
    """Agreement on spans. A coefficient that is not defined is None, and `undefined` says why.

    coders: coders who read at least one continuum. units: continua. pairable_units: continua that two coders
    or more read. length: characters of the pairable continua. spans: spans marked in them. alpha: uα with
    types. differing_units: indices of the continua in which the coders' spans are not all the same.
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
    differing_units: list[int] = field(default_factory=list)
    coder_names: tuple[str, ...] = ()
    level: str = "nominal"
    kind: str = "span"

    @property
    def binary_alpha_ci(self) -> tuple[float, float] | None:
        return (self.binary_interval.low, self.binary_interval.high) if self.binary_interval else None

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
            **self.alpha_as_dict(),
            "binary_alpha": self.binary_alpha,
            "binary_alpha_ci": list(self.binary_alpha_ci) if self.binary_alpha_ci else None,
            "cu_alpha": self.cu_alpha,
            "f1_exact": self.f1_exact,
            "f1_overlap": self.f1_overlap,
            "gwet_ac1": None,
            "fleiss_kappa": None,
            "brennan_prediger": None,
            "cohen_kappa": {},
            "light_kappa": None,
            "weighted_kappa": None,
            "icc": None,
            "sd_differences": None,
            **intervals_as_dict({}),
            **self.words_as_dict(),
            "categories": [each.as_dict() for each in self.categories],
            "pairs": [each.as_dict() for each in self.pairs],
            "differing_units": self.differing_units,
        }
