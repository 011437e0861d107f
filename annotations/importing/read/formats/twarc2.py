"""Twitter API v2 as twarc2 writes it: a page a line, a tweet a line (flattened), or a stream.

Tweets that a page only includes (parents, quoted and retweeted ones) are supporting rows: they stay where
they belong to a collected conversation. `errors` name what could not be had; they become placeholders with
their reason.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from annotations.importing.read import times
from annotations.importing.read.formats.base import Head, Recognition
from annotations.importing.read.formats.json_reader import NOT_ONE, JsonReader, NoMessages
from annotations.importing.read.jsonfile import Broken, values_of
from annotations.importing.read.rows import MessageRow, Read, ReadOptions, State, Tally
from annotations.importing.read.sources import Member, members

Json = dict[str, Any]
USERS = re.compile(r"users?(?:_\d+)?\.jsonl?")
WITHHELD_TEXT = "has been withheld in "


class Twarc2Reader(JsonReader):
    name = "twarc2"
    label = "twarc2 JSONL (Twitter API v2)"

    def sniff(self, head: Head) -> Recognition | None:
        keys = head.keys
        if "data" in keys and keys & {"includes", "meta", "__twarc", "matching_rules", "errors"}:
            found = keys & {"data", "includes", "meta", "errors", "matching_rules", "__twarc"}
            return Recognition(0.95, "keys", {"keys": ", ".join(sorted(found))})
        author = head.first.get("author") if isinstance(head.first, dict) else None
        has_author = isinstance(author, dict) and "username" in author
        if {"id", "text"} <= keys and (has_author or keys & {"edit_history_tweet_ids", "referenced_tweets"}):
            return Recognition(0.85, "keys", {"keys": "id, text, edit_history_tweet_ids"})
        if {"id", "text", "author_id", "conversation_id"} <= keys:
            return Recognition(0.9, "keys", {"keys": "id, text, author_id, conversation_id"})
        if "errors" in keys and "data" not in keys and "__twarc" in keys:
            return Recognition(0.8, "keys", {"keys": "errors, __twarc"})
        return None

    def wants(self, member: Member) -> bool:
        return not USERS.fullmatch(member.base)

    def read(self, path: Path, options: ReadOptions, tally: Tally) -> Read:
        """academictwitteR puts the users of a page in a file beside it: `users_…` and `data_…`."""
        users = _users_beside(path)
        for row in super().read(path, options, tally):
            if users and isinstance(row, MessageRow) and row.author_id in users and not row.author_handle:
                _give_author(row, users[row.author_id])
            yield row

    def rows(self, value: Any, tally: Tally) -> Iterator[MessageRow]:
        if what := _other_content(value):
            raise NoMessages(what)
        return _rows(value, tally)


def _users_beside(path: Path) -> dict[str, Json]:
    """id -> user, of the `users_*.json` in a folder or zip."""
    found: dict[str, Json] = {}
    if path.is_file() and not zipfile.is_zipfile(path):
        return found
    for member in members(path):
        if USERS.fullmatch(member.base):
            for parsed in values_of(member.open, Tally()):
                value = None if isinstance(parsed, Broken) else parsed[1]
                given = (value.get("users") or [value]) if isinstance(value, dict) else value
                for user in given if isinstance(given, list) else ():
                    if isinstance(user, dict) and "username" in user:
                        found[str(user.get("id"))] = user
    return found


def _give_author(row: MessageRow, user: Json) -> None:
    metrics = user.get("public_metrics")
    metrics = metrics if isinstance(metrics, dict) else {}
    row.author_handle, row.author_name = user["username"], user.get("name")
    row.author_followers, row.author_posts = metrics.get("followers_count"), metrics.get("tweet_count")
    with suppress(*NOT_ONE):
        row.author_created_at = _time(user.get("created_at"))
    row.permalink = f"https://twitter.com/{row.author_handle}/status/{row.external_id}"


def _other_content(value: Json) -> str | None:
    """What else twarc2 writes than tweets: users, counts."""
    data = value.get("data")
    first = data[0] if isinstance(data, list) and data else data
    if isinstance(first, dict):
        if "tweet_count" in first:
            return "counts"
        if "username" in first and "text" not in first:
            return "users"
    return None


def _rows(value: Json, tally: Tally) -> Iterator[MessageRow]:
    collected = (value.get("__twarc") or {}).get("retrieved_at")
    if "data" not in value and "text" in value:
        yield from _flat(value, collected, tally)
        return
    if not value.keys() & {"data", "errors", "meta"}:
        raise KeyError("data")
    includes = value.get("includes") or {}
    users = {user["id"]: user for user in includes.get("users") or ()}
    data = value.get("data") or []
    for tweet in data if isinstance(data, list) else [data]:
        tally.rows += 1
        yield _row(tweet, users.get(tweet.get("author_id")), collected, tally, users=users)
    for tweet in includes.get("tweets") or ():
        yield _row(tweet, users.get(tweet.get("author_id")), collected, tally, users=users, supporting=True)
    yield from _missing(value.get("errors") or ())


def _flat(tweet: Json, collected: str | None, tally: Tally) -> Iterator[MessageRow]:
    tally.rows += 1
    to = tweet.get("in_reply_to_user") or {}
    yield _row(tweet, tweet.get("author"), collected, tally, users={to["id"]: to} if "id" in to else {})
    for other in tweet.get("referenced_tweets") or ():
        if other.get("text") is not None:
            yield _row(other, other.get("author"), collected, tally, supporting=True)


def _missing(errors: object) -> Iterator[MessageRow]:
    """Placeholders for the tweets that errors say were deleted or are protected."""
    for error in errors if isinstance(errors, list) else ():
        if error.get("resource_type") != "tweet" or not str(error.get("resource_id", "")).isdecimal():
            continue
        title = str(error.get("title", ""))
        state: State = "protected" if "Authorization" in title or "Forbidden" in title else "deleted"
        yield MessageRow(
            external_id=str(error["resource_id"]),
            state=state,
            reason=title,
            supporting=True,
            platform="twitter",
        )


def _row(
    tweet: Json,
    author: Json | None,
    collected: str | None,
    tally: Tally,
    *,
    users: dict[str, Json] | None = None,
    supporting: bool = False,
) -> MessageRow:
    """Raises KeyError, TypeError, AttributeError or BadTime where this is no tweet."""
    own = str(tweet["id"])
    versions = [str(version) for version in tweet.get("edit_history_tweet_ids") or ()] or [own]
    newest = max([own, *versions], key=int)
    references = {
        reference["type"]: str(reference["id"]) for reference in tweet.get("referenced_tweets") or ()
    }
    text = (tweet.get("note_tweet") or {}).get("text") or tweet["text"]
    author = author or {}
    metrics = author.get("public_metrics") or {}
    entities = tweet.get("entities") or {}
    to = tweet.get("in_reply_to_user_id")
    handle = author.get("username")
    row = MessageRow(
        external_id=newest,
        text=text,
        parent_id=references.get("replied_to"),
        conversation_id=str(tweet["conversation_id"]) if tweet.get("conversation_id") else None,
        author_id=str(tweet["author_id"]) if tweet.get("author_id") else None,
        author_handle=handle,
        author_name=author.get("name"),
        author_created_at=_time(author.get("created_at")),
        author_followers=metrics.get("followers_count"),
        author_posts=metrics.get("tweet_count"),
        created_at=_time(tweet.get("created_at")),
        collected_at=_time(collected),
        mentions=tuple(
            mention["username"] for mention in entities.get("mentions") or () if mention.get("username")
        ),
        reply_to_author_id=str(to) if to else None,
        reply_to_handle=((users or {}).get(str(to)) or {}).get("username") if to else None,
        permalink=f"https://twitter.com/{handle or 'i/web'}/status/{newest}",
        lang=tweet.get("lang"),
        source=tweet.get("source"),
        platform="twitter",
        reposts=(tweet.get("public_metrics") or {}).get("retweet_count"),
        repost_of=references.get("retweeted"),
        aliases=tuple(version for version in (*versions, own) if version != newest),
        supporting=supporting,
    )
    if tweet.get("withheld") and WITHHELD_TEXT in text and len(text) < 200:
        row.state, row.reason, row.text = "withheld", "withheld", ""
    if own != newest:
        row.reason = "edited: an earlier version"
        tally.repaired("edited")
    if not supporting:
        if to and "replied_to" not in references:
            tally.repaired("reply_without_parent")
        if row.repost_of:
            tally.repaired("repost")
    return row


def _time(value: str | None) -> datetime | None:
    return times.parse(value) if value else None


READERS = [Twarc2Reader()]
