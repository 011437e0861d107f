"""From a record to the bytes of an SVG, PNG or PDF: one way of drawing for the page and for the file."""

from __future__ import annotations

import io
import os
import tempfile
import threading
import warnings
from pathlib import Path
from typing import Any

from ..records import Drawable
from .canvas import Canvas, Look, cleaned, wrapped
from .painters import PAINTERS
from .style import palette

FORMATS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
WIDTHS = {"column": 88.0, "page": 180.0}
"""Millimetres: one column of a journal, and both."""
THEMES = ("light", "dark", "print")
DPI = 300
INCH = 25.4
_ONE_AT_A_TIME = threading.Lock()
"""matplotlib's caches of fonts are shared by all threads."""


def draw(record: Drawable, format: str, look: Look | None = None) -> bytes:
    """The figure as a file. The same record gives the same bytes. `format`: one of FORMATS.

    Fonts are embedded: in PDF as TrueType (type 42), in SVG as outlines. Texts are drawn letter by letter as
    they are: nothing in them is a formula or an instruction.
    """
    look = look or Look()
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        matplotlib = _loaded()
        with matplotlib.rc_context(_settings(look)):
            return _drawn(record, format, look)


def _drawn(record: Drawable, format: str, look: Look) -> bytes:
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    width = WIDTHS[look.width] / INCH
    layout = ConstrainedLayoutEngine(w_pad=0.03, h_pad=0.03)
    figure = Figure(figsize=(width, 3), layout=layout)
    colours = palette(look.theme)
    canvas = Canvas(record, look, colours, figure, 7.0 if look.width == "column" else 8.0, width)
    if look.theme == "print":
        canvas.title = wrapped(record.title, 50 if canvas.is_narrow else 92, 4)
    PAINTERS[record.kind](canvas, record)
    canvas.finish()
    target = io.BytesIO()
    dates = {"pdf": {"CreationDate": None, "ModDate": None}, "svg": {"Date": None}}.get(format, {})
    names = {"pdf": {"Title": cleaned(record.title)}, "svg": {"Title": cleaned(record.title)}}.get(format, {})
    figure.savefig(target, format=format, metadata={**dates, **names} or None, dpi=DPI)
    return target.getvalue()


def _loaded() -> Any:
    """matplotlib, with a folder for its caches that it may write to."""
    if "MPLCONFIGDIR" not in os.environ:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        if not os.access(home if home.exists() else home.parent, os.W_OK):
            os.environ["MPLCONFIGDIR"] = tempfile.mkdtemp(prefix="matplotlib-")
    import matplotlib

    matplotlib.use("agg", force=False)
    return matplotlib


def _settings(look: Look) -> dict[str, Any]:
    colours = palette(look.theme)
    size = 7.0 if look.width == "column" else 8.0
    is_file = look.theme == "print"
    return {
        "font.family": ["DejaVu Sans"],
        "font.size": size,
        "axes.labelsize": size,
        "axes.titlesize": size + 1,
        "figure.titlesize": size + 1,
        "legend.fontsize": size,
        "xtick.labelsize": size,
        "ytick.labelsize": size,
        "text.parse_math": False,
        "text.usetex": False,
        "axes.unicode_minus": True,
        "axes.formatter.use_mathtext": False,
        "text.color": colours.ink,
        "axes.labelcolor": colours.ink_2,
        "axes.edgecolor": colours.strong,
        "xtick.color": colours.strong,
        "ytick.color": colours.strong,
        "xtick.labelcolor": colours.ink_2,
        "ytick.labelcolor": colours.ink,
        "axes.linewidth": 0.7,
        "hatch.linewidth": 0.6,
        "lines.linewidth": 1.2,
        "legend.frameon": False,
        "legend.handlelength": 2.2,
        "legend.borderaxespad": 0.2,
        "legend.borderpad": 0.2,
        "figure.facecolor": "#ffffff" if is_file else "none",
        "savefig.facecolor": "#ffffff" if is_file else "none",
        "axes.facecolor": "none",
        "svg.fonttype": "path",
        "svg.hashsalt": "webcare_coding",
        "pdf.fonttype": 42,
        "pdf.compression": 6,
    }
