"""One variable taken apart: per category, per coder pair, each coder against the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from . import kappa
from .coincidence import alpha, category_scores
from .companions import point_values
from .data import MISSING, ReliabilityData
from .results import CategoryAgreement, CoderAgreement, PairAgreement

MOST_CATEGORIES_LISTED = 200


def why_undefined(data: ReliabilityData) -> str:
    """Key of the reason why alpha has no value."""
    if not len(data.active_coders):
        return "nothing_coded"
    if len(data.active_coders) == 1:
        return "one_coder"
    return "no_variation" if data.n_pairable else "no_pairable_unit"


def category_rows(
    data: ReliabilityData,
    categories: Sequence[Any] | None = None,
    given: Callable[[int], npt.NDArray[Any]] | None = None,
) -> list[CategoryAgreement]:
    """Each category against all others; empty where more than 200 undeclared categories occur.

    given: r_uk, how many coders gave category k to a unit with each pattern, shape (P,); for sets, where a
    code may hold several categories, it comes with the list of these.
    """
    if categories is None or given is None:
        if data.n_categories > MOST_CATEGORIES_LISTED and not data.declared:
            return []
        categories, given = data.domain, lambda k: (data.patterns == k).sum(axis=1)
    codes = data.codes_per_pattern
    weights = np.where(data.pairable, data.weights, 0).astype(float)
    weights_per_other = weights / np.maximum(codes - 1, 1)
    n = float(weights @ codes)
    rows = []
    for k, category in enumerate(categories):
        r_uk = given(k)
        same = r_uk * (r_uk - 1)
        n_k, o_kk = float(weights @ r_uk), float(weights_per_other @ same)
        possible = float(weights @ (r_uk * (codes - 1)))
        defined = 0 < n_k < n
        rows.append(
            CategoryAgreement(
                category=category,
                count=round(n_k),
                prevalence=n_k / n if n else None,
                alpha=1 - (n - 1) * (n_k - o_kk) / (n_k * (n - n_k)) if defined else None,
                positive_agreement=float(weights @ same) / possible if possible else None,
                undefined_key=None
                if defined
                else (why_undefined(data) if not n else "always_used" if n_k else "never_used"),
            )
        )
    return rows


def pair_row(data: ReliabilityData, pair: kappa.Pair, level: str) -> PairAgreement:
    value = pair.alpha if level == "nominal" else alpha(data.select([pair.one, pair.other]), level)
    beside = {} if level == "nominal" else point_values(data.select([pair.one, pair.other]), level)
    undefined = None
    if not pair.units:
        undefined = "no_shared_unit"
    elif value is None:
        undefined = "no_variation"
    return PairAgreement(
        coders=(data.coder_names[pair.one], data.coder_names[pair.other]),
        units=pair.units,
        percent_agreement=pair.percent_agreement,
        alpha=value,
        cohen_kappa=pair.cohen_kappa if level == "nominal" else None,
        weighted_kappa=beside.get("weighted_kappa"),
        icc=beside.get("icc"),
        mean_difference=_mean_difference(data, pair) if level in ("interval", "ratio") else None,
        sd_differences=beside.get("sd_differences"),
        undefined_key=undefined,
    )


def _mean_difference(data: ReliabilityData, pair: kappa.Pair) -> float | None:
    """How much higher the first coder's numbers are on average, on the units both coded."""
    one, other = data.patterns[:, pair.one], data.patterns[:, pair.other]
    both = (one != MISSING) & (other != MISSING)
    if not pair.units:
        return None
    scores = category_scores(data, "interval", np.zeros(0))
    return float(data.weights[both] @ (scores[one[both]] - scores[other[both]]) / pair.units)


def coder_rows(
    data: ReliabilityData,
    pairs: list[kappa.Pair],
    alpha_of: Callable[[list[int]], float | None],
) -> list[CoderAgreement]:
    """Each coder against the rest; alpha_of: alpha of some of the coders, by index."""
    rows = []
    for coder, name in enumerate(data.coder_names):
        own = data.patterns[:, coder]
        others = np.delete(data.patterns, coder, axis=1)
        given = (others != MISSING).sum(axis=1)
        shared = (own != MISSING) & (given > 0)
        same = ((others == own[:, None]) & (others != MISSING)).sum(axis=1)
        units = int(data.weights[shared].sum())
        kappas = [
            pair.cohen_kappa
            for pair in pairs
            if coder in (pair.one, pair.other) and pair.cohen_kappa is not None
        ]
        rest = [other for other in range(data.n_coders) if other != coder]
        rows.append(
            CoderAgreement(
                coder=name,
                codes=int(data.weights[own != MISSING].sum()),
                units=units,
                percent_agreement=float(data.weights[shared] @ (same[shared] / given[shared]) / units)
                if units
                else None,
                mean_kappa=float(np.mean(kappas)) if kappas else None,
                alpha_without=alpha_of(rest) if len(rest) > 1 else None,
            )
        )
    return rows
