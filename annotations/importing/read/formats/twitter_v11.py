"""Twitter API v1.1: lines, arrays, or a folder or zip of files (a tweet each, with `structure.json`)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotations.importing.read import times
from annotations.importing.read.formats.base import Head, Recognition
from annotations.importing.read.formats.json_reader import JsonReader
from annotations.importing.read.jsonfile import Broken, values_of
from annotations.importing.read.rows import MessageRow, Problem, Read, ReadOptions, Tally
from annotations.importing.read.sources import Member, members

Json = dict[str, Any]
ASIDE = {"annotation.json", "urls.json", "raw.json", "dev-key.json", "train-key.json"}
NOTICES = {"limit", "disconnect", "warning", "friends", "scrub_geo", "status_withheld", "user_withheld"}


class TwitterV11Reader(JsonReader):
    name = "v11"
    label = "Twitter API v1.1 JSON"

    def sniff(self, head: Head) -> Recognition | None:
        structure = [name for name in head.names if name.endswith("structure.json")]
        if structure and any("/source-tweet" in f"/{name}" for name in head.names):
            return Recognition(0.95, "files", {"names": "structure.json, source-tweet"})
        if {"id", "created_at", "user"} <= head.keys_of_first("statuses"):
            return Recognition(0.9, "keys", {"keys": "statuses, id, user"})
        if {"id", "created_at", "user"} <= head.keys and head.keys & {"text", "full_text"}:
            return Recognition(0.9, "keys", {"keys": "id, created_at, user, text"})
        if head.keys and head.keys <= {"delete", "limit"}:
            return Recognition(0.7, "keys", {"keys": ", ".join(sorted(head.keys))})
        return None

    def wants(self, member: Member) -> bool:
        return member.base not in ASIDE

    def read(self, path: Path, options: ReadOptions, tally: Tally) -> Read:
        """What a `structure.json` names is of its thread, also where it stands beside the root."""
        threads = _threads_of_structures(path)
        for row in super().read(path, options, tally):
            if threads and isinstance(row, MessageRow) and row.conversation_id is None:
                row.conversation_id = threads.get(row.external_id)
            yield row

    def read_member(
        self, member: Member, name: str, tally: Tally, other: set[str]
    ) -> Iterator[MessageRow | Problem]:
        if member.base == "structure.json":
            return _deleted(member, name, tally)
        return super().read_member(member, name, tally, other)

    def rows(self, value: Any, tally: Tally) -> Iterator[MessageRow]:
        return _of_stream(value, tally)


def _of_stream(value: Any, tally: Tally) -> Iterator[MessageRow]:
    """The rows of one value: a tweet with what it embeds, a search result, or a notice of the stream."""
    if "statuses" in value:
        for tweet in value["statuses"]:
            yield from _of_stream(tweet, tally)
    elif "delete" in value:
        status = value["delete"]["status"]
        identifier = str(status.get("id_str") or status["id"])
        yield MessageRow(identifier, state="deleted", reason="delete", supporting=True, platform="twitter")
    elif len(value) == 1 and NOTICES.intersection(value):
        tally.repaired("stream_notice")
    else:
        tally.rows += 1
        yield row_of(value, tally)
        for key in ("retweeted_status", "quoted_status"):
            if value.get(key):
                yield row_of(value[key], tally, supporting=True)


def row_of(tweet: Json, tally: Tally, *, supporting: bool = False) -> MessageRow:
    """A v1.1 tweet. Raises KeyError, TypeError, AttributeError or BadTime where it is none."""
    author = tweet.get("user") or {}
    identifier = str(tweet.get("id_str") or tweet["id"])
    extended = tweet.get("extended_tweet") or {}
    entities = extended.get("entities") or tweet.get("entities") or {}
    text = extended.get("full_text") or tweet.get("full_text")
    text = tweet["text"] if text is None else text
    handle = author.get("screen_name")
    original = tweet.get("retweeted_status") or {}
    row = MessageRow(
        external_id=identifier,
        text=text,
        parent_id=_id(tweet, "in_reply_to_status_id"),
        author_id=_id(author, "id"),
        author_handle=handle,
        author_name=author.get("name"),
        author_created_at=times.parse(author["created_at"]) if author.get("created_at") else None,
        author_followers=_count(author.get("followers_count")),
        author_posts=_count(author.get("statuses_count")),
        created_at=times.parse(tweet["created_at"]) if tweet.get("created_at") else None,
        mentions=tuple(mention["screen_name"] for mention in entities.get("user_mentions") or ()),
        reply_to_author_id=_id(tweet, "in_reply_to_user_id"),
        reply_to_handle=tweet.get("in_reply_to_screen_name"),
        permalink=f"https://twitter.com/{handle or 'i/web'}/status/{identifier}",
        lang=tweet.get("lang"),
        source=_application(tweet.get("source") or ""),
        platform="twitter",
        reposts=_count(tweet.get("retweet_count")),
        repost_of=_id(original, "id"),
        supporting=supporting,
    )
    if not supporting:
        if row.reply_to_handle and not row.parent_id and text.startswith("@"):
            tally.repaired("reply_without_parent")
        if row.repost_of:
            tally.repaired("repost")
    return row


def _threads_of_structures(path: Path) -> dict[str, str]:
    """id -> the first id of its thread, of every `structure.json` in a folder or zip."""
    found: dict[str, str] = {}
    if path.is_file() and not zipfile.is_zipfile(path):
        return found
    for member in members(path):
        if member.base == "structure.json":
            for parsed in values_of(member.open, Tally()):
                top = None if isinstance(parsed, Broken) else parsed[1]
                if isinstance(top, dict) and top:
                    first = str(next(iter(top)))
                    waiting: list[Json] = [top]
                    while waiting:
                        nodes = waiting.pop()
                        found.update(dict.fromkeys(map(str, nodes), first))
                        waiting += [below for below in nodes.values() if isinstance(below, dict)]
    return found


def _deleted(member: Member, name: str, tally: Tally) -> Iterator[MessageRow | Problem]:
    """A placeholder for every node of the thread's structure; those that have a file give way to it."""
    for parsed in values_of(member.open, tally):
        if isinstance(parsed, Broken) or not isinstance(parsed[1], dict):
            line = parsed.line if isinstance(parsed, Broken) else parsed[0]
            yield Problem(name, line, "not_a_message", params={"format": "structure.json"})
            continue
        waiting: list[tuple[str | None, Json]] = [(None, parsed[1])]
        while waiting:
            parent, nodes = waiting.pop()
            for identifier, below in nodes.items():
                yield MessageRow(
                    str(identifier),
                    parent_id=parent,
                    state="deleted",
                    reason="named in structure.json, no file",
                    platform="twitter",
                    supporting=True,
                    file=name,
                )
                if isinstance(below, dict):
                    waiting.append((str(identifier), below))


def _id(of: Json, key: str) -> str | None:
    value = of.get(f"{key}_str") or of.get(key)
    return str(value) if value else None


def _count(value: object) -> int | None:
    return max(0, int(str(value))) if value is not None else None


def _application(source: str) -> str | None:
    """`<a href="…">Twitter for iPhone</a>` -> `Twitter for iPhone`."""
    return source.rsplit("</a>", 1)[0].rsplit(">", 1)[-1] or None if source else None


READERS = [TwitterV11Reader()]
