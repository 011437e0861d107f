"""Multi-valued alpha (Krippendorff & Craggs 2016, Communication Methods and Measures 10(4))."""

from __future__ import annotations

import numpy as np

from .coincidence import Floats, observed_disagreement, pairable_counts
from .sets import SetData, set_distance


def mv_alpha(sets: SetData) -> float | None:
    """Multi-valued alpha for nominal categories (Krippendorff & Craggs 2016), or None where it is not
    defined.

    D_o is that of alpha with the Dice difference. D_e keeps the sizes of the sets as they were observed and
    draws
    the elements by chance: for every pair of sizes (i, j), the mean difference over all sets C of i and K of
    j elements, each pair of sets weighted with Π_{c in C} n_c · Π_{k in K not in C} n_k · Π_{k in both} (n_k
    − 1), n_k being the number of pairable sets that hold k.

    The difference depends on |C|, |K| and |C ∩ K| only, so one polynomial in three variables replaces the sum
    over
    all sets: the coefficient of x^i y^j z^t of Π_k (1 + n_k x + n_k y + n_k (n_k − 1) x y z).
    """
    counts = pairable_counts(sets.data)
    n = counts.sum()
    if n == 0 or np.count_nonzero(counts) < 2:
        return None
    observed = sets.data.weights @ observed_disagreement(sets.data, sets.distance("dice")) / n
    sizes = sets.sizes.astype(np.int64)
    share_of_size = np.bincount(sizes, weights=counts) / n
    ways = _ways(counts @ sets.holds.astype(float), int(sizes.max(initial=0)))
    size = np.arange(len(share_of_size), dtype=float)
    differences = set_distance("dice", size[None, None, :], size[:, None, None], size[None, :, None])
    total = ways.sum(axis=2)
    mean = np.divide((ways * differences).sum(axis=2), total, out=np.zeros_like(total), where=total > 0)
    expected = float(share_of_size @ mean @ share_of_size)
    return 1 - float(observed) / expected if expected > 0 else None


def _ways(element_counts: Floats, largest: int) -> Floats:
    """Weight of all pairs of sets by |C|, |K|, |C ∩ K|, up to a factor; shape (largest + 1,) * 3."""
    ways = np.zeros((largest + 1, largest + 1, largest + 1))
    ways[0, 0, 0] = 1
    used = element_counts[element_counts > 0]
    scale = used.mean() if len(used) else 1.0  # the same power of it divides all (i, j, ·): it cancels
    for n_k in used:
        step = ways.copy()
        step[1:] += ways[:-1] * (n_k / scale)
        step[:, 1:] += ways[:, :-1] * (n_k / scale)
        step[1:, 1:, 1:] += ways[:-1, :-1, :-1] * (n_k * (n_k - 1) / scale**2)
        ways = step
    return ways
