"""What the package hands back: plain records with a JSON-ready form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .bootstrap import Interval
from .data import ReliabilityData
from .wording import Notice, reason, verdict, verdict_words

WITH_INTERVAL = (
    *("gwet_ac1", "fleiss_kappa", "brennan_prediger", "light_kappa"),
    *("weighted_kappa", "icc", "sd_differences"),
)
"""The coefficients beside alpha that have an interval."""


def intervals_as_dict(intervals: Mapping[str, Interval]) -> dict[str, list[float] | None]:
    """`gwet_ac1_ci` and so on: [low, high], None where there is no interval."""
    return {
        f"{name}_ci": [intervals[name].low, intervals[name].high] if name in intervals else None
        for name in WITH_INTERVAL
    }


@dataclass(frozen=True)
class CategoryAgreement:
    """One category: how often it was given, and how well it is agreed on.

    count: pairable codes. prevalence: their share. alpha: this category against all others.
    positive_agreement: of the pairs with at least one such code, weighted, the share where both are
    (Σ r_uk (r_uk − 1) / Σ r_uk (r_u − 1)). undefined: why alpha is None.
    """

    category: Any
    count: int
    prevalence: float | None
    alpha: float | None
    positive_agreement: float | None
    undefined_key: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "category": self.category,
            "count": self.count,
            "prevalence": self.prevalence,
            "alpha": self.alpha,
            "positive_agreement": self.positive_agreement,
            "undefined": reason(self.undefined_key) if self.undefined_key else None,
        }


@dataclass(frozen=True)
class PairAgreement:
    """Two coders on the units both coded; which coefficients they have depends on the level of measurement.

    mean_difference: how much higher the first coder's numbers are on average. sd_differences: the standard
    deviation of those differences.
    """

    coders: tuple[str, str]
    units: int
    percent_agreement: float | None
    alpha: float | None
    cohen_kappa: float | None = None
    weighted_kappa: float | None = None
    icc: float | None = None
    mean_difference: float | None = None
    sd_differences: float | None = None
    undefined_key: str | None = None

    @property
    def name(self) -> str:
        return "|".join(self.coders)

    def as_dict(self) -> dict[str, Any]:
        return {
            "coders": list(self.coders),
            "units": self.units,
            "percent_agreement": self.percent_agreement,
            "alpha": self.alpha,
            "cohen_kappa": self.cohen_kappa,
            "weighted_kappa": self.weighted_kappa,
            "icc": self.icc,
            "mean_difference": self.mean_difference,
            "sd_differences": self.sd_differences,
            "undefined": reason(self.undefined_key) if self.undefined_key else None,
        }


@dataclass(frozen=True)
class CoderAgreement:
    """One coder against the rest.

    percent_agreement: mean over shared units of the share of the others who gave the same code.
    mean_kappa: mean of Cohen's kappa with each other coder, of a nominal variable.
    alpha_without: alpha of the others alone.
    """

    coder: str
    codes: int
    units: int
    percent_agreement: float | None
    mean_kappa: float | None
    alpha_without: float | None

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


class AlphaResult:
    """What follows from an alpha, its interval and the reason why it is undefined; for every kind of data."""

    alpha: float | None
    interval: Interval | None
    undefined_key: str | None
    warnings: list[Notice]

    @property
    def alpha_ci(self) -> tuple[float, float] | None:
        return (self.interval.low, self.interval.high) if self.interval else None

    @property
    def p_alpha_below_667(self) -> float | None:
        return self.interval.p_below_667 if self.interval else None

    @property
    def p_alpha_below_800(self) -> float | None:
        return self.interval.p_below_800 if self.interval else None

    @property
    def undefined(self) -> str | None:
        """Why alpha (and with it what else is None) is not defined, in English words; None where it is."""
        return self.why_undefined("en")

    def why_undefined(self, language: str) -> str | None:
        return reason(self.undefined_key, language) if self.undefined_key else None

    @property
    def verdict(self) -> str:
        """Key of the verdict: "reliable", "tentative", "unreliable" or "undefined"."""
        return verdict(self.alpha)

    def alpha_as_dict(self) -> dict[str, Any]:
        return {
            "alpha": self.alpha,
            "alpha_ci": list(self.alpha_ci) if self.alpha_ci else None,
            "p_alpha_below_667": self.p_alpha_below_667,
            "p_alpha_below_800": self.p_alpha_below_800,
        }

    def words_as_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "verdict_text": verdict_words(self.verdict),
            "undefined": self.undefined,
            "undefined_key": self.undefined_key,
            "warnings": [notice.as_dict() for notice in self.warnings],
        }


@dataclass(frozen=True, kw_only=True)
class Reliability(AlphaResult):
    """Agreement on one variable. A coefficient that is not defined is None, and `undefined` says why.

    Every coefficient rests on the `pairable_units`. AC1 and the kappas are given for a nominal level,
    weighted kappa for an ordinal one, ICC and the standard deviation of the differences for an interval or
    ratio one. intervals: of the coefficients beside alpha, by name.

    kind: "single", "set" or "text". level: level of measurement. coders: coders with at least one code.
    units: units given. pairable_units: units with two codes or more. coder_names: every coder, also those
    who gave no code.
    """

    level: str
    kind: str
    coders: int
    units: int
    pairable_units: int
    pairable_values: int
    percent_agreement: float | None = None
    holsti: float | None = None
    alpha: float | None = None
    interval: Interval | None = None
    gwet_ac1: float | None = None
    fleiss_kappa: float | None = None
    brennan_prediger: float | None = None
    light_kappa: float | None = None
    weighted_kappa: float | None = None
    icc: float | None = None
    sd_differences: float | None = None
    intervals: dict[str, Interval] = field(default_factory=dict)
    undefined_key: str | None = None
    warnings: list[Notice] = field(default_factory=list)
    categories: list[CategoryAgreement] = field(default_factory=list)
    pairs: list[PairAgreement] = field(default_factory=list)
    coder_rows: list[CoderAgreement] = field(default_factory=list)
    coder_names: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    data: ReliabilityData | None = field(default=None, repr=False, compare=False)

    @property
    def cohen_kappa(self) -> dict[str, float | None]:
        """Cohen's kappa by coder pair, "a|b": None unless the level is nominal; empty for sets."""
        return {pair.name: pair.cohen_kappa for pair in self.pairs} if self.kind in ("single", "text") else {}

    def as_dict(self) -> dict[str, Any]:
        """The same as plain dicts, lists, numbers and texts."""
        return {
            "level": self.level,
            "kind": self.kind,
            "coders": self.coders,
            "units": self.units,
            "pairable_units": self.pairable_units,
            "pairable_values": self.pairable_values,
            "percent_agreement": self.percent_agreement,
            "holsti": self.holsti,
            **self.alpha_as_dict(),
            "gwet_ac1": self.gwet_ac1,
            "fleiss_kappa": self.fleiss_kappa,
            "brennan_prediger": self.brennan_prediger,
            "cohen_kappa": self.cohen_kappa,
            "light_kappa": self.light_kappa,
            "weighted_kappa": self.weighted_kappa,
            "icc": self.icc,
            "sd_differences": self.sd_differences,
            **intervals_as_dict(self.intervals),
            **self.words_as_dict(),
            "categories": [category.as_dict() for category in self.categories],
            "pairs": [pair.as_dict() for pair in self.pairs],
            "coder_rows": [coder.as_dict() for coder in self.coder_rows],
            **self.extra,
        }
