"""Numbers and times of one layer: how they are spread over the groups."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from ...codebooks.categories import text_in
from ...statistics import kaplan_meier, summary
from ..table import ALL, Curve, Heading, Layer, Summary
from .comparing import compare_numbers, compare_pairs, compare_times
from .crossing import Crossing

MOST_DOTS = 100
"""Of more numbers than this a figure shows a hundred that lie evenly among them."""
MANY = 1000
RISK_AT = (5, 15, 60, 240, 1440, 4320, 10080)
"""Minutes at which the number still waiting is given: five minutes to seven days."""


def numbers_layer(heading: Heading, crossing: Crossing) -> tuple[Layer, None]:
    columns = crossing.column_headings()
    values = crossing.rows.numbers
    assert values is not None
    groups = {column.key: values[crossing.inside(column)] for column in columns}
    summaries = {key: summary_of(group) for key, group in groups.items()}
    compared = [(column, groups[column.key]) for column in columns if column.key != ALL]
    comparisons = compare_numbers(crossing.row, crossing.column, compared)
    return Layer(heading, (), tuple(columns), {}, summaries, comparisons=comparisons), None


def pairs_layer(heading: Heading, crossing: Crossing) -> tuple[Layer, None]:
    """Two numbers per unit: each summarised, and their rank correlation."""
    assert crossing.column is not None
    assert crossing.columns is not None
    first, second = crossing.rows.numbers, crossing.columns.numbers
    assert first is not None
    assert second is not None
    columns = tuple(
        Heading(field.key, text_in(field.label, crossing.language), crossing.size)
        for field in (crossing.row, crossing.column)
    )
    summaries = {crossing.row.key: summary_of(first), crossing.column.key: summary_of(second)}
    comparisons = compare_pairs(first, second)
    return Layer(heading, (), columns, {}, summaries, comparisons=comparisons), None


def summary_of(values: Any) -> Summary:
    found = summary(values)
    if not found.n:
        return Summary(0)
    few = len(values) <= MOST_DOTS
    dots = np.sort(values) if few else np.quantile(values, (np.arange(MOST_DOTS) + 0.5) / MOST_DOTS)
    return Summary(
        found.n,
        found.minimum,
        found.lower_quartile,
        found.median,
        found.upper_quartile,
        found.maximum,
        found.mean,
        found.sd,
        tuple(round(float(value), 4) for value in dots),
    )


def survival_layer(heading: Heading, crossing: Crossing) -> tuple[Layer, None]:
    columns = crossing.column_headings()
    times, happened = crossing.rows.numbers, crossing.rows.happened
    assert times is not None
    assert happened is not None
    groups = [
        (column, times[inside], happened[inside])
        for column in columns
        for inside in [crossing.inside(column)]
    ]
    curves = tuple(
        curve_of(column, at, yes)
        for column, at, yes in groups
        if len(at) and (column.key or len(columns) == 1)
    )
    summaries = {column.key: summary_of(at[yes]) for column, at, yes in groups}
    compared = [(at, yes) for column, at, yes in groups if column.key != ALL and len(at)]
    return Layer(heading, (), tuple(columns), {}, summaries, curves, compare_times(compared)), None


def curve_of(heading: Heading, times: Any, happened: Any) -> Curve:
    if len(times) > MANY:
        times = coarse(times)
    found = kaplan_meier(times, happened)
    steps = [step for step in found.steps if step.events or step is found.steps[-1]]
    low, high = zip(*(step.interval or (step.share, step.share) for step in steps), strict=True)
    interval = found.median.interval
    return Curve(
        heading.key,
        heading.label,
        found.n,
        found.events,
        tuple(round(step.time, 3) for step in steps),
        tuple(round(step.share, 5) for step in steps),
        tuple(round(bound, 5) for bound in low),
        tuple(round(bound, 5) for bound in high),
        tuple((float(at), int((times >= at).sum())) for at in RISK_AT),
        found.median.value,
        None if interval is None else (_bounded(interval[0]), _bounded(interval[1])),
    )


def coarse(minutes: Any) -> Any:
    """To the minute in the first hour, to five minutes on the first day, to the hour after that.

    Tens of thousands of times would make as many steps, which nobody sees.
    """
    step = np.where(minutes < 60, 1, np.where(minutes < 1440, 5, 60))
    return np.round(minutes / step) * step


def _bounded(value: float) -> float | None:
    return None if value == inf else value
