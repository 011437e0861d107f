"""What the drawing of one figure needs: the figure itself, its colours, sizes, and texts that fit."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..numbers import short
from ..records import Drawable
from .style import Palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SPACES = re.compile(r"[ \t\n\r]+")


@dataclass(frozen=True)
class Look:
    """How a figure is to appear: `theme` print has a white ground and the title in it, for a file."""

    theme: str = "print"
    width: str = "column"


@dataclass
class Canvas:
    """What the drawing of one figure needs: the figure, its colours, its sizes in inches."""

    record: Drawable
    look: Look
    colours: Palette
    figure: Figure
    size: float
    width: float
    title: str = ""
    """Drawn in a file only: on a page it stands above the figure."""
    has_title: bool = False

    @property
    def is_narrow(self) -> bool:
        return self.look.width == "column"

    @property
    def text_width(self) -> int:
        """Characters that the label of a row may take on one line."""
        return 20 if self.is_narrow else 34

    def label(self, text: str, width: int | None = None, lines: int = 3) -> str:
        """A text that is shown as it is, on as many lines as it needs but no more than `lines`."""
        return wrapped(text, width or self.text_width, lines)

    def tick(self, value: float, _position: float = 0.0) -> str:
        return short(round(value, 10), self.record.language)

    def axes(self, height: float, **options: Any) -> Axes:
        """The one axes of a figure, its drawing so many inches high."""
        self.figure.set_size_inches(self.width, height)
        return self.figure.add_subplot(**options)

    def plain(self, axes: Axes, *, grid: Literal["x", "y"] = "x") -> None:
        """No frame but the axis itself, hairlines behind."""
        for side in ("top", "right", "left" if grid == "x" else "bottom"):
            axes.spines[side].set_visible(False)
        if grid == "y":
            axes.spines["left"].set_visible(False)
            axes.spines["bottom"].set_visible(True)
        axes.grid(True, axis=grid, color=self.colours.line, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(length=0, which="both")

    def legend(self, handles: list[Any], labels: list[str]) -> None:
        """Names of the series above the drawing, side by side as far as they fit; the title is above them."""
        if len(labels) < 2:
            return
        room = 46 if self.is_narrow else 100
        columns = max(1, min(len(labels), room // (max(map(len, labels)) + 6)))
        shown = [self.label(text, 40, 2) for text in labels]
        legend = self.figure.legend(
            handles, shown, loc="outside upper left", ncols=columns, title=self.title, alignment="left"
        )
        legend.get_title().set(weight="bold", fontsize=self.size + 1, color=self.colours.ink)
        self.has_title = bool(self.title)
        rows = -(-len(shown) // columns)
        self.grow(rows - 1)

    def grow(self, lines: int) -> None:
        """Room for so many more lines of text."""
        width, height = self.figure.get_size_inches()
        self.figure.set_size_inches(width, height + lines * self.size * 1.4 / 72)

    def finish(self) -> None:
        """The title and the note of a figure that stands alone."""
        if self.title:
            self.grow(self.title.count("\n") + 1)
            if not self.has_title:
                self.figure.suptitle(self.title, x=0.01, ha="left", weight="bold", color=self.colours.ink)
        if self.look.theme == "print" and self.record.note:
            note = wrapped(self.record.note, 68 if self.is_narrow else 124, 8)
            self.grow(note.count("\n") + 1)
            self.figure.supxlabel(note, x=0.01, ha="left", fontsize=self.size - 1, color=self.colours.ink_2)


def cleaned(text: str) -> str:
    """Without what a font has no sign for: controls, marks of direction, halves of pairs."""
    kept = (character if unicodedata.category(character)[0] != "C" else " " for character in str(text))
    return _SPACES.sub(" ", "".join(kept)).strip()


def wrapped(text: str, width: int, lines: int) -> str:
    """On lines of at most so many characters; what does not fit is left out with a sign."""
    found = textwrap.wrap(cleaned(text), width, max_lines=lines, placeholder=" …")
    return "\n".join(found)
