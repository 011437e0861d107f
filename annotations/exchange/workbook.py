"""An Excel workbook that opens right by a double click, in every language of Excel.

Cells are typed: an id is text and keeps its zeros and digits, a number is a number, a time is a time, and a
text that looks like a formula is text. Rows are written as they come (XlsxWriter's constant memory).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import isfinite
from pathlib import Path
from typing import Any

import xlsxwriter

from .table import Column, Row

MOST_ROWS = 1_048_576
"""Rows that a sheet can hold, the header among them."""
LONGEST = 32_767
"""Characters (UTF-16 units) that a cell can hold."""
WIDEST = 60
NARROWEST = 9
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LABEL = "_label"


@dataclass(frozen=True)
class Place:
    """Where a column of the table stands in the sheet, and where its labels do."""

    column: Column
    at: int
    label_at: int | None


class Workbook:
    """Sheets are added and filled one after another; `close` writes the file."""

    def __init__(self, path: Path, *, zone: tzinfo, title: str = "", made: datetime = EPOCH) -> None:
        self.zone = zone
        self.cut = 0
        """Cells that Excel cannot hold whole."""
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": str(path.parent),  # rows wait on the disk: in the export's own folder
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        # The same data give the same bytes: not the moment of writing.
        self._book.set_properties({"title": title, "created": made.astimezone(zone).replace(tzinfo=None)})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": False})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def sheet(self, name: str, columns: Sequence[Column]) -> Sheet:
        return Sheet(self, name, columns)

    def close(self) -> None:
        self._book.close()


class Sheet:
    """One table. Rows beyond what a sheet can hold go on in a next sheet with the same header."""

    def __init__(self, book: Workbook, name: str, columns: Sequence[Column]) -> None:
        self.book, self.name = book, name
        self.places: list[Place] = []
        at = 0
        for column in columns:
            has_label = bool(column.labels) and column.type != "string"
            self.places.append(Place(column, at, at + 1 if has_label else None))
            at += 2 if has_label else 1
        self.width = at
        self.part = 0
        self._begin()

    def add(self, row: Row) -> None:
        if self.row == MOST_ROWS:
            self._filter()
            self._begin()
        for place, value in zip(self.places, row, strict=True):
            self._write(place, value)
        self.row += 1

    def end(self) -> None:
        self._filter()

    def _begin(self) -> None:
        self.part += 1
        name = self.name if self.part == 1 else f"{self.name} ({self.part})"
        self.sheet = self.book._book.add_worksheet(name)
        self.sheet.freeze_panes(1, 0)
        for place in self.places:
            name = place.column.name
            self.sheet.set_column(place.at, place.at, _width(place.column))
            self.sheet.write_string(0, place.at, self._text(name), self.book._head)
            if place.label_at is not None:
                self.sheet.set_column(place.label_at, place.label_at, _label_width(place.column))
                self.sheet.write_string(0, place.label_at, self._text(name + LABEL), self.book._head)
        self.row = 1

    def _filter(self) -> None:
        if self.width:
            self.sheet.autofilter(0, 0, max(self.row - 1, 0), self.width - 1)

    def _write(self, place: Place, value: object) -> None:
        if value is None or value == "":
            return
        kind = place.column.type
        if kind == "datetime" and (at := _moment(value, self.book.zone)) is not None:
            self.sheet.write_datetime(self.row, place.at, at, self.book._time)
        elif kind in {"integer", "number"} and (number := _number(value)) is not None:
            self.sheet.write_number(self.row, place.at, number)
            if place.label_at is not None and (label := _label(place.column, number)):
                self.sheet.write_string(self.row, place.label_at, self._text(label))
        else:
            self.sheet.write_string(self.row, place.at, self._text(str(value)))

    def _text(self, text: str) -> str:
        clean = text.encode("utf-8", "replace").decode("utf-8")
        if len(clean) * 2 <= LONGEST or len(clean.encode("utf-16-le")) // 2 <= LONGEST:
            return clean
        self.book.cut += 1
        return clean.encode("utf-16-le")[: (LONGEST - 1) * 2].decode("utf-16-le", "ignore") + "…"


def _moment(value: object, zone: tzinfo) -> datetime | None:
    """A time as the clock on the wall of the study showed it: a cell of Excel has no time zone."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    at = at.astimezone(zone).replace(tzinfo=None) if at.tzinfo else at
    return at if at.year >= 1900 else None


def _number(value: object) -> float | None:
    try:
        number = float(str(int(value) if isinstance(value, bool) else value))
    except ValueError:
        return None
    return number if isfinite(number) else None


def _label(column: Column, number: float) -> str:
    return column.all_labels.get(int(number), "") if number.is_integer() else ""


def _width(column: Column) -> float:
    if column.type == "datetime":
        return 20
    wide = {"text": WIDEST, "quote": WIDEST, "value": 30}.get(column.name, 0)
    return min(max(len(column.name) + 3, NARROWEST, wide), WIDEST)


def _label_width(column: Column) -> float:
    longest: Any = max(map(len, column.all_labels.values()), default=0)
    return min(max(longest + 2, len(column.name) + len(LABEL) + 3), 40)
