"""Whoever holds the corpus and a public export puts no row of one beside its row of the other."""

import csv
import random
from collections import Counter
from datetime import timedelta

import pytest

from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.exporting import study_data
from annotations.exporting.accounts import FEWEST, NOTHING, without_singles
from annotations.exporting.export import write_export
from annotations.models import Account, Message
from tests.conftest import made_once
from tests.exporting.reading import all_text, write_tables
from tests.factories import (
    START,
    add_conversations,
    make_account,
    make_candidate,
    make_conversation,
    make_member,
    make_round,
    make_study,
)

pytestmark = pytest.mark.django_db
CONVERSATIONS = 120


def coded_corpus():
    """Every consumer has numbers of their own; everything was coded, in the order of the file."""
    dice = random.Random(1)
    study = make_study(detector_version="1")
    coder = make_member(study, "noor")
    round_, items = make_round(study), []
    organisation = make_account(study, "ZwaluwlijnHulp", "organisation")
    for conversation in add_conversations(study, {"Zwaluwlijn": CONVERSATIONS}):
        consumer = make_account(study, f"klant{conversation.pk}")
        for position, account in enumerate((consumer, organisation)):
            message = Message.objects.create(
                study=study,
                conversation=conversation,
                batch_id=conversation.batch_id,
                external_id=f"8{conversation.pk}{position}",
                account=account,
                position=position,
                depth=position,
                created_at=START + timedelta(minutes=conversation.pk),
                author_created_at=START - timedelta(days=dice.randrange(5_000)),
                author_followers=dice.randrange(3_000),
                author_posts=dice.randrange(30_000),
                text=" " * dice.randrange(60) + "bel 06-00000011",
            )
            if not position:
                make_candidate(message, "06-00000011", "phone")
                start = message.text.index("06")
                spans = [ImportedSpan(message.pk, start, start + 11, {"info_type": "phone"})]
                answers = {("message", message.pk): {"contains_pii": "yes"}}
        assignment = round_.assignments.create(
            conversation=conversation, coder=coder, position=conversation.number
        )
        items.append(ImportedCoding(assignment, answers, spans, active_seconds=conversation.pk))
    store_imported(round_, items, actor_id=None)
    return study


corpus = made_once(coded_corpus)


