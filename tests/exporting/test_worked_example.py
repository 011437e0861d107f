"""The worked example: every cell of every table of one small study, in each profile (expected/).

A table may get columns that the example does not know; those it knows hold what stands there.
"""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pyreadstat
import pytest
from openpyxl import load_workbook

from annotations.exporting import study_data
from annotations.exporting.export import write_export
from tests.conftest import forget_codebooks
from tests.exporting.worked_study import worked_study
from tests.world import undone

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent / "expected"
OTHERS = {
    "research": ["study.xlsx", "messages.sav", "conversations.sav", "spans.sav", "project.qdpx", "spss.sps"]
}
EXPECTED = sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.csv"))


@pytest.fixture(scope="module")
def folder(django_db_setup, django_db_blocker, tmp_path_factory):
    """The tables in three folders, one a profile."""
    made = tmp_path_factory.mktemp("worked")
    forget_codebooks()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), undone():
        patch.setattr(study_data, "token_bytes", lambda size: b"x" * size)
        study = worked_study()
        for profile in ("restricted", "research", "public"):
            write_export(
                study,
                made / profile,
                profile=profile,
                reason="test",
                raw=True,
                only=OTHERS.get(profile, [])
                + [path.split("/")[1] for path in EXPECTED if path.startswith(profile)],
            )
    return made


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", EXPECTED)
def test_every_cell_is_what_the_worked_example_says(folder, name):
    expected, found = rows(HERE / name), rows(folder / name)
    assert expected, "an example holds a row"
    assert [{key: row.get(key) for key in expected[0]} for row in found] == expected


def test_files_for_statistics_hold_a_row_per_unit_with_the_facts_of_its_message(folder):
    messages, about = pyreadstat.read_sav(folder / "research" / "messages.sav")
    assert about.file_label == "Proef"
    facts = ["round", "message_id", "coders", "contains_pii", "role", "followers", "posts", "position"]
    assert messages[facts].astype(object).where(messages[facts].notna(), None).values.tolist() == [
        ["practice", "100", 1, 2, "consumer", 120, 7, 1],
        ["main", "100", 2, 1, "consumer", 120, 7, 1],
        ["main", "101", 2, None, "organisation", None, None, 2],
        ["main", "200", 1, 1, "consumer", None, None, 1],
        ["later", "201", 1, 2, "organisation", None, None, 2],
    ]
    assert "level" not in messages.columns
    conversations, _about = pyreadstat.read_sav(folder / "research" / "conversations.sav")
    assert conversations[["round", "conversation_id", "solved"]].values.tolist() == [["main", "talk-1", 3]]
    assert not {"level", "message_id", "role"} & set(conversations.columns)
    spans, _about = pyreadstat.read_sav(folder / "research" / "spans.sav")
    assert spans[["coder", "start", "end", "info_type"]].values.tolist() == [
        ["C1", 4, 15, 1],
        ["C2", 0, 3, 3],
        ["C2", 4, 15, 1],
    ]
    syntax = (folder / "research" / "spss.sps").read_text(encoding="utf-8")
    for level in ("conversations", "messages", "spans"):
        assert f"{level}_for_spss.txt" in syntax
        assert f"{level}_from_text.sav" in syntax
        text = (folder / "research" / f"{level}_for_spss.txt").read_text(encoding="utf-8").splitlines()
        assert len(text) == 1 + {"conversations": 1, "messages": 5, "spans": 3}[level]


def test_the_workbook_has_a_sheet_per_table_and_says_what_is_in_them(folder):
    book = load_workbook(folder / "research" / "study.xlsx", read_only=True)
    assert book.sheetnames == [
        "wide",
        "long",
        "spans",
        "consensus",
        "messages",
        "agreement",
        "results",
        "codebook",
        "readme",
    ]
    for sheet, name in (("long", "codings_long"), ("spans", "spans"), ("messages", "messages")):
        written = [[cell or "" for cell in row] for row in book[sheet].iter_rows(values_only=True)]
        expected = rows(HERE / "research" / f"{name}.csv")
        assert len(written) == 1 + len(expected)
        at = written[0].index("message_id")
        assert [row[at] for row in written[1:]] == [row["message_id"] for row in expected]
    readme = [tuple(cell or "" for cell in row) for row in book["readme"].iter_rows(values_only=True)]
    assert readme[0] == ("sheet", "column", "description", "missing_codes")
    assert readme[1:4] == [
        ("", "study", "Proef", ""),
        ("", "profile", "research", ""),
        ("", "times", "on the clock of Europe/Amsterdam", ""),
    ]
    assert [row[1] for row in readme[4:8]] == ["left out"] * 4
    assert ("wide", "coders", "coders who finished the unit", "") in readme
    assert [row[3] for row in readme if row[:2] == ("wide", "solved")] == ["97, 98, 99"]


def test_a_project_for_qualitative_analysis_holds_each_code_at_its_place(folder):
    with zipfile.ZipFile(folder / "research" / "project.qdpx") as book:
        names = book.namelist()
        xml = ElementTree.fromstring(book.read("project.qde"))
        texts = {Path(name).name: book.read(name).decode("utf-8") for name in names if name.endswith(".txt")}
    space = {"q": "urn:QDA-XML:project:1.0"}
    users = {user.get("guid"): user.get("name") for user in xml.iterfind(".//q:User", space)}
    codes = {code.get("guid"): code.get("name") for code in xml.iterfind(".//q:Code", space)}
    found = set()
    for source in xml.iterfind(".//q:TextSource", space):
        text = texts[source.get("plainTextPath").rpartition("/")[2]]
        for place in source.iterfind("q:PlainTextSelection", space):
            quote = text[int(place.get("startPosition")) : int(place.get("endPosition"))]
            if len(quote) < 40:
                for coding in place.iterfind("q:Coding", space):
                    code = codes[coding.find("q:CodeRef", space).get("targetGUID")]
                    found.add((source.get("name"), users[coding.get("creatingUser")], quote, code))
    ask, phone = "••• ••••••••••• of @•••••••••", "•" * 11
    assert found == {
        *(("talk-1", "C1", ask, code) for code in ("Yes", "No", "None")),
        *(("talk-1", "C2", ask, code) for code in ("Yes", "No", "DM", "Mail")),
        ("talk-1", "C2", "Stuur een DM @••••••••• ^MK", "No"),
        *(("talk-1", coder, phone, "Phone") for coder in ("C1", "C2", "consensus")),
        ("talk-1", "C2", "•••", "BSN"),
        ("talk-1", "consensus", "@•••••••••", "E-mail"),
        ("talk-2", "C1", "@•••••• Nee", "No"),
        ("talk-2", "C2", "Mail jan@example.org", "Yes"),
    }
