"""Migrates the test database once: SQLite in memory starts as a copy of what an earlier run made.

Applying the migrations costs seconds in every process. The copy belongs to the files that make it; when one
of them changes, the migrations run again. It lies in .pytest_cache, so a fresh clone starts without.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection

BASE: Path = settings.BASE_DIR
PACKAGES = ("Django", "django-axes", "django-tasks-db")


def copy_of_migrated() -> Path:
    digest = hashlib.sha256("".join(map(version, PACKAGES)).encode() + sqlite3.sqlite_version.encode())
    sources = [
        Path(__file__),
        *BASE.glob("annotations/migrations/*.py"),
        *BASE.glob("annotations/models/*.py"),
    ]
    for path in sorted(sources):
        digest.update(path.name.encode() + path.read_bytes())
    return BASE / ".pytest_cache" / "databases" / f"{digest.hexdigest()[:16]}.sqlite3"


@contextmanager
def already_migrated() -> Iterator[None]:
    """Inside, SQLite's test database in memory holds the copy, if there is one. Does nothing elsewhere."""
    copy = copy_of_migrated()
    if connection.vendor != "sqlite" or not copy.exists():
        yield
        return
    # A database in memory lives as long as somebody holds it open.
    in_memory = connection.creation._get_test_db_name()
    with closing(sqlite3.connect(in_memory, uri=True)) as target:
        with closing(sqlite3.connect(copy)) as source:
            source.backup(target)
        yield


def keep_migrated() -> None:
    """Makes the copy, unless it is there. Several processes may do so at the same time."""
    if connection.vendor != "sqlite":
        return
    make_statistics_tables()
    copy = copy_of_migrated()
    if copy.exists():
        return
    copy.parent.mkdir(parents=True, exist_ok=True)
    for old in copy.parent.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    unfinished = copy.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(unfinished)) as target:
        connection.connection.backup(target)
    unfinished.replace(copy)


def make_statistics_tables() -> None:
    """SQLite's first ANALYZE makes tables. Within a test that would be a change of the schema, after which
    SQLite reads all of the schema anew for every ROLLBACK TO SAVEPOINT: some 3 ms a request."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE django_migrations")
        cursor.execute("DELETE FROM sqlite_stat1")