def exported(study, folder, profile="public", secret=None, monkeypatch=None, write=write_tables):
    if secret is not None:
        monkeypatch.setattr(study_data, "token_bytes", lambda size: secret.to_bytes(size, "big"))
    write(study, folder, profile=profile)
    with (folder / "messages.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def truth(study, secret):
    """Public number of a conversation -> its number in the corpus."""
    data = study_data.StudyData(study, None, secret=secret.to_bytes(32, "big"))
    return {str(data.numbers[row.pk]): row.number for row in study.conversations.all()}


TABLES = ["messages.csv", "codings_long.csv", "codings_wide.csv", "spans.csv", "consensus.csv"]


@pytest.mark.parametrize("secret", [1, 2, 3])
def test_order_and_numbers_link_no_more_rows_than_chance(corpus, tmp_path, monkeypatch, secret):
    rows = exported(corpus, tmp_path, secret=secret, monkeypatch=monkeypatch)
    real = truth(corpus, secret)
    for name in TABLES:
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            shown = list(dict.fromkeys(row["conversation_id"] for row in csv.DictReader(file)))
        assert len(shown) == CONVERSATIONS
        by_order = sum(real[key] == number for number, key in enumerate(shown, 1))
        by_number = sum(real[key] == int(key) for key in shown)
        # One of them is right by chance, whatever their number; seven or more once in 12,000 times.
        assert max(by_order, by_number) < 7, name
    # Within a conversation the first message is the consumer's half the time.
    firsts = Counter(row["role"] for row in rows if row["message_id"].endswith(".1"))
    assert 0.3 < firsts["consumer"] / CONVERSATIONS < 0.7


def test_the_files_of_one_export_go_together(corpus, tmp_path):
    roles = {row["message_id"]: row["role"] for row in exported(corpus, tmp_path)}
    assert len(roles) == 2 * CONVERSATIONS
    for name in TABLES[1:]:
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert row["message_id"].split(".")[0] == row["conversation_id"], name
                assert roles[row["message_id"]] == "consumer", name


def test_two_exports_cannot_be_put_beside_each_other(corpus, tmp_path):
    for name in ("one", "two"):
        exported(corpus, tmp_path / name)
    for name in ("messages.csv",):
        assert (tmp_path / "one" / name).read_bytes() != (tmp_path / "two" / name).read_bytes()


def test_numbers_of_accounts_leave_nobody_alone(corpus, tmp_path):
    rows = exported(corpus, tmp_path)
    looks = Counter(
        (
            row["role"],
            row["organisation"],
            row["followers_class"],
            row["posts_class"],
            row["account_age_class"],
        )
        for row in rows
        if row["role"] == "consumer"
    )
    assert min(looks.values()) >= FEWEST
    assert len(looks) > 3, "classes still say something"


def test_no_file_holds_a_number_that_is_in_the_corpus(corpus, tmp_path):
    """Offsets, seconds, candidates, positions: what can be worked out from the corpus is not there."""
    exported(corpus, tmp_path)
    headers = set()
    for name in TABLES:
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            headers |= set(reader.fieldnames)
            for row in reader:
                assert not any(row.get(key) for key in ("start", "end", "seconds", "finished_at")), name
    assert not headers & {"followers", "posts", "account_age_days", "candidates", "position", "parent_id"}
    assert not headers & {"created_at", "permalink", "quote", "text"}


def test_the_research_file_keeps_exact_numbers_and_order(corpus, tmp_path):
    rows = exported(corpus, tmp_path, profile="research")
    assert [row["conversation_id"] for row in rows][::2] == [
        row.key for row in corpus.conversations.order_by("number")
    ]
    assert {"followers", "start"} & set(rows[0]) == {"followers"}


@pytest.mark.parametrize("profile", ["research", "public"])
def test_only_handles_that_the_study_lists_are_named(tmp_path, profile):
    study = make_study()
    conversation = make_conversation(study, "Hoi", "Dag ^MK")
    Account.objects.filter(handle="ZwaluwlijnHulp").update(handle="zwaluwlijnHULP")
    # A consumer who signs as the organisation does is taken for one of its accounts.
    signed = Account.objects.get(handle="kees_demo")
    signed.role, signed.organisation = "organisation", study.organisations.get()
    signed.save()
    third = make_account(study, "buurman_demo", "third_party")
    Message.objects.create(
        study=study,
        conversation=conversation,
        batch=conversation.batch,
        external_id="1",
        account=third,
        position=2,
        depth=1,
        created_at=START,
        text="Vraag het @kees_demo en @ZWALUWLIJNHULP",
    )
    rows = exported(study, tmp_path, profile=profile, write=write_export)
    assert sorted(row["account"].split()[0] for row in rows) == ["account", "account", "zwaluwlijnHULP"]
    everything = all_text(tmp_path)
    assert "kees_demo" not in everything
    assert "buurman_demo" not in everything
    if profile == "research":
        assert "Vraag het @••••••••• en @ZWALUWLIJNHULP" in everything


def test_classes_are_made_coarser_until_nobody_is_alone():
    usual, old, rare = ("0-99", "0-99", "new"), ("0-99", "0-99", "old"), ("1000 or more", "0-99", "old")
    exact = dict.fromkeys(range(6), usual) | dict.fromkeys(range(6, 12), old) | {12: rare}
    found = without_singles(exact, dict.fromkeys(exact, "consumer"))
    groups = Counter(found.values())
    assert min(groups.values()) >= FEWEST
    assert found[12] == NOTHING
    assert groups[old] + groups[usual] == 6


def test_where_few_accounts_look_the_same_nothing_is_said_of_them():
    exact = dict.fromkeys(range(4), ("0-99", "0-99", "new"))
    assert set(without_singles(exact, dict.fromkeys(exact, "consumer")).values()) == {NOTHING}
