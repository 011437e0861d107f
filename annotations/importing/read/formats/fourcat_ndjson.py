"""4CAT and Zeeschuimer NDJSON: tweets as the website's own GraphQL gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotations.importing.read import times
from annotations.importing.read.formats.base import Head, Recognition
from annotations.importing.read.formats.json_reader import JsonReader
from annotations.importing.read.rows import MessageRow, Tally

Json = dict[str, Any]


class FourCatReader(JsonReader):
    name = "4cat-ndjson"
    label = "4CAT / Zeeschuimer NDJSON"

    def sniff(self, head: Head) -> Recognition | None:
        inner = head.first
        if isinstance(inner, dict) and isinstance(inner.get("data"), dict):
            inner = inner["data"]
        legacy = inner.get("legacy") if isinstance(inner, dict) else None
        if isinstance(legacy, dict) and legacy.keys() & {"full_text", "conversation_id_str"}:
            return Recognition(0.96, "keys", {"keys": "legacy, core"})
        return None

    def rows(self, value: Any, tally: Tally) -> Iterator[MessageRow]:
        tally.rows += 1
        collected = value.get("timestamp_collected")
        tweet = value["data"] if isinstance(value.get("data"), dict) else value
        tweet = tweet.get("tweet", tweet)  # with limited actions the tweet is one level down
        if "legacy" not in tweet and "tombstone" in tweet:
            yield MessageRow(str(tweet["rest_id"]), state="deleted", reason="tombstone", supporting=True)
            return
        yield _row(tweet, collected, tally)


def _row(tweet: Json, collected: float | None, tally: Tally) -> MessageRow:
    legacy = tweet["legacy"]
    identifier = str(legacy.get("id_str") or tweet["rest_id"])
    user = ((tweet.get("core") or {}).get("user_results") or {}).get("result") or {}
    old, new = user.get("legacy") or {}, user.get("core") or {}
    handle = new.get("screen_name") or old.get("screen_name")
    made = new.get("created_at") or old.get("created_at")
    note = ((tweet.get("note_tweet") or {}).get("note_tweet_results") or {}).get("result") or {}
    original = (legacy.get("retweeted_status_result") or {}).get("result") or {}
    original = original.get("tweet", original)
    mentions = (legacy.get("entities") or {}).get("user_mentions") or ()
    row = MessageRow(
        external_id=identifier,
        text=note.get("text") or legacy["full_text"],
        parent_id=legacy.get("in_reply_to_status_id_str"),
        conversation_id=legacy.get("conversation_id_str"),
        author_id=user.get("rest_id") or legacy.get("user_id_str"),
        author_handle=handle,
        author_name=new.get("name") or old.get("name"),
        author_created_at=times.parse(made) if made else None,
        author_followers=old.get("followers_count"),
        author_posts=old.get("statuses_count"),
        created_at=times.parse(legacy["created_at"]),
        collected_at=times.from_unix(collected) if collected else None,
        mentions=tuple(mention["screen_name"] for mention in mentions),
        reply_to_author_id=legacy.get("in_reply_to_user_id_str"),
        reply_to_handle=legacy.get("in_reply_to_screen_name"),
        permalink=f"https://twitter.com/{handle or 'i/web'}/status/{identifier}",
        lang=legacy.get("lang"),
        platform="twitter",
        reposts=legacy.get("retweet_count"),
        repost_of=original.get("rest_id"),
    )
    versions = ((tweet.get("edit_control") or {}).get("edit_tweet_ids")) or ()
    newest = max([identifier, *map(str, versions)], key=int)
    if newest != identifier:
        row.reason = "edited: an earlier version"
        tally.repaired("edited")
    row.external_id = newest
    row.aliases = tuple(version for version in (*map(str, versions), identifier) if version != newest)
    if row.repost_of:
        tally.repaired("repost")
    return row


READERS = [FourCatReader()]
