"""The test that fits a table, and why it is this one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from ...statistics import (
    Proportion,
    association,
    cochran_armitage,
    conditional_odds_ratio,
    fisher_p,
    holm,
    kruskal_wallis,
    log_rank,
    mann_whitney,
    newcombe,
    odds_ratio,
    odds_ratio_interval,
    rao_scott,
    risk_ratio,
    spearman,
)
from ...statistics.estimates import Estimate, Significance
from ..table import FEWEST, Comparison, Heading
from ..units.frame import MULTI, Field
from ..wording import undefined
from .crossing import Crossing

OUTCOME = ("shares", "contains_pii")
"""Fields by which the study chose its units: shares of them say how it searched, not how often it happens."""
MOST_ROWS = 30
SAYS_SOMETHING = 1.05
"""A smaller design effect changes no figure that is shown."""
Numbers = Any
"""An array of numbers, which is a sequence in all but name."""


def compare_shares(
    row: Field,
    column: Field | None,
    rows: Sequence[Heading],
    columns: Sequence[Heading],
    counts: np.ndarray,
    crossing: Crossing,
    effects: Sequence[float],
) -> tuple[Comparison, ...]:
    """`counts`: rows x columns, the last column all together; `columns`: without that one."""
    if column is None or not crossing.size:
        return ()
    if refused := _refused(row, column, rows, columns):
        return (Comparison("", refused=refused),)
    effect = max([1.0, *effects])
    # Where a row cannot occur in a group, its groups are not to be compared.
    skipped = {row.key for row in rows if any(crossing.cannot_be(row.key, group.key) for group in columns)}
    table = counts[:, :-1]
    is_multiple = row.kind == MULTI or int(counts[:, -1].sum()) > crossing.size
    if is_multiple:
        return _per_row(rows, columns, table, effect, column, skipped)
    whole = _whole(row, column, table, crossing, effect)
    if len(columns) == 2 and len(rows) > 2:
        return (whole, *_per_row(rows, columns, table, effect, column, skipped))
    return (whole,)


def _refused(row: Field, column: Field, rows: Sequence[Heading], columns: Sequence[Heading]) -> str:
    """Why it cannot be asked of these units what goes together with sharing."""
    for field, headings in ((row, rows), (column, columns)):
        if field.key in OUTCOME:
            totals = {heading.key: heading.total for heading in headings}
            if totals.get("no", 0) < FEWEST:
                return _(
                    "Not tested: the study looked for units with personal data, and hardly any without were "
                    "coded. What goes together with sharing can be said only beside a comparison sample of "
                    "conversations in which nobody shares."
                )
    return ""


def _whole(row: Field, column: Field, table: np.ndarray, crossing: Crossing, effect: float) -> Comparison:
    has_order = row.is_ordered and column.is_ordered
    assert crossing.rows.chosen is not None
    if (
        has_order
        and min(table.shape) > 2
        and crossing.columns is not None
        and crossing.columns.chosen is not None
    ):
        first, second = crossing.rows.chosen.argmax(1), crossing.columns.chosen.argmax(1)
        return _as_comparison(spearman(first, second), _("Spearman, because both have an order."))
    trend = _trend(row, column, table)
    if trend is not None:
        return trend
    found = association(table.tolist())
    comparison = _as_comparison(found.test, _reason(found.test, found.small_expected, found.cells))
    clustered = _clustered(comparison, effect)
    used = table[table.sum(1) > 0][:, table.sum(0) > 0]
    if used.shape == (2, 2) and not comparison.refused:
        details = _two_by_two(used, effect, is_by_outcome=row.key in OUTCOME or column.key in OUTCOME)
        return _with(comparison, details | clustered)
    return _with(comparison, clustered) if clustered else comparison


def _clustered(comparison: Comparison, effect: float) -> dict[str, Any]:
    """What is left of a chi-square once it allows for units that share a conversation."""
    is_fit = comparison.name == "chi_square" and effect >= SAYS_SOMETHING
    if not is_fit or comparison.statistic is None or comparison.df is None:
        return {}
    statistic, p = rao_scott(comparison.statistic, comparison.df, effect)
    return {"design_effect": round(effect, 3), "clustered_statistic": round(statistic, 4), "clustered_p": p}


def _trend(row: Field, column: Field, table: np.ndarray) -> Comparison | None:
    """Of a share over groups in order: more than two groups, and two answers."""
    for counts, groups in ((table, column), (table.T, row)):
        if counts.shape[0] == 2 and counts.shape[1] > 2 and groups.is_ordered:
            found = cochran_armitage(counts[0].tolist(), counts.sum(0).tolist())
            reason = _("Cochran-Armitage, because it asks whether a share rises over groups in order.")
            return _as_comparison(found, reason)
    return None


def _reason(test: Significance, small: int, cells: int) -> str:
    if test.test == "chi_square":
        return _("Chi-square, because the expected counts are large enough.")
    words = {"small": small, "cells": cells}
    if test.test == "fisher":
        return _("Fisher, because %(small)d of %(cells)d expected counts are below 5.") % words
    return (
        _(
            "Freeman-Halton by 9,999 drawn tables (seed 1), because %(small)d of %(cells)d expected counts "
            "are below 5."
        )
        % words
    )


def _per_row(
    rows: Sequence[Heading],
    columns: Sequence[Heading],
    table: np.ndarray,
    effect: float,
    column: Field,
    skipped: Collection[str],
) -> tuple[Comparison, ...]:
    """Each row against all else, corrected by Holm over the rows; not those in which nothing was counted."""
    totals = np.array([heading.total for heading in columns])
    found = []
    for row, counts in zip(rows[:MOST_ROWS], table, strict=False):
        if not counts.any() or len(columns) < 2 or row.key in skipped:
            continue
        against = np.stack([counts, totals - counts])
        if len(columns) == 2 and totals.all():
            found.append(_row_of_two(row.key, against, effect, is_by_outcome=column.key in OUTCOME))
        else:
            test = association(against.tolist())
            reason = _reason(test.test, test.small_expected, test.cells)
            found.append(_as_comparison(test.test, reason, row.key))
    corrected = holm([comparison.p for comparison in found])
    return tuple(
        Comparison(**{**vars(comparison), "p_holm": p, "family": len(found)})
        for comparison, p in zip(found, corrected, strict=True)
    )


def _row_of_two(key: str, against: np.ndarray, effect: float, *, is_by_outcome: bool) -> Comparison:
    """One answer against all others in two groups; `against`: yes and no as rows."""
    (a, b), (c, d) = against.tolist()
    details = {
        name: value
        for name, value in _two_by_two(against, effect, is_by_outcome=is_by_outcome, with_exact=False).items()
        if name != "fisher_p"
    }
    reason = _("Fisher, for each answer against all others.")
    p = fisher_p(((a, c), (b, d)))
    return Comparison("fisher", p=p, reason=reason, subject=key, details=details)


def _two_by_two(
    table: np.ndarray, effect: float, *, is_by_outcome: bool, with_exact: bool = True
) -> dict[str, Any]:
    """`table`: yes and no as rows, the two groups as columns. Shares are in percentage points.

    Of units that were chosen by the outcome only ratios of odds mean something.
    """
    (a, b), (c, d) = table.tolist()
    first, second = Proportion(a, a + c), Proportion(b, b + d)
    groups = ((a, c), (b, d))
    details: dict[str, Any] = {
        "odds_ratio": _number(odds_ratio(groups)),
        "odds_ratio_interval": _numbers(odds_ratio_interval(groups)),
        "fisher_p": fisher_p(groups),
    }
    if with_exact:  # takes a tenth of a second
        exact = conditional_odds_ratio(groups)
        details["conditional_odds_ratio"] = _number(exact.value)
        details["conditional_odds_ratio_interval"] = _numbers(exact.interval)
    if is_by_outcome:
        return details
    difference = newcombe(first, second, design_effect=effect)
    if difference is not None and first.share is not None and second.share is not None:
        details["difference"] = round(100 * (first.share - second.share), 2)
        details["newcombe"] = tuple(round(100 * bound, 2) for bound in difference)
    ratio = risk_ratio(groups)
    details["risk_ratio"], details["risk_ratio_interval"] = _number(ratio.value), _numbers(ratio.interval)
    return details


def _number(value: float | None) -> float | None:
    return round(value, 4) if value is not None and np.isfinite(value) else None


def _numbers(interval: tuple[float, float] | None) -> tuple[float | None, ...] | None:
    return None if interval is None else tuple(_number(bound) for bound in interval)


def compare_numbers(
    row: Field, column: Field | None, groups: Sequence[tuple[Heading, Numbers]]
) -> tuple[Comparison, ...]:
    """Whether the groups differ; where the groups have an order, whether the number rises over them."""
    used = [(heading, values) for heading, values in groups if len(values)]
    if column is None or not groups:
        return ()
    if refused := _refused(row, column, (), [heading for heading, _values in groups]):
        return (Comparison("", refused=refused),)
    if column.is_ordered and len(used) > 2:
        places: Numbers = np.concatenate(
            [np.full(len(values), at) for at, (_heading, values) in enumerate(used)]
        )
        every: Numbers = np.concatenate([values for _heading, values in used])
        return (_as_comparison(spearman(places, every), _("Spearman, because the groups have an order.")),)
    if len(used) == 2:
        found = mann_whitney(used[0][1], used[1][1])
        reason = _("Mann-Whitney, because two groups are compared by rank: such numbers are seldom normal.")
        return (_as_comparison(found, reason),)
    found = kruskal_wallis([values for _heading, values in used])
    reason = _("Kruskal-Wallis, because more than two groups are compared by rank.")
    return (_as_comparison(found, reason),)


def compare_pairs(first: Numbers, second: Numbers) -> tuple[Comparison, ...]:
    return (
        _as_comparison(spearman(first, second), _("Spearman, because both are numbers, compared by rank.")),
    )


def compare_times(groups: Sequence[tuple[Numbers, Numbers]]) -> tuple[Comparison, ...]:
    """Whether the groups differ in how long it takes."""
    if len(groups) < 2:
        return ()
    reason = _(
        "Log-rank, because those to whom it has not happened yet count as long as they were looked at."
    )
    return (_as_comparison(log_rank(groups), reason),)


def _as_comparison(test: Significance, reason: str, subject: str = "") -> Comparison:
    if test.undefined is not None:
        return Comparison(test.test, refused=undefined(test.undefined), subject=subject)
    effect = test.effect or Estimate(None)
    return Comparison(
        test.test,
        _number(test.statistic),
        test.df,
        test.p,
        effect_name=test.effect_name or "",
        effect=_number(effect.value),
        effect_interval=_numbers(effect.interval),  # type: ignore[arg-type]
        reason=reason,
        subject=subject,
    )


def _with(comparison: Comparison, details: dict[str, Any]) -> Comparison:
    return Comparison(**{**vars(comparison), "details": details})
