"""What SPSS, PSPP and Stata read is what the table held."""

import subprocess

import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.common.cells import csv_lines
from annotations.exchange.statistics_files import (
    RESERVED,
    DataFile,
    legal_names,
    stata_names,
    syntax_head,
)
from tests.exchange.odd import LONG, ROWS, TABLE, ZONE
from tests.programs import needs


@pytest.fixture
def file() -> DataFile:
    file = DataFile(TABLE, ZONE)
    for row in ROWS:
        file.add(row)
    return file


@given(st.lists(st.text() | st.sampled_from(["with", "a.b", "a_b", "A_B", "é", "x" * 70, "x" * 71])))
def test_names_are_legal_and_differ(names):
    for legal, longest in ((legal_names(names), 64), (stata_names(names), 27)):
        assert len({name.lower() for name in legal}) == len(names)
        for name in legal:
            assert name.isascii()
            assert name.isidentifier()
            assert name[0].isalpha()
            assert len(name) <= longest
            assert name.upper() not in RESERVED


def test_a_sav_file_holds_values_labels_missing_codes_and_levels(file, tmp_path):
    file.write_sav(tmp_path / "odd.sav", label="Studie")
    data, about = pyreadstat.read_sav(tmp_path / "odd.sav", user_missing=True)
    assert data["with_"].tolist() == [row[0] for row in ROWS]
    assert data["text"].tolist() == [row[6].rstrip() for row in ROWS]  # SPSS pads texts with blanks
    assert data["a_b"].tolist()[:2] == [1, 97]
    assert data["a_b"].isna().tolist() == [False, False, True, False]
    assert data["a_b_2"].tolist()[:2] == [2.5, -97]
    assert data["a_b_2"].tolist()[3] == 0.000001
    assert str(data["created_at"][0]) == "2019-04-01 12:00:00"
    assert str(data["created_at"][2]) == "2020-01-01 00:30:00"
    assert about.variable_value_labels["a_b"] == {1: "Ja", 0: "Nee", 97: "n.v.t."}
    assert about.missing_ranges["a_b"] == [{"lo": code, "hi": code} for code in (97, 98, 99)]
    assert about.missing_ranges["a_b_2"] == [{"lo": -97, "hi": -97}]
    measures = [about.variable_measure[name] for name in about.column_names]
    assert measures == ["nominal", "nominal", "scale", "ordinal", "nominal", "nominal", "nominal", "scale"]
    assert about.column_labels[1] == "keuze; 'tussen aanhalingstekens'"


def test_a_dta_file_holds_values_and_labels(file, tmp_path):
    file.write_dta(tmp_path / "odd.dta", label="Studie")
    data, about = pyreadstat.read_dta(tmp_path / "odd.dta")
    assert data["with_"].tolist() == [row[0] for row in ROWS]
    assert data["text"].tolist() == [row[6] for row in ROWS]
    assert about.variable_value_labels["a_b"] == {1: "Ja", 0: "Nee", 97: "n.v.t."}


@needs("pspp")
def test_the_syntax_makes_the_same_file_in_pspp(file, tmp_path):
    file.write_sav(tmp_path / "odd.sav")
    names = legal_names(TABLE.header)
    (tmp_path / "odd.txt").write_text("".join(csv_lines(names, file.rows_for_syntax(), raw=True)), "utf-8")
    (tmp_path / "odd.sps").write_text(syntax_head() + file.syntax("odd.txt", "made.sav"), "utf-8")
    done = subprocess.run(["pspp", "odd.sps"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    own, about = pyreadstat.read_sav(tmp_path / "odd.sav", user_missing=True)
    made, about_made = pyreadstat.read_sav(tmp_path / "made.sav", user_missing=True)
    assert made["text"][1] == LONG
    assert own.equals(made)
    for field in ("variable_value_labels", "missing_ranges", "variable_measure", "column_labels"):
        assert getattr(about, field) == getattr(about_made, field), field
