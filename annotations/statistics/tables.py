"""Tests on a table of counts."""

from __future__ import annotations

Table = tuple[tuple[int, int], tuple[int, int]]
"""Two groups (rows) by yes and no (columns)."""


def fisher_p(table: Table) -> float | None:
    """Two-sided p of Fisher's exact test: tables as unlikely as this one, or more, with the same margins.

    None where a group has no units. Fisher (1935), The logic of inductive inference, JRSS 98, 39-82: his
    tea-tasting lady with three of four cups right has .486.

    >>> round(fisher_p(((3, 1), (1, 3))), 3)
    0.486
    """
    if not all(map(sum, table)):
        return None
    from scipy import stats  # takes most of a second to load

    return float(stats.fisher_exact(table)[1])
