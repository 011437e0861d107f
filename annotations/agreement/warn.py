"""What a reader of a coefficient should know before trusting it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .bootstrap import Interval
from .coincidence import Floats
from .data import ReliabilityData
from .results import CategoryAgreement
from .sample_size import krippendorff_units
from .wording import Notice

RARE_SHARE = 0.05
PARADOX_AGREEMENT, PARADOX_ALPHA, PARADOX_SHARE = 0.80, 0.667, 0.75


def warnings_for(
    data: ReliabilityData,
    categories: list[CategoryAgreement],
    *,
    counts: Floats,
    p_a: float | None,
    alpha: float | None,
    interval: Interval | None,
) -> list[Notice]:
    """Warnings as keys with figures; the words are in `wording`.

    categories: what to judge rarity and prevalence by; empty where there is no list of categories.
    counts: n_c, pairable values per value of the domain, shape (V,).
    """
    notices = [
        Notice("idle_coder", {"coder": name})
        for coder, name in enumerate(data.coder_names)
        if data.n_pairable and coder not in data.active_coders
    ]
    if np.count_nonzero(counts) == 1:
        notices.append(Notice("constant", {"category": _name(data.domain[int(counts.argmax())])}))
    if alpha is not None and p_a is not None:
        notices += _about_categories(data, categories, p_a, alpha)
    if interval is not None and interval.undefined:
        notices.append(
            Notice("undefined_resamples", {"undefined": interval.undefined, "resamples": interval.resamples})
        )
    return notices


def _about_categories(
    data: ReliabilityData, categories: list[CategoryAgreement], p_a: float, alpha: float
) -> list[Notice]:
    shares = {_name(each.category): each.prevalence for each in categories if each.prevalence}
    if not shares:
        return []
    notices = []
    rare = {name: share for name, share in shares.items() if share < RARE_SHARE}
    if rare:
        notices.append(Notice("rare_category", {"categories": rare}))
    largest, rarest = max(shares.values()), min(shares.values())
    if p_a >= PARADOX_AGREEMENT and alpha < PARADOX_ALPHA and largest >= PARADOX_SHARE:
        notices.append(Notice("prevalence_paradox", {"agreement": p_a, "alpha": alpha, "share": largest}))
    if 0 < rarest < 1:
        needed = krippendorff_units(0.667, rarest, coders=max(2, len(data.active_coders)))
        if data.n_pairable < needed:
            notices.append(
                Notice(
                    "few_units",
                    {"units": data.n_pairable, "needed": needed, "threshold": 0.667, "share": rarest},
                )
            )
    return notices


def _name(value: Any) -> str:
    """A category, or a set of them, as a reader would write it."""
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(map(str, value))) + "}"
    return str(value)
