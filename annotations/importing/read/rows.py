"""What every reader gives: message rows, problems and counts of what was repaired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from annotations.importing.wording import sentence

State = Literal["present", "deleted", "protected", "withheld", "outside"]
Severity = Literal["file", "row", "notice"]


@dataclass(slots=True)
class MessageRow:
    """One message as a file gives it. Every field but the id may be unknown (`None`).

    Ids are strings. `text` is what the file held, with CRLF as LF and without NUL; HTML entities stay as
    they are. `text_raw` is set only where a repair changed the text. `aliases` are other ids of the same
    message (an edited tweet has one per version). `supporting` marks a row the file holds only because
    another message refers to it: it is kept where its conversation has a row that is not supporting. Times
    are aware and in UTC.
    """

    external_id: str
    text: str = ""
    parent_id: str | None = None
    conversation_id: str | None = None
    author_id: str | None = None
    author_handle: str | None = None
    author_name: str | None = None
    author_created_at: datetime | None = None
    author_followers: int | None = None
    author_posts: int | None = None
    created_at: datetime | None = None
    collected_at: datetime | None = None
    text_raw: str | None = None
    mentions: tuple[str, ...] | None = None
    reply_to_author_id: str | None = None
    reply_to_handle: str | None = None
    permalink: str | None = None
    lang: str | None = None
    source: str | None = None
    platform: str | None = None
    reposts: int | None = None
    repost_of: str | None = None
    inbound: bool | None = None
    role_hint: str | None = None
    state: State = "present"
    reason: str | None = None
    aliases: tuple[str, ...] = ()
    supporting: bool = False
    file: str = ""
    line: int = 0


def author_key(row: MessageRow) -> str | None:
    """The platform's own id, else the handle in lower case; None where the file names no author."""
    return row.author_id or (row.author_handle.lower() if row.author_handle else None)


@dataclass(slots=True, frozen=True)
class Problem:
    """Something the person who imports must know, with its place.

    severity: `file` refuses the file, `row` refuses it unless bad rows are to be skipped, `notice` refuses
    nothing. `code` and `params` give the sentence in any language of `wording.py`; it never holds message
    text.
    """

    file: str
    line: int
    code: str
    severity: Severity = "row"
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return self.sentence("en")

    def sentence(self, language: str) -> str:
        """The problem in one sentence: what, where, what to do."""
        return sentence(self.code, language, file=self.file, line=self.line, **self.params)

    def as_json(self, language: str = "en") -> dict[str, object]:
        return {"file": self.file, "line": self.line, "code": self.code, "message": self.sentence(language)}


@dataclass(slots=True, frozen=True)
class Sample:
    """A text before and after a repair: shown to the person who decides, never logged."""

    kind: str
    line: int
    before: str
    after: str


@dataclass(slots=True)
class Tally:
    """Counts of one reading. `repairs` has a kind of `wording.REPAIRS` as key."""

    rows: int = 0
    blank_rows: int = 0
    bytes_read: int = 0
    repairs: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)  # of a workbook, where it has more than one

    def repaired(self, kind: str, times: int = 1) -> None:
        self.repairs[kind] += times

    def sample(self, kind: str, line: int, before: str, after: str, at_most: int = 5) -> None:
        if sum(sample.kind == kind for sample in self.samples) < at_most:
            self.samples.append(Sample(kind, line, before, after))


@dataclass(slots=True)
class ReadOptions:
    """How a file is to be read. What is not given is found out from the file.

    columns: our field -> the file's column, for tables; "" where a field is not to be read. timezone: IANA
    name for times without one. repair_mojibake: put back texts that were read as Windows-1252 (the raw text
    is kept). file_name: the name shown in problems, where the file on disk has another (an upload).
    own_handle, own_id: the account, for an archive without account.js.
    """

    columns: dict[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    timezone: str | None = None
    day_first: bool | None = None
    sheet: str | None = None
    repair_mojibake: bool = False
    file_name: str | None = None
    own_handle: str | None = None
    own_id: str | None = None

    @property
    def makes_ids(self) -> bool:
        """Whether messages of a table get ids made from text, author and time: no column is to be the id."""
        return self.columns.get("id") == ""


Read = Iterator[MessageRow | Problem]
