"""ConvoKit corpora: `utterances.jsonl`, alone or in its folder or zip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotations.importing.read import times
from annotations.importing.read.formats.base import Head, Recognition
from annotations.importing.read.formats.json_reader import JsonReader
from annotations.importing.read.rows import MessageRow, Tally
from annotations.importing.read.sources import Member

GONE = {"[deleted]", "[removed]"}


class ConvoKitReader(JsonReader):
    name = "convokit"
    label = "ConvoKit"

    def sniff(self, head: Head) -> Recognition | None:
        if any(name.rsplit("/", 1)[-1] == "utterances.jsonl" for name in head.names):
            return Recognition(0.97, "files", {"names": "utterances.jsonl"})
        keys = head.keys
        if {"id", "text"} <= keys and keys & {"speaker", "user"} and keys & {"reply-to", "reply_to"}:
            return Recognition(0.95, "keys", {"keys": "id, speaker, reply-to"})
        return None

    def wants(self, member: Member) -> bool:
        return member.base == "utterances.jsonl"

    def rows(self, value: Any, tally: Tally) -> Iterator[MessageRow]:
        tally.rows += 1
        yield _row(value, tally)


def _row(value: Any, tally: Tally) -> MessageRow:
    """Raises KeyError, TypeError, AttributeError or BadTime where this is no utterance."""
    speaker = value["speaker"] if "speaker" in value else value["user"]
    speaker = speaker.get("id") if isinstance(speaker, dict) else speaker
    speaker = None if speaker in GONE else speaker
    parent = value.get("reply-to") or value.get("reply_to")
    conversation = value.get("conversation_id") or value.get("root")
    meta = value.get("meta") or {}
    moment = value.get("timestamp")
    text = value["text"] or ""
    link = meta.get("permalink")
    row = MessageRow(
        external_id=str(value["id"]),
        text=text,
        parent_id=str(parent) if parent else None,
        conversation_id=str(conversation) if conversation else None,
        author_id=speaker,
        author_handle=speaker,
        created_at=times.from_unix(moment) if moment else None,
        permalink=link if isinstance(link, str) and link.startswith("http") else None,
        role_hint=meta.get("role") if meta.get("role") in {"consumer", "organisation"} else None,
        lang=meta.get("lang"),
        platform="reddit" if "subreddit" in meta else None,
    )
    if text.strip() in GONE:
        row.state, row.reason, row.text = "deleted", text.strip(), ""
        tally.repaired("deleted_text")
    elif not text.strip():
        tally.repaired("empty_text")
    return row


READERS = [ConvoKitReader()]
