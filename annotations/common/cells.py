"""PURE: cells that a spreadsheet cannot take for a formula, and how to read them back.

A cell that begins with = + - @ or a control character gets an apostrophe in front, and so does one that
begins with an apostrophe already: taking one off gives every cell back exactly. Plain numbers stay.
"""

from __future__ import annotations

import csv
import io
import re
import string
from collections.abc import Iterable, Iterator, Sequence

_DANGEROUS = re.compile(r"['=+\-@\x00-\x1f\x7f\uff1d\uff0b\uff0d\uff20]")
_HARMLESS = frozenset(string.ascii_letters + string.digits) | {""}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def neutralise(cell: str) -> str:
    """
    >>> neutralise("=1+1"), neutralise("@kees_demo hoi"), neutralise("-3.5"), neutralise("'t is zo")
    ("'=1+1", "'@kees_demo hoi", '-3.5', "''t is zo")
    """
    if cell[:1] not in _HARMLESS and _DANGEROUS.match(cell) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def restore(cell: str) -> str:
    """
    >>> restore(neutralise("=1+1"))
    '=1+1'
    """
    return cell[1:] if cell.startswith("'") and _DANGEROUS.match(cell[1:]) else cell


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, excel: bool = False
) -> Iterator[str]:
    """Lines of a CSV file: comma and UTF-8, or for Dutch Excel semicolon, CRLF and a byte order mark.

    None becomes an empty cell, True and False 1 and 0. The header is neutralised too: columns are named after
    coders, and a user name may begin with @, + or -.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if excel else ",", lineterminator="\r\n" if excel else "\n")
    if excel:
        buffer.write("\ufeff")
    writer.writerow([neutralise(name) for name in header])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int) else neutralise(str(value))
