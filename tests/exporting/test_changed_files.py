"""What another program did to a file of codings is told, line by line, and nothing is stored."""

import re
import shutil
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.common.cells import csv_lines
from annotations.errors import BadInput
from annotations.exporting.export import write_export
from annotations.exporting.reading import qda
from annotations.exporting.reading.codings import import_codings
from annotations.exporting.reading.qda import qda_lines
from annotations.models import Coding
from tests.exporting.test_export import empty_copy, rows, study  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db


LONG = "codings_long.csv"
Q = "{urn:QDA-XML:project:1.0}"


@pytest.fixture
def exported(study, tmp_path):  # noqa: F811
    """The rows of an export, and a function that reads changed ones into a copy of the study."""
    write_export(study, tmp_path, profile="restricted", only=[LONG])
    return rows(tmp_path / LONG)


@pytest.fixture
def read(study, tmp_path):  # noqa: F811
    copy = empty_copy(study, "copy")

    def read(changed):
        path = tmp_path / "changed.csv"
        lines = csv_lines(list(changed[0]), [list(row.values()) for row in changed], raw=True)
        path.write_text("".join(lines), encoding="utf-8", newline="")
        return import_codings(copy, path, create_coders=True)

    read.copy = copy
    return read


def first(rows_of, variable):
    return next(row for row in rows_of if row["variable"] == variable)


@pytest.mark.parametrize(
    ("variable", "changed", "sentence"),
    [
        ("waiting_days", {"value": "25"}, "value or code is not as it was exported"),
        ("contains_pii", {"value": "no"}, "value or code is not as it was exported"),
        ("contains_pii", {"code": "0"}, "value or code is not as it was exported"),
        ("contains_pii", {"seconds": "41"}, "who, where and when is not as it was exported"),
        ("contains_pii", {"finished_at": "1-4-2019 12:00"}, "who, where and when is not as it was exported"),
        ("info_type", {"start": "19"}, "who, where and when is not as it was exported"),
        ("contains_pii", {"origin": "added", "value": "no"}, "this row is not as it was exported"),
    ],
)
def test_a_row_that_a_program_changed_is_named(exported, read, variable, changed, sentence):
    row = first(exported, variable)
    row |= changed
    with pytest.raises(BadInput, match=sentence) as told:
        read(exported)
    assert f"line {exported.index(row) + 2}: " in str(told.value)
    assert not Coding.objects.filter(assignment__round__study=read.copy).exists()


def test_a_change_that_is_meant_is_read_without_the_check(exported, read):
    row = first(exported, "waiting_days")
    row |= {"value": "3", "code": "3", "row_check": ""}
    assert read(exported)["codings_new"] == 4


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "0"}, "contains_pii has the value “yes”, of which the code is “1”, and the code “0”"),
        ({"finished_at": "1-4-2019 12:00"}, "finished_at is “1-4-2019 12:00”"),
        ({"finished_at": "2019-04-01T12:00:00"}, "finished_at is “2019-04-01T12:00:00”"),
        ({"seconds": "40,5"}, "seconds is “40,5”"),
        ({"origin": "guessed"}, "origin is “guessed”"),
        ({"conversation_id": "", "message_id": ""}, "give conversation_id or message_id"),
        ({"conversation_id": "", "message_id": "elders"}, "message elders is not in this study"),
    ],
)
def test_cells_that_contradict_or_mean_nothing_are_refused_without_a_check_too(
    exported, read, changed, sentence
):
    for row in exported:
        row["row_check"] = ""
    variable = "info_type" if "origin" in changed else "contains_pii"
    own = [exported.index(first(exported, variable))]
    if "finished_at" in changed or "seconds" in changed:
        own = range(len(exported))  # of a coding its first row counts
    for number in own:
        exported[number] |= changed
    with pytest.raises(BadInput, match=re.escape(sentence)):
        read(exported)


def test_a_column_that_is_gone_is_named(exported, read):
    for row in exported:
        del row["seconds"]
    with pytest.raises(BadInput, match="the column seconds of the export is gone"):
        read(exported)


def test_a_message_is_enough_to_find_its_conversation(exported, read):
    for row in exported:
        row["row_check"] = ""
        if row["message_id"]:
            row["conversation_id"] = ""
    assert read(exported)["codings_new"] == 4


@pytest.mark.parametrize("profile", ["research", "restricted"])
def test_the_workbook_reads_back_as_the_csv_does(study, tmp_path, profile):  # noqa: F811
    write_export(study, tmp_path, profile=profile, only=[LONG, "study.xlsx"])
    copy = empty_copy(study, "copy")
    report = import_codings(copy, tmp_path / "study.xlsx", create_coders=True)
    assert report["codings_new"] == 4
    assert import_codings(copy, tmp_path / LONG, create_coders=True)["codings_known"] == 4
    write_export(copy, tmp_path / "again", profile="restricted", only=[LONG])
    if profile == "restricted":
        assert (tmp_path / "again" / LONG).read_bytes() == (tmp_path / LONG).read_bytes()


def test_a_workbook_without_codings_says_which_columns_it_needs(study, tmp_path):  # noqa: F811
    write_export(study, tmp_path, only=["conversations.sav", "study.xlsx"])
    with ZipFile(tmp_path / "study.xlsx") as book, ZipFile(tmp_path / "other.xlsx", "w") as other:
        for name in book.namelist():
            other.writestr(name, book.read(name).replace(b">variable<", b">vraag<"))
    with pytest.raises(BadInput, match="no sheet has the columns coder, conversation_id"):
        import_codings(study, tmp_path / "other.xlsx")
    (tmp_path / "no.xlsx").write_bytes(b"PK nothing")
    with pytest.raises(BadInput, match=r"no\.xlsx: the file cannot be opened"):
        import_codings(study, tmp_path / "no.xlsx")


