"""Makes what a file holds fit the tables: no NUL, no half characters, nothing longer than its column. Pure.

Whatever is changed is counted, so that the report says so; the text of a message is never cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from annotations.importing.read.formats.base import Head, Reader, Recognition
from annotations.importing.read.rows import MessageRow, Problem, Read, ReadOptions, Tally

ID_LENGTH = 300
LARGEST_NUMBER = 2**31 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")
_ID_FIELDS = ("external_id", "parent_id", "conversation_id", "author_id", "reply_to_author_id")
_CUT = {
    "author_id": 200,
    "author_handle": 200,
    "author_name": 300,
    "lang": 12,
    "source": 200,
    "platform": 40,
}
_OTHER = ("text_raw", "reply_to_handle", "role_hint", "reason")
_NUMBERS = ("author_followers", "author_posts", "reposts")
LINK_LENGTH = 500


def clean(value: str) -> str:
    """Without NUL, and with half an emoji (a lone surrogate) as U+FFFD."""
    if "\x00" in value:
        value = value.replace("\x00", "")
    if not value.isascii() and _SURROGATE.search(value):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def short_id(value: str) -> str:
    """An id that fits; a longer one keeps its beginning and gets a hash, the same every time."""
    if len(value) <= ID_LENGTH:
        return value
    return value[:200] + "…" + sha256(value.encode()).hexdigest()


def fit(row: MessageRow, repairs: Counter[str]) -> MessageRow:
    """Make a row fit, in place."""
    for name in _ID_FIELDS:
        if value := getattr(row, name):
            new = short_id(clean(value))
            if new != value:
                _set(
                    row,
                    name,
                    new or ("?" if name == "external_id" else None),
                    repairs,
                    len(value) > ID_LENGTH,
                )
    if row.aliases:
        row.aliases = tuple(short_id(clean(one)) for one in row.aliases)
    for name, length in _CUT.items():
        if (value := getattr(row, name)) and (len(value) > length or not value.isascii() or "\x00" in value):
            new = clean(value)[:length]
            if new != value:
                _set(row, name, new or None, repairs, len(value) > length)
    for name in _OTHER:
        if value := getattr(row, name):
            setattr(row, name, clean(value))
    if link := row.permalink:
        row.permalink = clean(link)
        if len(row.permalink) > LINK_LENGTH:
            row.permalink = None
            repairs["link_too_long"] += 1
    for name in _NUMBERS:
        number = getattr(row, name)
        if number is not None and not 0 <= number <= LARGEST_NUMBER:
            setattr(row, name, None)
            repairs["number_out_of_range"] += 1
    return row


def _set(row: MessageRow, name: str, value: str | None, repairs: Counter[str], is_long: bool) -> None:
    setattr(row, name, value)
    if is_long:
        repairs["shortened"] += 1


class Fitting:
    """A reader whose rows fit, for `Corpus.read`; `seen` is shown every row."""

    def __init__(self, reader: Reader, seen: Seen):
        self.reader, self.seen = reader, seen
        self.name, self.label = reader.name, reader.label

    def sniff(self, head: Head) -> Recognition | None:
        return self.reader.sniff(head)

    def read(self, path: Path, options: ReadOptions, tally: Tally) -> Read:
        return self._rows(self.reader.read(path, options, tally), tally)

    def _rows(self, rows: Read, tally: Tally) -> Iterator[MessageRow | Problem]:
        for one in rows:
            if isinstance(one, MessageRow):
                fit(one, tally.repairs)
                self.seen.row(one)
            else:
                params = {k: clean(v) if isinstance(v, str) else v for k, v in one.params.items()}
                one = replace(one, params=params)
            yield one


class Seen:
    """What must be known of all rows before the first is stored: who signs like an agent."""

    def __init__(self) -> None:
        self.signed: Counter[str] = Counter()

    def row(self, row: MessageRow) -> None:
        from annotations.importing.facts.context import signs_with_caret

        if "^" in row.text and signs_with_caret(row.text):
            self.signed[author_key(row) or ""] += 1


def author_key(row: MessageRow) -> str | None:
    """The platform's own id, else the handle in lower case; None where the file names no author."""
    return row.author_id or (row.author_handle.lower() if row.author_handle else None)
