import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, TypedDict

from django.core.management.base import CommandParser
from django.db import connection

from annotations.errors import BadInput
from annotations.management.clear import ClearCommand


class Answer(TypedDict):
    file: str
    bytes: int


class Command(ClearCommand):
    help = (
        "Copies the SQLite database to a new file, also while the app is in use, and checks the copy. "
        "PostgreSQL has pg_dump for this."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that is not there yet")

    def answer(self, *, file: Path, **options: Any) -> Answer:
        if connection.vendor != "sqlite":
            raise BadInput("This site runs on PostgreSQL: use pg_dump (see docs/administrators.md).")
        try:
            # Only the owner may read it: it holds everything.
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            raise BadInput(f"{file} is there already; name a new file.") from None
        except OSError as problem:
            raise BadInput(f"{file} cannot be written ({problem.strerror}).") from None
        try:
            _copy(file)
        except BaseException:
            file.unlink()
            raise
        return Answer(file=str(file), bytes=file.stat().st_size)

    def show(self, answer: Answer, **options: Any) -> None:
        self.stdout.write(f"{answer['file']}: {answer['bytes']} bytes, checked.")


def _copy(file: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        # One file, without a journal beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise BadInput(f"The copy is damaged ({found}); the database itself may be. Nothing was kept.")
