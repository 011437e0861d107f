"""What the machine or the database cannot do just now is one sentence with status 503."""

import errno
import sqlite3

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from annotations.importing import uploads
from annotations.models import ImportBatch
from tests.factories import make_member, make_study

pytestmark = pytest.mark.django_db


def caused(cause):
    error = OperationalError(*cause.args)
    error.__cause__ = cause
    return error


LOCKED = caused(sqlite3.OperationalError("database is locked"))
AWAY = caused(psycopg.OperationalError("server closed the connection unexpectedly"))
FULL = OSError(errno.ENOSPC, "No space left on device")
SENTENCES = [(LOCKED, "busy with other work"), (AWAY, "does not answer"), (FULL, "disk is full")]
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def chief(client_of):
    return client_of(make_member(make_study("study"), "sara", role="supervisor"))


def failing(monkeypatch, error, times=99):
    """The front page raises the error so many times."""
    from annotations.studies.views import home

    real, calls = home.studies_of, []

    def maybe(*args, **kwargs):
        calls.append(1)
        if len(calls) <= times:
            raise error
        return real(*args, **kwargs)

    monkeypatch.setattr(home, "studies_of", maybe)
    return calls


@pytest.mark.parametrize(("error", "words"), SENTENCES, ids=["locked", "away", "full"])
def test_each_trouble_is_a_sentence_of_its_own(chief, monkeypatch, error, words):
    failing(monkeypatch, error)
    answer = chief.get("/", headers=ENGLISH)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert words in answer.content.decode()
    told = chief.get("/", headers=ENGLISH | {"Accept": "application/json"})
    assert told.status_code == 503
    assert words in told.json()["problem"]


def test_a_page_is_read_again_on_a_fresh_connection_when_the_server_restarted(chief, monkeypatch):
    calls = failing(monkeypatch, AWAY, times=1)
    assert chief.get("/").status_code == 200
    assert len(calls) == 2


@pytest.mark.parametrize("error", [LOCKED, FULL], ids=["locked", "full"])
def test_other_trouble_is_not_tried_twice(chief, monkeypatch, error):
    calls = failing(monkeypatch, error, times=1)
    assert chief.get("/").status_code == 503
    assert len(calls) == 1


def test_a_fault_of_the_program_stays_one(chief, monkeypatch):
    failing(monkeypatch, ValueError("x"))
    chief.raise_request_exception = False
    assert chief.get("/").status_code == 500


def test_trouble_before_the_view_is_told_as_well(monkeypatch):
    monkeypatch.setattr(
        "django.contrib.sessions.backends.db.SessionStore.load", lambda self: (_ for _ in ()).throw(LOCKED)
    )
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/", headers=ENGLISH)
    assert answer.status_code == 503
    assert "busy with other work" in answer.content.decode()


def test_a_full_disk_leaves_nothing_of_an_upload(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    study = make_study("study")

    class Failing(SimpleUploadedFile):
        def chunks(self, *args):
            yield b"x" * 1000
            raise FULL

    with pytest.raises(uploads.BadInput):
        uploads.receive(
            study,
            [SimpleUploadedFile("a.csv", b"x"), Failing("b.csv", b"")],
            actor_id=make_member(study, "sara", role="supervisor").pk,
        )
    assert list(tmp_path.iterdir()) == []
    assert not ImportBatch.objects.exists()
