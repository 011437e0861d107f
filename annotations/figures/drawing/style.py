"""Colours, marks, dashes and hatches: what tells series apart, in colour and in grey.

Colours are those of the design tokens (static/annotations/css/tokens.css): a figure looks like its page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOKENS = Path(__file__).resolve().parents[3] / "static/annotations/css/tokens.css"
_TOKEN = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
SERIES = ("accent", "warn", "identity", "good", "neutral", "contact")
MARKERS = "oDs^vP"
DASHES: tuple[tuple[int, tuple[float, ...]], ...] = (
    (0, ()),
    (0, (4, 1.6)),
    (0, (1, 1.2)),
    (0, (5, 1.4, 1, 1.4)),
    (0, (2.5, 1)),
    (0, (7, 1.4)),
)
HATCHES = ("", "//////", "......", "xxxxx", "\\\\\\\\\\\\", "-----")


@dataclass(frozen=True)
class Palette:
    """The colours of a figure in one theme."""

    ink: str
    ink_2: str
    line: str
    strong: str
    ground: str
    shade: str
    series: tuple[str, ...]


@cache
def palette(theme: str) -> Palette:
    """`theme`: light, dark, or print (light on white)."""
    pairs = {name: colours for name, *colours in _TOKEN.findall(TOKENS.read_text(encoding="utf-8"))}
    of = {name: colours[theme == "dark"] for name, colours in pairs.items()}
    return Palette(
        of["ink"],
        of["ink-2"],
        of["line"],
        of["line-control"],
        of["sheet"],
        of["accent-ground"],
        tuple(of[name] for name in SERIES),
    )


@dataclass(frozen=True)
class Mark:
    """How one series is drawn. Every second one is hollow, so that print in grey keeps them apart."""

    colour: str
    fill: str
    marker: str
    dash: tuple[int, tuple[float, ...]]
    hatch: str


def mark(index: int, colours: Palette) -> Mark:
    place = index % len(SERIES)
    colour = colours.series[place]
    fill = colours.ground if place % 2 else colour
    return Mark(colour, fill, MARKERS[place], DASHES[place], HATCHES[place])
