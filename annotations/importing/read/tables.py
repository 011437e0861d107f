"""Rows of a table, whatever holds it: CSV, TSV or a spreadsheet. Streams; a row is (line, cells as text)."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator
from pathlib import Path

from annotations.importing.read.rows import Problem, ReadOptions, Tally
from annotations.importing.read.textfile import lines, survey
from annotations.importing.read.workbooks import (
    WorkbookTooLarge,
    WorkbookUnreadable,
    is_workbook,
    workbook_rows,
)

# Python's own limit of 131,072 characters is less than a long mail pasted into a cell.
LONGEST_CELL = 1 << 24
csv.field_size_limit(LONGEST_CELL)

DELIMITERS = (",", ";", "\t", "|")
Row = tuple[int, list[str]]


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
    if is_workbook(path):
        yield from _workbook_rows(path, options, tally, name)
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


def _workbook_rows(
    path: Path, options: ReadOptions, tally: Tally, name: str
) -> Generator[Row | Problem, None, None]:
    try:
        for row in workbook_rows(path, options.sheet):
            tally.bytes_read += 1
            yield row
    except WorkbookTooLarge:
        yield Problem(name, 0, "workbook_too_large", "file")
    except (WorkbookUnreadable, OSError) as why:
        yield Problem(name, 0, "not_readable", "file", {"why": str(why)})


def first_row(path: Path) -> list[str] | Problem:
    """The first row of a workbook with something in it, or why there is none."""
    rows = _workbook_rows(path, ReadOptions(), Tally(), path.name)
    try:
        found = next((one for one in rows if isinstance(one, Problem) or any(one[1])), None)
    finally:
        rows.close()
    if isinstance(found, Problem):
        return found
    return found[1] if found else []
