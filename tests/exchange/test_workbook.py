"""What Excel shows is what the table held: read back by another program."""

from datetime import datetime

import pytest
from openpyxl import load_workbook

from annotations.exchange import workbook
from annotations.exchange.workbook import Workbook
from tests.exchange.odd import COLUMNS, LONG, ROWS, ZONE


def sheets(path):
    book = load_workbook(path)
    return {
        sheet.title: [["" if value is None else value for value in row] for row in sheet.values]
        for sheet in book
    }


def written(path, rows, columns=COLUMNS):
    book = Workbook(path, zone=ZONE, title="Studie")
    sheet = book.sheet("odd", columns)
    for row in rows:
        sheet.add(row)
    sheet.end()
    book.close()
    return book


def test_cells_are_typed_and_labels_stand_beside_codes(tmp_path):
    written(tmp_path / "odd.xlsx", ROWS)
    header, first, second, third, fourth = sheets(tmp_path / "odd.xlsx")["odd"]
    row = dict(zip(header, first, strict=True))
    assert row["with"] == "0001234567890123456"
    assert (row["a.b"], row["a.b_label"], row["a_b"]) == (1, "Ja", 2.5)
    assert row["text"] == ROWS[0][6]  # a text, though it looks like a formula
    assert row["created_at"] == datetime(2019, 4, 1, 12, 0)
    assert "a_b_label" not in header  # only its missing codes have labels
    second = dict(zip(header, second, strict=True))
    assert (second["a.b"], second["a.b_label"], second["with"]) == (97, "n.v.t.", "8990076859202054617")
    assert second["text"] == LONG
    assert third[header.index("a.b")] == ""
    assert fourth[header.index("a_b")] == 0.000001


def test_what_a_cell_cannot_hold_is_cut_and_counted(tmp_path):
    book = written(tmp_path / "odd.xlsx", [("😅" * 16_383,), ("😅" * 16_384,), ("\ud800x",)], COLUMNS[:1])
    texts = [row[0] for row in sheets(tmp_path / "odd.xlsx")["odd"][1:]]
    assert book.cut == 1
    assert texts == ["😅" * 16_383, "😅" * 16_383 + "…", "?x"]


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    written(tmp_path / "odd.xlsx", ROWS)
    found = sheets(tmp_path / "odd.xlsx")
    assert list(found) == ["odd", "odd (2)"]
    assert [len(rows) for rows in found.values()] == [3, 3]
    assert found["odd"][0] == found["odd (2)"][0]


@pytest.mark.parametrize("value", ["nan", "inf", "twee"])
def test_a_number_column_keeps_what_is_no_number(tmp_path, value):
    written(tmp_path / "odd.xlsx", [(value,)], [COLUMNS[2]])
    assert sheets(tmp_path / "odd.xlsx")["odd"][1][0] == value
