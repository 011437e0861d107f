"""Agreement on a variable with one value per unit: the one call that gives every coefficient."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from . import kappa
from .bootstrap import resampled_alphas, resampled_companions, summarise
from .breakdown import category_rows, coder_rows, pair_row, why_undefined
from .coincidence import LEVELS, alpha, pairable_counts
from .companions import point_values
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
    numbers: Sequence[float] | None = None,
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
    numbers: what the declared categories stand for on an interval or ratio scale, in their order.
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
    data = with_numbers(read_units(units, categories=categories, coder_names=coder_names), numbers)
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
    beside: dict[str, Any] = dict(point_values(data, level))
    if kind == "text":  # there is no list of categories to expect agreement by
        beside = {name: value for name, value in beside.items() if name.endswith("kappa")}
    intervals = {}
    if bootstrap and kind != "text" and data.n_pairable:
        drawn = resampled_companions(data, level, resamples=bootstrap, seed=seed, clusters=clusters)
        found = {name: summarise(drawn[name]) for name in drawn if beside.get(name) is not None}
        intervals = {name: each for name, each in found.items() if each is not None}
    pairs = [kappa.pair(data, one, other) for one, other in data.coder_pairs()]
    are_numbers = level != "nominal" and not data.declared
    per_category = category_rows(data) if kind != "text" and not are_numbers else []
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
        **beside,
        intervals=intervals,
        undefined_key=None if value is not None else why_undefined(data),
        warnings=warnings_for(
            data,
            per_category,
            counts=counts,
            p_a=p_a,
            alpha=value,
            interval=interval,
        ),
        categories=per_category,
        pairs=[pair_row(data, pair, level) for pair in pairs],
        coder_rows=coder_rows(
            data, pairs if level == "nominal" else [], lambda rest: alpha(data.select(rest), level)
        ),
        coder_names=data.coder_names,
        data=data,
    )


def whole_number(name: str, value: Any) -> int:
    """A whole number of 0 or more, also where it comes as 1000.0, as R sends it."""
    number = int(value) if isinstance(value, int | float | np.integer) and value == value // 1 else -1
    if isinstance(value, bool) or number < 0:
        raise ValueError(f"{name}: expected a whole number, 0 or more, got {value!r}.")
    return number


def with_numbers(data: ReliabilityData, numbers: Sequence[float] | None) -> ReliabilityData:
    """The data with the numbers that their declared categories stand for."""
    if numbers is None:
        return data
    if not data.declared or len(numbers) != data.n_categories:
        raise ValueError(f"numbers: expected one for each of the {data.n_categories} declared categories.")
    return replace(data, numbers=tuple(float(number) for number in numbers))


def _check_scale(data: ReliabilityData, level: str) -> None:
    values = data.numbers or data.domain
    wrong = [value for value in values if not isinstance(value, bool | int | float)]
    if level == "ordinal" and wrong and not data.declared:
        raise ValueError("level ordinal: declare the categories in their order, or use numbers.")
    if level not in ("interval", "ratio"):
        return
    if wrong:
        raise ValueError(f"level {level}: every value has to be a number, got {wrong[0]!r}.")
    if not all(np.isfinite(float(value)) for value in values):
        raise ValueError(f"level {level}: every value has to be finite.")
    if level == "ratio" and any(value < 0 for value in values):
        raise ValueError(f"level ratio: every value has to be 0 or more, got {min(values)!r}.")
