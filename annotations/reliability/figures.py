"""The figures of a report: alphas with their intervals, who differs from whom on what, and over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from ..agreement import reason
from ..codebooks.language import in_language
from ..codebooks.schema import VariableSpec
from ..figures.records import Forest, HeatMap, Point, Trend
from .over_time import Figure
from .shown import AXIS_HIGH, AXIS_LOW

Variables = Mapping[str, VariableSpec]
THRESHOLDS = (0.667, 0.8)
MOST_LINES = 6
"""More lines than that cannot be told apart."""


def alphas_figure(result: Sequence[dict[str, Any]], variables: Variables, language: str) -> Forest:
    """Every variable of a report with its alpha, the lowest first; `result`: the report's figures."""
    ordered = sorted(result, key=lambda figures: (figures["alpha"] is None, figures["alpha"] or 0.0))
    return Forest(
        _("Agreement per variable"),
        _("Krippendorff's alpha with 95 percent interval; lines at .667 and .80"),
        language,
        rows=tuple(in_language(variables[figures["key"]].label, language) for figures in ordered),
        points=tuple(_alpha(figures, language) for figures in ordered),
        marks=THRESHOLDS,
        ends=(AXIS_LOW, AXIS_HIGH),
        coefficient=True,
        estimate="α [95 %]",
    )


def _alpha(figures: dict[str, Any], language: str) -> Point:
    if figures["alpha"] is None:
        return Point(note=reason(figures["undefined_key"], language) if figures["undefined_key"] else "–")
    low, high = figures["alpha_ci"] or (None, None)
    return Point(figures["alpha"], low, high)


def disagreement_figure(
    result: Sequence[dict[str, Any]], variables: Variables, language: str
) -> HeatMap | None:
    """Per variable and coder pair the share of shared units on which they differ, the most first.

    None where no pair shares units.
    """
    shares = {
        figures["key"]: {
            " – ".join(pair["coders"]): 100 * (1 - pair["percent_agreement"])
            for pair in figures["pairs"]
            if pair.get("percent_agreement") is not None
        }
        for figures in result
    }
    pairs = sorted({name for of_pair in shares.values() for name in of_pair})
    keys = [key for key, of_pair in shares.items() if of_pair]
    if not pairs:
        return None
    keys.sort(key=lambda key: -max(shares[key].values()))
    highest = max(max(shares[key].values()) for key in keys)
    return HeatMap(
        _("Where coders differ"),
        _("percentage of the units that two coders share on which they differ"),
        language,
        rows=tuple(in_language(variables[key].label, language) for key in keys),
        columns=tuple(pairs),
        values=tuple(tuple(shares[key].get(pair) for pair in pairs) for key in keys),
        top=max(highest, 1.0),
    )


def course_figure(
    title: str,
    moments: Sequence[str],
    lines: Iterable[tuple[str, Sequence[Figure | None]]],
    language: str,
) -> Trend | None:
    """Alpha over parts of a round, or over rounds: of the variables that are lowest at their last moment.

    lines: label of a variable and its figures per moment. None with fewer than two moments.
    """
    known = [(label, figures) for label, figures in lines if _last(figures) is not None]
    if len(moments) < 2 or not known:
        return None
    lowest = sorted(known, key=lambda line: _last(line[1]) or 0.0)[:MOST_LINES]
    return Trend(
        title,
        _("Krippendorff's alpha"),
        language,
        _("The %(n)d variables that are lowest at the end, of %(all)d.")
        % {"n": len(lowest), "all": len(known)}
        if len(known) > len(lowest)
        else "",
        moments=tuple(moments),
        series=tuple(label for label, _figures in lowest),
        points=tuple(
            tuple(Point(figure.alpha if figure else None) for figure in figures) for _label, figures in lowest
        ),
        marks=THRESHOLDS,
        ends=(AXIS_LOW, AXIS_HIGH + 0.03),
        coefficient=True,
    )


def _last(figures: Sequence[Figure | None]) -> float | None:
    known = [figure.alpha for figure in figures if figure and figure.alpha is not None]
    return known[-1] if known else None
