"""What an archive refuses, what it keeps to itself, and who it takes for whom."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyrage
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from annotations.archive import sealed, write
from annotations.archive.arrivals import receive
from annotations.archive.contents import LEFT_OUT, included, rows_of, unplaced
from annotations.archive.load import load_study
from annotations.archive.make import make_archive
from annotations.archive.opened import opened
from annotations.archive.references import subject_of
from annotations.archive.sealed import new_lock, unseal
from annotations.archive.write import MANIFEST, write_study
from annotations.codebooks.store import store_codebook
from annotations.errors import BadInput
from annotations.models import (
    CodebookVersion,
    Event,
    ExportFile,
    Membership,
    Message,
    Study,
    StudyArrival,
    Variable,
)
from tests.factories import SMALL_CODEBOOK, make_coding, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db
WORDS = "vier losse woorden hier"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    for name in ("EXPORT_DIR", "JOB_DIR", "UPLOAD_DIR", "FIGURE_DIR"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        setattr(settings, name, folder)


@pytest.fixture(autouse=True)
def _quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing a passphrase takes a second on purpose; the tests about it wait, the others do not."""
    if request.node.get_closest_marker("slow"):
        return

    def lock(content: bytes, passphrase: str, *, armored: bool) -> bytes:
        return b64encode(passphrase.encode() + b"\0" + content)

    def unlock(locked: bytes, passphrase: str) -> bytes:
        words, _end, content = b64decode(locked).partition(b"\0")
        if words.decode() != passphrase:
            raise pyrage.DecryptError("Decryption failed")
        return content

    monkeypatch.setattr(sealed.pyrage, "passphrase", SimpleNamespace(encrypt=lock, decrypt=unlock))


@pytest.fixture
def study() -> Study:
    study = make_study("zilver")
    make_member(study, "chef", "supervisor")
    make_coding(make_conversation(study, "Bel 06-00000011", "Stuur een DM"), make_member(study, "noor"))
    return study


@pytest.fixture
def whole(study: Study, tmp_path: Path) -> Path:
    path = tmp_path / "whole.zip"
    with path.open("wb") as file:
        write_study(study, file)
    return path


