"""Rows of a table, whatever holds it: CSV, TSV, a spreadsheet or records in JSON.

Streams; a row is (line, cells as text).
"""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

from annotations.importing.read.json_table import is_json_table, json_rows
from annotations.importing.read.rows import Problem, ReadOptions, Tally
from annotations.importing.read.textfile import lines, survey
from annotations.importing.read.workbooks import BadWorkbook, workbook_rows

# Python's own limit of 131,072 characters is less than a long mail pasted into a cell.
LONGEST_CELL = 1 << 24
csv.field_size_limit(LONGEST_CELL)

DELIMITERS = (",", ";", "\t", "|")
Row = tuple[int, list[str]]
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def is_spreadsheet(path: Path) -> bool:
    """Whether the file is a workbook by its content: xlsx, xlsb and ods are zips with known parts, xls has
    a signature.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(OLD_WORKBOOK):
        return True
    if not start.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return any(name.startswith("xl/") or name == "content.xml" for name in names)


def guess_delimiter(head: str) -> str:
    """The character that cuts most of the first lines into the same number of fields."""
    first = head.partition("\n")[0]
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first[4]
    sample = head.splitlines()[:40]

    def score(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if len(row) > 1)
        width, lines = max(widths.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
        return lines, width

    try:
        return max(DELIMITERS, key=score)
    except csv.Error:
        return max(DELIMITERS, key=first.count)


def rows_of(path: Path, options: ReadOptions, tally: Tally, name: str) -> Generator[Row | Problem]:
    """The rows, header first. Line numbers are those of the file's own lines (a record may span several).

    What a workbook says beside its rows (other sheets, merged cells) is in `tally.notes` from the first row
    on.
    """
    if is_spreadsheet(path):
        try:
            yield from workbook_rows(path, options.sheet, tally, name)
        except BadWorkbook as why:
            yield Problem(name, 0, why.code, "file", why.params)
    elif is_json_table(path):
        yield from json_rows(path, tally, name)
    else:
        yield from _delimited_rows(path, options, tally, name)


def _delimited_rows(path: Path, options: ReadOptions, tally: Tally, name: str) -> Generator[Row | Problem]:
    found = survey(path)
    source = lines(path, tally, options.encoding, found)
    kept: list[str] = []
    for line in source:
        kept.append(line)
        if len(kept) == 40:
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
