"""The colours of the stylesheet can be read: WCAG 2.2, 4.5:1 for text and 3:1 for the borders of controls."""

import itertools
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parent.parent / "static/annotations/css/tokens.css"
COLOUR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
GROUNDS = ["paper", "sheet", "sunken", "organisation", "accent-ground"]
MEANINGS = ["good", "warn", "bad", "neutral"]
FAMILIES = ["identity", "contact", "reference", "money", "other"]
INKS = ["ink", "ink-2", "accent", "accent-strong", *MEANINGS, *FAMILIES]

TEXT = [
    *itertools.product(INKS, GROUNDS),
    *((name, f"{name}-ground") for name in (*MEANINGS, *FAMILIES)),
    *((ink, f"{name}-ground") for ink in ("ink", "ink-2") for name in MEANINGS),
    *(("ink", f"{name}-ground") for name in FAMILIES),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bad", "bad"),
]
CONTROLS = [
    *itertools.product(["line-control", "accent"], GROUNDS),
    *itertools.product([f"coder-{number}" for number in range(1, 6)], ["paper", "sheet"]),
]


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module", params=["light", "dark"])
def colours(request: pytest.FixtureRequest) -> dict[str, str]:
    group = 2 if request.param == "light" else 3
    return {match[1]: match[group] for match in COLOUR.finditer(TOKENS.read_text())}


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_text_stands_out_on_every_ground_it_is_used_on(colours: dict[str, str]) -> None:
    faint = {pair for pair in TEXT if contrast(colours[pair[0]], colours[pair[1]]) < 4.5}
    assert not faint


def test_borders_of_controls_and_lines_of_coders_stand_out(colours: dict[str, str]) -> None:
    faint = {pair for pair in CONTROLS if contrast(colours[pair[0]], colours[pair[1]]) < 3}
    assert not faint
