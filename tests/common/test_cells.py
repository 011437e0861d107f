"""Whatever a cell holds, no program that opens the file finds a formula, and it reads back unchanged."""

import csv
import doctest
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotations.common import cells
from annotations.common.cells import csv_lines, disarm, restore

INVISIBLE = "\xa0\u200b\ufeff\u202e\u2060\u2066\xad\u3000\x00\x1f\ufe0f\U000e0020"
BREAKS = "\t\r\n\x0b\x0c\x85\u2028"
PIECES = st.sampled_from(
    [*"=+-@;,\t\r\n'\" a1(", "\uff1d", "\uff0b", *INVISIBLE, *BREAKS, "cmd|' /C calc'!A0", "1+1"]
)
CELLS = st.lists(PIECES, max_size=12).map("".join) | st.text()
FUNCTION = re.compile(r"[@\uff20][A-Za-z][\w.]*\(")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def fields(text, delimiter):
    """What a spreadsheet with this separator sees in a file: quotes count at the start of a field only."""
    yield from (
        field for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for field in row
    )


def could_be_formula(field):
    bare = "".join(letter for letter in field if letter not in INVISIBLE and letter not in '" \t\r\n')
    if FUNCTION.match(bare):
        return True
    return bare[:1] in set("=+-\uff1d\uff0b\uff0d") and not NUMBER.fullmatch(field)


def test_what_the_docstrings_show_is_true():
    assert doctest.testmod(cells).failed == 0


@given(CELLS)
@example("'=1+1")
@example("a;''=1")
@example("\t'\t=1")
@example("'\x0b=1")
def test_a_disarmd_cell_reads_back_as_it_was(cell):
    assert restore(disarm(cell)) == cell


@given(st.lists(CELLS, min_size=1, max_size=4))
@example(["hoi;=1+1;x"])
@example(["hoi,=1+1,x"])
@example(["hoi\t=1+1"])
@example(["a", 'b;"=1+1"'])
@example(["hoi\n=1+1"])
def test_no_separator_finds_a_formula(row):
    written = "".join(csv_lines(["kop"] * len(row), [row]))
    for delimiter in ",;\t":
        # With its own separator the file's quotes hold; with another one a line break ends a row inside them.
        parts = [written] if delimiter == "," else written.splitlines(keepends=True)
        for part in parts:
            assert not [field for field in fields(part, delimiter) if could_be_formula(field)]


@given(st.lists(CELLS, min_size=1, max_size=4))
@example(["\r"])
def test_the_app_reads_the_file_back_unchanged(row):
    written = "".join(csv_lines(["kop"] * len(row), [row]))
    reader = csv.reader(io.StringIO(written, newline=""), strict=True)
    next(reader)
    assert [[restore(cell) for cell in found] for found in reader] == [row]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "-1+cmd|' /C calc'!A0", "+1", "@SUM(1)", "-2-3", "--1", "-", "-1.5.2", "\uff1d1", '"=1+1"']
    + [f"{letter}=1+1" for letter in INVISIBLE + " "],
)
def test_what_could_be_a_formula_gets_an_apostrophe(cell):
    assert disarm(cell) == "'" + cell


@pytest.mark.parametrize("separator", [";", "\t", "\n", "; ", ";\xa0", ";\u200b", ";\ufeff", ";\u202e", ';"'])
@pytest.mark.parametrize("sign", "=+-")
def test_so_does_what_stands_behind_a_separator(separator, sign):
    first, rest = separator[0], separator[1:]
    assert disarm(f"hoi{separator}{sign}1+1") == f"hoi{first}'{rest}{sign}1+1"


@pytest.mark.parametrize(
    "cell",
    [
        "-3.5",
        "-3",
        "12",
        "0.25",
        "hoi",
        "hoi; leuk",
        "a=b",
        "06-12345678",
        "kees@x.nl",
        "'t is zo",
        "@kees hoi",
    ],
)
def test_numbers_and_ordinary_text_stay(cell):
    assert disarm(cell) == cell
