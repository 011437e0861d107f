"""The sheet of codings in a workbook, in the cells that the CSV of the same export holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...errors import BadInput
from ...importing.read.rows import Problem, Tally
from ...importing.read.workbooks import BadWorkbook, workbook_rows

SHEET = "long"
"""Of an export; a workbook without it has its codings on the sheet that looks most like rows of messages."""
TIMES = ("finished_at", "decided_at", "kept_at")

Line = tuple[int, dict[str, str]]


def sheet_rows(
    file: Path, name: str, *, required: Collection[Collection[str]], zone: ZoneInfo
) -> Iterator[Line]:
    """Row number and cells of the sheet of codings. Raises BadInput.

    `required`: sets of columns, one of which it has. Times in a workbook have no zone: they are on the clock
    of `zone`.
    """
    try:
        try:
            rows = list(workbook_rows(file, SHEET, Tally(), name))
        except BadWorkbook as why:
            if why.code != "no_sheet":
                raise
            rows = list(workbook_rows(file, None, Tally(), name))
    except BadWorkbook as why:
        problem = Problem(name, 0, why.code, "file", why.params)
        raise BadInput(problem.sentence(get_language() or "en")) from None
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    if not any(set(columns) <= set(header) for columns in required):
        sentence = _("%(file)s: no sheet has the columns %(names)s in its first row.")
        raise BadInput(sentence % {"file": name, "names": ", ".join(next(iter(required)))})
    for number, row in rows[1:]:
        cells = dict(zip(header, row, strict=False))
        if any(cells.values()):
            yield number, cells | {key: _with_zone(cells[key], zone) for key in TIMES if cells.get(key)}


def has_sheet(file: Path, name: str, columns: Collection[str]) -> bool:
    """Whether the workbook has the sheet of an export, with these columns."""
    try:
        first = next(iter(workbook_rows(file, SHEET, Tally(), name)), None)
    except BadWorkbook:
        return False
    return first is not None and set(columns) <= {cell.strip() for cell in first[1]}


def _with_zone(written: str, zone: ZoneInfo) -> str:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return written
    return found.replace(tzinfo=zone).astimezone(UTC).isoformat() if found.tzinfo is None else written
