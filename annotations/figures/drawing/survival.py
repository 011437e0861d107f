"""Kaplan–Meier curves: what share is still without the event, with a band, and how many are followed."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import TYPE_CHECKING, Any

from ..records import Curve, Survival
from .style import mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .canvas import Canvas

MARGIN = 0.6
"""Inches beside the axes."""
LETTER = 0.62
"""Width of a letter, of its height."""


def survival(canvas: Canvas, record: Survival) -> None:
    rows = len(record.curves)
    axes = canvas.axes(2.5 + 0.17 * rows + 0.4)
    canvas.plain(axes, grid="y")
    low, high = _ends(record)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(0, 102)
    for index, curve in enumerate(record.curves):
        _curve(axes, canvas, curve, index, low, high)
    inside = [index for index, (place, _label) in enumerate(record.ticks) if low <= place <= high]
    kept = _apart([record.ticks[index] for index in inside], log10(high / low), canvas)
    told = [inside[index] for index in kept]
    axes.set_xticks([record.ticks[index][0] for index in told], [record.ticks[index][1] for index in told])
    axes.set_xticks([], minor=True)
    axes.tick_params(axis="x", length=3, which="major")
    axes.yaxis.set_major_formatter(
        lambda value, _place: f"{canvas.tick(value)} %" if value == 100 else canvas.tick(value)
    )
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.set_ylabel(canvas.label(record.axis, 36))
    _at_risk(axes, canvas, record, told)
    handles = [_handle(canvas, index) for index in range(rows)]
    labels = [f"{curve.label} ({curve.median})" if curve.median else curve.label for curve in record.curves]
    if rows == 1:
        axes.set_title(canvas.label(labels[0], 60), loc="left", fontsize=canvas.size)
    canvas.legend(handles, labels)


def _apart(ticks: Sequence[tuple[float, str]], decades: float, canvas: Canvas) -> list[int]:
    """Which ticks have room for their words: from the last one back, for that tells how long was looked."""
    inches = canvas.width - MARGIN
    kept: list[int] = []
    edge = float("inf")
    for index in range(len(ticks) - 1, -1, -1):
        place, label = ticks[index]
        middle = log10(place / ticks[0][0]) / decades * inches
        half = len(label) * canvas.size * LETTER / 72 / 2
        if middle + half <= edge:
            kept.append(index)
            edge = middle - half - canvas.size / 72
    return kept[::-1]


def _ends(record: Survival) -> tuple[float, float]:
    times = [time for curve in record.curves for time in (*curve.times, *curve.censored) if time > 0]
    times += [place for place, _label in record.ticks if place > 0]
    if not times:
        return 1.0, 60.0
    low, high = max(0.5, min(times)), max(times)
    return low * 0.9, max(high * 1.2, low * 2)


def _curve(axes: Axes, canvas: Canvas, curve: Curve, index: int, start: float, end: float) -> None:
    look = mark(index, canvas.colours)
    times = [start, *(max(start, time) for time in curve.times), end]
    last = len(curve.shares) - 1
    shares = [
        100.0,
        *(100 * share for share in curve.shares),
        100 * curve.shares[last] if curve.shares else 100.0,
    ]
    low = [100.0, *(100 * share for share in curve.low), 100 * curve.low[last] if curve.low else 100.0]
    high = [100.0, *(100 * share for share in curve.high), 100 * curve.high[last] if curve.high else 100.0]
    axes.fill_between(times, low, high, step="post", color=look.colour, alpha=0.14, linewidth=0)
    axes.step(times, shares, where="post", color=look.colour, linestyle=look.dash, linewidth=1.6)
    heights = []
    for time in curve.censored:
        passed = [share for at, share in zip(times, shares, strict=True) if at <= time]
        heights.append(passed[-1] if passed else 100.0)
    axes.plot(curve.censored, heights, linestyle="none", marker="|", markersize=4, color=look.colour)


def _at_risk(axes: Axes, canvas: Canvas, record: Survival, told: Sequence[int]) -> None:
    """Numbers under the axis, each under its tick, a row per curve with its mark before it."""
    if not any(curve.at_risk for curve in record.curves):
        return
    step = canvas.size * 1.45
    below = axes.get_xaxis_transform()
    first = -(canvas.size * 2.3 + 6)
    _under(axes, canvas, canvas.label(record.still, 60, 1), 0, first, ha="left")
    for index, curve in enumerate(record.curves):
        look = mark(index, canvas.colours)
        down = first - (index + 1) * step
        sign = "■" if index % 2 == 0 else "□"
        _under(axes, canvas, sign, 0, down, beside=-12, color=look.colour)
        for tick in told:
            if tick < len(curve.at_risk):
                place, count = record.ticks[tick][0], curve.at_risk[tick]
                _under(axes, canvas, str(count), place, down, xycoords=below)


def _under(
    axes: Axes,
    canvas: Canvas,
    text: str,
    at: float,
    down: float,
    *,
    beside: float = 0,
    ha: str = "center",
    color: str = "",
    xycoords: Any = "axes fraction",
) -> None:
    """A text so many points below the axis."""
    axes.annotate(
        text,
        (at, 0),
        xytext=(beside, down),
        xycoords=xycoords,
        textcoords="offset points",
        va="center",
        ha=ha,
        fontsize=canvas.size,
        color=color or canvas.colours.ink_2,
        annotation_clip=False,
    )


def _handle(canvas: Canvas, index: int) -> object:
    from matplotlib.lines import Line2D

    look = mark(index, canvas.colours)
    return Line2D([], [], color=look.colour, linestyle=look.dash, linewidth=1.6)
