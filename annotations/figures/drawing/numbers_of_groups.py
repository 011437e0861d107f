"""Numbers per group: each one a dot, with the box of the quartiles and the line of the median."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..records import Distribution, five_numbers
from .dots import MOST
from .style import mark

if TYPE_CHECKING:
    from .canvas import Canvas

PITCH = 0.46
MOST_DOTS = 2000
"""Of a larger group the box alone is drawn, and one dot of so many."""


def distribution(canvas: Canvas, record: Distribution) -> None:
    total = PITCH * max(1, len(record.groups))
    axes = canvas.axes(min(MOST, total + 0.62))
    canvas.plain(axes)
    if record.log:
        axes.set_xscale("log")
    axes.set_ylim(total, 0)
    labels = []
    for index, (label, values) in enumerate(zip(record.groups, record.values, strict=True)):
        look, place = mark(index, canvas.colours), PITCH * (index + 0.5)
        labels.append(canvas.label(f"{label} (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{record.sizes[index]})"))
        shown = [value for value in values if value > 0] if record.log else list(values)
        if not shown:
            continue
        _low, first, middle, third, _high = five_numbers(shown)
        assert first is not None
        assert middle is not None
        assert third is not None
        axes.fill_between(
            [first, third], place - 0.11, place + 0.11, color=look.colour, alpha=0.18, linewidth=0
        )
        axes.plot([middle, middle], [place - 0.14, place + 0.14], color=look.colour, linewidth=2, zorder=4)
        every = max(1, len(shown) // MOST_DOTS)
        some = sorted(shown)[::every]
        heights = [place + 0.1 * _spread(number) for number in range(len(some))]
        axes.plot(
            some,
            heights,
            linestyle="none",
            marker=look.marker,
            markersize=2.8,
            markerfacecolor=look.fill,
            markeredgecolor=look.colour,
            markeredgewidth=0.6,
            alpha=0.75,
            zorder=3,
        )
    axes.set_yticks([PITCH * (index + 0.5) for index in range(len(labels))], labels)
    axes.set_xlabel(canvas.label(record.axis, 48 if canvas.is_narrow else 96), loc="left")
    axes.xaxis.set_major_formatter(canvas.tick)
    if record.log:
        axes.set_xticks([], minor=True)
    else:
        axes.locator_params(axis="x", nbins=5 if canvas.is_narrow else 7)


def _spread(number: int) -> float:
    """-1 to 1, the same at every drawing: the golden ratio leaves no pattern."""
    return 2 * ((number * 0.6180339887) % 1.0) - 1
