"""A worker that is killed in the middle of an import, for real: its process, a database of its own, SIGKILL.

On SQLite, and on PostgreSQL when the suite runs there.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from bench.make_corpus import write_corpus

pytestmark = pytest.mark.long("annotations/importing", "annotations/common", "annotations/management")

CONVERSATIONS = 3_000  # more than 10,000 messages: they are scanned in processes of their own
BEGIN = """
import json
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from pathlib import Path
from annotations.importing.jobs import confirm
from annotations.importing.uploads import receive
from annotations.models import Study
from tests.factories import make_member, make_study
study = make_study("killed")
anna = make_member(study, "anna", "supervisor")
upload = SimpleUploadedFile("corpus.csv", Path({corpus!r}).read_bytes())
batch = receive(study, [upload], actor_id=anna.pk)
confirm(batch.pk, actor_id=anna.pk)
print(json.dumps({{"batch": batch.pk}}))
"""
LOOK = """
import json
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from annotations.models import Account, Candidate, Conversation, ImportBatch, Message
batch = ImportBatch.objects.get()
client = Client(SERVER_NAME="127.0.0.1")
client.force_login(User.objects.get(username="anna"))
address = reverse("import_batch", args=["killed", batch.pk])
shown = client.get(address, headers={{"accept-language": "en"}})
print(json.dumps({{
    "counts": [model.objects.count() for model in (Account, Conversation, Message, Candidate)],
    "state": batch.state, "error": batch.problem, "report": batch.report,
    "page": shown.content.decode(),
}}))
"""


@dataclass
class Place:
    """A data folder and a database of their own."""

    data: Path
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, script: str, **values: Any) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.manage("shell", "-v0", "-c", script.format(**values)))
        return answer

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "db_worker", "--no-startup-delay", "--interval=0.1", *options]
        self.workers.append(subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment))
        return self.workers[-1]

    def phase(self) -> str:
        for path in (self.data / "jobs").glob("import-*.json"):
            told: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
            return told["details"]["phase"]
        return ""


@pytest.fixture
def place(tmp_path: Path, db: None) -> Iterator[Place]:
    data, url, name = tmp_path / "data", "", f"webcare_killed_{secrets.token_hex(4)}"
    if connection.vendor == "postgresql":
        given = connection.settings_dict
        host = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT'] or 5432}"
        url = f"postgres://{host}/{name}"
        _on_the_server(f"CREATE DATABASE {name}")
    else:
        (data / "uploads").mkdir(parents=True)
        (data / "webcare.sqlite3").write_bytes(connection.connection.serialize())
    place = Place(
        data,
        {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "webcare_coding.settings",
            "DATABASE_URL": url,
            "WEBCARE_DATA": str(data),
            "WEBCARE_DESK": "1",
        },
    )
    try:
        if url:
            place.manage("migrate", "-v0")
        yield place
    finally:
        for worker in place.workers:
            worker.kill()
            worker.wait()
        if url:
            _on_the_server(f"DROP DATABASE {name} WITH (FORCE)")


def _on_the_server(statement: str) -> None:
    """With a connection of its own."""
    import psycopg

    given = connection.settings_dict
    with psycopg.connect(
        host=given["HOST"],
        port=given["PORT"] or 5432,
        user=given["USER"],
        password=given["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as server:
        server.execute(statement)


def wait_for(what: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def processes() -> dict[int, int]:
    """Those that live, with the process that started each."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True).stdout
    rows = (line.split(None, 2) for line in listed.splitlines())
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_worker_killed_while_storing_leaves_nothing_and_the_next_begins_again_by_itself(
    place: Place, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus.csv"
    with corpus.open("w", encoding="utf-8", newline="") as file:
        messages = write_corpus(CONVERSATIONS, file)
    place.ask(BEGIN, corpus=str(corpus))
    worker = place.worker()
    wait_for(lambda: place.phase() == "storing", 60)
    helpers = [pid for pid, parent in processes().items() if parent == worker.pid]
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert helpers or os.cpu_count() == 1

    looked = place.ask(LOOK)
    assert looked["counts"] == [0, 0, 0, 0]
    assert looked["state"] == "running"
    assert "hx-trigger" in looked["page"]  # nobody need know, when a worker is there again in time
    wait_for(lambda: not processes().keys() & set(helpers), 30)

    assert place.worker("--batch").wait(120) == 0
    looked = place.ask(LOOK)
    assert (looked["state"], looked["error"]) == ("done", "")
    report = looked["report"]
    assert report["rows"] == report["messages_new"] == messages
    assert report["conversations_new"] == looked["counts"][1] == CONVERSATIONS
    assert looked["counts"][2] == messages + report["placeholders"]
    assert looked["counts"][3] == report["candidates"] > 0


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_worker_outlives_a_database_that_is_locked_or_restarted(place: Place, tmp_path: Path) -> None:
    """SQLite: the write lock is held longer than its patience. PostgreSQL: every connection is cut, twice."""
    corpus = tmp_path / "corpus.csv"
    with corpus.open("w", encoding="utf-8", newline="") as file:
        write_corpus(20, file)
    place.environment["WEBCARE_SQLITE_PATIENCE"] = "0.3"
    worker = place.worker()
    if connection.vendor == "postgresql":
        for _ in range(2):
            time.sleep(3)
            cut = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'webcare_killed%'"
            )
            _on_the_server(cut)
    else:
        time.sleep(2)
        with contextlib.closing(sqlite3.connect(place.data / "webcare.sqlite3", timeout=30)) as other:
            other.isolation_level = None
            other.execute("BEGIN EXCLUSIVE")
            time.sleep(4)
            other.execute("ROLLBACK")
    assert worker.poll() is None
    place.ask(BEGIN, corpus=str(corpus))
    wait_for(lambda: place.ask(LOOK)["state"] == "done", 60)
    assert worker.poll() is None


def test_two_commands_at_once_both_store_their_file(place: Place, tmp_path: Path) -> None:
    """One waits for the other, longer than SQLite's own patience; what both files hold is there once."""
    whole = io.StringIO(newline="")
    messages = write_corpus(400, whole)
    header, *rows = csv.reader(io.StringIO(whole.getvalue(), newline=""))
    for part in range(2):
        with (tmp_path / f"{part}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows[part * 700 : part * 700 + 900]])
    place.ask('print("{{}}")\nfrom tests.factories import make_study\nmake_study("shared")')
    place.environment["WEBCARE_SQLITE_PATIENCE"] = "0.1"
    command = [sys.executable, "manage.py", "import_conversations", "shared", "--json"]
    both = [
        subprocess.Popen(
            [*command, str(tmp_path / f"{part}.csv")],
            cwd=settings.BASE_DIR,
            env=place.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for part in range(2)
    ]
    place.workers += both
    told = [one.communicate(timeout=120) for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    reports = [json.loads(output) for output, _errors in told]
    assert sum(report["messages_new"] for report in reports) == len({row[0] for row in rows[:1600]})
    assert sum(report["messages_known"] for report in reports) == 200
    assert messages > 1600
