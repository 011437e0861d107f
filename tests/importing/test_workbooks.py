"""Files made to take the server down: refused in a sentence, and nothing is laid out in memory."""

from __future__ import annotations

import re
import sys
import zipfile

import pytest
from openpyxl import Workbook

from annotations.importing.read import jsonfile, workbooks
from annotations.importing.read.formats import choose
from annotations.importing.read.rows import Problem, Tally
from tests.importing.help import read


def workbook(path, *rows):
    book = Workbook()
    for row in (("id", "text"), *rows):
        book.active.append(row)
    book.save(path)
    return path


def repacked(path, pattern: str, by: str):
    """The workbook with something else in its sheet."""
    changed = path.with_name("changed" + path.suffix)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.startswith("xl/worksheets/"):
                content, times = re.subn(pattern.encode(), by.encode(), content)
                assert times
            new.writestr(part.filename, content)
    return changed


def ending(path) -> set[str]:
    """The codes of what is said of the file, looked at as a preview does and read as an import does."""
    codes = set()
    for name in ("auto", "csv"):
        found = choose(path, name)
        problems = [found] if isinstance(found, Problem) else read(path, name=name)[2]
        codes |= {problem.code for problem in problems if problem.severity == "file"}
    return codes


FAR = {
    "a cell in the farthest corner": (
        r"</sheetData>",
        '<row r="9"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    ),
    "a far row and a far column": (
        r"</sheetData>",
        "<row r='1048576'><c><v>1</v></c></row><row r='3'><c s='0' r='XFD3'><v>1</v></c></row></sheetData>",
    ),
    "a tag of two million characters before its place": (
        r"</sheetData>",
        '<row r="9"><c s="' + "0" * 2_000_000 + '" r="XFD1048576"><v>1</v></c></row></sheetData>',
    ),
}


@pytest.mark.parametrize("pattern", FAR.values(), ids=FAR)
def test_a_workbook_that_asks_for_all_memory_ends_its_own_process_and_is_one_sentence(tmp_path, pattern):
    """The sheet is laid out as a rectangle of 17 milliard cells; the library then ends its process."""
    path = repacked(workbook(tmp_path / "in.xlsx", ("1", "hoi")), *pattern)
    assert ending(path) == {"workbook_died"}


def test_a_workbook_that_says_it_is_too_large_is_refused_unopened(tmp_path, monkeypatch):
    path = workbook(tmp_path / "in.xlsx", ("1", "a" * 30_000), ("2", "b" * 30_000))
    assert ending(path) == set()
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 50_000)
    assert ending(path) == {"workbook_too_large"}


def test_a_workbook_that_gives_more_rows_than_can_be_taken_in_is_stopped(tmp_path, monkeypatch):
    path = workbook(tmp_path / "in.xlsx", *((str(number), "a" * 1000) for number in range(100)))
    monkeypatch.setattr(workbooks, "OUTPUT", 50_000)
    assert ending(path) == {"workbook_too_large"}


def test_a_workbook_that_takes_too_long_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "SECONDS", -1)
    assert ending(workbook(tmp_path / "in.xlsx", ("1", "hoi"))) == {"workbook_died"}


def test_the_reader_of_workbooks_is_never_loaded_in_this_process(tmp_path):
    assert [row.text for row in read(workbook(tmp_path / "in.xlsx", ("1", "hoi")))[1]] == ["hoi"]
    assert "python_calamine" not in sys.modules


def test_formatting_far_below_the_last_row_does_not_make_a_workbook_too_large(tmp_path):
    path = repacked(
        workbook(tmp_path / "in.xlsx", ("1", "hoi")),
        r"</sheetData>",
        '<row r="1048576" s="1"/><row r="9"><c r="XFD9" s="0"/></row></sheetData>',
    )
    assert [row.text for row in read(path)[1]] == ["hoi"]


def test_a_message_of_200_000_characters_in_a_table_is_read_whole(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("id,text\n1," + "x" * 200_000 + "\n")
    assert [len(row.text) for row in read(path)[1]] == [200_000]


def test_an_endless_line_in_a_small_zip_is_reported_and_not_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonfile, "MAX_VALUE", 1000)
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"id": 1}\n' + b" " * 50_000 + b"\n")
    tally = Tally()
    found = list(jsonfile.values_of(path, tally))
    assert found == [(1, {"id": 1}), jsonfile.Broken(2, 1000)]
    assert tally.bytes_read < 2000
