"""What an export tells while it works, what it keeps out per profile, and what it leaves behind."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, store_imported
from annotations.errors import BadInput
from annotations.exporting import archive, jobs, kept
from annotations.exporting.cell_count import Cells, expected_cells
from annotations.exporting.profile import PROFILES, profile_named
from annotations.exporting.reading.codings import import_codings
from annotations.exporting.reading.lines import read_lines
from annotations.exporting.study_data import StudyData
from annotations.models import Coding, ExportFile
from tests.exporting.reading import write_tables
from tests.factories import START, assign, make_conversation, make_member, make_round, make_study

HEADER = "coder,conversation_id,message_id,variable,value,start,end,seconds\n"


@pytest.fixture
def study(db):
    study = make_study("study")
    make_member(study, "noor", pseudonym="C1")
    make_conversation(study, "Bel 06-00000011")
    return study


def code(study, *coders, variable="solved", value="not"):
    conversation = study.conversations.get()
    items = [
        ImportedCoding(
            assign(conversation, coder), answers={CONVERSATION: {variable: value}}, finished_at=START
        )
        for coder in coders
    ]
    store_imported(make_round(study), items, actor_id=None)


def test_the_share_goes_from_the_files_to_the_zip(monkeypatch, tmp_path):
    def two_files(study, folder, *, on_share, **_options):
        on_share(0.5)
        for name in ("a.csv", "b.csv"):
            (folder / name).write_text("x", encoding="utf-8")

    monkeypatch.setattr(archive, "write_export", two_files)
    told = []
    with (tmp_path / "made.zip").open("w+b") as target:
        archive.write_zip(
            SimpleNamespace(slug="s"),
            target,
            profile="research",
            reason="",
            actor_id=None,
            scratch=tmp_path,
            on_share=told.append,
        )
    assert told == pytest.approx([0.475, 0.95, 0.975])
    assert [path.name for path in tmp_path.iterdir()] == ["made.zip"], "the parts are gone"


def test_the_share_is_told_every_20_000_cells_and_never_exceeds_one():
    told = []
    cells = Cells(told.append, 100_000)
    cells.count(19_999)
    assert told == []
    for number in (1, 19_999, 1, 100_000):
        cells.count(number)
    assert told == [0.2, 0.4, 1.0]


def test_pairs_are_expected_only_where_a_conversation_was_coded_twice(study):
    names = ("messages", "codings_long", "codings_wide", "spans", "consensus", "reliability")
    tables = [SimpleNamespace(name=f"{name}.csv", columns=["x"] * (name == "reliability")) for name in names]
    noor, daan = study.memberships.get().user, make_member(study, "daan")
    code(study, noor)
    assert expected_cells(StudyData(study, PROFILES["research"]), tables) == 0
    code(study, daan)
    assert expected_cells(StudyData(study, PROFILES["research"]), tables) == 1


def test_a_file_that_cannot_be_read_says_why_and_where(tmp_path):
    with pytest.raises(BadInput, match=r"nowhere.csv: cannot be read \(No such file"):
        list(read_lines(tmp_path / "nowhere.csv"))
    file = tmp_path / "latin.csv"
    file.write_bytes(HEADER.encode() + b"noor,1,,solved,98,,,\n" + "coördinator,1\n".encode("latin-1"))
    with pytest.raises(BadInput, match=r"latin\.csv, line 3: not UTF-8"):
        list(read_lines(file))
    file = tmp_path / "quote.csv"
    file.write_text(HEADER + "noor,1,,solved,98,,,\nnoor,1,,solved,98,,,\n" + 'noor,"1,,', encoding="utf-8")
    with pytest.raises(BadInput, match=r"quote\.csv, line 4: "):
        list(read_lines(file))


def test_the_folder_is_made_where_it_is_not_there(study, tmp_path):
    write_tables(study, tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder" / "manifest.json").is_file()


def test_what_each_profile_shows():
    flags = ("usernames", "handles", "notes", "source_ids", "times", "offsets", "detector_rules")
    shown = {
        name: (profile.texts, [flag for flag in flags if getattr(profile, flag)])
        for name, profile in PROFILES.items()
    }
    assert shown == {
        "research": ("masked", ["source_ids", "times", "offsets", "detector_rules"]),
        "restricted": ("raw", list(flags)),
        "public": ("none", []),
    }
    assert PROFILES["restricted"].left_out() == []
    research, public = PROFILES["research"].left_out(), PROFILES["public"].left_out()
    assert [reason.split(":")[0] for reason in research] == [
        "user names of coders",
        "personal data in texts",
        "handles and names of consumers",
        "free-text answers",
    ]
    assert [reason.split(":")[0] for reason in public] == [
        "user names of coders",
        "texts of messages",
        "handles and names of consumers",
        "free-text answers",
        "ids and addresses of messages",
        "order and replies of messages",
        "followers, posts and age of accounts",
        "exact times and seconds of work",
        "the study's rules for the detector",
        "tables per agent and per month",
        "where fragments begin and end, and what the detector found in a message",
    ]
    with pytest.raises(BadInput, match="research, restricted, public"):
        profile_named("everything")


def test_coders_stand_in_the_order_of_their_names(study):
    noor = study.memberships.get().user
    later = [make_member(study, name, pseudonym=shown) for name, shown in (("x", "c1"), ("y", "B"))]
    code(study, *later, noor)
    assert list(StudyData(study, PROFILES["research"]).coders.values()) == ["B", "C1", "c1"]


def test_a_variable_coded_in_another_study_only_is_not_in_the_files(study):
    other = make_study("other", codebook_version=study.codebook_version, modules=["core", "extra"])
    make_conversation(other, "Hoi")
    code(other, make_member(other, "daan"), variable="note", value="iets")
    keys = [variable.key for variable in StudyData(study, PROFILES["restricted"]).variables]
    assert "note" not in keys
    assert "solved" in keys


def test_a_coder_may_be_named_by_pseudonym_and_the_seconds_are_read(study, tmp_path):
    file = tmp_path / "codings.csv"
    key = study.conversations.get().key
    for round_name, seconds, counted in (("one", "12", 12), ("two", "", 0)):
        file.write_text(HEADER + f"C1,{key},,solved,fully,,,{seconds}\n", encoding="utf-8")
        import_codings(study, file, round_name=round_name)
        coding = Coding.objects.get(assignment__round__name=round_name)
        assert (coding.assignment.coder.username, coding.active_seconds) == ("noor", counted)


def test_of_many_faults_fifty_are_told(study, tmp_path):
    file = tmp_path / "codings.csv"
    key = study.conversations.get().key
    file.write_text(HEADER + f"noor,{key},,nothing,x,,,\n" * 53, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        import_codings(study, file)
    assert len(refused.value.problems) == 51
    assert refused.value.problems[-1] == "and 3 more problems."


@pytest.fixture
def chief(study, settings, tmp_path):
    settings.EXPORT_DIR, settings.JOB_DIR = tmp_path / "exports", tmp_path / "jobs"
    return make_member(study, "chief", "supervisor")


@pytest.mark.parametrize(("state", "stays"), [("failed", False), ("running", True)])
def test_what_is_half_made_goes_unless_somebody_is_making_it(study, chief, state, stays):
    row = ExportFile.objects.create(study=study, asked_by=chief, profile="research", state=state)
    kept.scratch_of(row.pk).mkdir()
    pk = row.pk
    kept.remove(row)
    assert kept.scratch_of(pk).exists() is stays


def test_an_export_is_put_together_in_its_own_folder_beside_the_others(study, chief, monkeypatch):
    seen = {}

    def write_zip(study, target, *, scratch, **options):
        seen.update(options, scratch=scratch)
        target.write(b"x")

    monkeypatch.setattr(jobs, "write_zip", write_zip)
    row = ExportFile.objects.create(
        study=study, asked_by=chief, profile="restricted", reason="zo", state="running"
    )
    done = {}
    jobs._make(row, SimpleNamespace(tell=print, done=lambda **fields: done.update(fields)))
    assert seen == {
        "scratch": kept.scratch_of(row.pk),
        "profile": "restricted",
        "reason": "zo",
        "actor_id": chief.pk,
        "on_share": print,
        "figures": False,
    }
    assert done["bytes"] == 1
    assert [path.name for path in kept.folder().iterdir()] == [done["file"]]


@pytest.mark.parametrize("supports_defer", [True, False])
def test_old_exports_are_forgotten_a_day_later(monkeypatch, supports_defer):
    planned = []

    class Task:
        def get_backend(self):
            return SimpleNamespace(supports_defer=supports_defer)

        def using(self, *, run_after):
            return SimpleNamespace(enqueue=lambda: planned.append(run_after))

    monkeypatch.setattr(jobs, "forget_exports", Task())
    jobs._forget_in_time()
    assert len(planned) == supports_defer
    for moment in planned:
        assert timedelta(hours=23) < moment - timezone.now() <= timedelta(days=1)
