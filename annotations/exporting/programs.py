"""The files of an export that a program opens by itself: the Excel workbook, and those of SPSS and Stata.

They take each row while its CSV is written, so that nothing is read twice.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from django.utils import timezone

from ..common.cells import csv_lines
from ..exchange.statistics_files import legal_names, syntax_head
from ..exchange.table import Column, Row, Table
from ..exchange.workbook import Sheet, Workbook
from .folder import Folder
from .levels import LEVELS, Levels
from .study_data import StudyData
from .tables.spans import span_codes

WORKBOOK = "study.xlsx"
SYNTAX = "spss.sps"
SHEETS = {
    "codings_wide.csv": "wide",
    "codings_long.csv": "long",
    "spans.csv": "spans",
    "consensus.csv": "consensus",
    "messages.csv": "messages",
    "results.csv": "results",
    "agreement.csv": "agreement",
}
README = (
    Column("sheet", "string", "sheet of this workbook"),
    Column("column", "string", "column of the sheet"),
    Column("description", "string", "what it holds"),
    Column("missing_codes", "string", "numbers that stand for a missing answer"),
)


class Programs:
    """`tables`: those of the export, in the order in which they are written.

    A context: what was half made is gone at its end, whatever happened.
    """

    def __init__(self, data: StudyData, out: Folder, tables: Sequence[Table]) -> None:
        self.data, self.out = data, out
        zone = timezone.get_default_timezone()
        by_name = {table.name: table for table in tables}
        self.tables = by_name
        self.scratch = Path(mkdtemp(prefix=".programs.", dir=out.path))
        self.book: Workbook | None = None
        if out.wants(WORKBOOK):
            self.book = Workbook(
                self.scratch / WORKBOOK, zone=zone, title=data.study.name, made=data.study.created_at
            )
        self.levels: Levels | None = None
        if any(map(out.wants, [SYNTAX, *(f"{level}.{kind}" for level in LEVELS for kind in ("sav", "dta"))])):
            self.levels = Levels(by_name["codings_wide.csv"], by_name["messages.csv"], span_codes(data), zone)
        self.sheet: Sheet | None = None
        self.codebook: tuple[list[str], list[list[str]]] = ([], [])

    def __enter__(self) -> Programs:
        return self

    def __exit__(self, *_problem: object) -> None:
        shutil.rmtree(self.scratch, ignore_errors=True)

    def want(self, table: Table) -> bool:
        """Whether the rows of the table are needed though its own file is not."""
        for_levels = self.levels is not None and table.name in {"codings_wide.csv", "messages.csv"}
        return for_levels or (self.book is not None and table.name in SHEETS)

    def taking(self, table: Table) -> Callable[[Row], None]:
        """What takes each row of the table."""
        takers: list[Callable[[Row], None]] = []
        if self.book is not None and (name := SHEETS.get(table.name)):
            self._end_sheet()
            self.sheet = self.book.sheet(name, table.columns)
            takers.append(self.sheet.add)
        if self.levels is not None and table.name == "codings_wide.csv":
            takers.append(self.levels.add_wide)
        if self.levels is not None and table.name == "messages.csv":
            takers.append(self.levels.add_message)

        def take(row: Row) -> None:
            for taker in takers:
                taker(row)

        return take

    def add_codebook(self, header: list[str], rows: list[list[str]]) -> None:
        self.codebook = (header, rows)

    def end(self) -> None:
        """Write the files."""
        if self.book is not None:
            self._end_book(self.book)
        if self.levels is not None:
            self._write_levels(self.levels)

    def _end_sheet(self) -> None:
        if self.sheet is not None:
            self.sheet.end()
        self.sheet = None

    def _end_book(self, book: Workbook) -> None:
        self._end_sheet()
        header, rows = self.codebook
        sheet = book.sheet("codebook", [Column(name, "string", "") for name in header])
        for cells in rows:
            sheet.add(cells)
        sheet.end()
        sheet = book.sheet("readme", README)
        for row in self._readme(book):
            sheet.add(row)
        sheet.end()
        book.close()
        self.out.make(WORKBOOK, lambda path: shutil.move(self.scratch / WORKBOOK, path))

    def _readme(self, book: Workbook) -> list[Row]:
        data = self.data
        about: list[Row] = [
            ("", "study", data.study.name, ""),
            ("", "profile", str(data.profile.name), ""),
            ("", "times", f"on the clock of {timezone.get_default_timezone_name()}", ""),
            *(("", "left out", reason, "") for reason in data.profile.left_out()),
        ]
        if book.cut:
            about.append(
                ("", "cut off", f"{book.cut} texts longer than a cell of Excel: whole in the CSV", "")
            )
        for file, name in SHEETS.items():
            if file in self.tables:
                about.append((name, "", self.tables[file].description, ""))
                about += [
                    (name, column.name, column.description, ", ".join(map(str, column.missing)))
                    for column in self.tables[file].columns
                ]
        return about

    def _write_levels(self, levels: Levels) -> None:
        for row in levels.spans.table.rows():
            levels.spans.add(row)
        parts = [syntax_head()]
        name = self.data.study.name
        for level, file in levels.files().items():
            self.out.make(f"{level}.sav", partial(file.write_sav, label=name))
            self.out.make(f"{level}.dta", partial(file.write_dta, label=name))
            if self.out.wants(SYNTAX):
                text = f"{level}_for_spss.txt"
                header = legal_names(file.table.header)
                self.out.write(text, csv_lines(header, file.rows_for_syntax(), raw=True), beside=SYNTAX)
                parts.append(file.syntax(text, f"{level}_from_text.sav"))
        self.out.write(SYNTAX, ["\n".join(parts)])
