"""The table in a file: CSV, a workbook, or one of a statistics program. Cells are text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from django.utils.translation import gettext as _

from ....errors import BadInput
from ....exchange.statistics_reading import ENDINGS, NotReadable, StatisticsTable, read_statistics
from ....importing.read.layout import HEADER_WITHIN, best_header
from ....importing.read.rows import Problem, ReadOptions, Tally
from ....importing.read.tables import rows_of
from ....importing.report import language

MOST_COLUMNS = 500
MOST_ROWS = 200_000


@dataclass(frozen=True)
class CodedTable:
    """`rows`: (line in the file, cells). `of_program`: labels and missing codes, where the file has them."""

    name: str
    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    of_program: StatisticsTable | None = None
    problems: Sequence[str] = field(default_factory=tuple)

    def title(self, index: int) -> str:
        """What people call the column."""
        name = self.header[index]
        return (self.of_program and self.of_program.titles.get(name)) or name

    def label(self, index: int, cell: str) -> str:
        labels = self.of_program.labels.get(self.header[index], {}) if self.of_program else {}
        return labels.get(cell, "")

    def is_missing(self, index: int, cell: str) -> bool:
        return self.of_program is not None and self.of_program.is_missing(self.header[index], cell)

    def column(self, index: int) -> Iterator[str]:
        for _line, cells in self.rows:
            yield cells[index]


def read_table(path: Path, name: str) -> CodedTable:
    """Raises BadInput where it cannot be read, or is no table of a size that can be looked at."""
    found = (_of_program if path.suffix.lower() in ENDINGS else _of_rows)(path, name)
    if not found.rows:
        raise BadInput(_("%(file)s: there are no rows below the names of the columns.") % {"file": name})
    if len(found.header) > MOST_COLUMNS or len(found.rows) > MOST_ROWS:
        sentence = _(
            "%(file)s: at most %(rows)d rows and %(columns)d columns can be read at once; cut the file up."
        )
        raise BadInput(sentence % {"file": name, "rows": MOST_ROWS, "columns": MOST_COLUMNS})
    return found


def first_row(path: Path, name: str) -> list[str]:
    """The names of the columns, or what else stands there. Raises BadInput."""
    if path.suffix.lower() in ENDINGS:
        return list(_of_program(path, name).header)
    for row in rows_of(path, ReadOptions(file_name=name), Tally(), name):
        if isinstance(row, Problem):
            raise BadInput(row.sentence(language()))
        return [cell.strip().lstrip("\ufeff") for cell in row[1]]
    return []


def _of_program(path: Path, name: str) -> CodedTable:
    try:
        found = read_statistics(path)
    except NotReadable:
        sentence = _("%(file)s: this cannot be read as a file of SPSS or Stata; save it again.")
        raise BadInput(sentence % {"file": name}) from None
    return CodedTable(name, found.header, list(enumerate(found.rows, 1)), found)


def _of_rows(path: Path, name: str) -> CodedTable:
    source = rows_of(path, ReadOptions(file_name=name), Tally(), name)
    first: list[tuple[int, list[str]]] = []
    for row in islice(source, HEADER_WITHIN):
        first.append(_row(row))
    index = best_header([cells for _line, cells in first])
    if index is None:
        raise BadInput(_("%(file)s: the file is empty; export it again.") % {"file": name})
    header = _unique(first[index][1])
    rows: list[tuple[int, Sequence[str]]] = []
    problems: list[str] = []
    for line, cells in chain(first[index + 1 :], map(_row, source)):
        if len(rows) > MOST_ROWS:
            break
        if not any(cells):
            continue
        if len(cells) > len(header) and any(cells[len(header) :]):
            facts = {"file": name, "line": line, "found": len(cells), "expected": len(header)}
            sentence = _(
                "%(file)s, line %(line)d: %(found)d cells, and %(expected)d columns have a name; check the "
                "quotes."
            )
            problems.append(sentence % facts)
        rows.append((line, [*cells, *[""] * (len(header) - len(cells))][: len(header)]))
    return CodedTable(name, header, rows, problems=problems)


def _row(row: tuple[int, list[str]] | Problem) -> tuple[int, list[str]]:
    if isinstance(row, Problem):
        raise BadInput(row.sentence(language()))
    return row


def _unique(names: Sequence[str]) -> list[str]:
    """
    >>> _unique(["a", "", "a", "A"])
    ['a', 'column 2', 'a (3)', 'A (4)']
    """
    found: list[str] = []
    taken: set[str] = set()
    for number, name in enumerate(names, 1):
        clean = name.strip().lstrip("\ufeff") or f"column {number}"
        if clean.casefold() in taken:
            clean = f"{clean} ({number})"
        taken.add(clean.casefold())
        found.append(clean)
    return found