def values_of(study, tmp_path):  # noqa: F811
    """(coder, conversation, message, variable, start, end, value) of all that was answered."""
    write_export(study, tmp_path, profile="restricted", only=[LONG])
    names = ("coder", "conversation_id", "message_id", "variable", "start", "end", "value")
    found = {tuple(row[name] for name in names) for row in rows(tmp_path / LONG)}
    return {row for row in found if row[-1] not in ("97", "98", "99", "")}


@pytest.mark.parametrize("profile", ["research", "restricted"])
def test_a_qda_project_brings_its_codings_in(study, tmp_path, profile):  # noqa: F811
    write_export(study, tmp_path, profile=profile, only=["project.qdpx"])
    given = values_of(study, tmp_path / "before")
    copy = empty_copy(study, "copy")
    import_codings(copy, tmp_path / "project.qdpx", create_coders=True)
    came = values_of(copy, tmp_path / "after")
    if profile == "research":
        names = {"C1": "noor"}
        came = {(names.get(row[0], row[0]), *row[1:]) for row in came}
        given = {row for row in given if row[3] != "note"}
    assert came == given


def changed_project(tmp_path, change):
    path = tmp_path / "changed.qdpx"
    with ZipFile(tmp_path / "project.qdpx") as old, ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "project.qde":
                root = ElementTree.fromstring(content)
                change(root)
                content = ElementTree.tostring(root, encoding="utf-8")
            new.writestr(name, content)
    return path


def test_codes_of_another_program_are_known_by_their_names(study, tmp_path):  # noqa: F811
    """Programs give codes ids of their own, and write those in capitals."""
    write_export(study, tmp_path, profile="restricted", only=["project.qdpx"])
    given = values_of(study, tmp_path / "before")

    def renamed(root):
        for element in root.iter():
            for name in ("guid", "targetGUID"):
                if name in element.attrib:
                    element.set(name, element.get(name)[::-1].upper())
            if element.get("creatingUser"):
                element.set("creatingUser", element.get("creatingUser")[::-1].upper())

    copy = empty_copy(study, "copy")
    import_codings(copy, changed_project(tmp_path, renamed), create_coders=True)
    assert values_of(copy, tmp_path / "after") == given


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda root: next(root.iter(f"{Q}TextSource")).set("name", "elders"), "“elders” is no conversation"),
        (
            lambda root: [each.set("endPosition", "9999") for each in root.iter(f"{Q}PlainTextSelection")],
            "covers 2 messages; it is about one",
        ),
        (lambda root: root.remove(root.find(f"{Q}Sources")), "no text in it has a code"),
        (
            lambda root: next(root.iter(f"{Q}PlainTextSelection")).set("endPosition", "ver"),
            "project.qde in it cannot be read",
        ),
    ],
)
def test_what_does_not_fit_in_a_qda_project_is_one_sentence(study, tmp_path, change, sentence):  # noqa: F811
    write_export(study, tmp_path, only=["project.qdpx"])
    with pytest.raises(BadInput, match=sentence):
        import_codings(study, changed_project(tmp_path, change))


def test_another_text_and_no_project_are_refused(study, tmp_path):  # noqa: F811
    write_export(study, tmp_path, only=["project.qdpx"])
    copy = empty_copy(study, "copy")
    message = copy.messages.first() if hasattr(copy, "messages") else None
    message = message or copy.conversations.first().messages.first()
    type(message).objects.filter(pk=message.pk).update(text=message.text + "!")
    with pytest.raises(BadInput, match="is not the one that was exported"):
        import_codings(copy, tmp_path / "project.qdpx", create_coders=True)
    shutil.copy(tmp_path / "manifest.json", tmp_path / "no.qdpx")
    with pytest.raises(BadInput, match="no REFI-QDA project"):
        import_codings(copy, tmp_path / "no.qdpx")
    endless = '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aa">]><Project>&a;</Project>'
    with ZipFile(tmp_path / "no.qdpx", "w") as file:
        file.writestr("project.qde", endless)
    with pytest.raises(BadInput, match="document type"):
        import_codings(copy, tmp_path / "no.qdpx")


def test_a_project_asks_the_database_no_more_for_more_texts(study, tmp_path, django_assert_num_queries):  # noqa: F811
    path = tmp_path / "project.qdpx"
    write_export(study, tmp_path, only=[path.name])
    few = changed_project(
        tmp_path, lambda root: root.find(f"{Q}Sources").remove(next(root.iter(f"{Q}TextSource")))
    )
    qda_lines(study, few, few.name)  # the codebook is remembered from here on
    with CaptureQueriesContext(connection) as asked:
        assert qda_lines(study, few, few.name)
    with django_assert_num_queries(len(asked)):
        assert qda_lines(study, path, path.name)


def test_a_project_that_unpacks_to_too_much_is_refused(study, tmp_path, monkeypatch):  # noqa: F811
    write_export(study, tmp_path, only=["project.qdpx"])
    monkeypatch.setattr(qda, "MOST_UNPACKED", 1_000)
    with pytest.raises(BadInput, match="unpacked it is larger"):
        import_codings(study, tmp_path / "project.qdpx")
