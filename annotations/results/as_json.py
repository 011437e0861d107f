"""A table as the command prints it: a row per cell, and the comparison with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..statistics import Proportion, wilson
from .table import Cell, Comparison, Curve, Interval, Layer, Summary, Table


def as_json(table: Table) -> dict[str, Any]:
    """`comparison`: that of `comparisons` which is about the whole table; null where each row has its own."""
    comparisons = [
        _comparison(comparison) | ({"layer": layer.heading.key} if table.layer_label else {})
        for layer in table.layers
        for comparison in layer.comparisons
    ]
    return {
        "key": table.key,
        "title": table.title,
        "kind": table.kind,
        "unit": table.unit,
        "units": table.units,
        "note": table.note,
        "percentages": table.percentages,
        "multiple": table.is_multiple,
        "design_effect": _rounded(table.design_effect, 3),
        "left_out": dict(table.left_out),
        "rows": [row for layer in table.layers for row in _rows(layer)],
        "numbers": [row for layer in table.layers for row in _numbers(layer)],
        "curves": [_curve(curve, layer) for layer in table.layers for curve in layer.curves],
        "comparison": next((comparison for comparison in comparisons if comparison["row"] is None), None),
        "comparisons": comparisons,
    }


def _rows(layer: Layer) -> list[dict[str, Any]]:
    rows = {heading.key: heading.label for heading in layer.rows}
    columns = {heading.key: heading.label for heading in layer.columns}
    return [
        {
            "layer": layer.heading.key,
            "row": row,
            "column": column,
            "label": rows[row],
            "column_label": columns[column],
            **_cell(cell),
        }
        for (row, column), cell in layer.cells.items()
    ]


def _cell(cell: Cell) -> dict[str, Any]:
    is_given = cell.percent is not None
    return {
        "n": cell.n,
        "of": cell.of,
        "percent": _rounded(cell.percent, 1),
        "interval": _interval(cell.interval),
        "wilson": _percents(wilson(cell.n, cell.of)) if is_given else None,
        "exact": _percents(Proportion(cell.n, cell.of).exact) if is_given else None,
        "withheld": cell.is_withheld,
        "structural": cell.is_structural,
        "residual": cell.residual,
    }


def _numbers(layer: Layer) -> list[dict[str, Any]]:
    labels = {heading.key: heading.label for heading in layer.columns}
    return [
        {
            "layer": layer.heading.key,
            "column": column,
            "column_label": labels.get(column, column),
            **_summary(summary),
        }
        for column, summary in layer.summaries.items()
    ]


def _summary(summary: Summary) -> dict[str, Any]:
    names = ("minimum", "q1", "median", "q3", "maximum", "mean", "sd")
    return {"n": summary.n} | {name: _rounded(getattr(summary, name), 4) for name in names}


def _curve(curve: Curve, layer: Layer) -> dict[str, Any]:
    return {
        "layer": layer.heading.key,
        "column": curve.key,
        "n": curve.n,
        "events": curve.events,
        "median": _rounded(curve.median, 3),
        "median_interval": None if curve.median_interval is None else list(curve.median_interval),
        "at_risk": [list(pair) for pair in curve.at_risk],
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    details: Mapping[str, Any] = comparison.details
    return {
        "test": comparison.name or None,
        "statistic": _rounded(comparison.statistic, 4),
        "df": comparison.df,
        "p": _rounded(comparison.p, 6),
        "p_holm": _rounded(comparison.p_holm, 6),
        "family": comparison.family,
        "effect_name": comparison.effect_name or None,
        "effect": _rounded(comparison.effect, 4),
        "effect_interval": None if comparison.effect_interval is None else list(comparison.effect_interval),
        "reason": comparison.reason,
        "refused": comparison.refused or None,
        "row": comparison.subject or None,
        **details,
    }


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(bound, 1) for bound in interval]


def _percents(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(100 * bound, 1) for bound in interval]
