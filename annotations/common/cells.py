"""PURE: cells that no spreadsheet takes for a formula, and how to read them back.

A spreadsheet may split a file at another separator than it was written with (Dutch Excel takes a semicolon),
so a field begins at the start of a cell and behind every separator or line break in it. A field that could be
a formula gets an apostrophe in front. Where one stands there already another is added: taking one off gives
every cell back exactly. Plain numbers stay.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

_FORMULA = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_SEPARATOR = r"[;,\t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
# Quotes and what nobody sees: a spreadsheet drops them and looks at what stands behind.
_UNSEEN = (
    rf"(?:(?!{_SEPARATOR})[\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\"])"
)
_STARTS = re.compile(rf"['\x00-\x1f\x7f]|{_UNSEEN}*{_FORMULA}")
_BEHIND = re.compile(rf"(?<={_SEPARATOR})(?='*{_UNSEEN}*{_FORMULA})")
_DISARMED_BEHIND = re.compile(rf"(?<={_SEPARATOR})'(?='*{_UNSEEN}*{_FORMULA})")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def neutralise(cell: str) -> str:
    """
    >>> neutralise("=1+1"), neutralise("@kees_demo hoi"), neutralise("-3.5"), neutralise("'t is zo")
    ("'=1+1", "'@kees_demo hoi", '-3.5', "''t is zo")
    >>> neutralise("hoi;=1+1;x")
    "hoi;'=1+1;x"
    """
    if cell.isalnum() or _NUMBER.fullmatch(cell):
        return cell
    disarmed = _BEHIND.sub("'", cell)
    return "'" + disarmed if _STARTS.match(cell) else disarmed


def restore(cell: str) -> str:
    """
    >>> restore(neutralise("=1+1")), restore(neutralise("hoi;=1+1;x"))
    ('=1+1', 'hoi;=1+1;x')
    """
    armed = _DISARMED_BEHIND.sub("", cell)
    return armed[1:] if armed.startswith("'") and _STARTS.match(armed[1:]) else armed


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, excel: bool = False
) -> Iterator[str]:
    """Lines of a CSV file: comma and UTF-8, or for Dutch Excel semicolon, CRLF and a byte order mark.

    None becomes an empty cell, True and False 1 and 0. The header is neutralised too: columns are named after
    coders, and a user name may begin with @, + or -.
    """
    lines = _Lines("\r\n" if excel else "\n")
    writer = csv.writer(lines, delimiter=";" if excel else ",", lineterminator="\r\n")
    writer.writerow([neutralise(name) for name in header])
    if excel:
        lines.parts.insert(0, "\ufeff")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if lines.length > 1 << 16:
            yield lines.taken()
    yield lines.taken()


class _Lines:
    """Takes what a csv writer writes, and ends lines its own way.

    The writer quotes the letters of its line terminator only, and a lone CR in a cell must be quoted as well.
    """

    def __init__(self, end: str) -> None:
        self.end = end
        self.parts: list[str] = []
        self.length = 0

    def write(self, line: str) -> None:
        self.parts.append(line[:-2] + self.end)
        self.length += len(line)

    def taken(self) -> str:
        parts, self.parts, self.length = self.parts, [], 0
        return "".join(parts)


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int) else neutralise(str(value))
