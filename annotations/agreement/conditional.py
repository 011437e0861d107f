"""Agreement on a conditional variable: one that is asked only after a certain answer to its parent.

Where coders differ on the parent, one of them never saw the child, and its codes cannot be compared. So the
child is measured on the units in which the coders agree on the parent, and the parent's own agreement stands
beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .data import MISSING
from .reading import read_units
from .reliability import reliability
from .results import Reliability


@dataclass(frozen=True)
class ConditionalReliability:
    """Agreement on the child among the units with an agreed parent, and on the parent itself.

    units: indices of the units used, in the order given. differing: units left out because coders differ on
    the parent. other: units left out because the agreed answer does not open the child.
    """

    child: Reliability
    parent: Reliability
    units: list[int]
    differing: int
    other: int

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.child.as_dict(),
            "parent_alpha": self.parent.alpha,
            "parent_undefined": self.parent.undefined,
            "units_with_agreed_parent": len(self.units),
            "units_differing_on_parent": self.differing,
        }


def agreed_units(
    parent: Sequence[Sequence[Any]], *, opens: Collection[Any] | None = None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Indices of the units whose parent was coded by two coders or more: those that agree, those that differ.

    opens: the answers that open the child; agreeing units with another answer are in neither array.
    """
    data = read_units(parent)
    coded = np.where(data.patterns == MISSING, data.n_categories, data.patterns)
    lowest = coded.min(axis=1, initial=data.n_categories)
    same = data.pairable & (lowest == data.patterns.max(axis=1, initial=MISSING))
    agreeing = same
    if opens is not None:
        opening = [index for index, value in enumerate(data.domain) if value in opens]
        agreeing = same & np.isin(lowest, opening)
    return data.units_where(agreeing), data.units_where(data.pairable & ~same)


def conditional_reliability(
    parent: Sequence[Sequence[Any]],
    child: Sequence[Sequence[Any]],
    *,
    opens: Collection[Any] | None = None,
    measure: Callable[..., Reliability] = reliability,
    clusters: Sequence[Hashable] | None = None,
    parent_categories: Sequence[Any] | None = None,
    **options: Any,
) -> ConditionalReliability:
    """Agreement on `child` among the units in which the coders agree on `parent`.

    parent, child: N units by M coders, the same units and coders in the same order. measure: `reliability`,
    or `set_reliability` for a child that takes several categories. options: those of `measure`, for the
    child.

    A coder without a code for the parent of a unit is left out of that unit. Raises ValueError where the two
    do not have the same units.
    """
    if len(parent) != len(child):
        raise ValueError(f"parent and child: expected the same units, got {len(parent)} and {len(child)}.")
    agreeing, differing = agreed_units(parent, opens=opens)
    data = read_units(parent)
    seen = (data.patterns != MISSING)[data.unit_pattern]
    selected = [
        [value if knows else None for value, knows in zip(child[unit], seen[unit], strict=True)]
        for unit in agreeing.tolist()
    ]
    parents = reliability(
        parent,
        categories=parent_categories,
        clusters=clusters,
        bootstrap=options.get("bootstrap", 1000),
        seed=options.get("seed", 0),
        coder_names=options.get("coder_names"),
    )
    if clusters is not None:
        options["clusters"] = [clusters[unit] for unit in agreeing.tolist()]
    return ConditionalReliability(
        child=measure(selected, **options),
        parent=parents,
        units=agreeing.tolist(),
        differing=len(differing),
        other=parents.pairable_units - len(agreeing) - len(differing),
    )
