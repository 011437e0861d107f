"""Counts and percentages of one layer, with intervals that allow for conversations."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...statistics import adjusted_residuals, design_effect, wilson
from ..table import ALL, FEWEST, Cell, Heading, Layer
from .comparing import compare_shares
from .crossing import Crossing


def counts_layer(heading: Heading, crossing: Crossing) -> tuple[Layer, float | None]:
    """The layer, and the design effect of its intervals (None where units stand alone)."""
    rows, columns = crossing.row_headings(), crossing.column_headings()
    chosen = crossing.rows.chosen
    assert chosen is not None
    inside = np.stack([crossing.inside(column) for column in columns], axis=1)
    picked = chosen[:, [crossing.row.index[row.key] for row in rows]]
    counts = (picked.astype(np.float32).T @ inside.astype(np.float32)).astype(int)
    residuals = _residuals(counts[:, :-1])
    is_clustered = len(np.unique(crossing.clusters)) < crossing.size
    cells: dict[tuple[str, str], Cell] = {}
    effects = []
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            base = picked[:, i] if crossing.definition.percentages == "row" else inside[:, j]
            of = int(base.sum())
            effect = _effect(picked[:, i] & inside[:, j], base, crossing.clusters) if is_clustered else 1.0
            effects.append(effect)
            cells[row.key, column.key] = _cell(
                crossing, row.key, column.key, int(counts[i, j]), of, effect, residuals.get((i, j))
            )
    total = [heading for heading in columns if heading.key != ALL]
    comparisons = compare_shares(crossing.row, crossing.column, rows, total, counts, crossing, effects)
    layer = Layer(heading, tuple(rows), tuple(columns), cells, comparisons=comparisons)
    larger = [effect for effect in effects if effect > 1]
    return layer, float(np.median(larger)) if larger else None


def _residuals(counts: np.ndarray) -> dict[tuple[int, int], float]:
    if counts.shape[0] < 2 or counts.shape[1] < 2:
        return {}
    found = adjusted_residuals(counts.tolist())
    return {
        (i, j): round(value, 2)
        for i, row in enumerate(found)
        for j, value in enumerate(row)
        if value is not None
    }


def _effect(hits: np.ndarray, base: np.ndarray, clusters: np.ndarray) -> float:
    """How many times the variance is that of loose units; at least 1."""
    if not base.any():
        return 1.0
    size = int(clusters.max()) + 1
    of: Any = np.bincount(clusters[base], minlength=size)
    n: Any = np.bincount(clusters[hits], minlength=size)
    found = design_effect(n, of)
    return max(1.0, found.value or 1.0) if of.max() > 1 else 1.0


def _cell(
    crossing: Crossing, row: str, column: str, n: int, of: int, effect: float, residual: float | None
) -> Cell:
    is_structural = n == 0 and crossing.cannot_be(row, column)
    if of == 0 or crossing.definition.percentages == "none":
        return Cell(n, of, is_structural=is_structural)
    if of < FEWEST:
        return Cell(n, of, is_withheld=True, is_structural=is_structural)
    interval = wilson(n / effect, of / effect)
    assert interval is not None
    low, high = (round(100 * bound, 2) for bound in interval)
    return Cell(n, of, round(100 * n / of, 2), (low, high), is_structural=is_structural, residual=residual)
