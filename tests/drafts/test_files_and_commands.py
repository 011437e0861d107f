"""A spreadsheet as a draft, and the commands that load a codebook and compare two versions of one."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from annotations.codebooks.document import read_document
from annotations.codebooks.lookup import lookup
from annotations.codebooks.writing import csv_header, csv_rows
from annotations.drafts.starting import document_from_file
from annotations.drafts.store import draft_of
from annotations.errors import BadInput
from tests.factories import SMALL_CODEBOOK, make_study

from .help import Drafting, coded_study

pytestmark = pytest.mark.django_db


def workbook(path, rows, sheet="codebook"):
    book = Workbook()
    book.active.title = "read me"
    for row in rows:
        target = book[sheet] if sheet in book.sheetnames else book.create_sheet(sheet)
        target.append(row)
    book.save(path)
    return path


def told(*arguments):
    out = StringIO()
    call_command(*arguments, json=True, stdout=out)
    return json.loads(out.getvalue())


def refused(*arguments):
    """The one line of a refusal, printed or raised."""
    err = StringIO()
    with pytest.raises((CommandError, SystemExit)) as found:
        call_command(*arguments, stdout=StringIO(), stderr=err)
    sentence = err.getvalue().strip() or str(found.value)
    assert sentence.count("\n") == 0
    return sentence


def test_a_workbook_of_an_export_is_the_same_codebook_again(tmp_path):
    study = make_study()
    spec = lookup(study.codebook_version_id).spec
    path = workbook(tmp_path / "book.xlsx", [csv_header(spec), *csv_rows(spec)])
    read, faults = read_document(document_from_file(study, path.name, path.read_bytes()))
    assert faults == []
    assert read.by_key.keys() == spec.by_key.keys()
    for key in ("solved", "channels", "contains_pii"):
        assert read.by_key[key].categories == spec.by_key[key].categories
        assert read.by_key[key].show_if == spec.by_key[key].show_if


@pytest.mark.parametrize("content", [b"", b"PK nothing", b"variable;category"])
def test_what_is_no_workbook_is_one_sentence(content):
    with pytest.raises(BadInput) as refusal:
        document_from_file(make_study(), "book.xlsx", content)
    assert len(refusal.value.problems) == 1


def test_a_file_of_each_kind_becomes_the_draft_by_command(tmp_path):
    study = make_study()
    spec = lookup(study.codebook_version_id).spec
    (tmp_path / "book.yaml").write_text(SMALL_CODEBOOK.replace("version: 1.0.0", "version: 2.0.0"))
    first = told("import_codebook", study.slug, str(tmp_path / "book.yaml"))
    assert (first["base"], first["version"], first["problems"]) == ("1.0.0", "2.0.0", [])
    assert first["variables"] == len(spec.variables)
    path = workbook(tmp_path / "book.xlsx", [["Variable", "Category"], ["Tone", "Nice"], ["Tone", "Cold"]])
    second = told("import_codebook", study.slug, str(path))
    assert second["variables"] == 1
    assert any("definition" in each["path"] for each in second["problems"])
    draft = draft_of(study)
    assert (draft.revision, draft.document["variables"][0]["key"]) == (2, "tone")


def test_a_bad_file_is_one_sentence_by_command_and_makes_no_draft(tmp_path):
    study = make_study()
    (tmp_path / "a.docx").write_bytes(b"x")
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2")
    assert "nowhere.yaml" in refused("import_codebook", study.slug, str(tmp_path / "nowhere.yaml"))
    assert ".qdc" in refused("import_codebook", study.slug, str(tmp_path / "a.docx"))
    assert "variable" in refused("import_codebook", study.slug, str(tmp_path / "a.csv"))
    assert "no-study" in refused("import_codebook", "no-study", str(tmp_path / "a.csv"))
    assert draft_of(study) is None


def test_two_versions_are_compared_by_command(tmp_path):
    study = coded_study()
    drafting = Drafting(study)
    drafting.split("solved", "partly", "Bijna", "Half")
    drafting.publish()
    found = told("compare_versions", study.slug, "1.0.0", "1.0.1")
    assert (found["old"], found["new"]) == ("1.0.0", "1.0.1")
    [change] = found["changes"]
    sizes = [change[name] for name in ("codes", "coders", "conversations", "settled")]
    assert (change["kind"], change["code_again"], sizes) == ("split", True, [2, 1, 2, 0])
    out = StringIO()
    call_command("compare_versions", study.slug, "1.0.0", "1.0.1", stdout=out)
    assert "2 codes of 1 coders in 2 conversations, 0 settled" in out.getvalue()
    assert "1.0.1, 1.0.0" in refused("compare_versions", study.slug, "1.0.0", "9")
