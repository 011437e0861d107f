"""What a reader of a coefficient should know before trusting it."""

from __future__ import annotations

import numpy as np

from .bootstrap import Interval
from .coincidence import Floats
from .data import ReliabilityData
from .sample_size import krippendorff_units
from .wording import Notice

RARE_SHARE = 0.05
PARADOX_AGREEMENT, PARADOX_ALPHA, PARADOX_SHARE = 0.80, 0.667, 0.75


def warnings_for(
    data: ReliabilityData,
    counts: Floats,
    p_a: float | None,
    alpha: float | None,
    interval: Interval | None,
    *,
    categorical: bool,
) -> list[Notice]:
    """Warnings as keys with figures; the words are in `wording`.

    counts: n_c, pairable values per category, shape (V,). categorical: whether the warnings about categories
    apply.
    """
    notices = [
        Notice("idle_coder", {"coder": name})
        for coder, name in enumerate(data.coder_names)
        if data.n_pairable and coder not in data.active_coders
    ]
    n = counts.sum()
    if n and np.count_nonzero(counts) == 1:
        notices.append(Notice("constant", {"category": data.domain[int(counts.argmax())]}))
    if categorical and alpha is not None and p_a is not None:
        notices += _about_categories(data, counts, p_a, alpha)
    if interval is not None and interval.undefined:
        notices.append(
            Notice("undefined_resamples", {"undefined": interval.undefined, "resamples": interval.resamples})
        )
    return notices


def _about_categories(data: ReliabilityData, counts: Floats, p_a: float, alpha: float) -> list[Notice]:
    notices = []
    shares = counts / counts.sum()
    rare = {
        str(data.domain[k]): float(shares[k]) for k in np.flatnonzero((shares > 0) & (shares < RARE_SHARE))
    }
    if rare:
        notices.append(Notice("rare_category", {"categories": rare}))
    if p_a >= PARADOX_AGREEMENT and alpha < PARADOX_ALPHA and shares.max() >= PARADOX_SHARE:
        notices.append(
            Notice("prevalence_paradox", {"agreement": p_a, "alpha": alpha, "share": float(shares.max())})
        )
    rarest = float(shares[shares > 0].min())
    needed = krippendorff_units(0.667, rarest, coders=max(2, len(data.active_coders)))
    if data.n_pairable < needed:
        notices.append(
            Notice(
                "few_units",
                {"units": data.n_pairable, "needed": needed, "threshold": 0.667, "share": rarest},
            )
        )
    return notices
