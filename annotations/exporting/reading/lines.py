"""The lines of a file of codings or of settled values, numbered, without the apostrophes of an export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

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
    def given(self) -> str:
        """What a coder gave; the cell with the value says 97 where a later version hides it."""
        return self["hidden_value"] or self["value"]

    @property
    def is_settled(self) -> bool:
        return "coder" not in self.cells

    @property
    def is_kept(self) -> bool:
        return "rule" in self.cells and "variable" not in self.cells


def at_line(file_name: str, line: int, sentence: str) -> str:
    """The sentence, with its place."""
    return _("%(file)s, line %(line)d: %(what)s.") % {"file": file_name, "line": line, "what": sentence}


def read_lines(file: Path, name: str = "") -> Iterator[CodingLine]:
    """The lines of a CSV file or of the sheet of a workbook. Raises BadInput."""
    name = name or file.name
    if file.suffix.lower() in WORKBOOKS:
        zone = timezone.get_default_timezone()
        assert isinstance(zone, ZoneInfo)
        for number, cells in sheet_rows(file, name, required=(REQUIRED, SETTLED, KEPT), zone=zone):
            yield _line(name, number, cells)
        return
    yield from _csv_lines(file, name)


def _csv_lines(file: Path, name: str) -> Iterator[CodingLine]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        sentence = _("%(file)s: cannot be read (%(why)s).")
        raise BadInput(sentence % {"file": name, "why": problem.strerror}) from None
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise BadInput(at_line(name, line, _("not UTF-8; save the file as CSV UTF-8"))) from None
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
            sentence = _("there is no column %(names)s; add it") % {"names": ", ".join(missing)}
            raise BadInput(at_line(name, 1, sentence))
        line = reader.line_num + 1
        for row in reader:
            if None in row or None in row.values():
                sentence = _("not as many cells as columns; check the quotes")
                raise BadInput(at_line(name, reader.line_num, sentence))
            yield _line(name, reader.line_num, row)
            line = reader.line_num + 1
    except csv.Error as problem:
        sentence = _("%(problem)s; look for a quote that is not closed") % {"problem": problem}
        raise BadInput(at_line(name, line, sentence)) from None


def _line(name: str, number: int, row: Mapping[str, str]) -> CodingLine:
    """Raises BadInput for a name that is longer than any in the database."""
    if DISARMED in row:
        row = {name: restore(cell) for name, cell in row.items()}
    line = CodingLine(number, row)
    for column, most in LONGEST.items():
        if len(line[column]) > most:
            sentence = _("%(column)s has %(n)d characters; at most %(most)d are allowed")
            facts = {"column": column, "n": len(line[column]), "most": most}
            raise BadInput(at_line(name, number, sentence % facts))
    return line
