"""The report as CSV, agreement.csv: a row per variable, every figure of its page.

What a variable has several of (categories, coder pairs, coders) stands as JSON in one cell, so that a row
stays a variable.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..agreement.results import WITH_INTERVAL
from ..common.cells import csv_lines

PLAIN = (
    *("key", "unit", "measured_as", "level", "coders", "units", "pairable_units", "not_asked_units"),
    *("percent_agreement", "holsti", "alpha", "alpha_low", "alpha_high"),
    *("p_alpha_below_667", "p_alpha_below_800", "verdict"),
    *(name for each in WITH_INTERVAL for name in (each, f"{each}_low", f"{each}_high")),
    *("jaccard_alpha", "mv_alpha"),
    *("binary_alpha", "binary_alpha_low", "binary_alpha_high", "cu_alpha", "f1_exact", "f1_overlap"),
    *("missing_97", "missing_98", "missing_99", "undefined", "warnings"),
)
NESTED = ("categories", "pairs", "coder_rows")
COLUMNS = (*PLAIN, *NESTED)


def as_csv(found: Iterable[dict[str, Any]]) -> str:
    """`found`: per variable what `agreement --json` prints."""
    return "".join(csv_lines(COLUMNS, map(row_of, found)))


def row_of(figures: dict[str, Any]) -> list[object]:
    """The cells of one variable; `figures` as `agreement --json` prints them."""
    values = dict(figures)
    values |= {f"missing_{code}": count for code, count in figures["missing"].items()}
    values["warnings"] = " ".join(each["text"] for each in figures["warnings"])
    for name, ends in _ends(figures):
        values[f"{name}_low"], values[f"{name}_high"] = ends
    for name in NESTED:
        parts = figures.get(name)
        values[name] = json.dumps(parts, ensure_ascii=False) if parts else None
    return [values.get(column) for column in COLUMNS]


def _ends(figures: dict[str, Any]) -> Iterator[tuple[str, tuple[float, float]]]:
    for name, ends in figures.items():
        if name.endswith("_ci") and ends:
            yield name.removesuffix("_ci"), (ends[0], ends[1])
