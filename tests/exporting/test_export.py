"""An export is complete, opens anywhere, and reads back to the byte."""

import csv
import hashlib
import json
import os
import stat
from decimal import Decimal

import pytest
import yaml
from django.core.management import call_command

from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.errors import BadInput
from annotations.exporting.export import write_export
from annotations.exporting.levels import LEVELS
from annotations.exporting.reading.codings import import_codings
from annotations.models import Code, Coding, Conversation, KeptContradiction, Message, Study
from tests.coding.contradicting import CONSISTENCY
from tests.exporting.reading import all_text, write_tables
from tests.factories import (
    SMALL_CODEBOOK,
    START,
    assign,
    make_account,
    make_coding,
    make_conversation,
    make_member,
    make_round,
    make_study,
)

pytestmark = pytest.mark.django_db
TEXT = '=HYPERLINK("x") bel 06-00000011 @kees_demo 👨‍👩‍👧'
CODED = ("codings_long.csv", "codings_wide.csv", "spans.csv", "reliability.csv")


@pytest.fixture
def study():
    """Two coders, two conversations; they differ on the second."""
    study = make_study("source", modules=["core", "extra"])
    coders = [make_member(study, "noor", pseudonym="C1"), make_member(study, "coder2")]
    for number in range(2):
        conversation = make_conversation(study, TEXT, "Stuur een DM ^MK")
        first, second = conversation.messages.all()
        for coder in coders:
            differs = number == 1 and coder.username == "noor"
            item = ImportedCoding(
                assign(conversation, coder),
                answers={
                    CONVERSATION: {
                        "solved": "not" if differs else "fully",
                        "waiting_days": Decimal("2.5"),
                        "note": "- zie @kees_demo" if differs else Missing.NOT_CODED,
                    },
                    ("message", first.pk): {
                        "contains_pii": "yes",
                        "channels": frozenset() if differs else frozenset({"dm", "mail"}),
                        "removal_request": "yes",
                    },
                    ("message", second.pk): {
                        "contains_pii": "no",
                        "channels": Missing.NOT_APPLICABLE,
                        "removal_request": Missing.NOT_APPLICABLE,
                    },
                },
                spans=[] if differs else [ImportedSpan(first.pk, 20, 31, {"info_type": "phone"}, "accepted")],
                finished_at=START,
                active_seconds=40 + number,
                origins={("message", first.pk): {"contains_pii": "confirmed", "channels": "changed"}},
            )
            store_imported(make_round(study), [item], actor_id=None)
    return study


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def empty_copy(study: Study, slug: str) -> Study:
    """The same corpus and codebook, without coders and codings."""
    copy = make_study(slug, codebook_version=study.codebook_version, modules=study.modules)
    for conversation in study.conversations.all():
        batch = copy.import_batches.first() or copy.import_batches.create(state="done")
        twin = Conversation.objects.create(
            study=copy,
            number=conversation.number,
            key=conversation.key,
            organisation=copy.organisations.get(),
            batch=batch,
        )
        parent = None
        for message in conversation.messages.all():
            account = make_account(copy, message.account.handle, message.account.role)
            parent = Message.objects.create(
                study=copy,
                conversation=twin,
                batch=batch,
                external_id=message.external_id,
                parent=parent,
                position=message.position,
                account=account,
                created_at=message.created_at,
                text=message.text,
            )
    return copy


