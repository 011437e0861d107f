"""A table as figures: which kind of drawing says it best, and what stands in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..figures.records import Bars, Curve, Distribution, Dots, Drawable, Forest, Point, Survival
from .table import ALL, Cell, Heading, Layer, Table
from .table import Curve as TableCurve

MOST_SERIES = 4
"""More marks than this in a row nobody tells apart."""
MOST_LAYERS = 6
TICKS = (
    (5.0, gettext_lazy("5 min")),
    (15.0, gettext_lazy("15 min")),
    (60.0, gettext_lazy("1 hour")),
    (240.0, gettext_lazy("4 hours")),
    (1440.0, gettext_lazy("1 day")),
    (4320.0, gettext_lazy("3 days")),
    (10080.0, gettext_lazy("7 days")),
)


def figures_of(table: Table, language: str) -> list[Drawable]:
    """The figures of a table, one per layer. In the language that is active."""
    found = []
    for layer in table.layers[:MOST_LAYERS]:
        title = table.title if layer.heading.key == ALL else f"{table.title}: {layer.heading.label}"
        drawing = _figure(table, layer, title)
        if drawing is not None:
            found.append(dataclasses.replace(drawing, language=language))
    return found


def _figure(table: Table, layer: Layer, title: str) -> Drawable | None:
    if table.is_empty:
        return None
    if table.kind == "survival":
        return _survival(layer, title)
    if table.kind == "numbers":
        return _distribution(table, layer, title)
    forest = _forest(layer, title)
    if forest is not None:
        return forest
    if len(layer.groups) > MOST_SERIES or (len(layer.rows) == 2 and len(layer.groups) > 2):
        return _turned(table, layer, title)
    return _dots(table, layer, title)


def _dots(table: Table, layer: Layer, title: str) -> Drawable:
    columns = layer.groups or layer.columns
    points = tuple(
        tuple(_point(layer.cells[row.key, column.key], column) for column in columns) for row in layer.rows
    )
    return Dots(
        title,
        _axis(table),
        rows=_labels(layer.rows),
        series=tuple(f"{column.label} (n = {column.total})" if column.label else "" for column in columns),
        points=points,
    )


def _turned(table: Table, layer: Layer, title: str) -> Drawable | None:
    """Many groups down the side: of two answers the share of the first, of more a bar divided in all.

    None where every group is too small for a bar.
    """
    if len(layer.rows) == 2 or table.is_multiple:
        rows = layer.rows[:1] if len(layer.rows) == 2 else layer.rows[:MOST_SERIES]
        return Dots(
            title,
            _axis(table),
            rows=tuple(f"{column.label} (n = {column.total})" for column in layer.groups),
            series=_labels(rows),
            points=tuple(
                tuple(_point(layer.cells[row.key, column.key], column) for row in rows)
                for column in layer.groups
            ),
        )
    withheld = [
        column
        for column in layer.groups
        if any(layer.cells[row.key, column.key].is_withheld for row in layer.rows)
    ]
    if len(withheld) == len(layer.groups):
        return None
    return Bars(
        title,
        _("%% of %(units)s") % {"units": table.unit_label},
        note=_("No bar where there are fewer than ten units.") if withheld else "",
        rows=_labels(layer.groups),
        series=_labels(layer.rows),
        values=tuple(
            tuple(layer.cells[row.key, column.key].percent for row in layer.rows) for column in layer.groups
        ),
        of=tuple(column.total for column in layer.groups),
        stacked=True,
    )


def _forest(layer: Layer, title: str) -> Drawable | None:
    """Where only odds can be compared, the odds ratio."""
    if not layer.comparisons or {group.key for group in layer.groups} != {"yes", "no"}:
        return None
    details = layer.comparisons[0].details
    ratio, interval = details.get("odds_ratio"), details.get("odds_ratio_interval")
    if "difference" in details or ratio is None or interval is None:
        return None
    low, high = interval
    name = _("Odds ratio")
    return Forest(
        title, name, rows=(layer.rows[0].label,), points=(Point(ratio, low, high),), marks=(1.0,), log=True
    )


def _point(cell: Cell, column: Heading) -> Point:
    count = f"{cell.n} / {cell.of}"
    if cell.is_structural:
        return Point(
            note=_("not at %(name)s") % {"name": column.label} if column.label else _("cannot occur")
        )
    if cell.is_withheld:
        return Point(count=count, note="n < 10")
    if cell.percent is None or cell.interval is None:
        return Point(count=count)
    return Point(cell.percent, *cell.interval, count=count)


def _axis(table: Table) -> str:
    if table.percentages == "row":
        return _("%% of the row's %(units)s, with 95%% interval") % {"units": table.unit_label}
    return _("%% of %(units)s, with 95%% interval") % {"units": table.unit_label}


def _labels(headings: Sequence[Heading]) -> tuple[str, ...]:
    return tuple(heading.label for heading in headings)


def _distribution(table: Table, layer: Layer, title: str) -> Drawable | None:
    columns = [column for column in (layer.groups or layer.columns) if layer.summaries[column.key].n > 0]
    if not columns:
        return None
    values = tuple(layer.summaries[column.key].dots for column in columns)
    every = [value for some in values for value in some]
    is_thinned = any(
        layer.summaries[column.key].n > len(some) for column, some in zip(columns, values, strict=True)
    )
    return Distribution(
        title,
        table.row_label,
        note=_("Of larger groups a hundred units that lie evenly among them.") if is_thinned else "",
        groups=tuple(column.label or _("together") for column in columns),
        values=values,
        of=tuple(layer.summaries[column.key].n for column in columns),
        log=min(every) > 0 and max(every) > 100 * min(every),
    )


def _survival(layer: Layer, title: str) -> Drawable | None:
    curves = tuple(_curve(curve) for curve in layer.curves)
    if not curves:
        return None
    return Survival(
        title,
        _("% still waiting"),
        curves=curves,
        ticks=tuple((minute, str(label)) for minute, label in TICKS),
        still=_("still waiting"),
    )


def _curve(curve: TableCurve) -> Curve:
    median = "" if curve.median is None else _("median %(time)s") % {"time": duration(curve.median)}
    return Curve(
        curve.label or _("together"),
        curve.times,
        curve.shares,
        curve.low,
        curve.high,
        median=median,
        at_risk=tuple(count for _minute, count in curve.at_risk),
    )


def duration(minutes: float) -> str:
    """22 min, 2 h 01 min, 3.2 days."""
    whole = round(minutes)
    if whole < 60:
        return _("%(minutes)d min") % {"minutes": whole}
    if whole < 24 * 60:
        return _("%(hours)d h %(minutes)02d min") % {"hours": whole // 60, "minutes": whole % 60}
    return _("%(days)s days") % {"days": number_format(round(minutes / 1440, 1), 1)}
