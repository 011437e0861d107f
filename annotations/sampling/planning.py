"""How many units a study needs, for who plans a draw: rounded figures for usual wishes."""

from __future__ import annotations

from dataclasses import dataclass

from ..statistics import units_for_precision, units_for_two_shares

POINTS = (10, 7, 5, 3)
"""How far an interval reaches to each side, in percentage points."""
DIFFERENCES = ((20, 40), (20, 32), (20, 25))
"""Pairs of percentages; the second is what the study of 2019 found."""


@dataclass(frozen=True)
class Needed:
    """`precision`: percentage points and the units for them, per group of which a share is given.

    `differences`: two percentages and the units of each group that show the difference with a chance of 80 %.
    """

    precision: tuple[tuple[int, int], ...]
    differences: tuple[tuple[int, int, int], ...]


def needed(population: int) -> Needed | None:
    """For a share of a half, the worst case; `population`: units there are to draw from. None without any."""
    if population < 1:
        return None
    return Needed(
        tuple((points, units_for_precision(points / 100, population=population)) for points in POINTS),
        tuple(
            (first, second, units_for_two_shares(first / 100, second / 100)[0])
            for first, second in DIFFERENCES
        ),
    )
