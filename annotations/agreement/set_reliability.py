"""Agreement on a variable where several categories may be chosen."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from . import kappa
from .bootstrap import resampled_alphas, summarise
from .breakdown import category_rows, coder_rows, why_undefined
from .coincidence import pairable_counts
from .mv_alpha import mv_alpha
from .reliability import whole_number
from .results import PairAgreement, Reliability
from .sets import DISTANCES, SetData, read_sets, set_alpha, set_sums
from .warn import warnings_for


def set_reliability(
    units: Sequence[Sequence[Iterable[Hashable] | None]],
    *,
    distance: str = "masi",
    bootstrap: int = 1000,
    seed: int = 0,
    categories: Sequence[Hashable] | None = None,
    coder_names: Sequence[str] | None = None,
    clusters: Sequence[Hashable] | None = None,
) -> Reliability:
    """Alpha over sets, mv-alpha, and one binary alpha per category, which shows the category that fails.

    units: N sequences of M sets of categories; an empty set is a value, None is missing.
    distance: "masi", "jaccard" or "dice" between two sets.
    percent_agreement and holsti count sets as agreeing only where they are equal. Kappas and AC1 are not
    meant for sets and stay None.

    `extra` holds distance, masi_alpha, jaccard_alpha and mv_alpha. Raises ValueError on anything but sets.
    """
    bootstrap, seed = whole_number("bootstrap", bootstrap), whole_number("seed", seed)
    if distance not in DISTANCES:
        raise ValueError(f"distance: expected one of {', '.join(DISTANCES)}, got {distance!r}.")
    sets = read_sets(units, categories=categories, coder_names=coder_names)
    data = sets.data
    counts = pairable_counts(data)
    alphas = {name: set_alpha(sets, name) for name in {distance, "masi", "jaccard"}}
    value = alphas[distance]
    interval = None
    if value is not None and bootstrap:
        drawn = resampled_alphas(
            data, set_sums(sets, distance), resamples=bootstrap, seed=seed, clusters=clusters
        )
        interval = summarise(drawn)
    pairs = [kappa.pair(data, one, other) for one, other in data.coder_pairs()]
    p_a = kappa.percent_agreement(data)
    per_category = category_rows(data, sets.elements, lambda k: sets.holding[:, k])
    return Reliability(
        level="nominal",
        kind="set",
        coders=len(data.active_coders),
        units=data.n_units,
        pairable_units=data.n_pairable,
        pairable_values=round(counts.sum()),
        percent_agreement=p_a,
        holsti=kappa.holsti(pairs),
        alpha=value,
        interval=interval,
        undefined_key=None if value is not None else why_undefined(data),
        warnings=warnings_for(data, per_category, counts=counts, p_a=p_a, alpha=value, interval=interval),
        categories=per_category,
        pairs=[_pair(sets, pair, distance) for pair in pairs],
        coder_rows=coder_rows(data, [], lambda rest: set_alpha(sets.select(rest), distance)),
        coder_names=data.coder_names,
        extra={
            "distance": distance,
            "masi_alpha": alphas["masi"],
            "jaccard_alpha": alphas["jaccard"],
            "mv_alpha": mv_alpha(sets),
        },
        data=data,
    )


def _pair(sets: SetData, pair: kappa.Pair, distance: str) -> PairAgreement:
    two = sets.select([pair.one, pair.other])
    value = set_alpha(two, distance)
    return PairAgreement(
        coders=(two.data.coder_names[0], two.data.coder_names[1]),
        units=pair.units,
        percent_agreement=pair.percent_agreement,
        alpha=value,
        undefined_key=None if value is not None else "no_variation" if pair.units else "no_shared_unit",
    )