def changed(path: Path, **members: bytes) -> Path:
    """The same zip with other contents under these names; `manifest` stands for the manifest."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, members.get(Path(name).stem, old.read(name)))
    return other


def manifest_of(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as file:
        return json.loads(file.read(MANIFEST))


def everything() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in (*included(), User)}


def test_every_model_is_in_or_named_as_left_out_with_a_reason() -> None:
    assert unplaced() == []
    assert all(LEFT_OUT.values())


def test_every_kind_of_subject_in_the_log_has_a_model() -> None:
    assert all(subject_of(model._meta.model_name or "") is model for model in included())
    assert subject_of("user") is User
    assert subject_of("no such thing") is None


def test_another_zip_is_no_archive(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("hello.txt", "hello")
    with pytest.raises(BadInput, match="no study archive"):
        unseal(other, io.BytesIO(), WORDS)


def test_what_does_not_fit_is_refused_and_nothing_is_stored(study: Study, whole: Path) -> None:
    before = everything()
    manifest = manifest_of(whole)

    def told(**values: Any) -> bytes:
        return json.dumps({**manifest, **values}).encode()

    with zipfile.ZipFile(whole) as file:
        messages = file.read("rows/Message.jsonl")
    for why, path in (
        ("There is a study at the address", whole),
        ("newer version", changed(whole, manifest=told(migration="9999_later"))),
    ):
        with pytest.raises(BadInput, match=why):
            load_study(path, actor_id=None)
    for members in (
        {"manifest": told(form=99)},
        {"manifest": told(members=manifest["members"][:-1])},
        {"manifest": b"no JSON"},
        {"Message": messages.replace(b"Bel", b"Sms")},
        {"Message": messages[: len(messages) // 2]},
    ):
        with pytest.raises(BadInput):
            load_study(changed(whole, **members), slug="elders", actor_id=None)
    assert everything() == before


def test_a_row_that_points_nowhere_is_refused_as_a_whole(whole: Path, monkeypatch: Any) -> None:
    before = everything()
    wanted = rows_of
    monkeypatch.setattr(
        write,
        "rows_to_write",
        lambda model, study: () if model is Membership else _rows(wanted, model, study),
    )
    study = Study.objects.get()
    with whole.open("wb") as file:
        write_study(study, file)
    fine = load_study(whole, slug="zonder-leden", actor_id=None)
    assert not fine.study.memberships.exists()
    monkeypatch.setattr(
        write, "rows_to_write", lambda model, study: () if model is Message else _rows(wanted, model, study)
    )
    make_coding(make_conversation(study, "Nog een"), make_member(study, "bo"))
    message = Message.objects.filter(study=study).first()
    assert message is not None
    message.versions.create(batch=message.batch, text="anders")
    with whole.open("wb") as file:
        write_study(study, file)
    before = everything()
    with pytest.raises(BadInput, match="does not fit together"):
        load_study(whole, slug="zonder-berichten", actor_id=None)
    assert everything() == before


def _rows(wanted: Any, model: Any, study: Study) -> Any:
    from annotations.archive.contents import columns_of

    return wanted(model, study).values_list(*columns_of(model))


def test_people_are_stand_ins_unless_they_are_said_to_be_the_same(study: Study, whole: Path) -> None:
    loaded = load_study(whole, slug="elders", actor_id=None)
    noor = User.objects.get(username="noor-2")
    assert loaded.people.renamed == {"noor": "noor-2", "chef": "chef-2"}
    assert (noor.is_active, noor.has_usable_password()) == (False, False)
    assert not noor.is_staff
    assert not noor.is_superuser
    same = load_study(whole, slug="hier", matches_people=True, actor_id=None)
    assert sorted(same.people.known) == ["chef", "noor"]
    assert same.study.memberships.filter(user__username="noor").exists()
    assert User.objects.count() == 4


def test_an_address_matches_where_one_person_has_it(study: Study, tmp_path: Path) -> None:
    noor = User.objects.get(username="noor")
    User.objects.filter(pk=noor.pk).update(email="noor@voorbeeld.example")
    path = tmp_path / "whole.zip"
    with path.open("wb") as file:
        write_study(study, file)
    User.objects.filter(pk=noor.pk).update(username="n.jansen", email="Noor@voorbeeld.example")
    loaded = load_study(path, slug="elders", matches_people=True, actor_id=None)
    assert sorted(loaded.people.known) == ["chef", "n.jansen"]


def test_who_loads_it_may_supervise_it_and_a_stand_in_may_be_let_in(
    study: Study, whole: Path, capsys: Any
) -> None:
    boss = User.objects.create(username="baas", is_superuser=True)
    loaded = load_study(whole, slug="elders", supervisor_id=boss.pk, actor_id=boss.pk)
    assert loaded.study.memberships.get(user=boss).role == "supervisor"
    event = Event.objects.get(study=loaded.study, action="archive.loaded")
    assert event.actor == boss
    with pytest.raises(SystemExit):
        call_command("sign_in_link", "noor-2")
    call_command("sign_in_link", "noor-2", "--let-in")
    assert "/link/" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("sign_in_link", "baas", "--let-in")


def test_a_known_codebook_is_shared_and_another_text_gets_a_number(study: Study, whole: Path) -> None:
    versions = CodebookVersion.objects.count()
    loaded = load_study(whole, slug="elders", actor_id=None)
    assert loaded.study.codebook_version == study.codebook_version
    assert CodebookVersion.objects.count() == versions
    book = study.codebook_version
    with connection.cursor() as cursor:  # as if here another text had been loaded first
        cursor.execute("UPDATE annotations_codebookversion SET sha256 = 'x' WHERE id = %s", [book.pk])
    again = load_study(whole, slug="nog-eens", actor_id=None)
    assert again.study.codebook_version.number == 2
    assert again.notes == ["Version 1.0.0 of the codebook has number 2 here: 1 is another text."]
    mine = Variable.objects.filter(version=again.study.codebook_version)
    assert mine.count() == Variable.objects.filter(version=book).count()


def test_codes_still_meet_the_rules_of_the_database(study: Study, whole: Path) -> None:
    later = store_codebook(SMALL_CODEBOOK.replace("1.0.0", "7.0.0"))
    loaded = load_study(whole, slug="elders", actor_id=None)
    assert loaded.study.codebook_version != later
    event = Event.objects.filter(study=loaded.study).first()
    assert event is not None
    with pytest.raises(Exception, match="events are never changed"):
        Event.objects.filter(pk=event.pk).update(action="other")


def test_queries_do_not_grow_with_the_rows(study: Study, tmp_path: Path) -> None:
    def queries() -> tuple[int, int]:
        path = tmp_path / "whole.zip"
        with (
            path.open("wb") as file,
            CaptureQueriesContext(
                connection,
            ) as writing,
        ):
            write_study(study, file)
        with CaptureQueriesContext(connection) as reading:
            load_study(path, slug=f"s-{Study.objects.count()}", actor_id=None)
        return len(writing), len(reading)

    small = queries()
    for number in range(20):
        make_conversation(study, f"Bericht {number}", "Antwoord")
    large = queries()
    # A person who is new costs a query or two to find a free user name.
    assert large[0] == small[0]
    assert large[1] <= small[1] + 6


def test_the_passphrase_is_nowhere(study: Study, tmp_path: Path, caplog: Any, settings: Any) -> None:
    chief = User.objects.get(username="chef")
    path = tmp_path / "sealed.zip"
    make_archive(study, path, WORDS, reason="voor het archief", actor_id=chief.pk)
    assert path.stat().st_mode & 0o077 == 0
    assert Event.objects.get(action="archive.made").after["reason"] == "voor het archief"
    with path.open("rb") as file:
        row = receive(file, name="x.zip", passphrase=WORDS, slug="elders", actor_id=chief.pk)
    row.refresh_from_db()
    assert row.state == StudyArrival.State.DONE, row.problem
    kept = json.dumps([*Event.objects.values(), *StudyArrival.objects.values()], default=str)
    assert WORDS not in kept + caplog.text
    assert not list(settings.UPLOAD_DIR.iterdir())


def test_the_commands(study: Study, tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("WEBCARE_PASSPHRASE", WORDS)
    path = tmp_path / "zilver.study"
    call_command("export_study", "zilver", "--to", str(path), "--reason", "naar een collega", "--json")
    assert json.loads(capsys.readouterr().out)["rows"]["Message"] == 2
    call_command("import_study", str(path), "--check")
    assert "Nothing was stored" in capsys.readouterr().out
    for arguments, why in (
        ([str(path)], "already"),
        ([str(path), "--slug", "Kan niet"], "address"),
        ([str(path), "--supervisor", "niemand"], "no person"),
        ([str(tmp_path / "nergens")], "no file"),
    ):
        with pytest.raises(SystemExit):
            call_command("import_study", *arguments)
        assert why in capsys.readouterr().err
    call_command("import_study", str(path), "--slug", "elders", "--match-people", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["study"], answer["stand_ins"]) == ("elders", [])
    with pytest.raises(SystemExit):
        call_command("export_study", "zilver", "--to", str(path), "--reason", "nog eens")
    assert "already" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        call_command("export_study", "zilver", "--to", str(tmp_path / "nieuw"), "--reason", " ")
    assert not (tmp_path / "nieuw").exists()


def test_in_the_browser(study: Study, client_of: Any, django_capture_on_commit_callbacks: Any) -> None:
    chief = User.objects.get(username="chef")
    supervisor = client_of(chief)
    page = "/s/zilver/archive/"
    for given in (
        {"reason": "", "passphrase": WORDS, "again": WORDS},
        {"reason": "x", "passphrase": "kort", "again": "kort"},
        {"reason": "x", "passphrase": WORDS, "again": WORDS + "!"},
    ):
        answer = supervisor.post(page, given)
        assert answer.status_code == 422
        assert WORDS not in answer.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert (
            supervisor.post(page, {"reason": "bewaren", "passphrase": WORDS, "again": WORDS}).status_code
            == 302
        )
    row = ExportFile.objects.get()
    assert row.state == "done", row.problem
    taken = b"".join(supervisor.get(f"/s/zilver/export/{row.pk}/").streaming_content)
    assert b"06-00000011" not in taken
    assert b"Message.jsonl" not in taken

    boss = client_of(User.objects.create(username="baas", is_superuser=True))
    assert supervisor.get("/studies/load/").status_code == 403

    def give(content: bytes, **values: str) -> Any:
        file = io.BytesIO(content)
        file.name = "zilver.zip"
        with django_capture_on_commit_callbacks(execute=True):
            return boss.post("/studies/load/", {"file": file, "passphrase": WORDS, **values})

    before = everything()
    for content, values in (
        (taken, {}),
        (taken, {"slug": "elders", "passphrase": "iets heel anders"}),
        (taken[:-200], {"slug": "elders"}),
    ):
        assert give(content, **values).status_code == 422
    assert everything() == before
    assert not StudyArrival.objects.exists()
    answer = give(taken, slug="elders", supervises="on")
    assert answer.status_code == 302
    arrival = StudyArrival.objects.get()
    assert arrival.state == "done", arrival.problem
    text = boss.get(answer["Location"]).content.decode()
    assert 'href="/s/elders/"' in text
    assert "noor-2" in text
    assert boss.get("/s/elders/conversations/1/").status_code == 200
    assert boss.post(f"{answer['Location']}forget/").status_code == 302
    assert Study.objects.filter(slug="elders").exists()


def test_a_second_archive_waits_for_the_first(study: Study) -> None:
    from annotations.exporting.jobs import ask

    chief = User.objects.get(username="chef")
    lock = new_lock(WORDS)
    wanted = {"profile": "archive", "reason": "x", "recipient": lock.recipient, "locked_key": lock.key}
    ask(study, actor_id=chief.pk, **wanted)
    with pytest.raises(BadInput, match="passphrase of then"):
        ask(study, actor_id=chief.pk, **wanted)


def test_the_archive_is_checked_once_more_when_read(whole: Path) -> None:
    with opened(whole) as archive:
        assert archive.rows == sum(entry.get("rows", 0) for entry in manifest_of(whole)["members"])
