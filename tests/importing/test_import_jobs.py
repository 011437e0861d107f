"""The life of an import: refused, interrupted, waiting, stopped, given up."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from annotations.common.alive import alive
from annotations.common.jobs import LONG
from annotations.importing import jobs
from annotations.importing.jobs import run_import
from annotations.importing.uploads import path_of, remove_old
from annotations.models import Event, ImportBatch, Message
from tests.importing.help_pages import HOSTILE, TABLE, hand_in, page

State = ImportBatch.State


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
