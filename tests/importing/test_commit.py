"""Files into the database: figures, importing again, what later files add, what no import may touch."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from annotations.errors import BadInput
from annotations.importing.store import commit
from annotations.importing.store.commit import import_files
from annotations.models import (
    Account,
    Candidate,
    ContextSuggestion,
    Conversation,
    Event,
    ImportBatch,
    Message,
    Study,
)
from tests.factories import assign, make_member, make_study

HEADER = ("id", "parent_id", "created_at", "author_handle", "text", "author_created_at", "author_followers")
QUESTION = (
    "1",
    "",
    "2019-05-01T09:00:00Z",
    "kees_demo",
    "@ZwaluwlijnHulp mijn bsn is 111222333",
    "2019-04-20",
    "12",
)
ANSWER = (
    "2",
    "1",
    "2019-05-01T09:30:00Z",
    "ZwaluwlijnHulp",
    "@kees_demo Mag ik je geboortedatum via DM?",
    "",
    "",
)
LATER = ("3", "2", "2019-05-01T10:00:00Z", "kees_demo", "@ZwaluwlijnHulp bel 06-00000080", "2019-04-20", "12")

pytestmark = pytest.mark.django_db


def table(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


@pytest.fixture
def study() -> Study:
    return make_study()


def order(conversation: Conversation) -> list[str]:
    return list(conversation.messages.order_by("position").values_list("external_id", flat=True))


def everything() -> list[object]:
    """All that an import makes, as values."""
    return [
        list(model.objects.order_by("pk").values()) for model in (Account, Conversation, Message, Candidate)
    ]


def test_an_import_stores_messages_in_reading_order_with_roles_and_facts(
    study: Study, tmp_path: Path
) -> None:
    report = import_files(study, [table(tmp_path / "a.csv", LATER, ANSWER, QUESTION)])
    assert (report.rows, report.messages_new, report.conversations_new) == (3, 3, 1)
    conversation = study.conversations.get()
    assert order(conversation) == ["1", "2", "3"]
    assert conversation.organisation == study.organisations.get()
    assert conversation.first_response_minutes == 30
    assert conversation.unanswered is False
    assert (conversation.message_count, conversation.placeholder_count) == (3, 0)
    first, second, third = conversation.messages.select_related("account", "parent").order_by("position")
    assert [message.author_role for message in (first, second, third)] == [
        "consumer",
        "organisation",
        "consumer",
    ]
    assert [first.addressed, second.addressed, third.addressed] == ["this", "", "this"]
    assert third.parent == second
    assert third.depth == 2
    study.refresh_from_db()
    assert study.detector_version
    assert ImportBatch.objects.get().report["messages_new"] == 3
    assert Event.objects.get(action="import.done").after["messages_new"] == 3


def test_candidates_lie_where_the_text_has_them(study: Study, tmp_path: Path) -> None:
    report = import_files(study, [table(tmp_path / "a.csv", QUESTION, ANSWER, LATER)])
    found = {
        candidate.info_type: candidate.message.text[candidate.start : candidate.end]
        for candidate in Candidate.objects.select_related("message")
    }
    assert found == {"bsn": "111222333", "phone": "06-00000080"}
    assert report.candidates == 2
    assert study.conversations.get().candidate_count == 2
    assert set(Candidate.objects.first().reason) == {"nl", "en"}


def test_context_is_suggested_with_its_evidence(study: Study, tmp_path: Path) -> None:
    import_files(study, [table(tmp_path / "a.csv", QUESTION, ANSWER)])
    found = {
        (suggestion.message.external_id, suggestion.kind): suggestion
        for suggestion in study.conversations.get().suggestions.all()
    }
    assert set(found) == {
        ("1", "first_contact"),
        ("1", "new_user"),
        ("2", "asks_for_data"),
        ("2", "dm_invitation"),
    }
    asked = found["2", "asks_for_data"]
    assert asked.value == {"kinds": ["birth_date"], "count": 1, "channel": "dm"}
    _kind, start, end = asked.evidence["kinds"][0]
    assert asked.message.text[start:end] == "geboortedatum"
    assert found["1", "new_user"].value is True


def test_importing_a_file_again_changes_nothing(study: Study, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ANSWER, LATER)
    first = import_files(study, [path])
    before = everything()
    second = import_files(study, [path])
    assert everything() == before
    assert (second.messages_new, second.messages_known, second.conversations_new) == (0, 2, 0)
    assert (second.placeholders, second.orphans) == (first.placeholders, first.orphans) == (1, 1)
    assert second.candidates == 0


def test_a_later_file_fills_a_placeholder_and_keeps_its_row(study: Study, tmp_path: Path) -> None:
    import_files(study, [table(tmp_path / "a.csv", ANSWER)])
    conversation = study.conversations.get()
    placeholder = conversation.messages.get(external_id="1")
    assert placeholder.state == "outside"
    assign(conversation, make_member(study, "anna"))
    report = import_files(study, [table(tmp_path / "b.csv", QUESTION, LATER)])
    assert (report.messages_new, report.conversations_new, report.placeholders) == (2, 0, 0)
    assert order(conversation) == ["1", "2", "3"]
    placeholder.refresh_from_db()
    assert placeholder.state == "present"
    assert placeholder.text == QUESTION[4]
    assert placeholder.candidates.get().info_type == "bsn"
    conversation.refresh_from_db()
    assert (conversation.message_count, conversation.placeholder_count) == (3, 0)
    assert conversation.first_response_minutes == 30
    assert conversation.candidate_count == 2


def test_two_files_one_after_the_other_give_what_both_at_once_give(study: Study, tmp_path: Path) -> None:
    branch = ("4", "1", "2019-05-01T09:10:00Z", "fem_demo", "Ik ook", "", "")
    one, two = table(tmp_path / "a.csv", LATER, branch), table(tmp_path / "b.csv", ANSWER, QUESTION)
    other = make_study()
    import_files(study, [one])
    import_files(study, [two])
    import_files(other, [one, two])
    assert order(study.conversations.get()) == order(other.conversations.get()) == ["1", "4", "2", "3"]
    fields = (
        "message_count",
        "placeholder_count",
        "branch_count",
        "candidate_count",
        "unanswered",
        "started_at",
    )
    assert study.conversations.values(*fields).get() == other.conversations.values(*fields).get()


def told_of(study: Study) -> dict[str, list[tuple[object, ...]]]:
    """All that is known of a study's messages, whatever they are called in the database."""
    place = ("external_id", "parent__external_id", "position", "depth", "state", "text", "addressed")
    counts = ("message_count", "placeholder_count", "branch_count", "candidate_count", "unanswered")
    messages, conversations = study.messages, study.conversations
    return {
        "messages": sorted(messages.values_list(*place, "account__handle")),
        "conversations": sorted(conversations.values_list("messages__external_id", "started_at", *counts)),
        "candidates": sorted(messages.values_list("external_id", "candidates__start").order_by()),
        "suggestions": sorted(
            (name, kind, json.dumps([value, evidence]))
            for name, kind, value, evidence in ContextSuggestion.objects.filter(
                conversation__study=study, message__conversation=F("conversation")
            ).values_list("message__external_id", "kind", "value", "evidence")
        ),
    }


