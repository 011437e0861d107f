"""Files made to take the server down: refused in a sentence, and nothing is laid out in memory."""

from __future__ import annotations

import re
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


FAR = {
    "a cell in the farthest corner": (
        r"</sheetData>",
        '<row r="9"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    ),
    "a far row and a far column": (
        r"</sheetData>",
        "<row r='1048576'><c><v>1</v></c></row><row r='3'><c s='0' r='XFD3'><v>1</v></c></row></sheetData>",
    ),
}


@pytest.mark.parametrize("pattern", FAR.values(), ids=FAR)
def test_a_workbook_that_would_fill_the_memory_is_refused_with_what_to_do(tmp_path, pattern):
    path = repacked(workbook(tmp_path / "in.xlsx", ("1", "hoi")), *pattern)
    for name in ("auto", "csv"):
        found = choose(path, name)
        problems = [found] if isinstance(found, Problem) else read(path, name=name)[2]
        assert {one.code for one in problems} == {"workbook_too_large"}
        assert "save the sheet as CSV" in problems[0].message


def test_a_tag_of_two_megabytes_before_the_far_cell_ends_in_a_sentence(tmp_path):
    """The attribute hid the cell from every look at the packed text; the reader ended the web server."""
    far = (
        "</sheetData>",
        '<row r="9"><c s="' + " " * (2 << 20) + '" r="XFD1048576"><v>1</v></c></row></sheetData>',
    )
    path = repacked(workbook(tmp_path / "in.xlsx", ("1", "hoi")), *far)
    assert path.stat().st_size < 20_000
    found = choose(path)
    assert isinstance(found, Problem)
    assert found.code == "workbook_too_large"


@pytest.mark.parametrize(("limit", "value"), [("MEMORY", 64 << 20), ("OUTPUT", 10_000), ("FIRST_SECONDS", 0)])
def test_a_workbook_gets_so_much_memory_output_and_time_and_no_more(tmp_path, monkeypatch, limit, value):
    corner = "</sheetData>", '<row r="2000"><c r="BXX2000"><v>1</v></c></row></sheetData>'
    path = repacked(workbook(tmp_path / "in.xlsx", ("1", "hoi")), *corner)
    assert len(list(workbooks.workbook_rows(path))) == 2000
    monkeypatch.setattr(workbooks, limit, value)
    with pytest.raises(workbooks.WorkbookTooLarge):
        list(workbooks.workbook_rows(path))


def test_a_reader_that_never_ends_is_ended(tmp_path, monkeypatch):
    program = tmp_path / "program.py"
    program.write_text(
        workbooks.PROGRAM.read_text().partition("if __name__")[0] + "limit(1 << 30, 1)\nwhile 1: pass"
    )
    monkeypatch.setattr(workbooks, "PROGRAM", program)
    with pytest.raises(workbooks.WorkbookTooLarge):
        list(workbooks.workbook_rows(tmp_path / "in.xlsx"))


def test_a_workbook_that_is_looked_at_no_further_leaves_no_process(tmp_path):
    path = workbook(tmp_path / "in.xlsx", *((str(n), "tekst " * 200) for n in range(2000)))
    rows = workbooks.workbook_rows(path)
    assert next(rows) == (1, ["id", "text"])
    process = rows.gi_frame.f_locals["process"]
    rows.close()
    assert process.returncode is not None


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
