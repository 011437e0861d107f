"""The process that reads one workbook: python -m annotations.importing.read.workbook_child PATH SHEET LIMITS

It writes a line of JSON for what there is beside the rows, one for every row, and a last one to say that it
came to the end. Where anything goes wrong, it ends without that last line; nobody else is harmed.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from annotations.importing.read.layout import HEADER_WITHIN, best_header, header_score
from annotations.importing.read.workbook_links import Links

SHOWN_SHEETS = 10
LOOKED_AT = 500  # rows, to see which columns hold links


def main(path: str, sheet_name: str, limits: str) -> None:
    _limit(**json.loads(limits))
    write = sys.stdout.write
    try:
        for line in _read(path, sheet_name):
            write(json.dumps(line) + "\n")
        write('{"end": true}\n')
    except _Bad as why:
        write(json.dumps({"bad": why.args[0], "params": why.args[1]}) + "\n")
    sys.stdout.flush()


class _Bad(Exception):
    """(code, params) of the sentence for the person."""


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _read(path: str, sheet_name: str) -> Iterator[Any]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_path(path) as book:
            hidden = {
                sheet.name for sheet in book.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible
            }
            if sheet_name and sheet_name not in book.sheet_names:
                raise _Bad("no_sheet", {"sheet": sheet_name, "sheets": ", ".join(book.sheet_names)})
            name, others = (sheet_name, book.sheet_names) if sheet_name else _choose(book, hidden)
            sheet = book.get_sheet_by_name(name)
            start = sheet.start or (0, 0)
            merged = Merged(sheet.merged_cell_ranges or [], start)
            links = Links(path, list(book.sheet_names).index(name), start)
            first = [[_as_text(cell) for cell in cells] for cells in islice(sheet.iter_rows(), LOOKED_AT)]
            links.choose_columns(first)
            shown = [f"{sheet} (hidden)" if sheet in hidden else sheet for sheet in others if sheet != name]
            yield {
                "sheet": name,
                "others": shown[:SHOWN_SHEETS],
                "merged": merged.count,
                "links": links.count,
            }
            for number, cells in enumerate(sheet.iter_rows()):
                row = [_as_text(cell) for cell in cells]
                merged.fill(number, row)
                links.put(number, row)
                yield number + start[0] + 1, row
    except PasswordError as why:
        raise _Bad("encrypted", {}) from why
    except (CalamineError, OSError) as why:
        raise _Bad("not_readable", {"why": str(why)}) from why


def _choose(book: Any, hidden: set[str]) -> tuple[str, list[str]]:
    """The sheet whose header names most of our fields, a hidden one only where no other names any; and the
    others that hold something.
    """
    scores: list[tuple[bool, int, bool, int, str]] = []
    for place, name in enumerate(book.sheet_names):
        sheet = book.get_sheet_by_name(name)
        first = [[_as_text(cell) for cell in cells] for cells in islice(sheet.iter_rows(), HEADER_WITHIN)]
        index = best_header(first)
        if index is not None:
            score = header_score(first[index])
            is_out = name in hidden or score < 2
            scores.append((is_out, -score, name in hidden, place, name))
    if not scores:
        return book.sheet_names[0], []
    return min(scores)[4], [name for *_rest, name in sorted(scores, key=lambda score: score[3])]


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


class Merged:
    """Gives the rows below the first of a merged range its value; a title across columns stays as it is."""

    def __init__(self, ranges: Sequence[Any], start: tuple[int, int]):
        self._from: dict[int, list[tuple[int, int]]] = {}  # first row -> (last row, column)
        self._under_way: list[tuple[int, int, str]] = []
        self.count = 0
        for (top, left), (bottom, _right) in ranges:
            if bottom > top:
                self._from.setdefault(top - start[0], []).append((bottom - start[0], left - start[1]))
                self.count += bottom - top

    def fill(self, number: int, row: list[str]) -> None:
        for _last, column, value in self._under_way:
            row[column] = row[column] or value
        self._under_way = [merged for merged in self._under_way if merged[0] > number]
        for last, column in self._from.get(number, ()):
            if 0 <= column < len(row) and row[column]:
                self._under_way.append((last, column, row[column]))


if __name__ == "__main__":
    main(*sys.argv[1:4])
