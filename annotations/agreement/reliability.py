"""Agreement on a variable with one value per unit: the one call that gives every coefficient."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from . import kappa
from .bootstrap import resampled_alphas, summarise
from .breakdown import category_rows, coder_rows, pair_row, why_undefined
from .coincidence import LEVELS, alpha, pairable_counts
from .data import ReliabilityData
from .reading import read_units
from .results import Reliability
from .sums import SUMS
from .warn import warnings_for


def reliability(
    units: Sequence[Sequence[Any]],
    *,
    categories: Sequence[Any] | None = None,
    bootstrap: int = 1000,
    seed: int = 0,
    level: str = "nominal",
    coder_names: Sequence[str] | None = None,
    clusters: Sequence[Hashable] | None = None,
    kind: str = "single",
) -> Reliability:
    """Every coefficient for a single-choice, yes/no, numeric or text variable.

    units: N sequences of M values, None where a coder gave none; the same coder order in every unit.
    categories: the declared categories (their number is q of AC1 and Brennan–Prediger; their order is the
        order of an ordinal variable). Without them, the values that occur.
    bootstrap: resamples for the interval; 0 for none. seed: the same seed gives the same interval.
    level: "nominal", "ordinal" (categories in order, or numbers), "interval" or "ratio" (numbers).
    clusters: for every unit the conversation it is nested in; conversations are then resampled, not units.
    kind: "single", or "text" for exact match of free texts, which have no list of categories: no figures per
        category, no AC1 and no Brennan–Prediger.

    Raises ValueError, naming the unit, for ragged units, unknown levels and values outside the categories.
    """
    bootstrap, seed = whole_number("bootstrap", bootstrap), whole_number("seed", seed)
    if kind not in ("single", "text"):
        raise ValueError(f"kind: expected 'single' or 'text', got {kind!r}.")
    if level not in LEVELS:
        raise ValueError(f"level: expected one of {', '.join(LEVELS)}, got {level!r}.")
    data = read_units(units, categories=categories, coder_names=coder_names)
    _check_scale(data, level)
    if clusters is not None and len(clusters) != data.n_units:
        raise ValueError(f"clusters: expected one for each of the {data.n_units} units, got {len(clusters)}.")
    counts = pairable_counts(data)
    value = alpha(data, level, library=True)
    interval = None
    if value is not None and bootstrap:
        interval = summarise(
            resampled_alphas(data, SUMS[level], resamples=bootstrap, seed=seed, clusters=clusters)
        )
    p_a = kappa.percent_agreement(data)
    shares = kappa.category_shares(data)
    pairs = [kappa.pair(data, one, other) for one, other in data.coder_pairs()]
    per_category = category_rows(data) if kind != "text" else []
    return Reliability(
        level=level,
        kind=kind,
        coders=len(data.active_coders),
        units=data.n_units,
        pairable_units=data.n_pairable,
        pairable_values=round(counts.sum()),
        percent_agreement=p_a,
        holsti=kappa.holsti(pairs),
        alpha=value,
        interval=interval,
        gwet_ac1=kappa.gwet_ac1(p_a, shares) if kind != "text" else None,
        fleiss_kappa=kappa.fleiss_kappa(p_a, shares),
        brennan_prediger=kappa.brennan_prediger(p_a, data.n_categories) if kind != "text" else None,
        light_kappa=kappa.light_kappa(pairs),
        undefined_key=None if value is not None else why_undefined(data),
        warnings=warnings_for(
            data,
            per_category if level in ("nominal", "ordinal") else [],
            counts=counts,
            p_a=p_a,
            alpha=value,
            interval=interval,
        ),
        categories=per_category,
        pairs=[pair_row(data, pair, level) for pair in pairs],
        coder_rows=coder_rows(data, pairs, lambda rest: alpha(data.select(rest), level)),
        coder_names=data.coder_names,
        data=data,
    )


def whole_number(name: str, value: Any) -> int:
    """A whole number of 0 or more, also where it comes as 1000.0, as R sends it."""
    number = int(value) if isinstance(value, int | float | np.integer) and value == value // 1 else -1
    if isinstance(value, bool) or number < 0:
        raise ValueError(f"{name}: expected a whole number, 0 or more, got {value!r}.")
    return number


def _check_scale(data: ReliabilityData, level: str) -> None:
    wrong = [value for value in data.domain if not isinstance(value, bool | int | float)]
    if level == "ordinal" and wrong and not data.declared:
        raise ValueError("level ordinal: declare the categories in their order, or use numbers.")
    if level not in ("interval", "ratio"):
        return
    if wrong:
        raise ValueError(f"level {level}: every value has to be a number, got {wrong[0]!r}.")
    if not all(np.isfinite(float(value)) for value in data.domain):
        raise ValueError(f"level {level}: every value has to be finite.")
    if level == "ratio" and any(value < 0 for value in data.domain):
        raise ValueError(f"level ratio: every value has to be 0 or more, got {min(data.domain)!r}.")
