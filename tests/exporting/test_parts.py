"""The parts an export is made of, one by one: the package, the check of a row, the folder, the classes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from annotations.errors import BadInput
from annotations.exchange.table import Column, Table
from annotations.exporting.accounts import NOTHING, UNKNOWN, account_classes, is_listed, without_singles
from annotations.exporting.describe import datapackage
from annotations.exporting.folder import Folder
from annotations.exporting.row_check import problem_of, row_check
from annotations.models import Account, Conversation, Message
from tests.factories import make_conversation, make_study

NOW = datetime(2024, 3, 1, tzinfo=UTC)
MESSAGES = Table(
    "messages.csv",
    "Every message",
    [Column("conversation_id", "string", "conversation"), Column("message_id", "string", "message")],
    list,
    key=("conversation_id", "message_id"),
    tells=False,
)
CODES = Table(
    "codes.csv",
    "Every code",
    [
        Column("message_id", "string", "message"),
        Column("=solved", "integer", "whether it was", {2: "no", 1: "yes"}, {99: 99, 98: 98}),
    ],
    list,
)
ALONE = Table("alone.csv", "Beside the others", [Column("name", "string", "its name")], list)


def package(*tables: Table, tells: bool = True) -> dict:
    study = SimpleNamespace(slug="proef", name="Proef")
    written = datapackage(study, tables, tells=tells)
    assert written.endswith("}\n")
    return json.loads(written)


def test_a_package_describes_each_table_its_key_and_the_message_a_row_is_about():
    found = package(MESSAGES, CODES, ALONE)
    assert (found["name"], found["title"]) == ("proef", "Proef")
    messages, codes, alone = found["resources"]
    assert messages == {
        "name": "messages",
        "path": "messages.csv",
        "description": "Every message",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "header": True},
        "schema": {
            "fields": [
                {"name": "conversation_id", "type": "string", "description": "conversation"},
                {"name": "message_id", "type": "string", "description": "message"},
            ],
            "missingValues": [""],
            "primaryKey": ["conversation_id", "message_id"],
        },
    }
    assert codes["schema"]["fields"][:2] == [
        {"name": "message_id", "type": "string", "description": "message"},
        {
            "name": "'=solved",
            "type": "integer",
            "description": "whether it was",
            "categories": [{"value": 1, "label": "yes"}, {"value": 2, "label": "no"}],
            "missingValues": ["", "99", "98"],
        },
    ]
    assert [field["name"] for field in codes["schema"]["fields"][2:]] == ["disarmed"]
    assert codes["schema"]["foreignKeys"] == [
        {"fields": ["message_id"], "reference": {"resource": "messages", "fields": ["message_id"]}}
    ]
    assert "primaryKey" not in codes["schema"]
    assert "foreignKeys" not in alone["schema"]


def test_without_messages_nothing_is_referred_to_and_raw_files_have_no_disarmed_column():
    [codes] = package(CODES, tells=False)["resources"]
    assert "foreignKeys" not in codes["schema"]
    assert [field["name"] for field in codes["schema"]["fields"]] == ["message_id", "'=solved"]


NAMES = ["coder", "value", "code", "seconds"]
ROW = {"coder": "C1", "value": "yes", "code": "1", "seconds": "40"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""),
        ({"added": "x"}, ""),
        ({"row_check": ""}, ""),
        ({"value": "no"}, "value or code is not as it was exported"),
        ({"code": "2"}, "value or code is not as it was exported"),
        ({"seconds": "41"}, "one of the columns that say who, where and when"),
        ({"code": "2", "coder": "C2"}, "this row is not as it was exported"),
        ({"value": "no", "row_check": ""}, ""),
    ],
)
def test_a_row_that_was_changed_says_what_of_it_was(change, said):
    found = problem_of(ROW | {"row_check": row_check(ROW)} | change, NAMES)
    assert found.startswith(said)
    assert bool(found) == bool(said)


def test_a_column_that_is_gone_and_a_row_without_its_check():
    row = ROW | {"row_check": row_check(ROW)}
    del row["seconds"]
    assert problem_of(row, NAMES).startswith("the column seconds of the export is gone")
    assert problem_of(ROW, NAMES) == ""
    assert row_check({"value": None, "code": ""}) == row_check({"value": "", "code": None})
    # One cell does not pass for two.
    assert row_check({"a": "x", "b": "y"}) != row_check({"a": "xy", "b": ""})


def test_a_file_is_written_with_what_it_is_beside_and_the_manifest_always(tmp_path):
    folder = Folder(tmp_path / "a" / "b", only=["spss.sps"])
    assert [folder.wants(name) for name in ("spss.sps", "manifest.json", "messages.csv")] == [
        True,
        True,
        False,
    ]
    folder.write("spss.sps", ["één", "\n"], lambda: {"rows": 2})
    folder.write("text.txt", ["x"], beside="spss.sps")
    folder.write("messages.csv", ["x"])
    folder.make("messages.sav", lambda path: path.write_text("x"), beside="messages.csv")
    folder.make("figures/x.svg", lambda path: path.write_text(path.suffix), beside="spss.sps")
    assert [(entry["name"], entry["bytes"], entry.get("rows")) for entry in folder.files] == [
        ("spss.sps", 6, 2),
        ("text.txt", 1, None),
        ("figures/x.svg", 4, None),
    ]
    assert sorted(path.name for path in folder.path.iterdir()) == ["figures", "spss.sps", "text.txt"]
    assert (folder.path / "figures" / "x.svg").read_text() == ".svg", "the ending that its maker goes by"
    for path in (folder.path, folder.path.parent, folder.path / "figures"):
        assert path.stat().st_mode & 0o777 == 0o700
    assert (folder.path / "spss.sps").stat().st_mode & 0o777 == 0o600
    everything = Folder(tmp_path / "c")
    assert everything.wants("messages.csv")


def test_a_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match=r"The folder .*file/x cannot be made: File exists"):
        Folder(tmp_path / "file" / "x")


@pytest.mark.django_db
def test_classes_of_an_account_come_from_its_first_message():
    study = make_study(new_user_days=30)
    cases = [
        ((None, None, None), (UNKNOWN, UNKNOWN, UNKNOWN)),
        ((0, 99, 0), ("0-99", "0-99", "under 30 days")),
        ((100, 999, 29), ("100-999", "100-999", "under 30 days")),
        ((1_000, 100, 30), ("1000 or more", "100-999", "under a year")),
        ((99, 1_000, 364), ("0-99", "1000 or more", "under a year")),
        ((0, 0, 365), ("0-99", "0-99", "a year or more")),
    ]
    expected = {}
    for number, ((followers, posts, days), classes) in enumerate(cases):
        for twin in range(5):  # so many look the same that each class may be told
            account = Account.objects.create(
                study=study, key=f"a{number}-{twin}", handle=f"A{number}-{twin}", role="consumer"
            )
            conversation = make_conversation(study, "Hoi", "Dag", "Later")
            Conversation.objects.filter(pk=conversation.pk).update(organisation=None)
            first, second, _third = conversation.messages.order_by("position")
            Message.objects.filter(pk=first.pk).update(
                account=account,
                created_at=NOW,
                author_followers=followers,
                author_posts=posts,
                author_created_at=None if days is None else NOW - timedelta(days=days, hours=23),
            )
            Message.objects.filter(pk=second.pk).update(
                account=account,
                created_at=NOW + timedelta(days=1),
                author_followers=5_000,
                author_posts=5_000,
            )
            expected[account.pk] = classes
    found = account_classes(study)
    assert {pk: found[pk] for pk in expected} == expected
    [other] = set(found) - set(expected)
    assert found[other] == (UNKNOWN, UNKNOWN, UNKNOWN), "as the five of which nothing is known"


def test_five_that_look_the_same_are_told_and_four_are_not():
    one, other = ("0-99", "0-99", UNKNOWN), ("100-999", "0-99", UNKNOWN)
    assert without_singles(dict.fromkeys(range(5), one), dict.fromkeys(range(5), "x")) == dict.fromkeys(
        range(5), one
    )
    assert without_singles(dict.fromkeys(range(4), one), dict.fromkeys(range(4), "x")) == dict.fromkeys(
        range(4), NOTHING
    )
    # Five of one class and five of another, of which each is told; of other looks none counts.
    exact = (
        dict.fromkeys(range(5), one) | dict.fromkeys(range(5, 10), other) | dict.fromkeys(range(10, 13), one)
    )
    looks = dict.fromkeys(range(10), "x") | dict.fromkeys(range(10, 13), "y")
    found = without_singles(exact, looks)
    assert found == exact | dict.fromkeys(range(10, 13), NOTHING)
    # One that differs by age alone is told without its age, and so are those it hides among.
    exact = dict.fromkeys(range(6), one) | {6: ("0-99", "0-99", "under a year")}
    found = without_singles(exact, dict.fromkeys(range(7), "x"))
    assert found[6] == NOTHING
    assert {found[pk] for pk in range(6)} == {NOTHING}, "it would be the only one of which nothing is said"


@pytest.mark.parametrize(
    ("handle", "key", "listed"),
    [
        ("ZwaluwlijnHulp", "x", True),
        ("zwaluwLIJNhulp", "x", True),
        ("", "ZwaluwlijnHulp", True),
        ("kees", "zwaluwlijnhulp", False),
    ],
)
def test_an_account_is_listed_by_its_handle_in_any_case(handle, key, listed):
    assert is_listed(Account(handle=handle, key=key), frozenset({"zwaluwlijnhulp"})) == listed
