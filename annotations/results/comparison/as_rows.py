"""Odds ratios as JSON, CSV and text: plain names, nothing rounded away, an open end as nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from ...common.cells import csv_lines
from ...statistics import Estimate
from .odds import COMPARISON, FIND, Compared, SampleResult
from .shown import shown_sample

HEADER = (
    "screening",
    "design",
    "exposure",
    "exposed",
    "unexposed",
    "organisation",
    "finds_exposed",
    "finds",
    "comparisons_exposed",
    "comparisons",
    "odds_ratio",
    "odds_ratio_low",
    "odds_ratio_high",
    "mantel_haenszel",
    "mantel_haenszel_low",
    "mantel_haenszel_high",
    "p",
    "p_holm",
    "homogeneity_p",
    "sets",
    "discordant_sets",
    "undefined",
    "left_out_finds",
    "left_out_comparisons",
)


def as_csv(results: Iterable[SampleResult]) -> str:
    """A row per exposure, all organisations together, and one per organisation below it."""
    rows = (row for result in results for compared in result.compared for row in _rows(result, compared))
    return "".join(csv_lines(HEADER, ([row.get(name) for name in HEADER] for row in rows)))


def as_json(result: SampleResult) -> dict[str, Any]:
    return {
        "screening": result.screening,
        "design": _design(result),
        "per_find": result.per_find,
        "finds": result.finds,
        "comparisons": result.comparisons,
        "odds_ratios": [row for compared in result.compared for row in _rows(result, compared)],
    }


def as_text(result: SampleResult) -> str:
    """A line per exposure, for the terminal, in the language that is active."""
    shown = shown_sample(result)
    lines = [_("What goes together with sharing") + f" ({result.screening})", shown.design]
    for row in shown.rows:
        lines.append(f"  {row.label}: {row.exposed}")
        lines.append(
            f"    {row.finds} – {row.comparisons}: {row.odds_ratio}" + (f", {row.p}" if row.p else "")
        )
        lines += [f"    {name}: {a} – {b}: {ratio}" for name, a, b, ratio in row.organisations]
        lines += [f"    {row.sets}"] if row.sets else []
    return "\n".join(lines)


def _rows(result: SampleResult, compared: Compared) -> Iterator[dict[str, Any]]:
    (a, b), (c, d) = compared.table
    about = {
        "screening": result.screening,
        "design": _design(result),
        "exposure": compared.exposure.key,
        "exposed": " ".join(sorted(compared.exposure.exposed)),
        "unexposed": " ".join(sorted(compared.exposure.unexposed or ())),
    }
    yield about | {
        "organisation": "",
        "finds_exposed": a,
        "finds": a + b,
        "comparisons_exposed": c,
        "comparisons": c + d,
        **_estimate("odds_ratio", compared.odds_ratio),
        **_estimate("mantel_haenszel", compared.mantel_haenszel),
        "p": compared.test.p,
        "p_holm": compared.p_holm,
        "homogeneity_p": compared.homogeneity.p,
        "sets": compared.sets if result.is_matched else None,
        "discordant_sets": compared.discordant if result.is_matched else None,
        "undefined": compared.odds_ratio.undefined,
        "left_out_finds": compared.left_out[FIND].total(),
        "left_out_comparisons": compared.left_out[COMPARISON].total(),
    }
    for each in compared.organisations:
        (a, b), (c, d) = each.table
        yield about | {
            "organisation": each.name,
            "finds_exposed": a,
            "finds": a + b,
            "comparisons_exposed": c,
            "comparisons": c + d,
            **_estimate("odds_ratio", each.odds_ratio),
            "undefined": each.odds_ratio.undefined,
        }


def _design(result: SampleResult) -> str:
    return "matched" if result.is_matched else "random"


def _estimate(name: str, estimate: Estimate) -> dict[str, float | None]:
    low, high = estimate.interval or (None, None)
    values = {name: estimate.value, f"{name}_low": low, f"{name}_high": high}
    return {key: None if value is None or not isfinite(value) else value for key, value in values.items()}
