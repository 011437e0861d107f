"""PURE: the flow of a screening as boxes, in the manner of PRISMA: down what stays, right what goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, MAIN, SIDE_X, SIDE = 860, 380, 450, 410
LINE, PAD, GAP = 19, 12, 30


@dataclass(frozen=True)
class Stage:
    """A box: its words, its number, and the lines of what went away before the next one."""

    label: str
    number: str
    minor: str = ""
    leaves: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    words: str
    number: str = ""


@dataclass(frozen=True)
class Box:
    y: float
    height: float
    texts: list[Text]
    is_last: bool = False


@dataclass(frozen=True)
class Figure:
    height: float
    stages: list[Box] = field(default_factory=list)
    sides: list[Box] = field(default_factory=list)
    arrows: list[tuple[float, float]] = field(default_factory=list)
    """From y to y, between the boxes of what stays."""
    turns: list[float] = field(default_factory=list)
    """Where an arrow goes to the right."""
    width: int = WIDTH
    main: int = MAIN
    middle: int = MAIN // 2
    side_x: int = SIDE_X
    side: int = SIDE


def draw_flow(stages: Sequence[Stage]) -> Figure:
    boxes: list[Box] = []
    sides: list[Box] = []
    arrows: list[tuple[float, float]] = []
    turns: list[float] = []
    y = 1.0
    for place, stage in enumerate(stages):
        height = 2 * PAD + LINE * (2 if stage.minor else 1)
        texts = [Text(PAD, y + PAD + 14, stage.label, stage.number)]
        if stage.minor:
            texts.append(Text(PAD, y + PAD + 14 + LINE, stage.minor))
        is_last = place == len(stages) - 1
        boxes.append(Box(y, height, texts, is_last))
        bottom = y + height
        if is_last:
            return Figure(bottom + 2, boxes, sides, arrows, turns)
        leaves = [leaf for leaf in stage.leaves if leaf[1]]
        side = 2 * PAD + LINE * len(leaves) if leaves else 0
        following = bottom + GAP + (side if leaves else 0) + (GAP if leaves else 0)
        if leaves:
            top = bottom + GAP
            rows = [Text(SIDE_X + PAD, top + PAD + 14 + LINE * i, *leaf) for i, leaf in enumerate(leaves)]
            sides.append(Box(top, side, rows))
            turns.append(top + side / 2)
        arrows.append((bottom, following))
        y = following
    return Figure(y, boxes, sides, arrows, turns)