def test_every_file_of_the_contract_is_written_and_the_manifest_proves_it(study, tmp_path):
    manifest = write_export(study, tmp_path)
    assert manifest["detector"]["shown_from"] == "medium"
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {
        *CODED,
        "agreement.csv",
        "consensus.csv",
        "contradictions.csv",
        "codebook_changes.csv",
        "messages.csv",
        "organisations.csv",
        "quotations.csv",
        "response_times.csv",
        "results.csv",
        "saved_tables.csv",
        "codebook.yaml",
        *(f"codebook.{kind}" for kind in ("csv", "html", "docx", "qdc")),
        "datapackage.json",
        "study.xlsx",
        "spss.sps",
        "read_data.R",
        "project.qdpx",
        "ddi.xml",
        "methods.nl.txt",
        "methods.en.txt",
        *(f"{level}{end}" for level in LEVELS for end in (".sav", ".dta", "_for_spss.txt")),
        "manifest.json",
    }
    for file in manifest["files"]:
        content = (tmp_path / file["name"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        if "rows" in file:
            assert file["rows"] == len(rows(tmp_path / file["name"]))
    assert json.loads((tmp_path / "manifest.json").read_text()) == manifest
    assert yaml.safe_load((tmp_path / "codebook.yaml").read_text())["codebook"]["key"] == "small"


@pytest.mark.parametrize("profile", ["research", "restricted"])
@pytest.mark.parametrize("raw", [False, True])
def test_an_export_reads_back_into_an_empty_copy_to_the_byte(study, tmp_path, profile, raw):
    first, second = tmp_path / "first", tmp_path / "second"
    write_tables(study, first, profile=profile, raw=raw)
    copy = empty_copy(study, "copy")
    report = import_codings(copy, first / "codings_long.csv", create_coders=True)
    assert report["codings_new"] == 4
    assert [warning["code"] for warning in report["warnings"]] == ["required"]  # the empty choice
    write_tables(copy, second, profile=profile, raw=raw)
    for name in CODED:
        assert (second / name).read_bytes() == (first / name).read_bytes(), name


def test_an_answer_says_whether_it_was_proposed_and_still_does_after_it_was_read_back(study, tmp_path):
    write_tables(study, tmp_path)
    copy = empty_copy(study, "copy")
    import_codings(copy, tmp_path / "codings_long.csv", create_coders=True)
    told = {(row["variable"], row["answer_origin"]) for row in rows(tmp_path / "codings_long.csv")}
    assert told >= {
        ("contains_pii", "confirmed"),
        ("contains_pii", "free"),
        ("channels", "changed"),
        ("channels", ""),  # not asked
        ("info_type", "free"),
    }
    stored = Code.objects.filter(coding__assignment__round__study=copy).exclude(origin="")
    assert sorted(stored.values_list("variable__key", "origin")) == (
        [("channels", "changed")] * 4 + [("contains_pii", "confirmed")] * 4
    )


def test_kept_contradictions_have_a_file(tmp_path):
    study = make_study("kept", SMALL_CODEBOOK.replace("key: small", "key: kept", 1) + CONSISTENCY)
    coder = make_member(study, "noor", pseudonym="C1")
    message = make_conversation(study, TEXT).messages.get()
    item = ImportedCoding(
        assign(message.conversation, coder),
        answers={("message", message.pk): {"contains_pii": "no"}},
        spans=[ImportedSpan(message.pk, 20, 31, {"info_type": "phone"})],
    )
    (coding,) = store_imported(make_round(study), [item], actor_id=None)
    KeptContradiction.objects.create(coding=coding, rule="marked_but_no", message=message)
    write_tables(study, tmp_path)
    (row,) = rows(tmp_path / "contradictions.csv")
    assert (row["coder"], row["message_id"], row["rule"]) == ("C1", message.external_id, "marked_but_no")
    assert row["contradiction"] == "Gemarkeerd, en toch nee."
    copy = empty_copy(study, "copy")
    import_codings(copy, tmp_path / "codings_long.csv", create_coders=True)
    other = tmp_path / "other.csv"
    other.write_text((tmp_path / "contradictions.csv").read_text("utf-8-sig").replace("but_no", "but_yes"))
    with pytest.raises(BadInput, match=r"line 2: what C1 gave .* holds no contradiction marked_but_yes"):
        import_codings(copy, other)
    assert import_codings(copy, tmp_path / "contradictions.csv")["kept_new"] == 1
    assert import_codings(copy, tmp_path / "contradictions.csv")["kept_known"] == 1
    write_tables(copy, tmp_path / "copy")
    written = [folder / "contradictions.csv" for folder in (tmp_path, tmp_path / "copy")]
    assert written[0].read_bytes() == written[1].read_bytes()
    Coding.objects.update(state="open", finished_at=None)
    write_tables(study, tmp_path)
    assert rows(tmp_path / "contradictions.csv") == []


def test_importing_the_same_codings_again_adds_nothing(study, tmp_path):
    write_tables(study, tmp_path, profile="restricted")
    before = Code.objects.count()
    report = import_codings(study, tmp_path / "codings_long.csv")
    assert (report["codings_new"], report["codings_known"]) == (0, 4)
    assert Code.objects.count() == before


def test_no_cell_can_be_taken_for_a_formula(study, tmp_path):
    write_tables(study, tmp_path, profile="restricted")
    for path in tmp_path.glob("*.csv"):
        for row in rows(path):
            for cell in [*row.keys(), *row.values()]:
                assert not cell or cell[0] not in "=+-@\t\r\n" or cell.lstrip("-").replace(".", "").isdigit()
    notes = [row["value"] for row in rows(tmp_path / "codings_long.csv") if row["variable"] == "note"]
    assert "'- zie @kees_demo" in notes


def test_a_column_named_after_a_coder_is_no_formula_and_the_package_names_it_as_the_file_does(
    study, tmp_path
):
    coder = make_member(study, "+noor+1-2")
    copied = Coding.objects.filter(assignment__coder__username="noor").first()
    item = ImportedCoding(
        assign(copied.assignment.conversation, coder), answers={CONVERSATION: {"solved": "fully"}}, spans=[]
    )
    store_imported(copied.assignment.round, [item], actor_id=None)
    write_tables(study, tmp_path, profile="restricted")
    with (tmp_path / "reliability.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert "'+noor+1-2" in header
    package = json.loads((tmp_path / "datapackage.json").read_text())
    described = next(table for table in package["resources"] if table["name"] == "reliability")
    assert [field["name"] for field in described["schema"]["fields"]] == header


def test_the_research_file_holds_no_personal_data_no_names_and_no_notes(study, tmp_path):
    write_export(study, tmp_path, profile="research")
    everything = all_text(tmp_path)
    for secret in ("00000011", "kees_demo", "noor"):
        assert secret not in everything
    texts = {row["text"] for row in rows(tmp_path / "messages.csv") if row["role"] == "consumer"}
    assert all(len(text.removeprefix("'")) == len(TEXT) for text in texts)


def test_folders_and_files_are_for_their_owner_only(study, tmp_path):
    old = os.umask(0o022)
    try:
        write_export(study, tmp_path / "for" / "me")
    finally:
        os.umask(old)
    for path in [tmp_path / "for", tmp_path / "for" / "me", *(tmp_path / "for" / "me").iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_public_file_holds_no_text_no_time_and_no_id(study, tmp_path):
    write_export(study, tmp_path, profile="public")
    everything = all_text(tmp_path)
    ids = list(Message.objects.values_list("external_id", flat=True))
    for secret in ("HYPERLINK", "2019-05", *ids, *Conversation.objects.values_list("key", flat=True)):
        assert secret not in everything


def test_the_wide_file_has_a_row_per_unit_with_final_values_and_each_coders_own(study, tmp_path):
    write_tables(study, tmp_path)
    wide = rows(tmp_path / "codings_wide.csv")
    assert len(wide) == 2 * (2 + 1)
    agreed, differing = (row for row in wide if row["level"] == "conversation")
    assert (agreed["solved"], agreed["unresolved"]) == ("3", "0")
    assert (differing["solved"], differing["unresolved"]) == ("", "1")
    assert {differing["solved__C1"], differing["solved__coder2"]} == {"1", "3"}
    assert agreed["coders"] == "2"


def test_who_finished_no_coding_has_no_column(study, tmp_path):
    make_member(study, "idle")
    opened = make_member(study, "opened")
    make_coding(make_conversation(study, "Hallo"), opened)
    write_tables(study, tmp_path)
    for name in ("codings_wide.csv", "reliability.csv"):
        table = rows(tmp_path / name)
        coders = {"noor", "idle", "opened", "C1", "coder2"} & {key.rpartition("__")[2] for key in table[0]}
        assert coders == {"C1", "coder2"}, name


def test_the_reliability_file_holds_the_units_of_the_report_and_leaves_missing_codes_empty(study, tmp_path):
    write_tables(study, tmp_path)
    table = rows(tmp_path / "reliability.csv")
    channels = [row for row in table if row["variable"] == "channels"]
    # In the organisation's messages nobody was asked about channels.
    assert [(row["C1"], row["coder2"]) for row in channels] == [
        ("dm|mail", "dm|mail"),
        ("[]", "dm|mail"),
    ]


def test_an_unfinished_coding_is_left_out_and_the_manifest_says_so(study, tmp_path):
    Coding.objects.filter(pk=Coding.objects.first().pk).update(state="open", finished_at=None)
    manifest = write_tables(study, tmp_path)
    assert any("1 unfinished" in reason for reason in manifest["left_out"])
    assert manifest["counts"]["codings_finished"] == 3


def test_the_same_study_exports_to_the_same_bytes(study, tmp_path):
    assert write_export(study, tmp_path / "a") == write_export(study, tmp_path / "b")


def test_the_folder_of_the_command_and_what_is_in_it_are_for_their_owner_only(study, tmp_path, capsys):
    before = os.umask(0)
    try:
        call_command("export", "source", "--to", str(tmp_path / "new" / "folder"), "--no-figures")
    finally:
        os.umask(before)
    folder = tmp_path / "new" / "folder"
    assert {path.stat().st_mode & 0o777 for path in (folder.parent, folder)} == {0o700}
    files = list(folder.iterdir())
    assert files
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_the_command_prints_json_and_refuses_an_unknown_study_in_one_line(study, tmp_path, capsys):
    call_command("export", "source", "--to", str(tmp_path), "--json", "--no-figures")
    assert json.loads(capsys.readouterr().out)["study"] == "source"
    with pytest.raises(SystemExit) as stopped:
        call_command("export", "nowhere", "--to", str(tmp_path))
    assert stopped.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_an_export_that_breaks_off_leaves_no_half_made_file(study, tmp_path, monkeypatch):
    def breaks_off(*_arguments):
        raise OSError("the disk is full")

    monkeypatch.setattr("annotations.exporting.export._write_codebooks", breaks_off)
    with pytest.raises(OSError, match="full"):
        write_export(study, tmp_path)
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_the_data_package_says_which_message_a_row_is_about(study, tmp_path):
    write_export(study, tmp_path, only=["codings_long.csv", "messages.csv", "datapackage.json"])
    package = json.loads((tmp_path / "datapackage.json").read_text())
    keys = {resource["name"]: resource["schema"].get("foreignKeys") for resource in package["resources"]}
    assert keys["messages"] is None
    assert [key["reference"] for key in keys["codings_long"]] == [
        {"resource": "messages", "fields": ["conversation_id"]},
        {"resource": "messages", "fields": ["message_id"]},
    ]


def test_the_methods_paragraph_is_in_the_zip_in_both_languages(study, tmp_path):
    write_export(study, tmp_path, only=["methods.nl.txt", "methods.en.txt"])
    assert "codeurs" in (tmp_path / "methods.nl.txt").read_text(encoding="utf-8")
    assert "coders" in (tmp_path / "methods.en.txt").read_text(encoding="utf-8")
