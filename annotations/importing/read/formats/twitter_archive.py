"""A Twitter user's own archive: `data/tweets.js` with `data/account.js`. It holds one side only."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any

from annotations.importing.read import times
from annotations.importing.read.formats.base import Head, Recognition, shown_name
from annotations.importing.read.formats.json_reader import NOT_ONE, JsonReader
from annotations.importing.read.formats.twitter_v11 import row_of
from annotations.importing.read.jsonfile import Broken, values_of
from annotations.importing.read.rows import MessageRow, Problem, Read, ReadOptions, Tally
from annotations.importing.read.sources import Member, members

TWEETS = re.compile(r"tweets?(-part\d+)?\.js$")
SAME = 60  # characters by which a long text is found
LINK_AT_END = re.compile(r"\s*https://t\.co/\w+\s*$")
STARTS = re.compile(r"window\.YTD\.tweets?\.part\d+\s*=\s*\[")


class TwitterArchiveReader(JsonReader):
    name = "archive"
    label = "Twitter archive (tweets.js)"

    def sniff(self, head: Head) -> Recognition | None:
        if found := STARTS.match(head.text.lstrip()):
            return Recognition(0.98, "starts", {"start": found[0]})
        names = [name for name in head.names if TWEETS.fullmatch(name.rsplit("/", 1)[-1])]
        return Recognition(0.97, "files", {"names": ", ".join(names[:3])}) if names else None

    def wants(self, member: Member) -> bool:
        return TWEETS.fullmatch(member.base) is not None

    def read(self, path: Path, options: ReadOptions, tally: Tally) -> Read:
        user = _account(path, options)
        notes = _note_texts(path)
        cut = 0
        if user is None:
            yield Problem(shown_name(path, options), 0, "no_account", "notice")
        for row in super().read(path, options, tally):
            if isinstance(row, MessageRow):
                if user is not None:
                    _give_author(row, user)
                if isinstance(row.text, str) and (start := _cut(row.text)):
                    some = notes.get(start[:SAME], ())
                    whole = next((note for note in some if note.startswith(start)), None)
                    if whole is None:
                        cut += 1
                    else:
                        row.text_raw, row.text = row.text, whole
                        tally.repaired("note_texts")
            yield row
        if cut:
            yield Problem(shown_name(path, options), 0, "cut_texts", "notice", {"count": cut})

    def rows(self, value: Any, tally: Tally) -> Iterator[MessageRow]:
        tally.rows += 1
        yield row_of(value.get("tweet", value), tally)


def _cut(text: str) -> str:
    """The beginning of a text that was cut (it may end in a link to the whole one), as its note has it; else
    "". The texts of tweets are escaped, those of notes are not.
    """
    shown = LINK_AT_END.sub("", text).rstrip()
    return unescape(shown.rstrip("…").rstrip()) if shown.endswith("…") else ""


def _note_texts(path: Path) -> dict[str, list[str]]:
    """How it begins -> whole texts of long tweets; `note-tweet.js` does not hold the id of the tweet."""
    found: dict[str, list[str]] = {}
    for member in _beside(path, "note-tweet.js"):
        for parsed in values_of(member.open, Tally()):
            try:
                note = parsed[1]["noteTweet"]  # type: ignore[index]
                text = str(note["core"]["text"])
                found.setdefault(text[:SAME], []).append(text)
            except NOT_ONE:
                continue
    return found


def _give_author(row: MessageRow, user: dict[str, Any]) -> None:
    """Every message of an archive is by its owner; the tweets themselves do not say so."""
    row.author_id, row.author_handle = user.get("id_str"), user["screen_name"]
    row.author_name = user.get("name")
    with suppress(*NOT_ONE):
        row.author_created_at = times.parse(user["created_at"]) if user.get("created_at") else None
    row.permalink = f"https://twitter.com/{row.author_handle}/status/{row.external_id}"


def _account(path: Path, options: ReadOptions) -> dict[str, Any] | None:
    """The account the archive belongs to, with the keys of a v1.1 user."""
    for member in _beside(path, "account.js"):
        for parsed in values_of(member.open, Tally()):
            value = None if isinstance(parsed, Broken) else parsed[1]
            account = value.get("account") if isinstance(value, dict) else None
            if isinstance(account, dict) and account.get("username"):
                return {
                    "id_str": account.get("accountId"),
                    "screen_name": account["username"],
                    "name": account.get("accountDisplayName"),
                    "created_at": account.get("createdAt"),
                }
    if options.own_handle:
        return {"id_str": options.own_id, "screen_name": options.own_handle.lstrip("@")}
    return None


def _beside(path: Path, base: str) -> Iterator[Member]:
    """The file of that name in the folder or zip, or beside the file."""
    if path.is_file() and not zipfile.is_zipfile(path):
        beside = path.with_name(base)
        if beside.is_file():
            yield from members(beside)
        return
    yield from (member for member in members(path) if member.base == base)


READERS = [TwitterArchiveReader()]
