"""What makes a large import fast must not change what it stores."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from annotations.common.bulk import USUAL, Table, seldom_collecting
from annotations.errors import BadInput
from annotations.importing.store import accounts as people
from annotations.importing.store import commit
from annotations.importing.store.bloom import Bloom
from annotations.importing.store.commit import import_files
from annotations.importing.store.merging import Merger
from annotations.models import Account, Conversation, Message, Study
from tests.factories import make_study
from tests.importing.test_commit import table


@given(st.lists(st.text()), st.lists(st.text()))
def test_what_was_added_to_a_bloom_filter_is_always_in_it(added: list[str], others: list[str]) -> None:
    names = Bloom()
    for name in added:
        names.add(name)
    assert all(name in names for name in added)
    if not added:
        assert not any(name in names for name in others)


def test_a_full_bloom_filter_is_seldom_wrong() -> None:
    names = Bloom()
    for number in range(200_000):
        names.add(f"author {number}")
    wrong = sum(f"stranger {number}" in names for number in range(10_000))
    assert wrong < 20


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [0, 50_000])
def test_an_author_is_one_account_by_id_and_by_handle_whatever_is_remembered(
    kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "KEPT", kept)
    monkeypatch.setattr(commit, "PORTION", 1)
    study = make_study()
    rows = [
        (str(number), "", f"2019-05-01T09:{number:02}:00Z", f"Kees_{number % 3}", "dag", "", "")
        for number in range(1, 31)
    ]
    import_files(study, [table(tmp_path / "first.csv", *rows)])
    assert sorted(Account.objects.values_list("key", flat=True)) == ["kees_0", "kees_1", "kees_2"]
    later = [(f"9{key}", *rest) for key, *rest in rows]
    import_files(study, [table(tmp_path / "later.csv", *later)])
    assert Account.objects.count() == 3
    assert set(Message.objects.values_list("account__key", flat=True)) == {"kees_0", "kees_1", "kees_2"}


@pytest.mark.django_db
def test_times_and_flags_are_stored_as_the_models_store_them(study: Study, tmp_path: Path) -> None:
    rows = [("1", "", "2019-05-01T09:00:00.250Z", "kees", "dag", "2019-04-20", "12")]
    import_files(study, [table(tmp_path / "a.csv", *rows)])
    message = Message.objects.get()
    assert message.created_at == datetime(2019, 5, 1, 9, 0, 0, 250_000, tzinfo=UTC)
    assert message.author_created_at == datetime(2019, 4, 20, tzinfo=UTC)
    # Found by the value as Django would write it, which SQLite compares as text.
    assert Message.objects.filter(created_at=message.created_at, text_changed=False).exists()
    assert Conversation.objects.filter(unanswered=True, started_at=message.created_at).exists()


def test_collecting_is_as_before_after_an_import_that_failed() -> None:
    before = USUAL
    during = []

    def fail() -> None:
        during.append(gc.get_threshold())
        raise BadInput("no")

    with pytest.raises(BadInput), seldom_collecting():
        fail()
    assert during != [before]
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


@pytest.fixture
def study() -> Study:
    return make_study()


@pytest.mark.django_db
def test_what_is_merged_does_not_meet_what_is_being_written(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL a portion is written by another thread while the next is worked out."""
    real = Merger.open

    def read(self: Merger, opening: Any) -> Any:
        assert self.store.writer._writing is None
        return real(self, opening)

    moment = "2019-05-01T{:02}:00:00Z"
    known = [(str(n), "", moment.format(n), "kees", "dag", "", "") for n in (3, 7, 11)]
    import_files(study, [table(tmp_path / "a.csv", *known)])
    monkeypatch.setattr(commit, "PORTION", 4)
    monkeypatch.setattr(Merger, "open", read)
    new = [(str(n), "", moment.format(n), "piet", "hoi", "", "") for n in range(1, 20) if n not in (3, 7, 11)]
    answers = [(f"9{n}", n, moment.format(20), "jan", "ja", "", "") for n in ("3", "7", "11")]
    report = import_files(study, [table(tmp_path / "b.csv", *new, *known, *answers)])
    assert (report.conversations_new, report.messages_new) == (len(new), len(new) + 3)
    assert sorted(Conversation.objects.values_list("message_count", flat=True))[-3:] == [2, 2, 2]


@pytest.mark.django_db
@pytest.mark.parametrize("fails_at", [0, 1, 5])
def test_what_goes_wrong_while_rows_are_written_leaves_nothing_behind(
    fails_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the rows are written by another thread; its error must reach the import."""
    study = make_study()
    monkeypatch.setattr(commit, "PORTION", 1)
    real, calls = Table.write, []

    def fail(self: Table, *given: object, **named: object) -> None:
        if self.name == Message._meta.db_table:
            calls.append(self)
            if len(calls) == fails_at + 1:
                raise ZeroDivisionError
        real(self, *given, **named)

    monkeypatch.setattr(Table, "write", fail)
    rows = [(str(number), "", "2019-05-01T09:00:00Z", "kees", "dag", "", "") for number in range(6)]
    with pytest.raises(ZeroDivisionError):
        import_files(study, [table(tmp_path / "a.csv", *rows)])
    assert not Message.objects.exists()
    assert not Account.objects.exists()
    monkeypatch.undo()
    import_files(study, [table(tmp_path / "a.csv", *rows)])
    assert Message.objects.count() == 6


def analysed() -> set[str]:
    """Tables of which the database has statistics."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'")
            if not cursor.fetchall():
                return set()
            cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        else:
            cursor.execute("SELECT relname FROM pg_class WHERE reltuples > 0 AND relkind = 'r'")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_an_import_leaves_statistics_of_what_it_wrote(
    study: Study, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    rows = [(str(n), "", "2019-05-01T09:00:00Z", f"kees_{n}", "dag", "", "") for n in range(30)]
    path = table(tmp_path / "a.csv", *rows)
    with django_capture_on_commit_callbacks(execute=True):
        import_files(study, [path])
    assert {"annotations_account", "annotations_conversation", "annotations_message"} <= analysed()
