"""The sheet of codings in a workbook, in the cells that the CSV of the same export holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from ...errors import BadInput

Line = tuple[int, dict[str, str]]


def sheet_rows(
    file: Path, name: str, *, required: Collection[Collection[str]], zone: ZoneInfo
) -> Iterator[Line]:
    """Row number and cells of the first sheet that has one of the sets of columns. Raises BadInput.

    Times in a workbook have no zone: they are on the clock of `zone`.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # only who hands in a workbook needs it

    try:
        book = CalamineWorkbook.from_path(str(file))
    except (CalamineError, OSError):
        sentence = _("%(file)s: this is no workbook that can be read; save it as .xlsx.")
        raise BadInput(sentence % {"file": name}) from None
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        header = [str(cell).strip() for cell in rows[0]] if rows else []
        if any(set(columns) <= set(header) for columns in required):
            for number, row in enumerate(rows[1:], 2):
                cells = {column: _written(cell, zone) for column, cell in zip(header, row, strict=False)}
                if any(cells.values()):
                    yield number, cells
            return
    wanted = ", ".join(next(iter(required)))
    sentence = _("%(file)s: no sheet has the columns %(names)s in its first row.")
    raise BadInput(sentence % {"file": name, "names": wanted})


def _written(cell: object, zone: ZoneInfo) -> str:
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=zone).astimezone(UTC).isoformat(timespec="seconds")
    return str(cell)
