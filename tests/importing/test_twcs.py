"""Customer Support on Twitter: damage as in the real file, and the threads it gives."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.importing.help import FILES, conversations, ids, read

TWCS = FILES / "twcs.csv"


def test_the_format_is_recognised_from_its_header():
    name, _rows, problems, _tally = read(TWCS)
    assert name == "twcs"
    assert problems == []


def test_a_lone_carriage_return_does_not_cut_a_row_in_two_and_is_counted():
    _name, rows, _problems, tally = read(TWCS)
    assert len(rows) == tally.rows == 5
    damaged = next(row for row in rows if row.external_id == "2")
    assert damaged.text == "@waterwolk klantnr 0000 staat er nu bij"
    assert damaged.text_raw == "@waterwolk klantnr 0000\rstaat er nu bij"
    assert damaged.parent_id == "1"
    assert tally.repairs["lone_cr"] == 1


def test_float_ids_become_whole_and_are_counted():
    _name, rows, _problems, tally = read(TWCS)
    assert {row.parent_id for row in rows} == {"3", "1", "8", None}
    assert tally.repairs["float_id"] == 4


def test_texts_are_kept_to_the_code_point_with_their_newlines_and_entities():
    _name, rows, _problems, _tally = read(TWCS)
    opening = next(row for row in rows if row.external_id == "3")
    assert opening.text == "@waterwolk het water is\n al uren weg 😡 &amp; niemand belt"
    assert opening.created_at == datetime(2017, 10, 31, 22, 8, 27, tzinfo=UTC)
    assert opening.inbound is True
    assert opening.line == 4


def test_threads_run_by_answer_and_time_and_parts_of_one_reply_stand_together():
    corpus, threads = conversations(TWCS)
    assert [ids(thread) for thread in threads] == [["3", "1", "4", "2"], ["8", "9"]]
    assert [thread.key for thread in threads] == ["3", "8"]
    assert (corpus.placeholders, corpus.orphans, corpus.branches) == (1, 1, 1)
    missing = threads[1].nodes[0]
    assert missing.message is None
    assert missing.children == [threads[1].nodes[1]]
