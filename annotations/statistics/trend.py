"""Does a share rise or fall over ordered groups?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .estimates import Significance, Undefined


def cochran_armitage(
    events: Sequence[int], of: Sequence[int], scores: Sequence[float] | None = None
) -> Significance:
    """Trend of `events` / `of` over groups in order; `statistic` is z, above 0 where the share rises.

    `scores`: where the groups lie (0, 1, 2, ... by default), one per group. Groups without units are left
    out. Cochran (1954), Biometrics 10, 417-451; Armitage (1955), Tests for linear trends in proportions and
    frequencies, Biometrics 11, 375-386.

    >>> found = cochran_armitage([19, 29, 24], [516, 589, 293])  # carriers by size of the tonsils
    >>> round(found.statistic**2, 2), round(found.p, 4)
    (7.19, 0.0073)
    """
    n, units = np.asarray(events, dtype=float), np.asarray(of, dtype=float)
    at = np.arange(len(n), dtype=float) if scores is None else np.asarray(scores, dtype=float)
    total, yes = units.sum(), n.sum()
    if not total:
        return Significance("cochran_armitage", undefined=Undefined.NO_UNITS)
    if yes in (0, total):
        return Significance("cochran_armitage", undefined=Undefined.ONE_VALUE)
    share, middle = yes / total, (units * at).sum() / total
    spread = (units * (at - middle) ** 2).sum()
    if not spread:
        return Significance("cochran_armitage", undefined=Undefined.ONE_GROUP)
    from scipy import stats

    z = float(((n - units * share) * at).sum() / np.sqrt(share * (1 - share) * spread))
    return Significance("cochran_armitage", z, p=float(2 * stats.norm.sf(abs(z))))
