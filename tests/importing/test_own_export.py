"""What this program exports, it knows again: nothing new, nothing changed, whatever the texts look like."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.db.models import Model

from annotations.importing.store.commit import import_files
from annotations.models import (
    Account,
    Candidate,
    ContextSuggestion,
    Conversation,
    Message,
    MessageVersion,
    Study,
)
from tests.exporting.reading import write_tables
from tests.factories import make_study

pytestmark = pytest.mark.django_db
HEADER = ["conversation_id", "message_id", "parent_id", "position", "state", "account", "role", "text"]
HEADER += ["created_at", "followers", "permalink"]
TEXTS = [
    "@ZwaluwlijnHulp bel mij op 06-00000080 👨‍👩‍👧 https://voorbeeld.example/x",
    "=HYPERLINK(1)",
    "'t is zo, zei hij; =1+1",
    '-5 graden\n\nen "aanhalingstekens"',
    "''",
    " spaties ",
    "• mijn bsn is 111222333 \u200f",
]
KEPT: list[type[Model]] = [Account, Conversation, Message, MessageVersion, Candidate, ContextSuggestion]


def everything() -> list[object]:
    return [list(model._default_manager.order_by("pk").values()) for model in KEPT]


def texts_of(study: Study) -> dict[str, tuple[str, str]]:
    rows = study.messages.order_by().values_list("external_id", "state", "text")
    return {name: (state, text) for name, state, text in rows}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Odd texts, a message that answers a deleted one and one outside, times to the microsecond, a text that
    changed."""
    study = make_study()
    names = ["kees_demo", "ZwaluwlijnHulp", "=account"]
    rows: list[list[object]] = []
    for n, text in enumerate(TEXTS):
        above, moment = str(n - 1) if n else "", f"2019-05-01T09:{n:02}:00.250Z"
        who, link = names[n % 3], f"https://x.example/{n}"
        rows.append(["c", str(n), above, n, "present", who, "", text, moment, "12", link])
    rows.append(["c", "weg", "2", 7, "deleted", "", "", "", "", "", ""])
    rows.append(["c", "a", "weg", 8, "present", "", "", "wat was dat?", "", "", ""])
    rows.append(["d", "b", "ergens-anders", 1, "present", "kees_demo", "", "en dit?", "", "", ""])
    _write(tmp_path / "messages.csv", rows)
    assert import_files(study, [tmp_path / "messages.csv"]).repairs["reply_to_deleted"] == 1
    rows[3][7] = "een heel andere tekst"
    _write(tmp_path / "later.csv", rows)
    assert import_files(study, [tmp_path / "later.csv"]).repairs["text_changed"] == 1
    return study


def _write(path: Path, rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])


@pytest.mark.parametrize("profile", ["restricted", "research"])
def test_an_export_that_comes_back_changes_nothing(study: Study, tmp_path: Path, profile: str) -> None:
    write_tables(study, tmp_path / "out", profile=profile, reason="back again")
    before = everything()
    report = import_files(study, [tmp_path / "out" / "messages.csv"])
    assert report.format == "messages-csv"
    assert (report.messages_new, report.messages_known, report.conversations_new) == (0, 9, 0)
    assert "text_changed" not in report.repairs
    assert report.problems == []
    assert everything() == before


def test_an_export_makes_the_same_messages_in_another_study(study: Study, tmp_path: Path) -> None:
    write_tables(study, tmp_path / "out", profile="restricted", reason="another study")
    other = make_study()
    import_files(other, [tmp_path / "out" / "messages.csv"])
    assert texts_of(other) == texts_of(study)
    order = ("conversation__key", "position", "external_id", "parent__external_id", "author_followers")
    assert list(other.messages.order_by(*order).values_list(*order)) == list(
        study.messages.order_by(*order).values_list(*order)
    )