@pytest.mark.parametrize("seed", range(3))
def test_files_that_share_conversations_by_chance_give_what_all_at_once_give(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Placeholders are filled, conversations are joined over and over, in portions of a few messages."""
    chance, rows = random.Random(seed), []
    for number in range(1, 61):
        answers = chance.choice([*range(1, number), 900 + number]) if chance.random() < 0.8 else ""
        who = chance.choice(["kees_demo", "fem_demo", "ZwaluwlijnHulp"])
        text = chance.choice([QUESTION[4], ANSWER[4], LATER[4], "Stuur een DM @fem_demo", "Ja"])
        moment = f"2019-05-{1 + number % 28:02}T{number % 24:02}:00:00Z"
        rows.append((str(number), str(answers), moment, who, text, "2019-04-20", "12"))
    chance.shuffle(rows)
    files = [table(tmp_path / f"{part}.csv", *rows[part::3]) for part in range(3)]
    other = make_study()
    import_files(other, files)
    monkeypatch.setattr(commit, "PORTION", 5)
    for file in files:
        import_files(study, [file])
    assert told_of(study) == told_of(other)


def test_what_two_portions_add_to_one_conversation_is_all_there(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second portion must see what the first one, which waits to be written, did to the conversation."""
    import_files(study, [table(tmp_path / "a.csv", QUESTION, ANSWER, LATER)])
    monkeypatch.setattr(commit, "PORTION", 1)
    more = [
        (str(10 + n), str(above), f"2019-05-0{2 + n}T09:00:00Z", "kees_demo", f"tekst {n}", "", "")
        for n, above in enumerate((1, 2, 3))
    ]
    assert import_files(study, [table(tmp_path / "b.csv", *more)]).messages_new == 3
    conversation = study.conversations.get()
    found = conversation.messages.order_by("position").values_list("external_id", "position", "depth")
    assert [*found] == [("1", 0, 0), ("2", 1, 1), ("3", 2, 2), ("12", 3, 3), ("11", 4, 2), ("10", 5, 1)]
    assert (conversation.message_count, conversation.branch_count) == (6, 2)


def test_a_later_file_asks_the_database_no_more_for_more_conversations(
    study: Study, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    rows = [(str(n), "", "2019-05-01T09:00:00Z", f"kees_{n}", QUESTION[4], "", "") for n in range(200)]
    answers = [(f"{9000 + n}", str(n), "2019-05-02T09:00:00Z", "piet", "ja", "", "") for n in range(200)]
    import_files(study, [table(tmp_path / "a.csv", *rows)])
    with django_assert_max_num_queries(60):
        report = import_files(study, [table(tmp_path / "b.csv", *answers)])
    assert report.messages_new == 200


def test_conversations_that_turn_out_one_are_joined_where_nobody_was_given_them(
    study: Study, tmp_path: Path
) -> None:
    import_files(study, [table(tmp_path / "a.csv", QUESTION, LATER)])
    assert study.conversations.count() == 2
    report = import_files(study, [table(tmp_path / "b.csv", ANSWER)])
    assert order(study.conversations.get()) == ["1", "2", "3"]
    assert report.repairs["conversations_joined"] == 1


@pytest.mark.parametrize(("given", "remains"), [(None, 0), (0, 0), (1, 1)])
def test_conversations_are_joined_into_the_one_that_was_given_else_into_the_first(
    study: Study, tmp_path: Path, given: int | None, remains: int
) -> None:
    import_files(study, [table(tmp_path / "a.csv", QUESTION, LATER)])
    conversations = list(study.conversations.order_by("number"))
    if given is not None:
        assign(conversations[given], make_member(study, "anna"))
    import_files(study, [table(tmp_path / "b.csv", ANSWER)])
    assert study.conversations.get() == conversations[remains]
    assert order(conversations[remains]) == ["1", "2", "3"]


def test_conversations_that_were_given_to_coders_stay_apart(study: Study, tmp_path: Path) -> None:
    import_files(study, [table(tmp_path / "a.csv", QUESTION, LATER)])
    anna = make_member(study, "anna")
    for conversation in study.conversations.all():
        assign(conversation, anna)
    before = dict(Message.objects.values_list("external_id", "conversation_id"))
    report = import_files(study, [table(tmp_path / "b.csv", ANSWER)])
    assert "kept_apart" in [problem["code"] for problem in report.problems]
    assert dict(Message.objects.values_list("external_id", "conversation_id")) == before
    assert Message.objects.get(external_id="2").state == "present"
    again = everything()
    import_files(study, [tmp_path / "b.csv"])
    assert everything() == again


def test_a_changed_text_is_kept_beside_the_text_that_coders_saw(study: Study, tmp_path: Path) -> None:
    import_files(study, [table(tmp_path / "a.csv", QUESTION, ANSWER)])
    changed = (*QUESTION[:4], "Iets heel anders", *QUESTION[5:])
    report = import_files(study, [table(tmp_path / "b.csv", changed, ANSWER)])
    message = Message.objects.get(external_id="1")
    assert message.text == QUESTION[4]
    assert message.text_changed
    assert [version.text for version in message.versions.all()] == ["Iets heel anders"]
    assert report.repairs["text_changed"] == 1
    again = import_files(study, [tmp_path / "b.csv"])
    assert message.versions.count() == 1
    assert "text_changed" not in again.repairs


def test_a_role_set_by_hand_stays(study: Study, tmp_path: Path) -> None:
    import_files(study, [table(tmp_path / "a.csv", QUESTION)])
    Account.objects.filter(handle="kees_demo").update(role="third_party", role_source="hand")
    import_files(study, [table(tmp_path / "b.csv", QUESTION, ANSWER, LATER)])
    account = Account.objects.get(handle="kees_demo")
    assert (account.role, account.role_source) == ("third_party", "hand")
    assert account.messages.count() == 2


def test_a_strict_study_never_holds_what_must_be_masked(tmp_path: Path) -> None:
    study = make_study(privacy="strict")
    import_files(study, [table(tmp_path / "a.csv", QUESTION, ANSWER)])
    message = Message.objects.get(external_id="1")
    assert message.text == "@ZwaluwlijnHulp mijn bsn is •••••••••"
    candidate = message.candidates.get()
    assert (candidate.info_type, candidate.end - candidate.start) == ("bsn", 9)
    changed = (*QUESTION[:4], "mijn bsn is toch 111222333 hoor", *QUESTION[5:])
    import_files(study, [table(tmp_path / "b.csv", changed)])
    assert message.versions.get().text == "mijn bsn is toch ••••••••• hoor"
    before = everything()
    import_files(study, [tmp_path / "a.csv"])
    assert everything() == before
    assert "111222333" not in json.dumps([everything(), list(ImportBatch.objects.values())], default=str)


def test_a_refused_file_stores_nothing_and_says_what_to_do(study: Study, tmp_path: Path) -> None:
    bad = ("", "", "2019-05-01", "x_demo", "zonder id", "", "")
    with pytest.raises(BadInput) as refused:
        import_files(study, [table(tmp_path / "a.csv", QUESTION, bad)])
    assert "a.csv" in refused.value.problems[0]
    assert not Message.objects.exists()
    assert not ImportBatch.objects.exists()
    report = import_files(study, [tmp_path / "a.csv"], skip_bad_rows=True)
    assert report.messages_new == 1
    assert report.repairs["bad_rows_skipped"] == 1


def test_a_dry_run_reports_and_stores_nothing(study: Study, tmp_path: Path) -> None:
    report = import_files(study, [table(tmp_path / "a.csv", QUESTION, ANSWER)], dry_run=True)
    assert (report.messages_new, report.candidates) == (2, 1)
    assert not Message.objects.exists()
    assert not ImportBatch.objects.exists()
    assert import_files(study, [tmp_path / "a.csv"]) == report


def test_values_that_do_not_fit_are_made_to_fit_and_reported(study: Study, tmp_path: Path) -> None:
    lines = [
        {
            "data": [
                {
                    "id": "9" * 400,
                    "text": "half \ud83d een emoji\x00 " + "x" * 1_000_000,
                    "author_id": "7" * 400,
                    "created_at": "2019-05-01T09:00:00.000Z",
                    "source": "s" * 500,
                    "lang": "l" * 40,
                }
            ],
            "includes": {
                "users": [
                    {
                        "id": "7" * 400,
                        "username": "u\x00" * 300,
                        "name": "n" * 900,
                        "created_at": "2012-01-01T00:00:00.000Z",
                        "public_metrics": {"followers_count": 10**12, "tweet_count": -4},
                    }
                ]
            },
        }
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    report = import_files(study, [path])
    message = Message.objects.select_related("account").get()
    assert message.text.startswith("half � een emoji ")
    assert len(message.text) > 1_000_000
    assert message.author_followers is None
    assert report.repairs["shortened"] >= 3
    assert report.repairs["number_out_of_range"] >= 1
    before = everything()
    import_files(study, [path])
    assert everything() == before
