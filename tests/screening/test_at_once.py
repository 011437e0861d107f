"""Four people screen at the same moment, each in a thread with a connection of its own, on both databases."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections

from annotations.models import ScreeningTrack, triggers
from annotations.screening.decide import decide
from annotations.screening.queue import hand_out
from tests.screening.help import NO, YES, begin, finds, make_archive, people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_log_that_can_be_emptied(transactional_db: None) -> Iterator[None]:
    """The flush after the test deletes events, which the database refuses; it makes the triggers again."""
    yield
    triggers.drop(connection)


@contextmanager
def shared_by_threads(folder: Path) -> Iterator[None]:
    """SQLite in memory knows no waiting for each other: the threads work on a file instead."""
    if connection.vendor != "sqlite":
        yield
        return
    settings = connections.settings["default"]
    in_memory, path = settings["NAME"], folder / "shared.sqlite3"
    with closing(sqlite3.connect(path)) as target:
        connection.connection.backup(target)
    settings["NAME"] = str(path)
    try:
        yield
    finally:
        settings["NAME"] = in_memory


def in_threads(*jobs: Callable[[], None]) -> None:
    failures: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_found_set_is_the_same_whoever_was_quick(tmp_path):
    study = make_archive(40)
    four = people(study, "anna", "bram", "cor", "dies")
    track = begin(study, four, target=5)
    wanted = {f"bericht {40 - 3 * number}" for number in range(1, 14)}  # positions 4, 7, 10 …
    begun = threading.Barrier(4)
    handed: list[int] = []

    def screener(user_id: int) -> Callable[[], None]:
        def work() -> None:
            begun.wait()
            while (unit := hand_out(track.pk, user_id)) is not None:
                handed.append(unit.position)
                given = YES if unit.message.text in wanted else NO
                decide(unit.pk, given, coder_id=user_id, revision=0)

        return work

    def look() -> None:
        same = ScreeningTrack.objects.get(pk=track.pk)
        assert finds(same) == [4, 7, 10, 13, 16]
        assert same.stop_position == 16
        assert same.ended_at
        assert same.screened == len(handed) == len(set(handed))
        # Whoever had one on screen when the last was found finished it; nothing was handed out after.
        assert set(range(1, 17)) <= set(handed)
        assert max(handed) <= 16 + 3

    with shared_by_threads(tmp_path):
        in_threads(*(screener(user.pk) for user in four))
        in_threads(look)
