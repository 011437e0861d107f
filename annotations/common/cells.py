"""PURE: cells that no spreadsheet takes for a formula, and how to read them back.

A CSV file says nothing about its cells, so a spreadsheet executes what looks like a formula: what begins,
after blanks and invisible characters, with = + or -, with `@NAME(`, or with a tab or another control
character. Such a cell is disarmed: it gets an apostrophe in front. A program that takes the semicolon or the
tab for the separator (Dutch Excel) also begins a field behind each of those, and behind a line break; so does
this module. Plain numbers and a text that begins with a handle stay as they are.

Where an apostrophe stands before a formula already another is added: taking one off gives every cell back
exactly.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

DISARMED = "disarmed"
"""The column that names the cells of its row which were disarmed, separated by |."""

_SEPARATOR = r"[;\t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
# Quotes and what nobody sees: a spreadsheet drops them and looks at what stands behind.
_UNSEEN = (
    rf"(?:(?!{_SEPARATOR})[\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\"])"
)
_FORMULA = rf"{_UNSEEN}*(?:[=+\-\uff1d\uff0b\uff0d]|[@\uff20][A-Za-z][\w.]*{_UNSEEN}*\()"
_AT_START = re.compile(rf"'*(?:[\x00-\x1f\x7f]|{_FORMULA})")
_BEHIND = re.compile(rf"(?<={_SEPARATOR})(?='*{_FORMULA})")
_DISARMED_BEHIND = re.compile(rf"(?<={_SEPARATOR})'(?='*{_FORMULA})")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
RESTORING = (_DISARMED_BEHIND.pattern, _AT_START.pattern)
"""For a program in another language: take off what the first finds, then the apostrophe before the second."""
_GUARDED = re.compile(r"'(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def disarm(cell: str) -> str:
    """
    >>> disarm("=1+1"), disarm("@kees_demo hoi"), disarm("@SUM(1)"), disarm("-3.5"), disarm("'t is zo")
    ("'=1+1", '@kees_demo hoi', "'@SUM(1)", '-3.5', "'t is zo")
    >>> disarm("hoi;=1+1;x")
    "hoi;'=1+1;x"
    """
    if cell.isalnum() or _NUMBER.fullmatch(cell):
        return cell
    safe = _BEHIND.sub("'", cell)
    return "'" + safe if _AT_START.match(cell) else safe


def restore(cell: str) -> str:
    """What `disarm` was given.

    >>> restore(disarm("=1+1")), restore(disarm("hoi;=1+1;x"))
    ('=1+1', 'hoi;=1+1;x')
    """
    armed = _DISARMED_BEHIND.sub("", cell)
    return armed[1:] if armed.startswith("'") and _AT_START.match(armed[1:]) else armed


def without_guard(cell: str) -> str:
    """A cell of another program, which put an apostrophe before every = + - @.

    >>> without_guard("'@kees_demo hoi"), without_guard("'t is zo")
    ('@kees_demo hoi', "'t is zo")
    """
    return cell[1:] if _GUARDED.match(cell) else cell


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, tells: bool = False, raw: bool = False
) -> Iterator[str]:
    """Lines of a CSV file in UTF-8, with commas. None becomes an empty cell, True and False 1 and 0.

    `tells` adds the column `disarmed`. `raw` disarms nothing, for programs that execute nothing. The header
    is disarmed too: columns are named after coders, and a user name may begin with + or -.
    """
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\r\n")
    safe = _as_is if raw else disarm
    tells = tells and not raw
    writer.writerow([safe(name) for name in header] + [DISARMED] * tells)
    for row in rows:
        cells = [_cell(value) for value in row]
        written = [safe(cell) if isinstance(cell, str) else cell for cell in cells]
        if tells:
            changed = [name for name, cell, was in zip(header, written, cells, strict=True) if cell != was]
            written.append(disarm("|".join(changed)))
        writer.writerow(written)
        if lines.length > 1 << 16:
            yield lines.taken()
    yield lines.taken()


def _as_is(cell: str) -> str:
    return cell


class _Lines:
    """Takes what a csv writer writes, and ends its lines with a line feed.

    The writer quotes the letters of its line terminator only, and a lone CR in a cell must be quoted as well.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def write(self, line: str) -> None:
        self.parts.append(line[:-2] + "\n")
        self.length += len(line)

    def taken(self) -> str:
        parts, self.parts, self.length = self.parts, [], 0
        return "".join(parts)


def _cell(value: object) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int) else str(value)
