"""A number in every cell, on a ground that is darker where the number is higher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..numbers import written
from ..records import HeatMap
from .dots import MOST

if TYPE_CHECKING:
    from .canvas import Canvas

PITCH = 0.27


def heat(canvas: Canvas, record: HeatMap) -> None:
    from matplotlib.colors import LinearSegmentedColormap, to_rgb
    from matplotlib.patches import Rectangle

    labels = [canvas.label(text, lines=2) for text in record.rows]
    tall = any("\n" in label for label in labels)
    axes = canvas.axes(min(MOST, (PITCH + 0.07 * tall) * max(1, len(labels)) + 0.75))
    ramp = LinearSegmentedColormap.from_list("heat", [canvas.colours.ground, canvas.colours.series[0]])
    for y, values in enumerate(record.values):
        for x, value in enumerate(values):
            share = 0.0 if value is None else min(1.0, max(0.0, value / record.top))
            ground = ramp(share)
            axes.add_patch(
                Rectangle((x, y), 1, 1, facecolor=ground, edgecolor=canvas.colours.line, linewidth=0.6)
            )
            dark_ground = _luminance(to_rgb(ground)) < 0.2
            text = "–" if value is None else written(value, record.decimals, record.language)
            axes.text(
                x + 0.5,
                y + 0.5,
                text,
                ha="center",
                va="center",
                color="#ffffff" if dark_ground else canvas.colours.ink if share < 0.35 else _on(ground),
            )
    axes.set_xlim(0, max(1, len(record.columns)))
    axes.set_ylim(max(1, len(labels)), 0)
    axes.set_yticks([index + 0.5 for index in range(len(labels))], labels)
    turned = len(record.columns) > (4 if canvas.is_narrow else 9)
    names = [canvas.label(text, 14, 2) for text in record.columns]
    axes.set_xticks(
        [index + 0.5 for index in range(len(names))],
        names,
        rotation=60 if turned else 0,
        ha="left" if turned else "center",
    )
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlabel(canvas.label(record.axis, 38 if canvas.is_narrow else 90), loc="left", labelpad=6)
    axes.xaxis.set_label_position("bottom")


def _luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def _on(ground: tuple[float, ...]) -> str:
    return "#000000" if _luminance((ground[0], ground[1], ground[2])) > 0.18 else "#ffffff"
