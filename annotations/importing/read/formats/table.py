"""Tables: CSV, TSV and spreadsheets, by their columns; known exports are presets of the same reader."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from annotations.importing.read.cells import CellProblem, RowMaker
from annotations.importing.read.columns import (
    FIELDS,
    PRESETS,
    Preset,
    field_name,
    find_column,
    guess_columns,
    preset_for,
)
from annotations.importing.read.formats.base import Head, Recognition, shown_name
from annotations.importing.read.repair import looks_rounded
from annotations.importing.read.rows import MessageRow, Problem, Read, ReadOptions, Tally
from annotations.importing.read.tables import Row, guess_delimiter, rows_of

LOOK_AHEAD = 2000
NOT_TEXT = re.compile("[\x01-\x08\x0e-\x1f]")
ID_FIELDS = ("id", "parent_id", "conversation_id", "author_id", "reply_to_author_id", "repost_of")


class TableReader:
    """A table by column mapping; with a preset, an export whose columns are known."""

    def __init__(self, preset: Preset | None = None):
        self.preset = preset
        self.name = preset.name if preset else "csv"
        self.label = preset.label if preset else "CSV, TSV, XLSX"

    def sniff(self, head: Head) -> Recognition | None:
        header = _header(head)
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
        return Recognition(0.2, "table", {"columns": ", ".join(header[:30])})

    def read(self, path: Path, options: ReadOptions, tally: Tally) -> Read:
        name = shown_name(path, options)
        rows = rows_of(path, options, tally, name)
        first = next((one for one in rows if isinstance(one, Problem) or any(one[1])), None)
        if first is None:
            yield Problem(name, 0, "empty_file", "file")
            return
        if isinstance(first, Problem):
            yield first
            return
        header = [cell.strip().lstrip("\ufeff") for cell in first[1]]
        problems, columns = self._columns(header, options, name)
        if problems:
            yield from problems
            return
        ahead = list(islice(rows, LOOK_AHEAD))
        sample = [one[1] for one in ahead if not isinstance(one, Problem)]
        notes, columns = _without_rounded(header, columns, sample, name)
        yield from _twice(header, columns, name)
        yield from notes
        if any(note.severity == "file" for note in notes):
            return
        maker = RowMaker(header, columns, self._preset_of(header), options, tally, name, sample)
        yield from maker.notes
        yield from self._messages(chain(ahead, rows), len(header), maker, tally, name)
        yield from maker.notes_after()

    def _messages(
        self, rows: Iterator[Row | Problem], width: int, maker: RowMaker, tally: Tally, name: str
    ) -> Iterator[MessageRow | Problem]:
        for one in rows:
            if isinstance(one, Problem):
                yield one
                continue
            line, cells = one
            if len(cells) != width:
                if not any(cells):
                    tally.blank_rows += 1
                    continue
                if len(cells) < width or any(cells[width:]):
                    yield Problem(name, line, "field_count", params={"found": len(cells), "expected": width})
                    continue
            elif not any(cells):
                tally.blank_rows += 1
                continue
            tally.rows += 1
            try:
                yield maker.row(line, cells)
            except CellProblem as why:
                yield Problem(name, line, why.code, params=why.params)
        if tally.blank_rows:
            tally.repairs["blank_rows"] = tally.blank_rows

    def _preset_of(self, header: list[str]) -> Preset | None:
        return self.preset or preset_for(header)

    def _columns(
        self, header: list[str], options: ReadOptions, name: str
    ) -> tuple[list[Problem], dict[str, int]]:
        columns = guess_columns(header, self._preset_of(header))
        shown = ", ".join(one for one in header if one)
        problems = []
        for wanted, column in options.columns.items():
            field, index = field_name(wanted), find_column(header, column)
            if field is not None and not column:  # chosen not to be read
                columns.pop(field, None)
                continue
            if field is None:
                params = {"field": wanted, "fields": ", ".join(FIELDS)}
                problems.append(Problem(name, 0, "no_such_field", "file", params))
            elif index is None:
                params = {"field": wanted, "column": column, "columns": shown}
                problems.append(Problem(name, 0, "no_such_column", "file", params))
            else:
                guessed_elsewhere = [
                    one for one, i in columns.items() if i == index and one not in options.columns
                ]
                for one in guessed_elsewhere if not self._preset_of(header) else ():
                    del columns[one]
                columns[field] = index
        for needed in ("text", "id"):
            if needed in columns or (needed == "id" and ("permalink" in columns or options.makes_ids)):
                continue
            code = "missing_id" if needed == "id" else "missing_column"
            problems.append(Problem(name, 0, code, "file", {"field": needed, "columns": shown}))
        return problems, columns


def _header(head: Head) -> list[str]:
    if head.text:
        if head.text.lstrip()[:1] in {"{", "["} or head.text.startswith("window."):
            return []
        lines = head.text.splitlines()
        if lines and lines[0].lower().startswith("sep="):
            lines.pop(0)
        if lines and NOT_TEXT.search(lines[0]):
            return []
        try:
            return next(csv.reader(lines[:1], delimiter=guess_delimiter(head.text)), [])
        except csv.Error:
            return []
    return head.row if isinstance(head.row, list) else []


def _twice(header: list[str], columns: dict[str, int], name: str) -> Iterator[Problem]:
    """Of columns with one name the first is read; that is said."""
    for index in sorted(set(columns.values())):
        if header.count(header[index]) > 1:
            yield Problem(name, 0, "column_twice", "notice", {"column": header[index]})


def _without_rounded(
    header: list[str], columns: dict[str, int], sample: list[list[str]], name: str
) -> tuple[list[Problem], dict[str, int]]:
    """Leave out id columns that a spreadsheet rounded in most of the rows; the message's own id may come
    from its link.
    """
    notes, columns = [], dict(columns)
    for field in ID_FIELDS:
        if field not in columns:
            continue
        index = columns[field]
        values = [row[index] for row in sample if index < len(row) and row[index]]
        rounded = sum(map(looks_rounded, values))
        if rounded * 2 <= len(values):
            continue
        params = {"column": header[index], "share": rounded, "checked": len(values)}
        del columns[field]
        if field != "id":
            notes.append(Problem(name, 0, "references_rounded", "notice", {**params, "field": field}))
        elif "permalink" in columns:
            notes.append(Problem(name, 0, "ids_from_link", "notice", params))
        else:
            notes.append(Problem(name, 0, "ids_rounded", "file", params))
    return notes, columns


READERS = [TableReader(preset) for preset in PRESETS] + [TableReader()]
