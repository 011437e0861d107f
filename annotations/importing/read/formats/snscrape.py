"""snscrape: a tweet a line, with the user in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotations.importing.read import times
from annotations.importing.read.formats.base import Head, Recognition
from annotations.importing.read.formats.json_reader import JsonReader
from annotations.importing.read.rows import MessageRow, Tally

Json = dict[str, Any]


class SnscrapeReader(JsonReader):
    name = "snscrape"
    label = "snscrape JSONL"

    def sniff(self, head: Head) -> Recognition | None:
        keys = head.keys
        if {"id", "user", "url", "date"} <= keys and keys & {"rawContent", "content", "renderedContent"}:
            return Recognition(0.95, "keys", {"keys": "id, user, url, date, rawContent"})
        return None

    def rows(self, value: Any, tally: Tally) -> Iterator[MessageRow]:
        tally.rows += 1
        yield _row(value, tally)


def _row(tweet: Json, tally: Tally) -> MessageRow:
    user = tweet.get("user") or {}
    made, to, original = user.get("created"), tweet.get("inReplyToUser"), tweet.get("retweetedTweet")
    row = MessageRow(
        external_id=tweet["id"],
        text=tweet["rawContent"] if tweet.get("rawContent") is not None else tweet["content"],
        parent_id=tweet.get("inReplyToTweetId"),
        conversation_id=tweet.get("conversationId"),
        author_id=user.get("id"),
        author_handle=user.get("username"),
        author_name=user.get("displayname"),
        author_created_at=times.parse(made) if made else None,
        author_followers=user.get("followersCount"),
        author_posts=user.get("statusesCount"),
        created_at=times.parse(tweet["date"]),
        mentions=tuple(user["username"] for user in tweet["mentionedUsers"])
        if tweet.get("mentionedUsers")
        else None,
        reply_to_handle=to.get("username") if to else None,
        permalink=tweet.get("url"),
        lang=tweet.get("lang"),
        source=tweet.get("sourceLabel"),
        platform="twitter",
        reposts=tweet.get("retweetCount"),
        repost_of=original.get("id") if original else None,
    )
    if row.repost_of:
        tally.repaired("repost")
    return row


READERS = [SnscrapeReader()]
