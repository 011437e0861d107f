"""Bars from left to right, side by side or on top of one another, told apart by their hatch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..numbers import written
from ..records import Bars
from .dots import GAP, LANE, MOST
from .style import mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .canvas import Canvas

ROOM_FOR_A_NUMBER = 9.0
"""Percent of the axis that a bar must be long to hold its number."""


def bars(canvas: Canvas, record: Bars) -> None:
    labels = [
        canvas.label(
            f"{text} (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{record.of[index]})" if record.of else text
        )
        for index, text in enumerate(record.rows)
    ]
    lanes = 1 if record.stacked else max(1, len(record.series))
    pitch = max(
        lanes * LANE * 1.15, max((t.count("\n") + 1 for t in labels), default=1) * canvas.size * 1.25 / 72
    )
    pitch += GAP
    total = pitch * max(1, len(labels))
    axes = canvas.axes(min(MOST, total + 0.62 + (0.2 if len(record.series) > 1 else 0)))
    canvas.plain(axes)
    axes.set_ylim(total, 0)
    places = [pitch * (index + 0.5) for index in range(len(labels))]
    axes.set_yticks(places, labels)
    _stacked(axes, canvas, record, places) if record.stacked else _grouped(axes, canvas, record, places)
    axes.set_xlabel(canvas.label(record.axis, 48 if canvas.is_narrow else 96), loc="left")
    axes.xaxis.set_major_formatter(canvas.tick)
    axes.locator_params(axis="x", nbins=5 if canvas.is_narrow else 7)
    canvas.legend([_handle(canvas, index) for index in range(len(record.series))], list(record.series))


def _stacked(axes: Axes, canvas: Canvas, record: Bars, places: list[float]) -> None:
    left = [0.0] * len(places)
    for index in range(len(record.series)):
        values = [row[index] or 0.0 for row in record.values]
        _bars(axes, canvas, index, places, values, 0.22, left)
        left = [start + value for start, value in zip(left, values, strict=True)]
    longest = max(left, default=0) or 1.0
    axes.set_xlim(0, 100 if record.percent else longest * 1.02)
    for place, row in zip(places, record.values, strict=True):
        at = 0.0
        for value in row:
            if value and 100 * value / longest >= ROOM_FOR_A_NUMBER:
                _number(axes, canvas, record, at + value / 2, place, value, on_bar=True)
            at += value or 0.0


def _grouped(axes: Axes, canvas: Canvas, record: Bars, places: list[float]) -> None:
    lanes = max(1, len(record.series))
    lane = LANE * 1.15
    longest = max((value for row in record.values for value in row if value), default=0) or 1.0
    for index in range(lanes):
        offset = (index - (lanes - 1) / 2) * lane
        shifted = [place + offset for place in places]
        values = [row[index] for row in record.values]
        _bars(axes, canvas, index, shifted, [value or 0.0 for value in values], lane * 0.8, None)
        for place, value in zip(shifted, values, strict=True):
            if value is not None:
                _number(axes, canvas, record, value, place, value, on_bar=False)
    axes.set_xlim(0, longest * 1.14)


def _bars(
    axes: Axes,
    canvas: Canvas,
    index: int,
    places: list[float],
    values: list[float],
    height: float,
    left: list[float] | None,
) -> None:
    look = mark(index, canvas.colours)
    axes.barh(
        places,
        values,
        height=height,
        left=left or 0,
        facecolor=look.colour if not look.hatch else canvas.colours.ground,
        edgecolor=look.colour,
        hatch=look.hatch,
        linewidth=0.8,
        zorder=2,
    )


def _number(
    axes: Axes, canvas: Canvas, record: Bars, at: float, place: float, value: float, *, on_bar: bool
) -> None:
    axes.annotate(
        written(value, 0, record.language),
        (at, place),
        xytext=(0 if on_bar else 3, 0),
        textcoords="offset points",
        ha="center" if on_bar else "left",
        va="center",
        fontsize=canvas.size - 1,
        color=canvas.colours.ink,
        zorder=4,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": canvas.colours.ground, "edgecolor": "none"}
        if on_bar
        else None,
    )


def _handle(canvas: Canvas, index: int) -> object:
    from matplotlib.patches import Patch

    look = mark(index, canvas.colours)
    return Patch(
        facecolor=look.colour if not look.hatch else canvas.colours.ground,
        edgecolor=look.colour,
        hatch=look.hatch,
        linewidth=0.8,
    )
