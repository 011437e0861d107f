"""twarc2: pages, flattened tweets, and files that hold no tweets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.importing.help import FILES, conversations, ids, read

PAGES = FILES / "twarc2_pages.jsonl"
FLAT = FILES / "twarc2_flat_broken.jsonl"


def test_authors_come_from_the_page_with_age_followers_and_posts():
    name, rows, _problems, tally = read(PAGES)
    assert name == "twarc2"
    assert tally.rows == 3
    reply = rows[0]
    assert (reply.author_handle, reply.author_followers, reply.author_posts) == ("klant_verzonnen", 3, 6)
    assert reply.author_created_at == datetime(2023, 9, 1, tzinfo=UTC)
    assert reply.collected_at == datetime(2023, 9, 9, tzinfo=UTC)
    assert reply.reply_to_handle == "waterwolk"
    assert reply.mentions == ("waterwolk",)
    assert reply.permalink == "https://twitter.com/klant_verzonnen/status/1700000000000000002"


def test_a_long_post_has_its_whole_text():
    _name, rows, _problems, _tally = read(PAGES)
    assert "@waterwolk de hele lange tekst" in {row.text for row in rows}


def test_an_edited_tweet_is_one_message_under_its_newest_id():
    _name, rows, _problems, _tally = read(PAGES)
    edited = next(row for row in rows if row.text == "nieuwe versie")
    assert edited.external_id == "1700000000000000005"
    assert edited.aliases == ("1700000000000000004",)


def test_included_parents_join_and_quoted_strangers_stay_out():
    corpus, threads = conversations(PAGES)
    assert [ids(thread) for thread in threads] == [
        ["1700000000000000001", "1700000000000000002"],
        ["1700000000000000005"],
        ["1700000000000000006", "1700000000000000007"],
    ]
    assert corpus.repairs["referenced_only"] == 1
    assert corpus.duplicates == 0


def test_an_error_becomes_a_placeholder_with_its_reason():
    _corpus, threads = conversations(PAGES)
    missing = threads[2].nodes[0].message
    assert missing is not None
    assert (missing.state, missing.text) == ("protected", "")


def test_a_broken_line_names_file_and_line_and_refuses_the_file():
    corpus, _threads = conversations(FLAT)
    assert corpus.refused
    (problem,) = corpus.problems
    assert (problem.file, problem.line, problem.code) == ("twarc2_flat_broken.jsonl", 2, "broken_json")
    assert problem.message.startswith("twarc2_flat_broken.jsonl, line 2: ")


def test_a_broken_line_can_be_skipped_and_is_counted():
    corpus, threads = conversations(FLAT, skip_bad_rows=True)
    assert not corpus.refused
    assert corpus.repairs["bad_rows_skipped"] == 1
    # The broken line held the parent: its answer keeps its place under a placeholder, in the same
    # conversation.
    assert [ids(thread) for thread in threads] == [["11", "12", "13"]]


@pytest.mark.parametrize(
    ("file", "what"), [("twarc2_counts.jsonl", "counts"), ("twarc2_users.jsonl", "users")]
)
def test_a_file_without_tweets_says_what_it_holds(file, what):
    corpus, threads = conversations(FILES / file)
    assert corpus.refused
    assert threads == []
    (problem,) = corpus.problems
    assert problem.code == "no_messages"
    assert what in problem.message
