"""A large export is made in the background: asked for, left alone, taken by who asked, gone after a day."""

import io
import os
import stat
import time
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.common.progress import Teller
from annotations.exporting import jobs, kept
from annotations.models import Event, ExportFile
from tests.factories import START, make_coding, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db
PAGE = "/s/study/export/"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.EXPORT_DIR, settings.JOB_DIR = tmp_path / "exports", tmp_path / "jobs"


@pytest.fixture
def study(monkeypatch):
    monkeypatch.setattr(jobs, "MOST_IN_A_REQUEST", 1)
    study = make_study("study")
    make_coding(make_conversation(study, "Bel 06-00000011"), make_member(study, "noor"))
    return study


@pytest.fixture
def chief(study):
    return make_member(study, "chief", role="supervisor")


@pytest.fixture
def supervisor(chief, client_of):
    return client_of(chief)


@pytest.fixture
def ask(supervisor, django_capture_on_commit_callbacks):
    """ask(profile="research"): press the button; the worker does its work at once."""

    def press(**wanted):
        with django_capture_on_commit_callbacks(execute=True):
            answer = supervisor.post(PAGE, {"profile": "research"} | wanted)
        assert answer.status_code == 302, answer.content.decode()
        return ExportFile.objects.first()

    return press


def body(answer):
    return b"".join(answer.streaming_content)


def test_a_small_study_is_given_at_once(study, supervisor, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_IN_A_REQUEST", 15_000)
    assert supervisor.post(PAGE, {"profile": "research"})["Content-Type"] == "application/zip"
    assert not ExportFile.objects.exists()


def test_a_large_one_is_made_in_the_background_and_taken_from_the_page(ask, supervisor, chief):
    row = ask()
    page = supervisor.get(PAGE).content.decode()
    assert f'href="{PAGE}{row.pk}/"' in page
    answer = supervisor.get(f"{PAGE}{row.pk}/")
    names = zipfile.ZipFile(io.BytesIO(body(answer))).namelist()
    assert {"study/codings_long.csv", "study/manifest.json"} <= set(names)
    assert Event.objects.get(action="study.exported").actor == chief
    assert Event.objects.get(action="export.downloaded").actor == chief


def test_the_file_is_private_and_nothing_else_stays_in_the_folder(ask, settings):
    row = ask()
    assert stat.S_IMODE(os.stat(settings.EXPORT_DIR).st_mode) == 0o700
    assert stat.S_IMODE(kept.path_of(row).stat().st_mode) == 0o600
    assert {path.name for path in settings.EXPORT_DIR.iterdir()} == {row.file}
    assert not list(settings.JOB_DIR.iterdir())


def test_only_who_asked_gets_the_file(ask, study, client_of):
    row = ask()
    other = client_of(make_member(study, "second", role="supervisor"))
    assert f"{PAGE}{row.pk}/" not in other.get(PAGE).content.decode()
    for method, path in (("get", ""), ("get", "progress/"), ("post", "delete/")):
        assert getattr(other, method)(f"{PAGE}{row.pk}/{path}").status_code == 404
    assert kept.path_of(row).is_file()


def test_asking_again_while_it_is_made_makes_one_file(study, chief, supervisor):
    for _ in range(2):
        supervisor.post(PAGE, {"profile": "research"})
    row = ExportFile.objects.get()
    ExportFile.objects.filter(pk=row.pk).update(state="running", started_at=timezone.now())
    supervisor.post(PAGE, {"profile": "research"})
    assert ExportFile.objects.get() == row
    supervisor.post(PAGE, {"profile": "public"})
    assert ExportFile.objects.count() == 2


def test_the_page_shows_how_far_it_is_and_stops_asking_when_it_is_done(supervisor, ask, chief, study):
    row = ExportFile.objects.create(study=study, asked_by=chief, profile="research", state="running")
    kept.folder()
    Teller(jobs.EXPORTS.path(row.pk, "json"))(0.42)
    part = supervisor.get(f"{PAGE}{row.pk}/progress/").content.decode()
    assert 'value="420"' in part
    assert "hx-trigger" in part
    done = supervisor.get(f"{PAGE}{ask().pk}/progress/") if row.delete() else None
    assert "hx-trigger" not in done.content.decode()


def test_the_share_that_is_told_rises_and_ends_below_one(study, tmp_path):
    from annotations.exporting import cell_count

    heard = []
    counter = cell_count.Cells(heard.append, expected=100_000)
    for _ in range(50):
        counter.count(3_000)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) < 10


