"""Mastodon: statuses, the `context` of one (what stands above and below it), searches, and the outbox of an
archive. Texts are HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from annotations.importing.read import times
from annotations.importing.read.formats.base import Head, Recognition
from annotations.importing.read.formats.json_reader import JsonReader
from annotations.importing.read.rows import MessageRow, Tally
from annotations.importing.read.sources import Member

Json = dict[str, Any]
ASIDE = {"actor.json", "likes.json", "bookmarks.json", "followers.json", "following.json"}


class MastodonReader(JsonReader):
    name = "mastodon"
    label = "Mastodon statuses, contexts, searches and outbox"

    def sniff(self, head: Head) -> Recognition | None:
        if {"ancestors", "descendants"} <= head.keys:
            return Recognition(0.97, "keys", {"keys": "ancestors, descendants"})
        if {"id", "content", "account", "in_reply_to_id"} <= head.keys:
            return Recognition(0.95, "keys", {"keys": "content, account, in_reply_to_id"})
        if {"content", "account"} <= head.keys_of_first("statuses"):
            return Recognition(0.95, "keys", {"keys": "statuses, content, account"})
        if "orderedItems" in head.keys:
            return Recognition(0.95, "keys", {"keys": "orderedItems"})
        if any(name.rsplit("/", 1)[-1] == "outbox.json" for name in head.names):
            return Recognition(0.97, "files", {"names": "outbox.json"})
        return None

    def wants(self, member: Member) -> bool:
        """Of an archive its outbox; the lists beside it hold addresses only."""
        return member.base not in ASIDE

    def rows(self, value: Any, tally: Tally) -> Iterator[MessageRow]:
        if "orderedItems" in value:
            yield from _outbox(value["orderedItems"], tally)
            return
        if "statuses" in value:
            statuses = value["statuses"]
        elif "descendants" in value:
            # The status asked about is not in its own context: a placeholder, unless the file has it.
            statuses = [*value["ancestors"], *value["descendants"]]
            statuses += [value["status"]] if isinstance(value.get("status"), dict) else []
        else:
            statuses = [value]
        for status in statuses:
            tally.rows += 1
            yield _row(status, tally)


def _outbox(items: list[Json], tally: Tally) -> Iterator[MessageRow]:
    """The notes of an ActivityPub outbox; ids are addresses that end in the id of the status."""
    for item in items:
        note = item.get("object")
        if item.get("type") != "Create" or not isinstance(note, dict):
            tally.repaired("stream_notice")
            continue
        tally.rows += 1
        tally.repaired("html_text")
        author = str(note["attributedTo"])
        server, _slash, name = author.removeprefix("https://").partition("/")
        parent = note.get("inReplyTo")
        yield MessageRow(
            external_id=_last_part(note["id"]),
            text=text_of_html(note["content"]),
            text_raw=note["content"],
            parent_id=_last_part(parent) if parent else None,
            author_id=author,
            author_handle=f"{name.rpartition('/')[2].lstrip('@')}@{server}",
            created_at=times.parse(note["published"]),
            mentions=tuple(
                tag["name"].lstrip("@") for tag in note.get("tag") or () if tag.get("type") == "Mention"
            ),
            permalink=note.get("url"),
            platform="mastodon",
        )


def _last_part(address: str) -> str:
    """`https://server/users/name/statuses/110` and `https://server/@name/110` -> `110`."""
    last = address.rstrip("/").rpartition("/")[2]
    return last if last.isdecimal() else address


def _row(status: Json, tally: Tally) -> MessageRow:
    account = status["account"]
    html = status["content"]
    original = status.get("reblog") or {}
    tally.repaired("html_text")
    if original:
        tally.repaired("repost")
    warning = status.get("spoiler_text") or ""
    text = text_of_html(html)
    made, to = account.get("created_at"), status.get("in_reply_to_account_id")
    return MessageRow(
        external_id=str(status["id"]),
        text=f"{warning}\n\n{text}" if warning else text,
        text_raw=html,
        parent_id=str(status["in_reply_to_id"]) if status.get("in_reply_to_id") else None,
        author_id=str(account["id"]) if account.get("id") else None,
        author_handle=account["acct"],
        author_name=account.get("display_name") or None,
        author_created_at=times.parse(made) if made else None,
        author_followers=account.get("followers_count"),
        author_posts=account.get("statuses_count"),
        created_at=times.parse(status["created_at"]),
        mentions=tuple(mention["acct"] for mention in status.get("mentions") or ()),
        reply_to_author_id=str(to) if to else None,
        permalink=status.get("url"),
        lang=status.get("language"),
        source=(status.get("application") or {}).get("name"),
        platform="mastodon",
        reposts=status.get("reblogs_count"),
        repost_of=str(original["id"]) if original else None,
    )


class _Text(HTMLParser):
    """Keeps what is read on screen: paragraphs and line breaks as newlines, links by their shown text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "p" and self.parts:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of_html(html: str) -> str:
    """The text of a status; its HTML is kept beside it as the raw text."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts).strip()


READERS = [MastodonReader()]
