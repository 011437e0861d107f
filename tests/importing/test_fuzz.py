"""Every reader meets rows of wrong types, files that are cut off, and archives with changed bytes.

Whatever a file holds, what comes of it is messages and sentences: nothing is raised, and what is given can be
stored.
"""

# ruff: noqa: E501 - samples stay on few lines
from __future__ import annotations

import json
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.importing.group.corpus import Corpus
from annotations.importing.read.budget import OverBudget, budget
from annotations.importing.read.formats import all_readers, choose
from annotations.importing.read.rows import MessageRow, Problem, ReadOptions
from annotations.importing.read.unpack import unwrapped

pytestmark = pytest.mark.pure

TWEET: dict[str, Any] = {
    "id": "1718000000000000101", "text": "hoi", "author_id": "7", "conversation_id": "1718000000000000101",
    "edit_history_tweet_ids": ["1718000000000000101"], "created_at": "2023-10-28T14:00:00.000Z",
    "referenced_tweets": [{"type": "replied_to", "id": "5"}], "entities": {"mentions": [{"username": "a"}]},
    "author": {"id": "7", "username": "a", "created_at": "2015-01-01T00:00:00.000Z", "public_metrics": {"followers_count": 3}},
}  # fmt: skip
OLD_TWEET: dict[str, Any] = {
    "id": 1, "id_str": "1", "text": "hoi", "created_at": "Sat Oct 28 14:00:00 +0000 2023", "lang": "nl",
    "user": {"id_str": "7", "screen_name": "a", "followers_count": 3, "created_at": "Sat Oct 28 14:00:00 +0000 2013"},
    "entities": {"user_mentions": [{"screen_name": "b"}]}, "retweet_count": 1, "source": "<a>x</a>",
    "in_reply_to_status_id_str": "5", "retweeted_status": None,
}  # fmt: skip
POST = {
    "uri": "at://did:plc:a/app.bsky.feed.post/3k", "author": {"did": "did:plc:a", "handle": "a.b"}, "repostCount": 2,
    "record": {"text": "hoi", "createdAt": "2023-10-28T14:00:00Z", "langs": ["nl"],
               "reply": {"root": {"uri": "at://x"}, "parent": {"uri": "at://x"}},
               "facets": [{"index": {"byteStart": 0, "byteEnd": 2}, "features": [{"$type": "x#mention"}]}]},
}  # fmt: skip
STATUS = {
    "id": "110", "content": "<p>hoi</p>", "created_at": "2023-10-28T14:00:00Z", "in_reply_to_id": "109",
    "account": {"id": "1", "acct": "a@m.nl", "followers_count": 3, "created_at": "2020-01-01"},
    "mentions": [{"acct": "b"}], "url": "https://m.nl/@a/110", "language": "nl", "reblogs_count": 0,
}  # fmt: skip
SAMPLES: dict[str, Any] = {
    "twarc2": {"data": [TWEET], "includes": {"users": [TWEET["author"]], "tweets": [TWEET]},
               "errors": [{"resource_type": "tweet", "resource_id": "9", "title": "Not Found Error"}], "meta": {}},
    "v11": OLD_TWEET,
    "archive": {"tweet": OLD_TWEET},
    "bluesky": {"thread": {"post": POST, "replies": [{"uri": "at://y", "notFound": True}], "parent": {"post": POST}}},
    "mastodon": {"ancestors": [STATUS], "descendants": [STATUS]},
    "convokit": {"id": "1", "speaker": "a", "text": "hoi", "reply-to": "0", "conversation_id": "0", "timestamp": 1,
                 "meta": {"permalink": "https://x", "role": "consumer", "lang": "nl"}},
    "4cat-ndjson": {"rest_id": "1", "legacy": {"id_str": "1", "full_text": "hoi", "retweet_count": 1, "lang": "nl",
                    "created_at": "Sat Oct 28 14:00:00 +0000 2023", "entities": {"user_mentions": [{"screen_name": "b"}]}},
                    "core": {"user_results": {"result": {"rest_id": "7", "legacy": {"screen_name": "a"}}}}},
    "snscrape": {"id": 1, "user": {"username": "a", "id": 7, "created": "2015-01-01"}, "url": "https://x/status/1",
                 "date": "2023-10-28T14:00:00+00:00", "rawContent": "hoi", "mentionedUsers": [{"username": "b"}]},
}  # fmt: skip
TABLE = "id,conversation_id,created_at,author,text,volgers,in_reply_to\n" + "".join(
    f'{i},1,2023-10-28 14:0{i},"a","hoi, {i}",{i},{i - 1 or ""}\n' for i in range(1, 9)
)
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=8),
    st.sampled_from(["", "\x00", "\ud800", "9" * 400, "0001-01-01", "=1+1", "http://" + "x" * 600]),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=3), st.none(), max_size=2),
)  # fmt: skip
STEADY = settings(
    derandomize=True, max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a value, as the keys that lead there."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [place for key, below in inside for place in places(below, (*path, key))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    copy = json.loads(json.dumps(value))
    inside = copy
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = new
    return copy


def meets(content: bytes, name: str, format_name: str = "auto") -> list[Problem]:
    """Take a file in as an import does; everything that comes of it can be shown and stored."""
    with tempfile.TemporaryDirectory() as folder, Corpus() as corpus:
        path = Path(folder) / name
        path.write_bytes(content)
        unpacked = Path(folder) / "unpacked"
        unpacked.mkdir()
        problems: list[Problem] = []
        for file in unwrapped(name, path, unpacked):
            chosen = file if isinstance(file, Problem) else choose(file[1], format_name, file[0])
            if isinstance(chosen, Problem):
                problems.append(chosen)
            else:
                corpus.read(file[1], chosen[0], ReadOptions(file_name=file[0]))
        problems += corpus.problems
        for thread in corpus.conversations():
            for node in thread.nodes:
                storable(node.message)
        for problem in problems:
            assert problem.message.encode()
            assert problem.sentence("nl").encode()
        return problems


def storable(row: MessageRow | None) -> None:
    if row is None:
        return
    for name in ("text", "external_id", "author_handle", "author_name", "permalink", "lang", "source"):
        value = getattr(row, name)
        assert (
            value is None
            or (isinstance(value, str) and value.encode() and "\x00" not in value)
            or value == ""
        )
    for name in ("author_followers", "author_posts", "reposts"):
        assert isinstance(getattr(row, name), int | None)
    for name in ("created_at", "author_created_at", "collected_at"):
        assert isinstance(getattr(row, name), datetime | None)


@pytest.mark.parametrize("name", SAMPLES)
@STEADY
@given(data=st.data())
def test_a_value_of_the_wrong_type_anywhere_raises_nothing(name, data):
    sample = SAMPLES[name]
    wrong = put(sample, data.draw(st.sampled_from(places(sample))), data.draw(ODD))
    content = json.dumps(wrong).encode("utf-8", "surrogatepass")
    meets(content, "in.jsonl")
    meets(content, "in.jsonl", name)


@pytest.mark.parametrize("reader", [reader.name for reader in all_readers()])
@STEADY
@given(value=st.recursive(ODD, lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_any_json_given_to_any_reader_raises_nothing(reader, value):
    meets(json.dumps(value).encode("utf-8", "surrogatepass"), "in.json", reader)


@STEADY
@given(data=st.data())
def test_a_file_that_is_cut_off_or_damaged_raises_nothing(data):
    whole = data.draw(
        st.sampled_from(
            [
                TABLE.encode(),
                TABLE.encode("utf-16"),
                *(json.dumps(sample).encode() for sample in SAMPLES.values()),
            ]
        )
    )
    content = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    meets(bytes(content), "in.csv")


@STEADY
@given(data=st.data())
def test_an_archive_with_changed_bytes_raises_nothing(data):
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            name = data.draw(
                st.sampled_from(["in.csv", "utterances.jsonl", "data/tweets.js", "structure.json"])
            )
            archive.writestr(name, TABLE if name == "in.csv" else json.dumps(SAMPLES["convokit"]))
        file.seek(0)
        content = bytearray(file.read())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    meets(bytes(content), "in.zip")


@pytest.mark.parametrize(
    "inside", [("in.csv", b"\n"), ("in.jsonl", b"\n"), ("in.csv", b"a,"), ("in.json", b"[[")]
)
def test_what_unpacks_to_a_thousand_times_as_much_is_looked_at_within_a_budget(tmp_path, inside):
    name, piece = inside
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, piece * (20_000_000 // len(piece)))
    with budget(seconds=60, size=1 << 20), tempfile.TemporaryDirectory() as folder, Corpus() as corpus:
        for file in unwrapped("in.zip", path, Path(folder)):
            assert not isinstance(file, Problem)
            assert file[1].stat().st_size <= 2 << 20
            chosen = choose(file[1], "auto", file[0])
            if not isinstance(chosen, Problem):
                with pytest.raises(OverBudget):
                    corpus.read(file[1], chosen[0], ReadOptions())
