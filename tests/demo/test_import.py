"""The demo files, read by the importer without any help from a column mapping."""

from __future__ import annotations

import pytest

from annotations.demo.making.corpus import CORPUS
from annotations.importing.group.corpus import Corpus
from annotations.importing.read.formats import choose
from annotations.importing.read.rows import MessageRow, ReadOptions
from tests.demo import corpus_files as files


@pytest.fixture
def corpus():
    with Corpus() as corpus:
        yield corpus


def _read(corpus: Corpus, *names: str) -> list[MessageRow]:
    """Read files; the messages that are there, conversation by conversation."""
    for name in names:
        reader, _ = choose(CORPUS / name)
        corpus.read(CORPUS / name, reader, ReadOptions(timezone="Europe/Amsterdam"))
    return [node.message for thread in corpus.conversations() for node in thread.nodes if node.message]


def test_the_three_files_of_the_study_give_its_conversations(corpus):
    rows = _read(corpus, *files.study()["files"])
    assert not corpus.refused
    assert len(rows) == corpus.rows == len(files.everything())
    assert {row.conversation_id for row in rows} == set(files.conversations())
    assert (corpus.placeholders, corpus.branches, corpus.duplicates) == (1, 3, 0)
    assert {row.external_id: row.text for row in rows} == files.texts()


def test_without_the_supplement_r25_begins_with_a_placeholder(corpus):
    _read(corpus, files.EXCEL)
    assert corpus.placeholders == 1


def test_every_column_of_the_spreadsheet_is_understood(corpus):
    rows = {row.external_id: row for row in _read(corpus, files.EXCEL)}
    for cells in files.spreadsheet(files.EXCEL):
        row = rows[cells["id"]]
        assert row.role_hint == cells["author_role"]
        assert (row.author_created_at is None) == (not cells["author_created_at"])
        assert row.author_followers == int(cells["author_followers"])
        assert row.author_posts == int(cells["author_posts"])
        assert row.permalink == cells["permalink"]


def test_the_hour_lost_when_the_clock_went_forward_is_not_counted(corpus):
    rows = {row.external_id: row for row in _read(corpus, files.EXCEL)}
    evening, night = (rows[row["id"]].created_at for row in files.conversations()["R16"][:2])
    assert evening is not None
    assert night is not None
    assert (night - evening).total_seconds() == (3 * 60 + 6) * 60  # 22:58 to 03:04 without the lost hour


def test_damaged_ids_come_back_from_the_links_and_the_damage_is_reported(corpus):
    rows = _read(corpus, files.DAMAGED)
    assert {row.external_id for row in rows} == {row["id"] for row in files.spreadsheet(files.EXCEL)}
    assert {"ids_from_link", "references_rounded"} <= {problem.code for problem in corpus.problems}


def test_the_tweet_in_errors_becomes_a_placeholder(corpus):
    _read(corpus, files.TWARC)
    assert corpus.placeholders == 1
