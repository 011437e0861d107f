"""The lines of a file of codings or of settled values, numbered, without the apostrophes of an export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from ...adjudication.imported import COLUMNS
from ...common.cells import DISARMED, restore
from ...errors import BadInput
from .workbook import sheet_rows

REQUIRED = ("coder", "conversation_id", "message_id", "variable", "value")
SETTLED = (*COLUMNS, "source")
"""Of consensus.csv; it is told from a file of codings by `source`, and by having no coder."""

KEPT = ("coder", "conversation_id", "message_id", "rule")
"""Of contradictions.csv; it is told from a file of codings by `rule`, and by having no variable."""

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
LONGEST = {"rule": 63, "coder": 150, "round": 80, "conversation_id": 300, "message_id": 300, "variable": 60}
"""Characters that a name can have."""


@dataclass(frozen=True)
class CodingLine:
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column) or ""

    @property
    def is_settled(self) -> bool:
        return "coder" not in self.cells

    @property
    def is_kept(self) -> bool:
        return "rule" in self.cells and "variable" not in self.cells


def read_lines(file: Path) -> Iterator[CodingLine]:
    """The lines of a CSV file or of the sheet of a workbook. Raises BadInput."""
    if file.suffix.lower() in WORKBOOKS:
        zone = timezone.get_default_timezone()
        assert isinstance(zone, ZoneInfo)
        for number, cells in sheet_rows(file, required=(REQUIRED, SETTLED, KEPT), zone=zone):
            yield _line(file, number, cells)
        return
    yield from _csv_lines(file)


def _csv_lines(file: Path) -> Iterator[CodingLine]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise BadInput(f"{file}: cannot be read ({problem.strerror}).") from None
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise BadInput(f"{file.name}, line {line}: not UTF-8; save the file as CSV UTF-8.") from None
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        names = reader.fieldnames or []
        required: tuple[str, ...] = REQUIRED
        if "source" in names and "coder" not in names:
            required = SETTLED
        elif "rule" in names and "variable" not in names:
            required = KEPT
        missing = [column for column in required if column not in names]
        if missing:
            raise BadInput(f"{file.name}, line 1: there is no column {', '.join(missing)}; add it.")
        line = reader.line_num + 1
        for row in reader:
            if None in row or None in row.values():
                raise BadInput(
                    f"{file.name}, line {reader.line_num}: not as many cells as columns; check the quotes."
                )
            yield _line(file, reader.line_num, row)
            line = reader.line_num + 1
    except csv.Error as problem:
        sentence = f"{file.name}, line {line}: {problem}; look for a quote that is not closed."
        raise BadInput(sentence) from None


def _line(file: Path, number: int, row: Mapping[str, str]) -> CodingLine:
    """Raises BadInput for a name that is longer than any in the database."""
    if DISARMED in row:
        row = {name: restore(cell) for name, cell in row.items()}
    line = CodingLine(number, row)
    for column, most in LONGEST.items():
        if len(line[column]) > most:
            raise BadInput(
                f"{file.name}, line {number}: {column} has {len(line[column])} characters; at most {most} "
                "are allowed."
            )
    return line
