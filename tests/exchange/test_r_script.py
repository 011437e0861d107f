"""`read_data.R` gives R what the table held, apostrophes taken off."""

import subprocess

from annotations.common.cells import csv_lines
from annotations.exchange.r_script import read_data
from annotations.exchange.table import Column, Table
from tests.exchange.odd import COLUMNS, ROWS
from tests.programs import needs

WILD = [
    "=1+1", "'=1+1", "''=1", "a;=1", "a;'=1", "a\n-1", "@SUM(1)", "@kees hoi", "\u200b=1", "x; +1;'+2",
    "\uff1d1", "'t is zo", "-3.5", "", "a|b", "\tb", "a;\u00a0@Som(2)", "é😅=", "97",
]  # fmt: skip
PRINT = r"""
source("read_data.R")
cat(paste(vapply(wild$text, function(x) paste(utf8ToInt(x), collapse = " "), ""), collapse = ","), "\n")
cat(levels(odd$`a.b`), "|", as.character(odd$`a.b`), "\n")
cat(attr(odd, "missing")$`a.b`, "\n")
cat(odd$a_b, "\n")
cat(odd$with, "\n")
cat(format(odd$created_at, "%Y-%m-%d %H:%M", tz = "UTC"), "\n")
"""


@needs("Rscript")
def test_r_reads_what_was_written(tmp_path):
    wild = Table("wild.csv", "Wilde teksten", [Column("text", "string", "")], lambda: [(t,) for t in WILD])
    odd = Table("odd.csv", "Vreemd", COLUMNS, lambda: ROWS)
    for table in (wild, odd):
        lines = csv_lines(table.header, table.rows(), tells=True)
        (tmp_path / table.name).write_text("".join(lines), "utf-8")
    (tmp_path / "read_data.R").write_text(read_data([wild, odd]), "utf-8")
    (tmp_path / "print.R").write_text(PRINT, "utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", "print.R"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    texts, levels, missing, numbers, ids, times = done.stdout.splitlines()
    assert [text.split() for text in texts.split(",")] == [[str(ord(c)) for c in text] for text in WILD]
    assert levels.split(" | ") == ["Ja Nee", "Ja NA NA Nee "]
    assert missing.split() == ["NA", "97", "NA", "NA"]
    assert numbers.split() == ["2.5", "NA", "NA", "1e-06"]
    assert ids.split(" ")[:3] == ["0001234567890123456", "8990076859202054617", ""]
    assert times.split("  ")[0].startswith("2019-04-01 10:00")
