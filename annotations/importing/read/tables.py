"""Rows of a table, whatever holds it: CSV, TSV or a spreadsheet. Streams; a row is (line, cells as text)."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path

from annotations.importing.read.rows import Problem, ReadOptions, Tally
from annotations.importing.read.textfile import lines, survey
from annotations.importing.read.workbooks import is_too_large

# Python's own limit of 131,072 characters is less than a long mail pasted into a cell.
LONGEST_CELL = 1 << 24
csv.field_size_limit(LONGEST_CELL)

DELIMITERS = (",", ";", "\t", "|")
Row = tuple[int, list[str]]


def is_spreadsheet(path: Path) -> bool:
    """Whether the file is a workbook by its content: xlsx, xlsb and ods are zips with known parts, xls has
    a signature.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return True
    if not start.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False
    return any(name.startswith("xl/") or name == "content.xml" for name in names)


def guess_delimiter(head: str) -> str:
    """The character that cuts the header, and the lines after it, into the most equal number of fields."""
    first = head.partition("\n")[0]
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first[4]
    sample = head.splitlines()[:20]

    def score(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        width = widths[0] if widths else 0
        return (sum(one == width for one in widths) if width > 1 else 0, width)

    try:
        return max(DELIMITERS, key=score)
    except csv.Error:
        return max(DELIMITERS, key=first.count)


def rows_of(path: Path, options: ReadOptions, tally: Tally, name: str) -> Iterator[Row | Problem]:
    """The rows, header first. Line numbers are those of the file's own lines (a record may span several)."""
    if is_spreadsheet(path):
        yield from _spreadsheet_rows(path, options, tally, name)
    else:
        yield from _delimited_rows(path, options, tally, name)


def _delimited_rows(path: Path, options: ReadOptions, tally: Tally, name: str) -> Iterator[Row | Problem]:
    found = survey(path)
    source = lines(path, tally, options.encoding, found)
    kept: list[str] = []
    for line in source:
        kept.append(line)
        if len(kept) == 20:
            break
    skipped = 0
    delimiter = options.delimiter or guess_delimiter("".join(kept))
    if kept and kept[0].lower().startswith("sep="):
        kept.pop(0)
        skipped = 1

    ended = False

    def everything() -> Iterator[str]:
        nonlocal ended
        yield from kept
        yield from source
        ended = True

    reader = csv.reader(everything(), delimiter=delimiter)
    start = 1 + skipped
    try:
        for cells in reader:
            if ended:  # a whole record never needs a line after its last one
                yield Problem(name, start, "open_quote", "file")
                return
            yield start, cells
            start = reader.line_num + 1 + skipped
    except csv.Error as why:
        yield Problem(name, start, "bad_table", "file", {"why": str(why)})


def _spreadsheet_rows(path: Path, options: ReadOptions, tally: Tally, name: str) -> Iterator[Row | Problem]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if is_too_large(path):
            yield Problem(name, 0, "workbook_too_large", "file")
            return
        with CalamineWorkbook.from_path(path) as book:
            if options.sheet and options.sheet not in book.sheet_names:
                raise CalamineError(f"no sheet {options.sheet}")
            sheet = book.get_sheet_by_name(options.sheet or book.sheet_names[0])
            first = (sheet.start or (0, 0))[0] + 1
            for number, cells in enumerate(sheet.iter_rows(), first):
                tally.bytes_read += 1
                yield number, [_as_text(cell) for cell in cells]
    except (CalamineError, OSError, zipfile.BadZipFile) as why:
        yield Problem(name, 0, "not_readable", "file", {"why": str(why)})


def _as_text(cell: object) -> str:
    """A spreadsheet's cell as text. A number beyond fifteen digits is no longer the one typed in: it keeps
    its E+.
    """
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n")
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)
