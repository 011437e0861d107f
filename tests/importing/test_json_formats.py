"""Formats of JSON files: Twitter v1.1 and archives, ConvoKit, 4CAT, Bluesky, Mastodon."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from annotations.importing.wording import HOW, PROBLEMS, REPAIRS
from tests.importing.help import conversations, ids, read

TIME = "Tue Mar 24 10:53:58 +0000 2015"
MADE = "Sat Jun 27 07:53:20 +0000 2009"


def tweet(number: int, parent: int | None = None, **more) -> dict:
    user = {
        "id_str": "9",
        "screen_name": "klant_x",
        "created_at": MADE,
        "followers_count": 3,
        "statuses_count": 6,
    }
    source = '<a href="https://example.org">Een app</a>'
    return {
        "id": number,
        "text": f"tekst {number}",
        "created_at": TIME,
        "in_reply_to_status_id": parent,
        "user": user,
        "entities": {"user_mentions": [{"screen_name": "waterwolk"}]},
        "source": source,
        **more,
    }


def lines(path: Path, *values: object) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def thread_folder(folder: Path) -> Path:
    for name, value in {
        "100/source-tweet/100.json": tweet(100),
        "100/reactions/102.json": tweet(102, 101),
        "100/structure.json": {"100": {"101": {"102": []}, "103": []}},
        "100/annotation.json": {"is_rumour": "nonrumour"},
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    return folder


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_or_zip_of_tweets_has_deleted_ones_from_its_structure(tmp_path, packed):
    path = thread_folder(tmp_path / "pheme")
    if packed:
        path = Path(shutil.make_archive(str(tmp_path / "pheme"), "zip", path))
    name, _rows, problems, tally = read(path)
    assert (name, problems, tally.rows) == ("v11", [], 2)
    corpus, (thread,) = conversations(path)
    assert ids(thread) == ["100", "103", "101", "102"] or ids(thread) == ["100", "101", "102", "103"]
    states = {node.external_id: node.message.state for node in thread.nodes}
    assert states == {"100": "present", "101": "deleted", "102": "present", "103": "deleted"}
    assert (corpus.placeholders, corpus.orphans) == (2, 0)


def test_v11_fields_extended_texts_and_numbers_as_ids(tmp_path):
    long = tweet(7, 5, full_text="de hele tekst", id_str="7")
    stream = tweet(
        8, truncated=True, extended_tweet={"full_text": "ook lang", "entities": {"user_mentions": []}}
    )
    path = lines(
        tmp_path / "tweets.jsonl", long, {"delete": {"status": {"id": 5}}}, {"limit": {"track": 1}}, stream
    )
    name, rows, problems, tally = read(path)
    assert (name, problems, tally.repairs["stream_notice"]) == ("v11", [], 1)
    first = rows[0]
    assert (first.external_id, first.parent_id, first.text) == ("7", "5", "de hele tekst")
    assert (first.author_followers, first.author_posts, first.source) == (3, 6, "Een app")
    assert first.author_created_at == datetime(2009, 6, 27, 7, 53, 20, tzinfo=UTC)
    assert rows[2].text == "ook lang"
    _corpus, threads = conversations(path)
    assert [node.message.state for node in threads[0].nodes] == ["deleted", "present"]


def test_an_array_of_tweets_is_read_whole_however_it_is_laid_out(tmp_path):
    for indent in (None, 2):
        path = tmp_path / f"array{indent}.json"
        path.write_text(json.dumps([tweet(n) for n in range(1, 2001)], indent=indent), encoding="utf-8")
        name, rows, problems, _tally = read(path)
        assert (name, len(rows), problems) == ("v11", 2000, [])


def test_an_array_that_breaks_off_says_where(tmp_path):
    path = tmp_path / "array.json"
    path.write_text(json.dumps([tweet(1), tweet(2)], indent=1)[:-30], encoding="utf-8")
    _name, rows, (problem,), _tally = read(path)
    assert [row.external_id for row in rows] == ["1"]
    assert problem.code == "broken_json"
    assert problem.line > 20


def test_an_archive_has_its_owner_from_account_js(tmp_path):
    data = tmp_path / "archive" / "data"
    data.mkdir(parents=True)
    own = {
        "id_str": "7",
        "id": "7",
        "full_text": "@klant hoi",
        "created_at": TIME,
        "in_reply_to_status_id_str": "5",
    }
    tweets = json.dumps([{"tweet": own}], indent=2)
    (data / "tweets.js").write_text(f"window.YTD.tweets.part0 = {tweets}", encoding="utf-8")
    name, (row,), (problem,), _tally = read(data / "tweets.js")
    assert (name, problem.code, problem.severity, row.author_handle) == (
        "archive",
        "no_account",
        "notice",
        None,
    )
    account = {
        "account": {"username": "waterwolk", "accountId": "55", "createdAt": "2010-01-01T00:00:00.000Z"}
    }
    (data / "account.js").write_text(f"window.YTD.account.part0 = {json.dumps([account])}", encoding="utf-8")
    packed = Path(shutil.make_archive(str(tmp_path / "archive"), "zip", tmp_path / "archive"))
    for path in (data / "tweets.js", packed, tmp_path / "archive"):
        name, (row,), problems, _tally = read(path)
        assert (name, problems) == ("archive", [])
        assert (row.author_handle, row.author_id, row.parent_id) == ("waterwolk", "55", "5")
        assert row.permalink == "https://twitter.com/waterwolk/status/7"


def test_convokit_keeps_order_deleted_and_empty_texts(tmp_path):
    base = {"conversation_id": "a1", "meta": {}, "timestamp": 1325571377}
    (tmp_path / "corpus").mkdir()
    path = lines(
        tmp_path / "corpus" / "utterances.jsonl",
        {**base, "id": "c3", "speaker": "x", "reply-to": "b2", "text": ""},
        {**base, "id": "a1", "speaker": {"id": "y"}, "reply-to": None, "text": "vraag"},
        {
            **base,
            "id": "b2",
            "speaker": "[deleted]",
            "reply-to": "a1",
            "text": "[deleted]",
            "timestamp": None,
        },
    )
    for where in (path, path.parent):
        name, rows, problems, tally = read(where)
        assert (name, problems) == ("convokit", [])
        assert (tally.repairs["deleted_text"], tally.repairs["empty_text"]) == (1, 1)
        gone = next(row for row in rows if row.external_id == "b2")
        assert (gone.state, gone.text, gone.author_id, gone.created_at) == ("deleted", "", None, None)
    _corpus, (thread,) = conversations(path)
    assert (thread.key, ids(thread)) == ("a1", ["a1", "b2", "c3"])


def test_4cat_ndjson_has_the_parents_its_table_lacks(tmp_path):
    legacy = {
        "id_str": "2",
        "full_text": "kort…",
        "created_at": TIME,
        "conversation_id_str": "1",
        "in_reply_to_status_id_str": "1",
        "entities": {"user_mentions": [{"screen_name": "waterwolk"}]},
    }
    user = {
        "rest_id": "9",
        "legacy": {"followers_count": 3},
        "core": {"screen_name": "klant_x", "created_at": MADE},
    }
    note = {"note_tweet_results": {"result": {"text": "de hele tekst"}}}
    value = {"rest_id": "2", "legacy": legacy, "core": {"user_results": {"result": user}}, "note_tweet": note}
    for wrapped in (value, {"item_id": "2", "timestamp_collected": 1700000000000, "data": value}):
        name, (row,), problems, _tally = read(lines(tmp_path / "a.ndjson", wrapped))
        assert (name, problems) == ("4cat-ndjson", [])
        assert (row.text, row.parent_id, row.conversation_id) == ("de hele tekst", "1", "1")
        assert (row.author_handle, row.author_followers) == ("klant_x", 3)


def bluesky_post(key: str, text: str, parent: str | None = None, root: str = "r") -> dict:
    author = {"did": "did:plc:demo", "handle": "klant.example", "displayName": "Klant"}
    record: dict = {"text": text, "createdAt": f"2024-01-01T10:0{len(text)}:00.000Z"}
    if parent:
        record["reply"] = {"root": {"uri": f"at://d/p/{root}"}, "parent": {"uri": f"at://d/p/{parent}"}}
    return {"uri": f"at://d/p/{key}", "author": author, "record": record}


def test_bluesky_threads_have_tombstones_as_placeholders(tmp_path):
    thread = {
        "post": bluesky_post("b", "aa", "r"),
        "parent": {"uri": "at://d/p/r", "notFound": True},
        "replies": [
            {"post": bluesky_post("c", "aaa", "b"), "replies": []},
            {"uri": "at://d/p/x", "blocked": True},
        ],
    }
    path = tmp_path / "thread.json"
    path.write_text(json.dumps({"thread": thread}, indent=1), encoding="utf-8")
    name, _rows, problems, _tally = read(path)
    assert (name, problems) == ("bluesky", [])
    _corpus, (found,) = conversations(path)
    assert {node.external_id[-1]: node.message.state for node in found.nodes} == {
        "r": "deleted",
        "b": "present",
        "c": "present",
        "x": "protected",
    }
    assert found.key == "at://d/p/r"


def test_mastodon_texts_are_plain_with_the_html_kept(tmp_path):
    account = {
        "id": "1",
        "acct": "klant@voorbeeld.example",
        "followers_count": 3,
        "created_at": "2020-01-01T00:00:00Z",
    }

    def status(number: str, parent: str | None) -> dict:
        return {
            "id": number,
            "in_reply_to_id": parent,
            "content": "<p>a &amp; b<br>c</p><p>d</p>",
            "account": account,
            "created_at": "2024-01-01T10:00:00.000Z",
            "mentions": [{"acct": "waterwolk"}],
            "url": "https://m.example/1",
        }

    path = tmp_path / "context.json"
    context = {"ancestors": [status("1", None)], "descendants": [status("3", "2"), status("4", "2")]}
    path.write_text(json.dumps(context), encoding="utf-8")
    name, rows, problems, _tally = read(path)
    assert (name, problems) == ("mastodon", [])
    assert (rows[0].text, rows[0].text_raw) == ("a & b\nc\n\nd", "<p>a &amp; b<br>c</p><p>d</p>")
    _corpus, threads = conversations(path)
    assert [ids(thread) for thread in threads] == [["1"], ["2", "3", "4"]]


def test_what_structure_names_beside_the_root_stays_in_its_thread(tmp_path):
    """RumourEval: replies whose parent was deleted stand beside the source tweet."""
    folder = thread_folder(tmp_path / "rumour")
    beside = {"100": {"101": []}, "999": {"102": []}}
    (folder / "100" / "structure.json").write_text(json.dumps(beside), encoding="utf-8")
    _corpus, (thread,) = conversations(folder)
    assert {"100", "101", "102", "999"} == set(ids(thread))


def test_half_an_emoji_and_nul_in_json_do_not_reach_the_database(tmp_path):
    path = tmp_path / "half.jsonl"
    path.write_text(json.dumps(tweet(1, text="a\ud83d b\x00c")) + "\n", encoding="utf-8")
    corpus, (thread,) = conversations(path)
    assert thread.nodes[0].message.text == "a\ufffd bc"
    assert corpus.repairs["lone_surrogate"] == 1


def test_a_damaged_zip_is_one_sentence(tmp_path):
    path = Path(shutil.make_archive(str(tmp_path / "p"), "zip", thread_folder(tmp_path / "p")))
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("100/source-tweet/100.json").header_offset
    raw[start + 60 : start + 90] = b"\x00" * 30
    path.write_bytes(raw)
    corpus, _threads = conversations(path)
    assert corpus.refused
    assert [problem.code for problem in corpus.problems] == ["bad_archive"]


@pytest.mark.parametrize("table", [PROBLEMS, REPAIRS, HOW])
def test_every_sentence_exists_in_english_and_dutch(table):
    assert all(set(texts) == {"en", "nl"} and all(texts.values()) for texts in table.values())
