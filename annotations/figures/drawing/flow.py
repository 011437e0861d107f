"""Boxes from top to bottom, and beside each step what left there and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..numbers import written
from ..records import Flow

if TYPE_CHECKING:
    from .canvas import Canvas

ARROW = 0.2


def flow(canvas: Canvas, record: Flow) -> None:
    line = canvas.size * 1.35 / 72
    room = 24 if canvas.is_narrow else 42
    boxes = [
        (
            canvas.label(f"{step.label}: {_n(step.count, record)}", room, 4),
            [
                canvas.label(f"{reason}: {written(count, 0, record.language)}", room, 3)
                for reason, count in step.left
            ],
        )
        for step in record.steps
    ]
    heights = []
    for text, left in boxes:
        lines = max(text.count("\n") + 1, sum(each.count("\n") + 1 for each in left))
        heights.append(lines * line + 0.16)
    total = sum(heights) + ARROW * max(0, len(boxes) - 1)
    axes = canvas.axes(max(0.5, total + 0.1))
    axes.set_axis_off()
    axes.set_xlim(0, 100)
    axes.set_ylim(total, 0)
    at = 0.0
    has_left = any(left for _text, left in boxes)
    right = 47 if has_left else 100
    for index, ((text, left), height) in enumerate(zip(boxes, heights, strict=True)):
        _box(axes, canvas, 0, at, right, height, text, is_main=True)
        if left:
            _box(axes, canvas, 54, at, 100, height, "\n".join(left), is_main=False)
            _arrow(axes, canvas, (right, at + height / 2), (54, at + height / 2))
        if index + 1 < len(boxes):
            middle = right / 2
            _arrow(axes, canvas, (middle, at + height), (middle, at + height + ARROW))
        at += height + ARROW


def _n(count: int, record: Flow) -> str:
    return f"n = {written(count, 0, record.language)}".replace(" ", "\N{NO-BREAK SPACE}")


def _box(
    axes: Any,
    canvas: Canvas,
    left: float,
    top: float,
    right: float,
    height: float,
    text: str,
    *,
    is_main: bool,
) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            (left, top),
            right - left,
            height,
            facecolor=canvas.colours.shade if is_main else "none",
            edgecolor=canvas.colours.strong,
            linewidth=0.8,
            linestyle="-" if is_main else (0, (3, 2)),
            clip_on=False,
        )
    )
    axes.text(
        left + 1.5, top + height / 2, text, va="center", ha="left", linespacing=1.35, color=canvas.colours.ink
    )


def _arrow(axes: Any, canvas: Canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": canvas.colours.ink_2,
            "linewidth": 0.9,
            "shrinkA": 0,
            "shrinkB": 0,
        },
        annotation_clip=False,
    )
