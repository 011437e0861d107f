"""Files of statistics programs: `.sav` of SPSS and PSPP, `.dta` of Stata, and SPSS syntax that reads CSV.

Written with pyreadstat: labels, missing codes and levels of measurement are in the file.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from .statistics_reading import plain_cell
from .table import Column, Row, Table

RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
"""Words that SPSS keeps for itself (Command Syntax Reference, Variable Names)."""
LONGEST_NAME = 64
"""Bytes of a name in SPSS."""
STATA_RESERVED = frozenset(
    "_all _b byte _coef _cons double float if in int long _n _N _pi _pred _rc _skip strL using with".split()  # noqa: SIM905
)
STATA_LONGEST_NAME = 27
"""Bytes; Stata takes 32, and pyreadstat names the labels of a variable by its name and a number."""
LONGEST_TEXT = 32_767
"""Bytes of a string variable in SPSS."""
LONGEST_LABEL = 256
SAV_CLOCK = 92
"""Where a .sav file holds the date and the time at which it was written: nine and eight bytes."""
DTA_CLOCK = re.compile(rb"<timestamp>\x11(.{17})</timestamp>")
VALUE_LABEL = 120
LINE_BREAK = "\u2424"
"""Stands for a line break in the CSV that the syntax reads: SPSS ends a case at every line break."""
CHECK = "row_check"
"""The last column of a file that is read back: what a program changed in a row is seen."""
MEASURE = {"nominal": "nominal", "ordinal": "ordinal", "interval": "scale", "ratio": "scale"}


def check_of(cells: Sequence[str]) -> str:
    """A hash of the cells of a row, as `plain_cell` gives them; a letter first, so that it is a text."""
    return "k" + hashlib.sha256("\x1f".join(cells).encode("utf-8", "replace")).hexdigest()[:10]


def legal_names(
    names: Iterable[str], *, longest: int = LONGEST_NAME, reserved: frozenset[str] = RESERVED
) -> list[str]:
    """Names that the program takes, each once (capitals do not tell names apart).

    >>> legal_names(["solved__Jan de Vries", "solved__Jan.de.Vries", "with", "é1", "9"])
    ['solved__Jan_de_Vries', 'solved__Jan_de_Vries_2', 'with_', 'e1', 'v_9']
    """
    taken: set[str] = set()
    legal = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        clean = re.sub(r"[^A-Za-z0-9_]", "_", plain)[:longest].rstrip("_") or "v"
        if not clean[0].isalpha():
            clean = f"v_{clean}"[:longest]
        if clean.upper() in reserved or clean in reserved:
            clean += "_"
        unique, number = clean, 1
        while unique.lower() in taken:
            number += 1
            end = f"_{number}"
            unique = clean[: longest - len(end)] + end
        taken.add(unique.lower())
        legal.append(unique)
    return legal


def stata_names(names: Iterable[str]) -> list[str]:
    return legal_names(names, longest=STATA_LONGEST_NAME, reserved=STATA_RESERVED)


@dataclass
class DataFile:
    """A table in memory, column by column, as the statistics programs want it."""

    table: Table
    zone: tzinfo

    def __post_init__(self) -> None:
        self.values: list[list[Any]] = [[] for _column in self.table.columns]
        self.cut = 0
        """Texts that SPSS cannot hold whole."""

    def add(self, row: Row) -> None:
        """Of a table whose last column is `CHECK` all cells but that one."""
        for column, values, value in zip(self.table.columns, self.values, row, strict=False):
            values.append(self._value(column, value))
        if self.table.header[-1] == CHECK:
            self.values[-1].append(check_of([plain_cell(values[-1]) for values in self.values[:-1]]))

    def _value(self, column: Column, value: object) -> Any:
        if column.type == "datetime":
            return _local(value, self.zone) if value else None
        if column.type in {"integer", "number"}:
            return (
                None if value in (None, "") else float(str(int(value) if isinstance(value, bool) else value))
            )
        if value is None:
            return ""
        text = str(value).encode("utf-8", "replace")
        if len(text) > LONGEST_TEXT:
            self.cut += 1
        return text[:LONGEST_TEXT].decode("utf-8", "ignore")

    def frame(self, names: Sequence[str]) -> Any:
        import pandas

        columns = {}
        for name, column, values in zip(names, self.table.columns, self.values, strict=True):
            kind = "float64" if column.type in {"integer", "number"} else None
            if column.type == "datetime":
                columns[name] = pandas.Series(pandas.to_datetime(values), name=name)
            else:
                columns[name] = pandas.Series(values, name=name, dtype=kind or "object")
        return pandas.DataFrame(columns)

    # The same data give the same bytes, so the moment of writing is taken out of the header.

    def write_sav(self, path: Path, *, label: str = "") -> None:
        import pyreadstat

        names = legal_names(self.table.header)
        described = dict(zip(names, self.table.columns, strict=True))
        pyreadstat.write_sav(
            self.frame(names),
            str(path),
            file_label=_cut(label, 64),
            column_labels=[_cut(_flat(column.description), LONGEST_LABEL) for column in self.table.columns],
            variable_value_labels=_value_labels(described),
            missing_ranges={
                name: list(column.missing)
                for name, column in described.items()
                if column.missing and column.type != "string"
            },
            variable_measure={name: measure_of(column) for name, column in described.items()},
            variable_format={name: "F8.0" for name, column in described.items() if column.type == "integer"},
            row_compress=True,
        )
        with path.open("r+b") as file:
            file.seek(SAV_CLOCK)
            file.write(b"01 Jan 2000:00:00")

    def write_dta(self, path: Path, *, label: str = "") -> None:
        import pyreadstat

        names = stata_names(self.table.header)
        described = dict(zip(names, self.table.columns, strict=True))
        pyreadstat.write_dta(
            self.frame(names),
            str(path),
            file_label=_cut(label, 80),
            column_labels=[_cut(_flat(column.description), 80) for column in self.table.columns],
            variable_value_labels=_value_labels(described),
            version=15,
        )
        content = path.read_bytes()
        clock = DTA_CLOCK.search(content)
        if clock:
            path.write_bytes(content[: clock.start(1)] + b"01 Jan 2000 00:00" + content[clock.end(1) :])

    def rows_for_syntax(self) -> Iterable[list[object]]:
        """The cells as the CSV beside the syntax holds them: no line breaks, times as SPSS reads them."""
        for cells in zip(*self.values, strict=True):
            yield [_plain(column, cell) for column, cell in zip(self.table.columns, cells, strict=True)]

    def syntax(self, csv_name: str, sav_name: str) -> str:
        """Commands that read the CSV, describe its variables and save them. For SPSS and PSPP."""
        names = legal_names(self.table.header)
        pairs = list(zip(names, self.table.columns, strict=True))
        lines = [
            "GET DATA",
            "  /TYPE=TXT",
            f"  /FILE='{csv_name}'",
            "  /ENCODING='UTF8'",
            '  /DELIMITERS=","',
            "  /QUALIFIER='\"'",
            "  /ARRANGEMENT=DELIMITED",
            "  /FIRSTCASE=2",
            "  /VARIABLES=",
            *(f"    {name} {self._format(place)}" for place, (name, _column) in enumerate(pairs)),
            "  .",
        ]
        lines += [
            f"COMPUTE {name}=REPLACE({name},'{LINE_BREAK}',STRING(10,PIB1))."
            for place, (name, column) in enumerate(pairs)
            if column.type == "string" and any("\n" in value for value in self.values[place])
        ]
        lines += ["VARIABLE LABELS"]
        lines += [f"  {name} {_quoted(column.description, LONGEST_LABEL)}" for name, column in pairs]
        lines += ["  ."]
        for name, column in pairs:
            if column.type != "string" and column.all_labels:
                lines += [f"VALUE LABELS {name}"]
                lines += [
                    f"  {code} {_quoted(text, VALUE_LABEL)}"
                    for code, text in sorted(column.all_labels.items())
                ]
                lines += ["  ."]
            if column.type != "string" and column.missing:
                lines.append(f"MISSING VALUES {name} ({', '.join(map(str, column.missing))}).")
        for level in ("nominal", "ordinal", "scale"):
            some = [name for name, column in pairs if measure_of(column) == level]
            lines += [f"VARIABLE LEVEL {name} ({level.upper()})." for name in some]
        lines += [f"SAVE OUTFILE='{sav_name}'.", ""]
        return "\n".join(lines)

    def _format(self, place: int) -> str:
        column = self.table.columns[place]
        if column.type == "datetime":
            return "YMDHMS20"
        if column.type == "integer":
            return "F8.0"
        if column.type == "number":
            return "F16.6"
        longest = max((len(value.encode()) for value in self.values[place]), default=1)
        return f"A{min(max(longest, 1) + 8, LONGEST_TEXT)}"


def syntax_head(folder: str = "C:\\study") -> str:
    return "\n".join(
        [
            "* Encoding: UTF-8.",
            f"* Set the folder first, for instance: CD '{folder}'.",
            "* The .sav files beside this one hold the same: use this only to see how they were made.",
            "SET DECIMAL=DOT.",
            "",
        ]
    )


def measure_of(column: Column) -> str:
    if column.type == "string":
        return "nominal"
    if column.scale:
        return MEASURE[column.scale]
    return "nominal" if column.labels else "scale"


def _value_labels(described: dict[str, Column]) -> dict[str, dict[float, str]]:
    return {
        name: {float(code): _cut(_flat(text), VALUE_LABEL) for code, text in column.all_labels.items()}
        for name, column in described.items()
        if column.all_labels and column.type != "string"
    }


def _local(value: object, zone: tzinfo) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.astimezone(zone).replace(tzinfo=None) if at.tzinfo else at


def _plain(column: Column, cell: object) -> object:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else repr(cell)
    return re.sub("\r\n?|\n", LINE_BREAK, cell) if isinstance(cell, str) else cell


def _flat(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str, longest: int) -> str:
    """At most so many bytes, never half a letter."""
    return text.encode("utf-8", "replace")[:longest].decode("utf-8", "ignore")


def _quoted(text: str, longest: int) -> str:
    """A string of SPSS: on one line, quotes doubled.

    >>> _quoted("'t is zo", 20)
    "'''t is zo'"
    """
    return "'" + _cut(_flat(text), longest).replace("'", "''") + "'"
