"""The pages of the import: who may, hand in, look, choose, wait, report, type over."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from annotations.common.alive import alive
from annotations.common.jobs import LONG
from annotations.importing import jobs
from annotations.importing.jobs import run_import
from annotations.importing.uploads import path_of, remove_old
from annotations.importing.web.forms import ChoicesForm
from annotations.importing.web.preview import Column, FilePreview
from annotations.models import ColumnMapping, Event, ImportBatch, Message
from tests.factories import add_member, make_study

State = ImportBatch.State
HOSTILE = "<script>alert(1)</script> \u202e{{ 7*7 }} &lt;b&gt;"
TABLE = f"""id,auteur,bericht,datum,in reactie op
1,kees_demo,"@ZwaluwlijnHulp {HOSTILE}",2019-05-01 09:00,
2,ZwaluwlijnHulp,Mag ik je klantnummer via DM?,2019-05-01 09:30,1
"""


@pytest.fixture
def study(make_user):
    study = make_study("webcare")
    study.anna = make_user("anna")
    study.bram = make_user("bram")
    study.stranger = make_user("stranger")
    add_member(study, study.anna, "supervisor")
    add_member(study, study.bram, "coder")
    return study


@pytest.fixture
def client(study, client_of):
    return client_of(study.anna)


def hand_in(client, study, content=TABLE, name="gesprekken.csv") -> ImportBatch:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    answer = client.post(reverse("import", args=[study.slug]), {"files": [file]})
    assert answer.status_code == 302
    return ImportBatch.objects.latest("pk")


def page(client, study, batch):
    return client.get(reverse("import_batch", args=[study.slug, batch.pk]))


PAGES = ["import", "import_type", "import_batch", "import_progress"]
POSTS = ["import_choices", "import_start", "import_cancel"]


@pytest.mark.parametrize("name", PAGES + POSTS)
def test_only_supervisors_of_the_study_import(study, client_of, name):
    batch = ImportBatch.objects.create(study=study, state=State.DONE)
    arguments = [study.slug] + ([batch.pk] if name not in {"import", "import_type"} else [])
    address = reverse(name, args=arguments)
    for user, status in [(study.bram, 403), (study.stranger, 404)]:
        browser = client_of(user)
        assert (browser.post if name in POSTS else browser.get)(address).status_code == status
    supervisor = client_of(study.anna)
    assert supervisor.get(address).status_code == (405 if name in POSTS else 200)


@pytest.mark.parametrize("name", [one for one in PAGES + POSTS if one not in {"import", "import_type"}])
def test_the_import_of_another_study_does_not_exist(study, client, name):
    other = ImportBatch.objects.create(study=make_study("other"), state=State.DONE)
    address = reverse(name, args=[study.slug, other.pk])
    assert (client.post if name in POSTS else client.get)(address).status_code == 404


def test_from_a_file_to_a_report(study, client, django_capture_on_commit_callbacks):
    batch = hand_in(client, study)
    path = path_of(batch.files[0])
    assert path.stat().st_mode & 0o777 == 0o600
    assert "gesprekken" not in path.name
    looked = page(client, study, batch).content.decode()
    assert "gesprekken.csv" in looked
    assert not Message.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (State.DONE, "")
    assert Message.objects.count() == 2
    assert not path.exists()
    assert batch.files[0]["sha256"]
    assert "path" not in batch.files[0]
    assert "SHA-256" in page(client, study, batch).content.decode()
    assert list(
        Event.objects.filter(action__startswith="import").order_by("id").values_list("action", flat=True)
    ) == [
        "import.started",
        "import.done",
    ]


def test_hostile_texts_are_inert_in_the_preview(study, client):
    batch = hand_in(client, study)
    looked = page(client, study, batch).content.decode()
    assert "<script>alert" not in looked
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in looked
    assert "\u202e" not in looked.split("<table")[0]


def test_a_masked_study_shows_no_personal_data_in_the_preview(study, client):
    study.privacy = "masked"
    study.save()
    table = TABLE + "3,kees_demo,mijn bsn is 111222333,2019-05-01 10:00,2\n"
    looked = page(client, study, hand_in(client, study, table)).content.decode()
    assert "111222333" not in looked
    assert "•••••••••" in looked


def test_columns_are_chosen_and_the_mapping_is_kept(study, client, django_capture_on_commit_callbacks):
    table = "a;b;c\n10;Hallo;kees_demo\n"
    batch = hand_in(client, study, table)
    assert 'role="alert"' in page(client, study, batch).content.decode()
    chosen = {
        "format": "auto",
        "timezone": "",
        "column-0": "id",
        "column-1": "text",
        "column-2": "author_handle",
        "name": "ABC",
    }
    client.post(reverse("import_choices", args=[study.slug, batch.pk]), chosen)
    batch.refresh_from_db()
    assert batch.options["mapping"] == {"id": "a", "text": "b", "author_handle": "c"}
    assert ColumnMapping.objects.get(name="ABC").mapping == batch.options["mapping"]
    other = hand_in(client, study, table)
    saved = ColumnMapping.objects.get().pk
    client.post(reverse("import_choices", args=[study.slug, other.pk]), {"saved": saved})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, other.pk]))
    assert Message.objects.get().text == "Hallo"


def test_a_column_that_was_recognised_can_be_left_out(study, client):
    batch = hand_in(client, study)
    columns = {
        "column-0": "id",
        "column-1": "",
        "column-2": "text",
        "column-3": "created_at",
        "column-4": "parent_id",
    }
    client.post(reverse("import_choices", args=[study.slug, batch.pk]), {"format": "auto", **columns})
    batch.refresh_from_db()
    assert batch.options["mapping"].get("author_handle", "") == ""
    assert page(client, study, batch).status_code == 200


def test_ids_are_made_where_a_file_has_none_and_somebody_asks_for_it(
    study, client, django_capture_on_commit_callbacks
):
    batch = hand_in(client, study, "tekst,datum\nhallo,2019-01-01\ndag,2019-01-02\n")
    assert "er is geen kolom voor id" in page(client, study, batch).content.decode()
    url = reverse("import_choices", args=[study.slug, batch.pk])
    given = {"format": "auto", "column-0": "text", "column-1": "created_at", "make_ids": "on"}
    seen = client.post(url, given, follow=True).content.decode()
    assert "gemaakt uit tekst, auteur en tijd" in seen
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
    assert sorted(study.messages.values_list("text", flat=True)) == ["dag", "hallo"]


def test_a_field_is_read_from_one_column_only(study, client):
    batch = hand_in(client, study, "a;b\n1;x\n")
    given = {"format": "auto", "column-0": "author_handle", "column-1": "author_handle"}
    answer = client.post(reverse("import_choices", args=[study.slug, batch.pk]), given)
    assert answer.status_code == 422
    batch.refresh_from_db()
    assert batch.options == {}


def test_a_refused_import_says_why_keeps_the_file_and_can_be_tried_again(
    study, client, django_capture_on_commit_callbacks
):
    rows = "".join(f"{n},kees_demo,tekst,2019-05-01 09:00,\n" for n in range(3, 3000))
    batch = hand_in(client, study, TABLE + rows + "x,y\n")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
    batch.refresh_from_db()
    assert batch.state == State.FAILED
    assert "gesprekken.csv" in batch.problem
    assert not Message.objects.exists()
    given = {"format": "auto", "skip_bad_rows": "on"}
    columns = {
        "column-0": "id",
        "column-1": "author_handle",
        "column-2": "text",
        "column-3": "created_at",
        "column-4": "parent_id",
    }
    client.post(reverse("import_choices", args=[study.slug, batch.pk]), given | columns)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (State.DONE, "")


def test_an_error_in_the_program_stores_nothing_and_logs_no_text(
    study, client, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def breaks(*args, **kwargs):
        raise RuntimeError(f"row with {HOSTILE}")

    monkeypatch.setattr(jobs, "import_named", breaks)
    batch = hand_in(client, study)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
    batch.refresh_from_db()
    assert batch.state == State.FAILED
    assert "alert(1)" not in batch.problem + caplog.text
    assert "RuntimeError" in caplog.text


def test_a_worker_that_was_killed_leaves_nothing_and_the_import_runs_again(
    study, client, django_capture_on_commit_callbacks
):
    batch = hand_in(client, study)
    began = timezone.now() - timedelta(minutes=1)
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.RUNNING, started_at=began)
    shown = page(client, study, batch).content.decode()
    assert 'role="alert"' in shown
    assert "every 1s" not in shown
    assert reverse("import_start", args=[study.slug, batch.pk]) in shown
    assert client.get(reverse("import_progress", args=[study.slug, batch.pk])).headers["HX-Refresh"] == "true"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
    batch.refresh_from_db()
    assert batch.state == State.DONE
    assert Message.objects.count() == 2


def test_an_import_under_way_is_not_started_twice(study, client, monkeypatch):
    monkeypatch.setattr("annotations.common.alive.PATIENCE", 0)
    batch = hand_in(client, study)
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.RUNNING)
    with alive(jobs.IMPORTS.path(batch.pk, "lock")) as is_mine:
        assert is_mine
        assert not page(client, study, batch).context["standing"].is_interrupted
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
        batch.refresh_from_db()
        assert batch.state == State.RUNNING
        ImportBatch.objects.filter(pk=batch.pk).update(state=State.WAITING)
        run_import.func(batch.pk)
    assert not Message.objects.exists()


def test_an_import_that_no_worker_takes_up_can_be_put_in_the_queue_again(
    study, client, django_capture_on_commit_callbacks
):
    batch = hand_in(client, study)
    client.post(reverse("import_start", args=[study.slug, batch.pk]))
    address = reverse("import_batch", args=[study.slug, batch.pk])
    assert not client.get(address).context["standing"].is_overdue
    client.post(reverse("import_start", args=[study.slug, batch.pk]))
    assert Event.objects.filter(action="import.started").count() == 1
    ImportBatch.objects.filter(pk=batch.pk).update(asked_at=timezone.now() - timedelta(seconds=2 * LONG))
    assert client.get(address).context["standing"].is_overdue
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
    batch.refresh_from_db()
    assert batch.state == State.DONE


@pytest.mark.parametrize(("minutes", "is_interrupted"), [(0, False), (1, False), (10, True)])
def test_where_locks_tell_nothing_silence_does(study, client, monkeypatch, minutes, is_interrupted):
    monkeypatch.setattr("annotations.common.jobs.is_alive", lambda path: None)
    batch = hand_in(client, study)
    heard = timezone.now() - timedelta(minutes=minutes)
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.RUNNING, started_at=heard)
    batch.refresh_from_db()
    assert jobs.standing(batch).is_interrupted is is_interrupted


def test_an_import_that_was_started_again_elsewhere_stores_nothing(study, client, monkeypatch):
    batch = hand_in(client, study)
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.WAITING)
    real = jobs.import_named

    def overtaken(*args, **kwargs):
        ImportBatch.objects.filter(pk=batch.pk).update(started_at=None)
        return real(*args, **kwargs)

    monkeypatch.setattr(jobs, "import_named", overtaken)
    run_import.func(batch.pk)
    assert not Message.objects.exists()


def test_giving_up_deletes_the_files(study, client, django_capture_on_commit_callbacks):
    batch = hand_in(client, study)
    path = path_of(batch.files[0])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_cancel", args=[study.slug, batch.pk]))
    assert not path.exists()
    batch.refresh_from_db()
    assert batch.state == State.CANCELLED


@pytest.mark.parametrize("phase", ["reading", "grouping", "storing"])
def test_an_import_under_way_is_stopped_from_its_page(
    study, client, monkeypatch, django_capture_on_commit_callbacks, phase
):
    batch = hand_in(client, study)
    path = path_of(batch.files[0])
    pressed = []
    real = jobs.import_named

    def press_at(progress):
        if progress.phase != phase or pressed:
            return
        shown = page(client, study, batch).content.decode()
        assert reverse("import_cancel", args=[study.slug, batch.pk]) in shown
        with pytest.MonkeyPatch.context() as patch:  # nobody may wait for what the import holds locked
            patch.setattr(jobs.ImportBatch.objects, "select_for_update", None)
            answer = client.post(reverse("import_cancel", args=[study.slug, batch.pk]), follow=True)
        pressed.append(answer)

    def import_named(*args, on_progress, **options):
        def tell(progress):
            press_at(progress)
            monkeypatch.setattr("annotations.common.progress.TOLD_EVERY", 0)
            on_progress(progress)

        return real(*args, on_progress=tell, **options)

    monkeypatch.setattr(jobs, "import_named", import_named)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
    during = pressed[0].content.decode()
    assert pressed[0].context["standing"].is_stopping
    assert 'role="status"' in during
    assert reverse("import_cancel", args=[study.slug, batch.pk]) not in during
    batch.refresh_from_db()
    assert batch.state == State.CANCELLED
    assert not Message.objects.exists()
    assert not path.exists()
    assert not list(Path(settings.JOB_DIR).glob(f"import-{batch.pk}.[jns]*"))
    assert Event.objects.get(action="import.cancelled").actor == study.anna
    assert not Event.objects.filter(action="import.failed").exists()
    polled = client.get(reverse("import_progress", args=[study.slug, batch.pk]))
    assert polled.headers["HX-Refresh"] == "true"
    assert "notice--info" in page(client, study, batch).content.decode()


def test_an_import_that_is_over_cannot_be_given_up(study, client):
    batch = ImportBatch.objects.create(study=study, state=State.DONE)
    client.post(reverse("import_cancel", args=[study.slug, batch.pk]))
    batch.refresh_from_db()
    assert batch.state == State.DONE
    assert not Event.objects.filter(action="import.cancelled").exists()


def test_files_older_than_a_day_are_deleted(study, client):
    import os

    batch = hand_in(client, study)
    path = path_of(batch.files[0])
    long_ago = time.time() - 2 * 86400
    os.utime(path, (long_ago, long_ago))
    remove_old()
    assert not path.exists()
    assert page(client, study, batch).status_code == 302


def test_a_name_cannot_lead_out_of_the_folder(study, client):
    batch = hand_in(client, study, name="../../etc/passwd")
    assert batch.files[0]["name"] == "passwd"
    assert path_of({"path": "../../etc/passwd"}).parent == Path(settings.UPLOAD_DIR)


def test_a_conversation_typed_by_hand_is_stored_like_any_other(study, client):
    given = {
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "0",
        "form-0-author": "@kees_demo",
        "form-0-text": "=1+1 mijn bsn is 111222333\r\nen nu?",
        "form-0-at": "2019-05-01T09:00",
        "form-0-link": "https://twitter.com/kees_demo/status/8990000000000000017",
        "form-1-author": "ZwaluwlijnHulp",
        "form-1-text": "We kijken mee",
        "form-1-at": "2019-05-01T09:10",
        "form-2-text": "",
    }
    answer = client.post(reverse("import_type", args=[study.slug]), given)
    assert answer.status_code == 302
    first, second = Message.objects.order_by("position").select_related("account")
    assert (first.external_id, first.text) == ("8990000000000000017", "=1+1 mijn bsn is 111222333\nen nu?")
    assert first.candidates.get().info_type == "bsn"
    assert (second.parent, second.author_role) == (first, "organisation")
    assert first.conversation.first_response_minutes == 10
    again = client.post(reverse("import_type", args=[study.slug]), given)
    assert again.status_code == 422
    assert Message.objects.count() == 2


def test_more_lines_to_type_in_keep_what_was_typed(study, client):
    given = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-text": "bewaar mij", "more": "1"}
    answer = client.post(reverse("import_type", args=[study.slug]), given)
    assert answer.status_code == 200
    assert "bewaar mij" in answer.content.decode()
    assert 'name="form-7-text"' in answer.content.decode()


@pytest.mark.parametrize("number", [10, 200])
def test_the_list_of_imports_costs_the_same_however_long(study, client, django_assert_num_queries, number):
    ImportBatch.objects.bulk_create(
        ImportBatch(study=study, created_by=study.anna, state=State.DONE, report={"messages_new": 1})
        for _ in range(number)
    )
    with django_assert_num_queries(8):
        assert client.get(reverse("import", args=[study.slug])).status_code == 200


def test_columns_that_are_one_time_together_may_be_looked_at_again():
    """Date and time apart are joined; looking again keeps that, and changes nothing else."""
    columns = [
        Column("Datum", [], "created_at", "created_at"),
        Column("Tijd", [], "created_at", "created_at"),
    ]
    columns += [Column("Bericht", [], "text", "text"), Column("Titel", [], "", "")]
    table = FilePreview("in.csv", columns=columns)
    given = {"format": "auto", "column-0": "created_at", "column-1": "created_at", "column-2": "text"}
    form = ChoicesForm(given, table=table)
    assert form.is_valid(), form.errors
    assert form.options()["mapping"] == {}
    form = ChoicesForm({**given, "column-3": "text"}, table=table)
    assert form.is_valid(), form.errors
    assert form.options()["mapping"] == {"text": "Bericht + Titel"}
    form = ChoicesForm({**given, "column-1": ""}, table=table)
    assert form.is_valid(), form.errors
    assert form.options()["mapping"] == {"created_at": "Datum"}
    form = ChoicesForm({**given, "column-1": "id", "column-3": "id"}, table=table)
    assert not form.is_valid()


def test_another_sheet_of_a_workbook_can_be_chosen(study, client, tmp_path):
    book = Workbook()
    for number, name in enumerate(("Berichten", "Meer")):
        sheet = book.create_sheet(name)
        sheet.append(["id", "tekst"])
        sheet.append([str(number), f"van {name}"])
    book.save(tmp_path / "in.xlsx")
    upload = SimpleUploadedFile("in.xlsx", (tmp_path / "in.xlsx").read_bytes())
    client.post(reverse("import", args=[study.slug]), {"files": upload})
    batch = study.import_batches.latest("pk")
    seen = client.get(reverse("import_batch", args=[study.slug, batch.pk])).content.decode()
    assert "van Berichten" in seen
    assert '<option value="Meer">' in seen
    url = reverse("import_choices", args=[study.slug, batch.pk])
    seen = client.post(url, {"format": "auto", "sheet": "Meer"}, follow=True).content.decode()
    assert "van Meer" in seen
