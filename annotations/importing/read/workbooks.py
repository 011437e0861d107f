"""PURE: whether a workbook can be opened without taking the server's memory with it.

The reader of workbooks is a library outside Python that lays a sheet out as a full rectangle, from its first
cell to its last, and ends the whole process when there is no memory for that. A workbook of one kilobyte with
a cell in the farthest corner asks for 500 GB; a sheet packed a thousand times smaller than it is does as bad.
So the parts of a workbook are looked through first, in pieces, without being kept.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

MAX_UNPACKED = 1 << 30  # bytes of all sheets together
MAX_CELLS = 20_000_000  # of the rectangle; a full sheet of a million rows with nineteen columns
PIECE = 1 << 20
LONGEST_TAG = 1 << 12

# A cell with something in it, and a row: <c r="B7" t="s">, <row r="7">. One without content ends in "/>".
_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']([A-Za-z]{1,7})(\d{1,9})[\"'][^<>]*(?<!/)>")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^<>]*?\br\s*=\s*[\"'](\d{1,9})[\"'][^<>]*(?<!/)>")
# OpenDocument says how often a cell and a row are repeated.
_REPEATED = re.compile(rb"number-(columns|rows)-repeated\s*=\s*[\"'](\d{1,9})[\"']")
_ODS_CELL = re.compile(rb"<(?:\w+:)?(table-row|table-cell)\b([^<>]*)(?<!/)>")


def is_too_large(path: Path) -> bool:
    """Whether a workbook that is a zip (xlsx, xlsb, ods) unpacks to more than the server should hold.

    Raises OSError or zipfile.BadZipFile for one that cannot be read.
    """
    if not zipfile.is_zipfile(path):
        return False  # the old xls cannot hold more than 65,536 rows of 256 cells
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        # What an entry says of its size is not what it need hold: the unpacked bytes are counted below too.
        if sum(one.file_size for one in parts) > MAX_UNPACKED:
            return True
        unpacked = 0
        for part in parts:
            if not part.filename.lower().endswith((".xml", ".bin")):
                continue
            try:
                with archive.open(part) as file:
                    size, cells = _look_through(file)
            except (zlib.error, EOFError, NotImplementedError, RuntimeError) as why:
                raise zipfile.BadZipFile(type(why).__name__) from why
            unpacked += size
            if cells > MAX_CELLS or unpacked > MAX_UNPACKED:
                return True
    return False


def _look_through(file: IO[bytes]) -> tuple[int, int]:
    """(bytes, cells of the rectangle) of one part; stops as soon as either is too many."""
    size = last_row = last_column = 0
    for piece, new in _pieces(file):
        size += new
        for letters, digits in _CELL.findall(piece):
            last_row, last_column = max(last_row, int(digits)), max(last_column, _column(letters))
        last_row = max([last_row, *map(int, _ROW.findall(piece))])
        last_row, last_column = _repeated(piece, last_row, last_column)
        if size > MAX_UNPACKED or last_row * last_column > MAX_CELLS:
            break
    return size, last_row * last_column


def _repeated(piece: bytes, rows: int, columns: int) -> tuple[int, int]:
    for _kind, attributes in _ODS_CELL.findall(piece):
        for what, times in _REPEATED.findall(attributes):
            if what == b"rows":
                rows = max(rows, int(times))
            else:
                columns = max(columns, int(times))
    return rows, columns


def _pieces(file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """(piece, new bytes in it); a tag that a border would cut in two is whole in the second piece."""
    rest = b""
    while new := file.read(PIECE):
        piece = rest + new
        yield piece, len(new)
        start = piece.rfind(b"<", len(piece) - LONGEST_TAG if len(piece) > LONGEST_TAG else 0)
        rest = piece[start:] if start >= 0 and b">" not in piece[start:] else b""


def _column(letters: bytes) -> int:
    """
    >>> _column(b"A"), _column(b"AA"), _column(b"XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
