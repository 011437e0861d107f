"""From file to conversations and back from the spool: nothing is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime

from annotations.importing.group.corpus import Corpus
from annotations.importing.group.row_store import RowStore
from annotations.importing.read.formats import all_readers, reader_named
from annotations.importing.read.rows import MessageRow, ReadOptions
from bench.make_corpus import write_corpus
from tests.importing.help import FILES, conversations


def test_a_row_comes_back_from_the_spool_as_it_went_in():
    moment = datetime(2017, 10, 31, 22, 10, 47, 123456, tzinfo=UTC)
    full = MessageRow(
        "1", "😡\n&amp;", "2", mentions=("a", "b"), created_at=moment, aliases=("0",), inbound=False
    )
    spool = RowStore()
    spool.append(full)
    assert spool[0] == full
    spool.append(MessageRow("2"))
    assert [spool[1], spool[0]] == [MessageRow("2"), full]
    spool.close()


def test_a_made_corpus_has_as_many_conversations_as_asked_for(tmp_path):
    path = tmp_path / "corpus.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        messages = write_corpus(200, file)
    corpus, threads = conversations(path)
    assert (len(threads), corpus.rows) == (200, messages)
    assert corpus.problems == []
    assert corpus.duplicates == 0


def test_the_same_file_twice_gives_every_message_once():
    with Corpus() as corpus:
        for _ in range(2):
            corpus.read(FILES / "twcs.csv", reader_named("twcs"), ReadOptions())
        threads = list(corpus.conversations())
    assert len(threads) == 2
    assert corpus.duplicates == 5
    assert corpus.problems == []


def test_a_later_file_brings_the_parent_an_earlier_one_lacked(tmp_path):
    (tmp_path / "a.csv").write_text("id,text,parent\n2,antwoord,1\n")
    (tmp_path / "b.csv").write_text("id,text,parent\n1,vraag,\n")
    with Corpus() as corpus:
        for name in ("a.csv", "b.csv"):
            corpus.read(tmp_path / name, reader_named("csv"), ReadOptions())
        (thread,) = corpus.conversations()
    assert [node.external_id for node in thread.nodes] == ["1", "2"]
    assert corpus.placeholders == 0


def test_progress_is_told_while_reading(tmp_path):
    path = tmp_path / "corpus.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        messages = write_corpus(2000, file)
    seen: list[int] = []
    with Corpus() as corpus:
        corpus.read(path, reader_named("twcs"), ReadOptions(), lambda tally: seen.append(tally.rows))
    assert seen == sorted(seen)
    assert len(seen) > 2
    assert seen[-1] == messages


def test_every_reader_has_a_name_of_its_own():
    names = [reader.name for reader in all_readers()]
    assert len(names) == len(set(names))
    assert {
        "twcs",
        "csv",
        "twarc2",
        "v11",
        "archive",
        "convokit",
        "4cat-ndjson",
        "bluesky",
        "mastodon",
    } <= set(names)
    assert all(reader_named(name).label for name in names)
