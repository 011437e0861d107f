"""A table as the page shows it: figures as text, in rows and columns."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from ..common.figures import p_value
from ..statistics import Comparison, Proportion
from .population import Reason
from .tables import ResultTable

REASONS = {
    Reason.UNRESOLVED: _("not settled"),
    Reason.NOT_APPLICABLE: _("not applicable"),
    Reason.UNDETERMINED: _("cannot be determined"),
    Reason.NOT_CODED: _("not coded"),
    Reason.NO_KIND: _("no kind of information given"),
    Reason.OTHER_KINDS: _("other kinds of information only"),
    Reason.UNKNOWN: _("not known"),
    Reason.EARLIER_VERSION: _("coded with an earlier version of the codebook, not yet again"),
}


@dataclass(frozen=True)
class ShownCell:
    counts: str
    percent: str
    interval: str


def shown_rows(table: ResultTable) -> list[tuple[str, list[ShownCell]]]:
    return [
        (label, [_cell(table.cells[key, name].proportion) for name in [*table.organisations, ""]])
        for key, label in table.rows
    ]


def shown_left_out(table: ResultTable) -> list[tuple[int, str]]:
    """How many units are in no cell, per reason."""
    return [
        (table.left_out[reason], str(label)) for reason, label in REASONS.items() if table.left_out[reason]
    ]


def _cell(proportion: Proportion) -> ShownCell:
    counts = f"{proportion.n} / {proportion.of}"
    if proportion.share is None or proportion.wilson is None:
        return ShownCell(counts, "–", "")
    low, high = proportion.wilson
    return ShownCell(counts, percent(proportion.share), f"[{points(low)}; {points(high)}]")


def percent(share: float) -> str:
    return f"{points(share)} %"


def points(share: float) -> str:
    return rounded(100 * share, 1)


def rounded(value: float, decimals: int) -> str:
    """Rounded first: number_format cuts off."""
    return number_format(round(value, decimals), decimals)


@dataclass(frozen=True)
class ShownComparison:
    difference: str
    interval: str
    odds_ratio: str
    odds_ratio_interval: str
    fisher_p: str


def shown_comparison(pair: Comparison | None) -> ShownComparison | None:
    if pair is None or pair.difference is None or pair.newcombe is None:
        return None
    ratio, ratio_interval, p = pair.odds_ratio, pair.odds_ratio_interval, pair.fisher_p
    return ShownComparison(
        points(pair.difference),
        f"[{points(pair.newcombe[0])}; {points(pair.newcombe[1])}]",
        "–" if ratio is None else rounded(ratio, 2),
        ""
        if ratio_interval is None
        else f"[{rounded(ratio_interval[0], 2)}; {rounded(ratio_interval[1], 2)}]",
        p_value(p),
    )
