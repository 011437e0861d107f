"""Bluesky: what `getPostThread` gives (the posts above and below, tombstones), searches and feeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotations.importing.read import times
from annotations.importing.read.formats.base import Head, Recognition
from annotations.importing.read.formats.json_reader import JsonReader
from annotations.importing.read.rows import MessageRow, State, Tally

Json = dict[str, Any]


class BlueskyReader(JsonReader):
    name = "bluesky"
    label = "Bluesky thread, search or feed"

    def sniff(self, head: Head) -> Recognition | None:
        first = head.first
        thread = first.get("thread", first) if isinstance(first, dict) else None
        if isinstance(thread, dict) and isinstance(thread.get("post"), dict) and "record" in thread["post"]:
            return Recognition(0.96, "keys", {"keys": "thread, post, record"})
        posts = _posts(first)
        if posts and isinstance(posts[0], dict) and {"uri", "author", "record"} <= posts[0].keys():
            return Recognition(0.96, "keys", {"keys": "uri, author, record"})
        return None

    def rows(self, value: Any, tally: Tally) -> Iterator[MessageRow]:
        """Every node of the thread; a tombstone hangs under (or above) the post that names it."""
        if posts := _posts(value):
            for item in posts:
                tally.rows += 1
                yield _row(item)
            return
        if not value.get("thread", value):
            return
        waiting: list[tuple[Json, str | None]] = [(value.get("thread", value), None)]
        while waiting:
            node, above = waiting.pop()
            post = node.get("post")
            if post is None:
                yield _tombstone(node, above)
                continue
            tally.rows += 1
            yield _row(post)
            if node.get("parent"):
                waiting.append((node["parent"], None))
            waiting += [(reply, post["uri"]) for reply in node.get("replies") or ()]


def _posts(value: Any) -> list[Json]:
    """The posts of a search (`posts`), a feed (`feed`, each with its post) or a line of its own."""
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("posts"), list):
        return value["posts"]
    if isinstance(value.get("feed"), list):
        return [item["post"] for item in value["feed"] if isinstance(item, dict) and "post" in item]
    return [value] if {"uri", "author", "record"} <= value.keys() else []


def _tombstone(node: Json, above: str | None) -> MessageRow:
    state: State = "protected" if node.get("blocked") else "deleted"
    reason = "blockedPost" if node.get("blocked") else "notFoundPost"
    return MessageRow(
        node["uri"], parent_id=above, state=state, reason=reason, supporting=True, platform="bluesky"
    )


def _row(post: Json) -> MessageRow:
    record, author = post["record"], post["author"]
    reply = record.get("reply") or {}
    key = post["uri"].rsplit("/", 1)[-1]
    mentioned = tuple(
        _slice(record["text"], facet["index"]).lstrip("@")
        for facet in record.get("facets") or ()
        if any(feature.get("$type", "").endswith("#mention") for feature in facet.get("features") or ())
    )
    created = record.get("createdAt") or post.get("indexedAt")
    made = author.get("createdAt")
    return MessageRow(
        external_id=post["uri"],
        text=record["text"],
        parent_id=(reply.get("parent") or {}).get("uri"),
        conversation_id=(reply.get("root") or {}).get("uri") or post["uri"],
        author_id=author["did"],
        author_handle=author.get("handle"),
        author_name=author.get("displayName") or None,
        author_created_at=times.parse(made) if made else None,
        author_followers=author.get("followersCount"),
        author_posts=author.get("postsCount"),
        created_at=times.parse(created) if created else None,
        mentions=mentioned,
        permalink=f"https://bsky.app/profile/{author.get('handle') or author['did']}/post/{key}",
        lang=next(iter(record.get("langs") or ()), None),
        platform="bluesky",
        reposts=post.get("repostCount"),
    )


def _slice(text: str, index: Json) -> str:
    """Facets count bytes of UTF-8."""
    return text.encode()[index["byteStart"] : index["byteEnd"]].decode("utf-8", "ignore")


READERS = [BlueskyReader()]
