"""One variable taken apart: per category, per pair, per coder, matrices, and plots of numbers. Reads only."""

from __future__ import annotations

from typing import Any

from ..agreement import Reliability
from ..errors import BadInput
from .drill import Cell, units_in
from .plots import pair_plots
from .report import VariableAgreement
from .shown import category_label, matrices

Opens = tuple[int, str]
"""A number of units and the query that opens them."""


def parts_of(item: VariableAgreement, language: str) -> dict[str, Any]:
    """What its page shows, by name."""
    data = getattr(item.result, "data", None)
    is_number = item.variable.of_kind.column == "number"
    return {
        "item": item,
        "result": item.result,
        "matrices": matrices(item, language),
        "plots": pair_plots(data) if is_number and data is not None else [],
        "categories": [
            (
                each,
                category_label(item.variable, each.category, language),
                _category_queries(item, each.category),
            )
            for each in item.result.categories
        ],
        "pairs": [
            (
                pair,
                Cell("pair", *pair.coders).query(),
                _opens(item, Cell("pair", *pair.coders, side="differ")),
            )
            for pair in item.result.pairs
        ],
        "coder_rows": [
            (each, Cell("coder", each.coder).query(), _opens(item, Cell("coder", each.coder, side="differ")))
            for each in getattr(item.result, "coder_rows", [])
        ],
    }


def _category_queries(item: VariableAgreement, category: Any) -> tuple[Opens, Opens]:
    if not isinstance(item.result, Reliability) or not item.variable.options:
        return (0, ""), (0, "")
    whole, differ = Cell("category", row=category), Cell("category", row=category, side="differ")
    return _opens(item, whole), _opens(item, differ)


def _opens(item: VariableAgreement, cell: Cell) -> Opens:
    try:
        count = len(units_in(item, cell))
    except BadInput:  # figures of fragments, and categories nobody gave
        count = 0
    return count, cell.query()
