"""Every kind of figure as a file: what is in it, and what is not."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image
from pypdf import PdfReader

from annotations.figures.drawing import FORMATS, WIDTHS, Look, draw
from annotations.figures.drawing.style import SERIES, mark, palette
from annotations.figures.drawing.survival import _apart
from annotations.figures.records import (
    KINDS,
    Bars,
    Curve,
    Distribution,
    Dots,
    Drawable,
    Flow,
    Forest,
    HeatMap,
    Point,
    Progress,
    Step,
    Survival,
    Trend,
    as_json,
    coefficients,
    from_json,
    key_of,
)

pytestmark = pytest.mark.pure

HOSTILE = "</svg><script>alert(1)</script> $\\frac{1}{2}$ -- \u202e\x00 \"&amp;' =1+1 \U0001f600"
MATPLOTLIBS = {"svg", "g", "path", "defs", "use", "style", "clipPath", "rect", "pattern", "title"}
MATPLOTLIBS |= {"metadata", "RDF", "Work", "type", "format", "creator", "Agent"}
P = Point
RECORDS: list[Drawable] = [
    Dots(
        "t",
        "x",
        rows=("a", HOSTILE),
        series=("één", "twee"),
        points=((P(32, 20.8, 45.8, "16 / 50"), P(0, 0, 7)), (P(note="niet"), P())),
    ),
    Bars(
        "t",
        "x",
        rows=("a", "b"),
        series=("één", HOSTILE),
        values=((40, 60), (None, 100)),
        of=(5, 6),
        stacked=True,
    ),
    Bars("t", "x", rows=("a",), series=("één", "twee"), values=((4, 6),), percent=False),
    Distribution("t", "minuten", groups=("a", "leeg"), values=((1.0, 3.0, 200.0), ()), log=True),
    Survival(
        "t",
        "%",
        curves=(
            Curve(HOSTILE, (5, 60), (0.5, 0.2), (0.3, 0.1), (0.7, 0.4), (80,), "mediaan 5 min", (2, 1)),
            Curve("b", (), (), (), ()),
        ),
        ticks=((5, "5 min"), (60, "1 uur")),
        still="over",
    ),
    HeatMap("t", "%", rows=("a", HOSTILE), columns=("A–B", "A–C"), values=((0, 50), (None, 100))),
    Forest(
        "t",
        "α",
        rows=("a", "b"),
        points=(P(0.86, -0.9, 1.0), P(note="constant")),
        marks=(0.667, 0.8),
        ends=(-0.2, 1.0),
        coefficient=True,
    ),
    Forest("t", "OR", rows=("a",), points=(P(1.88, 0.76, 4.69),), marks=(1.0,), log=True),
    Flow("t", "", steps=(Step("gezien", 981, ((HOSTILE, 3),)), Step("over", 100))),
    Trend(
        "t",
        "α",
        moments=("1", "2"),
        series=("a", "b"),
        points=((P(0.5, 0.3, 0.7), P(0.8)), (P(), P(0.6))),
        marks=(0.8,),
    ),
    Progress(
        "t",
        "gesprekken",
        days=("2026-11-11", "2026-11-12"),
        done=(8, 12),
        total=40,
        expected="2026-11-14",
        earliest="2026-11-13",
        latest="2026-11-20",
        words=(("target", HOSTILE), ("done", "20")),
    ),
]


def test_every_kind_is_here() -> None:
    assert {record.kind for record in RECORDS} == set(KINDS)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.kind)
def test_a_figure_is_a_whole_file_in_every_format_and_holds_no_words_of_strangers_as_markup(
    record: Drawable,
) -> None:
    svg = draw(record, "svg", Look("dark", "page"))
    root = ElementTree.fromstring(svg)
    tags = {element.tag.split("}")[1] for element in root.iter() if isinstance(element.tag, str)}
    assert tags <= MATPLOTLIBS
    assert b"<script" not in svg
    assert b" onload" not in svg


@pytest.mark.parametrize("record", RECORDS[:1] + RECORDS[6:7], ids=lambda record: record.kind)
def test_a_pdf_holds_its_fonts_and_has_the_width_of_a_column(record: Drawable) -> None:
    page = PdfReader(io.BytesIO(draw(record, "pdf"))).pages[0]
    assert round(float(page.mediabox.width) * 25.4 / 72) == WIDTHS["column"]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert font["/Subtype"] == "/Type0"  # TrueType outlines: type 42
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert descriptor["/FontFile2"].get_object().get_data()


def test_a_png_has_300_dots_per_inch_on_white() -> None:
    image = Image.open(io.BytesIO(draw(RECORDS[0], "png", Look("print", "page"))))
    assert round(image.width / (WIDTHS["page"] / 25.4)) == 300
    assert image.convert("RGBA").getpixel((1, 1)) == (255, 255, 255, 255)


def test_the_same_record_is_the_same_file() -> None:
    assert draw(RECORDS[6], "svg") == draw(RECORDS[6], "svg")


def test_formulas_are_no_instructions() -> None:
    """A dollar sign begins no formula: this one would be an error."""
    assert draw(HeatMap("$\\bad{$", "$$", rows=("$x_{$",), columns=("a",), values=((1,),)), "svg")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.kind)
def test_a_record_comes_back_from_its_file(record: Drawable) -> None:
    assert from_json(as_json(record)) == record
    assert key_of(record) == key_of(from_json(as_json(record)))


def test_a_table_says_the_same() -> None:
    header, rows = RECORDS[0].table()
    assert header == ["", "één", "twee"]
    assert rows[0] == ["a", "32,0 [20,8; 45,8] (16 / 50)", "0,0 [0,0; 7,0]"]
    assert rows[1][1:] == ["niet", "–"]
    assert RECORDS[6].table()[1] == [["a", ".86 [−.90, 1.00]"], ["b", "constant"]]
    assert RECORDS[3].table()[1][0] == ["a", "3", "3,0", "2,0; 101,5", "1,0; 200,0"]
    assert RECORDS[4].table()[1][0] == ["5 min", "50,0 % [30,0; 70,0] (n = 2)", "100 %"]
    assert RECORDS[10].table()[1][1] == ["2026-11-12", "12", "20"]
    assert coefficients(P()) == "–"


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_series_are_told_apart_in_grey_and_seen_on_the_ground(theme: str) -> None:
    colours = palette(theme)
    marks = [mark(index, colours) for index in range(len(SERIES))]
    assert len({(each.marker, each.fill == each.colour) for each in marks}) == len(SERIES)
    assert len({each.hatch for each in marks}) == len({each.dash for each in marks}) == len(SERIES)
    for colour in (*colours.series, colours.ink, colours.ink_2):
        high, low = sorted((_luminance(colour), _luminance(colours.ground)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_nothing_loads_matplotlib_before_the_first_drawing() -> None:
    """It takes some forty megabytes and most of a second; a process that draws nothing has neither."""
    script = (
        "import sys, django; django.setup(); import webcare_coding.urls, webcare_coding.wsgi;"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "from django.template.loader import get_template; get_template('annotations/figures/figure.html');"
        "import annotations.templatetags.figures;"
        "print([name for name in ('matplotlib', 'PIL', 'docx') if name in sys.modules])"
    )
    environment: dict[str, Any] = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr
    assert set(FORMATS) == {"svg", "png", "pdf"}


def test_ticks_of_a_survival_curve_are_told_where_their_words_have_room():
    ticks = [(5.0, "5 min"), (15.0, "15 min"), (60.0, "1 uur"), (1440.0, "1 dag"), (2000.0, "lang geleden")]
    wide, narrow = SimpleNamespace(width=7.0, size=8.0), SimpleNamespace(width=2.6, size=8.0)
    assert _apart(ticks[:4], 3, wide) == [0, 1, 2, 3]
    assert _apart(ticks, 3, narrow) == [0, 2, 4]
