"""Tables out of files of statistics programs: `.sav` and `.zsav` of SPSS and PSPP, `.dta` of Stata."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

ENDINGS = (".sav", ".zsav", ".dta")


class NotReadable(Exception):
    """The file is damaged, or none of these."""


@dataclass(frozen=True)
class StatisticsTable:
    """Cells as text: whole numbers without a point, times as ISO, strings without the blanks that SPSS fills
    them up with.

    `titles`: name -> label of the variable. `labels`: name -> {cell: label of the value}. `missing`: name ->
    ranges of numbers, and strings, that the file says stand for a missing answer.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    titles: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, Sequence[tuple[Any, Any]]] = field(default_factory=dict)

    def is_missing(self, name: str, cell: str) -> bool:
        for low, high in self.missing.get(name, ()):
            try:
                if low == high and cell == plain_cell(low):
                    return True
                if float(low) <= float(cell) <= float(high):
                    return True
            except ValueError:
                continue
        return False


def read_statistics(path: Path) -> StatisticsTable:
    """Raises NotReadable."""
    import pyreadstat

    read = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    try:
        frame, about = read(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError, OSError) as why:
        raise NotReadable(str(why)) from None
    header = list(frame.columns)
    return StatisticsTable(
        header,
        list(_rows(frame)),
        {name: text for name, text in zip(header, about.column_labels, strict=False) if text},
        {
            name: {plain_cell(value): str(text).strip() for value, text in labels.items()}
            for name, labels in about.variable_value_labels.items()
        },
        {
            name: [(part["lo"], part["hi"]) for part in cast(list[Any], ranges)]
            for name, ranges in about.missing_ranges.items()
        },
    )


def _rows(frame: Any) -> Iterator[list[str]]:
    for cells in zip(*(frame[name].tolist() for name in frame.columns), strict=True):
        yield [plain_cell(cell) for cell in cells]


def plain_cell(cell: object) -> str:
    """
    >>> plain_cell(1.0), plain_cell(2.5), plain_cell(float("nan")), plain_cell("x  "), plain_cell(None)
    ('1', '2.5', '', 'x', '')
    """
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and math.fabs(cell) < 1e15 else repr(cell)
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, datetime):  # SPSS counts in floating seconds
        return (cell + timedelta(milliseconds=500)).replace(microsecond=0).isoformat()[:19]
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).rstrip(" ")
