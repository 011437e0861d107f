"""A background job: done once, taken up again after a killed worker, failed in a sentence, stopped."""

import errno
import sqlite3
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone, translation

from annotations.common import jobs
from annotations.common.alive import alive, is_alive
from annotations.common.jobs import Claim, Kind, Stopped
from annotations.errors import BadInput
from annotations.models import ExportFile
from tests.factories import make_member, make_study

pytestmark = pytest.mark.django_db
State = ExportFile.State


class Queue:
    """In place of a task: what was put in the queue."""

    def __init__(self):
        self.keys = []

    def enqueue(self, pk):
        self.keys.append(pk)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.JOB_DIR = tmp_path / "jobs"


@pytest.fixture
def row():
    study = make_study("study")
    chief = make_member(study, "chief", role="supervisor")
    return ExportFile.objects.create(study=study, asked_by=chief, profile="research")


def done(row: ExportFile, claim: Claim[ExportFile]) -> None:
    claim.done(file="x.zip")


def kind_of(work, queue=None):
    return Kind("test", ExportFile, work, task=lambda: queue or Queue(), failed=lambda: "The program.")


def raising(error):
    def work(row, claim):
        raise error

    return work


def state_of(row):
    row.refresh_from_db()
    return row.state


def interrupted(row, **fields):
    """As a killed worker leaves it."""
    began = timezone.now() - timedelta(minutes=5)
    ExportFile.objects.filter(pk=row.pk).update(state=State.RUNNING, started_at=began, **fields)
    row.refresh_from_db()


def test_a_job_that_waits_is_done_once_and_leaves_no_files(row, settings):
    times = []
    kind = kind_of(lambda row, claim: (times.append(1), done(row, claim)))
    kind.run(row.pk)
    kind.run(row.pk)
    assert (state_of(row), times, row.starts) == (State.DONE, [1], 1)
    assert row.finished_at >= row.started_at
    assert not list(settings.JOB_DIR.iterdir())


def test_a_job_that_another_process_is_at_is_left_alone(row, monkeypatch):
    monkeypatch.setattr("annotations.common.alive.PATIENCE", 0)
    kind = kind_of(done)
    with alive(kind.path(row.pk, "lock")):
        kind.run(row.pk)
    assert state_of(row) == State.WAITING


def test_a_lock_whose_file_was_deleted_meanwhile_is_taken_anew(tmp_path):
    path = tmp_path / "lock"
    with alive(path) as first:
        path.unlink()
        assert first
        with alive(path) as second:
            assert second
            assert is_alive(path)


def test_an_interrupted_job_is_put_in_the_queue_when_a_worker_starts(row):
    queue = Queue()
    interrupted(row, starts=1)
    kind = kind_of(done, queue)
    assert kind.standing(row).is_interrupted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs.transaction, "on_commit", lambda function: function())
        kind.take_up()
    assert state_of(row) == State.WAITING
    assert queue.keys == [row.pk]
    kind.run(row.pk)
    assert state_of(row) == State.DONE


def test_what_kills_the_worker_three_times_is_given_up(row):
    interrupted(row, starts=jobs.MOST_STARTS, language="en")
    kind_of(done).take_up()
    assert state_of(row) == State.FAILED
    assert "stopped 3 times" in row.problem


def test_a_job_that_somebody_is_at_is_not_taken_up(row):
    interrupted(row)
    kind = kind_of(done)
    with alive(kind.path(row.pk, "lock")):
        assert not kind.standing(row).is_stuck
        kind.take_up()
    assert state_of(row) == State.RUNNING


def test_nobody_hears_of_an_interruption_that_a_new_worker_mends_in_time(row):
    interrupted(row)
    ExportFile.objects.update(started_at=timezone.now())
    row.refresh_from_db()
    assert not kind_of(done).standing(row).is_stuck


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BadInput("There is no such file."), "There is no such file."),
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        (OperationalError("database is locked"), "busy with other work"),
        (ValueError("06-00000011"), "The program."),
    ],
    ids=["refused", "disk", "locked", "program"],
)
def test_a_failure_is_one_sentence_in_the_language_of_who_asked(row, error, words, caplog):
    ExportFile.objects.update(language="en")
    with translation.override("nl"):
        kind_of(raising(error)).run(row.pk)
    assert state_of(row) == State.FAILED
    assert words in row.problem
    assert "06-00000011" not in caplog.text + row.problem


def test_a_full_disk_of_sqlite_is_told_as_such():
    from annotations.common.trouble import is_disk_full

    error = OperationalError("database or disk is full")
    error.__cause__ = sqlite3.OperationalError("database or disk is full")
    assert is_disk_full(error)


def test_a_job_that_is_stopped_ends_when_it_tells_how_far_it_is(row):
    def long_work(row, claim):
        kind.stop(row.pk)
        claim.tell(0.5, phase="second")
        raise AssertionError("went on")

    kind = kind_of(long_work)
    kind.run(row.pk)
    assert state_of(row) == State.CANCELLED


def test_a_job_that_was_taken_over_stores_nothing(row):
    def overtaken(row, claim):
        ExportFile.objects.update(started_at=None)
        with pytest.raises(Stopped):
            claim.locked()
        claim.done(file="late.zip")

    kind_of(overtaken).run(row.pk)
    assert (state_of(row), row.file) == (State.RUNNING, "")


def test_progress_tells_share_and_time_left(row):
    seen = []

    def work(row, claim):
        claim._tell._since -= 10
        claim.tell(0.25, phase="reading", rows=5)
        row.refresh_from_db()
        seen.append(kind.standing(row))
        done(row, claim)

    kind = kind_of(work)
    kind.run(row.pk)
    assert seen[0].share == 0.25
    assert seen[0].details == {"phase": "reading", "rows": 5}
    assert seen[0].seconds_left == pytest.approx(30, abs=2)
