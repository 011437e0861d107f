"""Bulk writing that goes on while the next rows are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from django.db import connection

Step = Callable[[Any], None]
"""Writes something with the cursor it is given."""


class Writer:
    """Writes portions in order, inside the caller's transaction. Use as a context manager in it.

    PostgreSQL works in a process of its own, so a thread waits for it and this one goes on. While a portion
    is being written nobody else may use the connection: call `wait` before asking the database anything.
    SQLite works in this process, and writes at once.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1) if connection.vendor == "postgresql" else None
        self._writing: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._thread:
            self._thread.shutdown()  # waits, so that nothing uses the connection when it is rolled back
        if kind is None:
            self.wait()

    def write(self, portion: Sequence[Step]) -> None:
        """Start writing. Raises what went wrong with the portion before this one."""
        self.wait()
        if self._thread:
            self._writing = self._thread.submit(_write, connection.connection, portion)
        else:
            with connection.cursor() as cursor:
                for step in portion:
                    step(cursor)

    def wait(self) -> None:
        """Until the last portion is written; raises what went wrong with it."""
        if self._writing is not None:
            self._writing.result()
            self._writing = None


def _write(psycopg_connection: Any, portion: Sequence[Step]) -> None:
    with psycopg_connection.cursor() as cursor:
        for step in portion:
            step(cursor)