def test_the_estimate_of_cells_is_close_to_what_is_written(tmp_path):
    from annotations.exporting import cell_count
    from annotations.exporting.export import TABLES
    from annotations.exporting.profile import profile_named
    from annotations.exporting.study_data import StudyData
    from tests.exporting.test_settled import coded_study

    data = StudyData(coded_study(5), profile_named("restricted"))
    tables = [build(data) for build in TABLES]
    # A few of these tables grow with the codebook and the coders, not with what was coded.
    growing = [table for table in tables if table.name not in {"results.csv", "agreement.csv"}]
    written = sum(len(row) for table in growing for row in table.rows())
    assert 0.6 < cell_count.expected_cells(data, tables) / written < 1.6


def test_a_day_later_file_and_row_are_gone_also_when_nobody_looks(ask, django_capture_on_commit_callbacks):
    row = ask()
    path = kept.path_of(row)
    ExportFile.objects.update(finished_at=timezone.now() - kept.KEPT + timedelta(minutes=1))
    jobs.forget_exports.func()
    assert path.is_file()
    ExportFile.objects.update(finished_at=timezone.now() - kept.KEPT - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        jobs.forget_exports.func()
    assert not path.exists()
    assert not ExportFile.objects.exists()


def test_what_a_stopped_worker_left_behind_is_swept_away(ask, settings):
    row = ask()
    stray = kept.folder() / "export-stray"
    stray.mkdir()
    (stray / "messages.csv").write_text("text")
    yesterday = time.time() - 2 * kept.KEPT.total_seconds()
    for path in (stray, kept.path_of(row)):
        os.utime(path, (yesterday, yesterday))
    kept.remove_old()
    assert not stray.exists()
    assert kept.path_of(row).is_file()


@pytest.mark.parametrize("starts", [1, 3])
def test_plain_files_that_a_killed_worker_left_do_not_stay(
    study, chief, starts, django_capture_on_commit_callbacks
):
    row = ExportFile.objects.create(
        study=study, asked_by=chief, profile="restricted", state="running", started_at=START, starts=starts
    )
    left = kept.scratch_of(row.pk)
    left.mkdir()
    (left / "messages.csv").write_text("text")
    with django_capture_on_commit_callbacks(execute=True):
        jobs.EXPORTS.take_up()  # a worker starts
    assert ExportFile.objects.get().state == ("done" if starts == 1 else "failed")
    assert not left.exists()


def test_a_file_can_be_deleted_and_one_under_way_taken_back(
    ask, supervisor, chief, study, django_capture_on_commit_callbacks
):
    row = ask()
    path = kept.path_of(row)
    with django_capture_on_commit_callbacks(execute=True):
        supervisor.post(f"{PAGE}{row.pk}/delete/")
    assert not path.exists()
    waiting = ExportFile.objects.create(study=study, asked_by=chief, profile="research")
    supervisor.post(f"{PAGE}{waiting.pk}/delete/")
    jobs.make_export.func(waiting.pk)
    assert not ExportFile.objects.exists()
    assert not list(kept.folder().glob("*.zip"))


def test_a_failure_is_told_on_the_page_and_without_its_words_in_the_log(ask, supervisor, monkeypatch, caplog):
    words = "06-" + "00000011"

    def broken(*args, **kwargs):
        raise ValueError(words)

    monkeypatch.setattr(jobs, "write_zip", broken)
    row = ask()
    assert row.state == "failed"
    assert 'role="alert"' in supervisor.get(PAGE).content.decode()
    assert supervisor.get(f"{PAGE}{row.pk}/").status_code == 404
    assert "ValueError" in caplog.text
    assert words not in caplog.text
    assert not list(kept.folder().glob("*.zip"))


def test_one_that_fell_silent_is_made_anew_when_asked_again(ask, study, chief):
    long_ago = timezone.now() - timedelta(hours=1)
    silent = ExportFile.objects.create(
        study=study, asked_by=chief, profile="research", state="running", started_at=long_ago
    )
    assert ask() != silent
    assert [row.state for row in ExportFile.objects.all()] == ["done"]


def test_restricted_files_need_a_reason_in_the_background_too(ask, supervisor):
    assert supervisor.post(PAGE, {"profile": "restricted"}).status_code == 422
    ask(profile="restricted", reason="analysis in R")
    assert Event.objects.get(action="study.exported").after["reason"] == "analysis in R"
