"""Four people screen at the same moment, each in a thread with a connection of its own, on both databases."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections

from annotations.models import Event, ScreeningDecision, ScreeningTrack, triggers
from annotations.screening.decide import decide, undo
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


def test_two_who_find_the_last_one_at_the_same_moment_leave_one_end(tmp_path):
    """Both have a message on screen when one find is missing, and both say yes."""
    study = make_archive(6)
    pair = people(study, "anna", "bram")
    track = begin(study, pair, target=1)
    units = [hand_out(track.pk, user.pk) for user in pair]
    begun = threading.Barrier(2)

    def finder(turn: int) -> Callable[[], None]:
        def work() -> None:
            begun.wait()
            decide(units[turn].pk, YES, coder_id=pair[turn].pk, revision=0)
            assert hand_out(track.pk, pair[turn].pk) is None

        return work

    def look() -> None:
        same = ScreeningTrack.objects.get(pk=track.pk)
        assert finds(same) == [1]
        assert (same.found, same.screened, same.stop_position, same.frontier) == (2, 2, 1, 3)
        assert same.ended_at
        assert same.screening.state == "done"

    with shared_by_threads(tmp_path):
        in_threads(finder(1), finder(0))
        in_threads(look)


def test_an_answer_sent_four_times_at_once_is_one_answer(tmp_path):
    study = make_archive(4)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=3)
    unit = hand_out(track.pk, anna.pk)
    begun = threading.Barrier(4)

    def send() -> None:
        begun.wait()
        assert decide(unit.pk, YES, coder_id=anna.pk, revision=0).revision == 1

    def look() -> None:
        same = ScreeningTrack.objects.get(pk=track.pk)
        assert (same.found, same.screened) == (1, 1)
        assert (
            ScreeningDecision.objects.count() == Event.objects.filter(action="screening.decided").count() == 1
        )

    with shared_by_threads(tmp_path):
        in_threads(*[send] * 4)
        in_threads(look)


def test_the_last_find_taken_back_while_a_colleague_asks_for_more(tmp_path):
    """Whichever comes first, no message is handed out twice or left behind."""
    study = make_archive(6)
    anna, bram = people(study, "anna", "bram")
    track = begin(study, [anna, bram], target=1)
    unit = hand_out(track.pk, anna.pk)
    decide(unit.pk, YES, coder_id=anna.pk, revision=0)
    begun = threading.Barrier(2)
    got: list[int | None] = []

    def take_back() -> None:
        begun.wait()
        undo(track.pk, coder_id=anna.pk)

    def ask() -> None:
        begun.wait()
        handed = hand_out(track.pk, bram.pk)
        got.append(handed.position if handed else None)

    def look() -> None:
        same = ScreeningTrack.objects.get(pk=track.pk)
        assert got in ([None], [2])
        assert (same.found, same.screened, same.ended_at, same.stop_position) == (0, 0, None, None)
        assert hand_out(track.pk, anna.pk).position == 1
        assert hand_out(track.pk, bram.pk).position == 2

    with shared_by_threads(tmp_path):
        in_threads(take_back, ask)
        in_threads(look)
