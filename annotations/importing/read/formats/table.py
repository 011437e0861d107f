"""Tables: CSV, TSV and spreadsheets, by their columns; known exports are presets of the same reader."""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

from annotations.importing.read.cells import CellProblem, RowMaker
from annotations.importing.read.columns import guess_columns
from annotations.importing.read.formats.base import Head, Recognition, shown_name
from annotations.importing.read.json_table import flat, records_in
from annotations.importing.read.layout import HEADER_WITHIN, Layout, best_header, layout_of
from annotations.importing.read.presets import PRESETS, Preset, preset_for
from annotations.importing.read.rows import MessageRow, Problem, Read, ReadOptions, Tally
from annotations.importing.read.tables import Row, guess_delimiter, is_spreadsheet, rows_of

NOT_TEXT = re.compile("[\x01-\x08\x0e-\x1f]")
SHOWN = 30
MOST_BELOW = 20


class TableReader:
    """A table by column mapping; with a preset, an export whose columns are known."""

    def __init__(self, preset: Preset | None = None):
        self.preset = preset
        self.name = preset.name if preset else "csv"
        self.label = preset.label if preset else "CSV, TSV, XLSX, JSON"

    def sniff(self, head: Head) -> Recognition | None:
        if head.first is not None:
            return None if self.preset or head.names else _sniff_records(head)
        header = head.remembered("header", lambda: header_of(head))
        if len(header) < 2:
            return None
        preset = preset_for(header)
        if self.preset:
            if preset is not self.preset:
                return None
            return Recognition(0.95, "header", {"columns": ", ".join(self.preset.signature)})
        columns = guess_columns(header)
        if "text" in columns and ("id" in columns or "permalink" in columns):
            return Recognition(
                0.6, "guessed_header", {"columns": ", ".join(header[i] for i in columns.values())}
            )
        return Recognition(0.2, "table", {"columns": ", ".join(header[:SHOWN])})

    def layout(
        self, path: Path, options: ReadOptions, tally: Tally
    ) -> tuple[Layout | Problem, Generator[Row | Problem]]:
        """What is where in the table, and its rows after those that were looked at."""
        name = shown_name(path, options)
        rows = rows_of(path, options, tally, name)
        return layout_of(rows, options, self.preset, name), rows

    def read(self, path: Path, options: ReadOptions, tally: Tally) -> Read:
        name = shown_name(path, options)
        layout, rows = self.layout(path, options, tally)
        if isinstance(layout, Problem):
            yield from tally.notes
            yield layout
            return
        yield from [*tally.notes, *layout.notes, *layout.refused]
        if layout.refused:
            return
        ahead = [row[1] for row in layout.ahead if not isinstance(row, Problem)]
        sample = [layout.widen(cells) for cells in ahead if len(cells) >= layout.width]
        maker = RowMaker(layout.header, layout.columns, layout.preset, options, tally, name, sample)
        yield from maker.notes
        yield from _messages(chain(layout.ahead, rows), layout, maker, tally, name)
        yield from maker.notes_after()


def _sniff_records(head: Head) -> Recognition | None:
    """Objects of a program we do not know, with a text and an id: a table, when no reader knows better."""
    records = records_in(head.first)
    header = list(flat(records[0])) if records else []
    columns = guess_columns(header)
    if "text" not in columns or not columns.keys() & {"id", "permalink"}:
        return None
    found = ", ".join(header[i] for i in columns.values())
    return Recognition(0.5, "guessed_header", {"columns": found})


def _messages(
    rows: Iterator[Row | Problem], layout: Layout, maker: RowMaker, tally: Tally, name: str
) -> Iterator[MessageRow | Problem]:
    width = layout.width
    below: list[Problem] = []  # rows that hold one thing only: a total or a remark, if no message follows
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        line, cells = row
        if not any(cells):
            tally.blank_rows += 1
            continue
        if width > 2 and sum(map(bool, cells)) == 1 and not any(cells[layout.columns["text"] :][:1]):
            below.append(_no_row(name, line, cells, layout))
            continue
        yield from below
        below.clear()
        if len(cells) != width:
            if len(cells) < width or any(cells[width:]):
                yield Problem(name, line, "field_count", params={"found": len(cells), "expected": width})
                continue
            cells = cells[:width]
        tally.rows += 1
        try:
            yield maker.row(line, layout.widen(cells))
        except CellProblem as why:
            yield Problem(name, line, why.code, params=why.params)
    if len(below) <= MOST_BELOW:
        tally.repairs["footer_rows"] += len(below)
    else:
        yield from below
    if tally.blank_rows:
        tally.repairs["blank_rows"] = tally.blank_rows


def _no_row(name: str, line: int, cells: list[str], layout: Layout) -> Problem:
    """What is wrong with a row that holds one thing only."""
    if len(cells) < layout.width:
        params = {"found": len(cells), "expected": layout.width}
        return Problem(name, line, "field_count", params=params)
    return Problem(name, line, "id_missing")


def header_of(head: Head) -> list[str]:
    """The names of the columns, found among the first rows; none where the file is no table."""
    if head.text:
        return _header_of_text(head.text)
    if head.path.is_file() and is_spreadsheet(head.path):
        rows = rows_of(head.path, ReadOptions(), Tally(), head.path.name)
        first = [row[1] for row in islice(rows, HEADER_WITHIN) if not isinstance(row, Problem)]
        return _best(first)
    return []


def _header_of_text(text: str) -> list[str]:
    if text.lstrip()[:1] in {"{", "[", "<"} or text.startswith("window."):
        return []
    lines = text.splitlines(keepends=True)[: 2 * HEADER_WITHIN]
    if lines and lines[0].lower().startswith("sep="):
        lines.pop(0)
    if lines and NOT_TEXT.search(lines[0]):
        return []
    first: list[list[str]] = []
    with suppress(csv.Error):  # what was cut off in the middle of a field
        first += islice(csv.reader(lines, delimiter=guess_delimiter(text)), HEADER_WITHIN)
    return _best(first)


def _best(rows: list[list[str]]) -> list[str]:
    index = best_header(rows)
    return [] if index is None else [cell.strip().lstrip("\ufeff") for cell in rows[index]]


READERS = [TableReader(preset) for preset in PRESETS] + [TableReader()]
