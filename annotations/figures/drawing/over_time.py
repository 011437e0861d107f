"""What changes from moment to moment: lines per series, and the progress of a round with its expected end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ..numbers import day_written
from ..records import Progress, Trend
from .dots import coefficient
from .style import mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .canvas import Canvas

MOST_LABELS = {True: 5, False: 10}
"""Words under the axis, narrow or wide."""


def trend(canvas: Canvas, record: Trend) -> None:
    from matplotlib.lines import Line2D

    axes = canvas.axes(2.5)
    canvas.plain(axes, grid="y")
    for value in record.marks:
        axes.axhline(value, color=canvas.colours.ink_2, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    handles = []
    for index, points in enumerate(record.points):
        look = mark(index, canvas.colours)
        # Lines of several series at one moment stand beside one another, so that no interval hides another.
        shift = (index - (len(record.points) - 1) / 2) * 0.06
        style: dict[str, Any] = {
            "color": look.colour,
            "linestyle": look.dash,
            "marker": look.marker,
            "markersize": 4.4,
            "markerfacecolor": look.fill,
            "markeredgecolor": look.colour,
        }
        known = [
            (place + shift, point.value, point)
            for place, point in enumerate(points)
            if point.value is not None
        ]
        axes.plot([x for x, _y, _point in known], [y for _x, y, _point in known], zorder=3, **style)
        for x, _y, point in known:
            if point.low is not None and point.high is not None:
                axes.plot([x, x], [point.low, point.high], color=look.colour, linewidth=1, zorder=2)
        handles.append(Line2D([], [], **style))
    axes.set_xlim(-0.4, max(0.6, len(record.moments) - 0.6))
    if record.ends:
        axes.set_ylim(*record.ends)
    every = max(1, -(-len(record.moments) // MOST_LABELS[canvas.is_narrow]))
    shown = range(0, len(record.moments), every)
    room = max(8, (46 if canvas.is_narrow else 100) // max(1, len(shown)))
    axes.set_xticks(list(shown), [canvas.label(record.moments[place], room, 2) for place in shown])
    axes.yaxis.set_major_formatter(
        (lambda value, _place: coefficient(canvas.tick(value))) if record.coefficient else canvas.tick
    )
    axes.set_ylabel(canvas.label(record.axis, 34))
    canvas.legend(handles, list(record.series))


def progress(canvas: Canvas, record: Progress) -> None:
    axes = canvas.axes(2.4)
    canvas.plain(axes, grid="y")
    words = dict(record.words)
    days = [date.fromisoformat(day) for day in record.days]
    together, line = 0, []
    for count in record.done:
        together += count
        line.append(together)
    last = max([days[-1], *(date.fromisoformat(day) for day in (record.latest, record.expected) if day)])
    first = days[0] - timedelta(days=1)
    span = max(6, (last - first).days + 2)
    x = [(day - first).days for day in days]
    axes.bar(x, list(record.done), width=0.7, color=canvas.colours.strong, alpha=0.55, zorder=1)
    look = mark(0, canvas.colours)
    axes.plot([0, *x], [0, *line], color=look.colour, linewidth=1.8, zorder=3)
    axes.plot([x[-1]], [line[-1]], marker="o", markersize=5, color=look.colour, zorder=4)
    if record.total:
        axes.axhline(record.total, color=canvas.colours.strong, linewidth=0.9, zorder=1)
        _say(axes, canvas, words.get("target", ""), (0, record.total), (2, -canvas.size), "left")
    is_early = x[-1] < span / 3
    beside = (6.0, -canvas.size) if is_early else (-5.0, 6.0)
    _say(
        axes,
        canvas,
        words.get("done", ""),
        (x[-1], line[-1]),
        beside,
        "left" if is_early else "right",
        strong=True,
    )
    axes.set_xlim(0, span)
    axes.set_ylim(0, max(record.total, line[-1], 1) * 1.16)
    _fan(axes, canvas, record, first, (x[-1], line[-1]))
    every = max(1, span // (4 if canvas.is_narrow else 8))
    ticks = list(range(1, span, every))
    axes.set_xticks(ticks, [day_written(first + timedelta(days=place), record.language) for place in ticks])
    axes.tick_params(axis="x", length=3)
    axes.yaxis.set_major_formatter(canvas.tick)
    axes.locator_params(axis="y", nbins=5, integer=True)
    axes.set_ylabel(canvas.label(record.axis, 34))
    if words.get("legend"):
        axes.set_xlabel(canvas.label(words["legend"], 60), loc="left", fontsize=canvas.size - 0.5)


def _fan(axes: Axes, canvas: Canvas, record: Progress, first: date, now: tuple[float, float]) -> None:
    """From where the work stands to where it is expected to be done, as wide as it is uncertain."""
    if not record.expected:
        return
    place = {
        name: (date.fromisoformat(day) - first).days
        for name, day in (("at", record.expected), ("low", record.earliest), ("high", record.latest))
        if day
    }
    look = mark(0, canvas.colours)
    if "low" in place and "high" in place:
        axes.fill(
            [now[0], place["low"], place["high"]],
            [now[1], record.total, record.total],
            color=look.colour,
            alpha=0.16,
            linewidth=0,
        )
    axes.plot(
        [now[0], place["at"]], [now[1], record.total], color=look.colour, linestyle=(0, (3, 2)), linewidth=1.2
    )
    words = dict(record.words)
    # Right of the fan and below its end, where nothing else is drawn.
    right = (axes.get_xlim()[1], 0.42 * record.total)
    _say(axes, canvas, words.get("expected", ""), right, (0, 0), "right", strong=True)
    _say(axes, canvas, words.get("between", ""), right, (0, -canvas.size * 1.5), "right")


def _say(
    axes: Axes,
    canvas: Canvas,
    text: str,
    at: tuple[float, float],
    beside: tuple[float, float],
    ha: str,
    *,
    strong: bool = False,
) -> None:
    if text:
        axes.annotate(
            canvas.label(text, 60, 1),
            at,
            xytext=beside,
            textcoords="offset points",
            ha=ha,
            va="center",
            color=canvas.colours.ink if strong else canvas.colours.ink_2,
            weight="bold" if strong else "normal",
            fontsize=canvas.size - (0 if strong else 0.5),
            zorder=5,
        )
