"""Values with their intervals: several series per row, or one estimate per row with lines to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..records import Dots, Forest, Point
from .style import Mark, mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .canvas import Canvas

LANE = 0.155
"""Inches between two marks of one row."""
GAP = 0.13
MOST = 8.6
"""Inches that a figure may be high: a page of a journal."""


def dots(canvas: Canvas, record: Dots) -> None:
    labels = [canvas.label(text) for text in record.rows]
    lanes = max(1, len(record.series))
    heights = [_row_height(canvas, label, lanes) for label in labels]
    places, total = _places(heights)
    axes = canvas.axes(min(MOST, total + 0.62 + (0.2 if lanes > 1 else 0)))
    canvas.plain(axes)
    marks = [mark(index, canvas.colours) for index in range(lanes)]
    for place, points in zip(places, record.points, strict=True):
        for index, point in enumerate(points):
            offset = (index - (lanes - 1) / 2) * LANE
            _point(axes, canvas, point, place + offset, marks[index])
    _rows(axes, labels, places, heights, total, canvas)
    axes.set_xlabel(canvas.label(record.axis, 48 if canvas.is_narrow else 96), loc="left")
    axes.xaxis.set_major_formatter(canvas.tick)
    highest = max(
        (v for row in record.points for p in row for v in (p.value, p.high) if v is not None), default=0
    )
    if record.percent:
        axes.set_xlim(-1.2, min(101.2, max(10.0, highest * 1.06)))
    else:
        axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    axes.locator_params(axis="x", nbins=5 if canvas.is_narrow else 7)
    canvas.legend([_handle(each) for each in marks], list(record.series))


def forest(canvas: Canvas, record: Forest) -> None:
    labels = [canvas.label(text) for text in record.rows]
    heights = [_row_height(canvas, label, 1) for label in labels]
    places, total = _places(heights)
    axes = canvas.axes(min(MOST, total + 0.62))
    canvas.plain(axes)
    if record.log:
        axes.set_xscale("log")
    for value in record.marks:
        axes.axvline(value, color=canvas.colours.ink_2, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    look = mark(0, canvas.colours)
    low, high = record.ends or _ends(record)
    axes.set_xlim(low, high)
    for place, point in zip(places, record.points, strict=True):
        if point.value is not None:
            _point(axes, canvas, point, place, look, inside=(low, high))
    _rows(axes, labels, places, heights, total, canvas)
    axes.set_xlabel(canvas.label(record.axis, 48 if canvas.is_narrow else 96), loc="left")
    ticks = _log_ticks(low, high) if record.log else None
    if ticks:
        axes.set_xticks(ticks, minor=False)
        axes.set_xticks([], minor=True)
    axes.xaxis.set_major_formatter(
        (lambda value, _place: coefficient(canvas.tick(value))) if record.coefficient else canvas.tick
    )
    right = axes.secondary_yaxis("right")
    right.spines["right"].set_visible(False)
    right.tick_params(length=0)
    room = 18 if canvas.is_narrow else 34
    right.set_yticks(places, [canvas.label(record.said(point), room, 2) for point in record.points])
    right.set_ylim(axes.get_ylim())


def coefficient(text: str) -> str:
    """As the field writes what cannot exceed one: .86, with a full stop in Dutch too."""
    text = text.replace(",", ".").replace("-", "−")
    return text.replace("0.", ".", 1) if text.lstrip("−").startswith("0.") else text


def _ends(record: Forest) -> tuple[float, float]:
    found = [v for point in record.points for v in (point.low, point.value, point.high) if v is not None]
    found = [value for value in [*found, *record.marks] if not record.log or value > 0]
    if not found:
        return (0.1, 10.0) if record.log else (0.0, 1.0)
    if record.log:
        return max(1e-3, min(found)) / 1.4, min(1e3, max(found)) * 1.4
    room = (max(found) - min(found) or 1.0) * 0.06
    return min(found) - room, max(found) + room


def _log_ticks(low: float, high: float) -> list[float]:
    steps = [factor * 10.0**power for power in range(-3, 4) for factor in (1, 2, 5)]
    inside = [step for step in steps if low <= step <= high]
    return inside if len(inside) <= 8 else [step for step in inside if f"{step:e}".startswith("1.0")]


def _row_height(canvas: Canvas, label: str, lanes: int) -> float:
    lines = label.count("\n") + 1
    return max(lanes * LANE, lines * canvas.size * 1.25 / 72) + GAP


def _places(heights: list[float]) -> tuple[list[float], float]:
    """Where the middle of each row is, in inches from the top, and how high all are together."""
    places, at = [], 0.0
    for height in heights:
        places.append(at + height / 2)
        at += height
    return places, at


def _rows(
    axes: Axes, labels: list[str], places: list[float], heights: list[float], total: float, canvas: Canvas
) -> None:
    axes.set_ylim(max(total, 0.2), 0)
    axes.set_yticks(places, labels)
    at = 0.0
    for height in heights[:-1]:
        at += height
        axes.axhline(at, color=canvas.colours.line, linewidth=0.6, zorder=0)


def _point(
    axes: Axes,
    canvas: Canvas,
    point: Point,
    place: float,
    look: Mark,
    *,
    inside: tuple[float, float] | None = None,
) -> None:
    if point.value is None:
        if point.note:
            axes.annotate(
                canvas.label(point.note, 44, 1),
                (0.0, place),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                fontsize=canvas.size - 1,
                color=canvas.colours.ink_2,
            )
        return
    low, high = point.low, point.high
    if low is not None and high is not None:
        axes.plot(
            [low, high], [place, place], color=look.colour, linewidth=1.3, solid_capstyle="butt", zorder=2
        )
        for bound, way, end in ((low, "<", 0), (high, ">", 1)):
            if inside and not inside[0] <= bound <= inside[1]:
                axes.plot([inside[end]], [place], marker=way, color=look.colour, markersize=4, clip_on=False)
    axes.plot([point.value], [place], **_shape(look), zorder=3, clip_on=False)


def _shape(look: Mark) -> dict[str, Any]:
    size = {"D": 4.4, "o": 5.4, "s": 4.8}.get(look.marker, 5.4)
    return {
        "linestyle": "none",
        "marker": look.marker,
        "markersize": size,
        "markerfacecolor": look.fill,
        "markeredgecolor": look.colour,
        "markeredgewidth": 1.2,
    }


def _handle(look: Mark) -> Any:
    from matplotlib.lines import Line2D

    return Line2D(
        [],
        [],
        color=look.colour,
        linewidth=1.3,
        **{k: v for k, v in _shape(look).items() if k != "linestyle"},
    )
