"""Reads a screenplay: conversations as a person writes and reads them, with the planted truth in the text.

The notation is explained in `corpus/README.md`. Offsets are code points of the text as it is published,
without the braces.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FIRST_ID = 8_990_000_000_000_000_000  # decades beyond the ids of real tweets, and below 2**63
EPOCH = datetime(2019, 1, 1, tzinfo=AMSTERDAM)

INFO_TYPES = {
    "adres": "address",
    "email": "email",
    "tel": "phone",
    "iban": "iban",
    "klantnr": "customer_order_invoice",
    "aanslagnr": "assessment_decision",
    "inkomen": "income",
    "schuld": "debt",
    "bsn": "bsn",
    "naam": "name",
    "geboren": "birth_date",
    "postcode": "postcode_only",
    "inlog": "credentials",
    "contract": "contract_data",
    "gezondheid": "health",
    "idbewijs": "id_document",
    "anders": "other",
}
STUDY_TYPES = frozenset(list(INFO_TYPES.values())[:9])
ASKED = {"dm": "yes_dm", "open": "yes_no_channel", "other": "yes_other"}

_CONVERSATION = re.compile(r"## (?P<key>[A-Z]\d\d) (?P<title>.+)")
_MESSAGE = re.compile(
    r"(?P<n>\d+)\. (?:(?P<date>\d{4}-\d\d-\d\d) )?(?P<time>\d\d:\d\d:\d\d) (?P<author>\w+)"
    r"(?: <(?P<parent>\d+))?(?P<flags>(?: \w+=\S+)*)"
)
_MARK = re.compile(r"\{(?P<word>[a-z]+):(?P<quote>[^{}]+)\}", re.DOTALL)


@dataclass(frozen=True)
class Organisation:
    """An invented organisation with its webcare account (`hulp`) and its main account (`hoofd`)."""

    name: str
    webcare: str
    main: str
    followers: dict[str, int]
    posts: dict[str, int]

    @property
    def handles(self) -> tuple[str, str]:
        return self.webcare, self.main


@dataclass(frozen=True)
class Account:
    """The author as the platform shows them; None is unknown. `posts`: at their first message here."""

    handle: str
    name: str
    role: str
    created: str | None
    followers: int | None
    posts: int | None


@dataclass(frozen=True)
class Mark:
    """A planted fragment: code points `start` to `end` of the text."""

    start: int
    end: int
    info_type: str


@dataclass
class Message:
    """A message with its planted truth in `flags` and `marks`."""

    conversation: str
    number: int
    id: str
    parent_id: str | None
    author: Account
    posts: int | None
    posted: datetime
    text: str
    marks: list[Mark]
    flags: dict[str, str]

    @property
    def role(self) -> str:
        return self.author.role

    @property
    def account_age(self) -> timedelta | None:
        """The age of the author's account when this was posted; None if unknown."""
        if self.author.created is None:
            return None
        return self.posted - datetime.fromisoformat(self.author.created).replace(tzinfo=AMSTERDAM)

    @property
    def is_published(self) -> bool:
        """False for a message that was gone before anyone could collect it."""
        return self.flags.get("weg") != "altijd"

    @property
    def info_types(self) -> list[str]:
        """The types in the text and on a picture, in the codebook's order."""
        on_picture = [INFO_TYPES[word] for word in _words(self.flags.get("beeld"))]
        found = {mark.info_type for mark in self.marks} | set(on_picture)
        return [info_type for info_type in INFO_TYPES.values() if info_type in found]

    @property
    def asked_types(self) -> list[str]:
        """The types an organisation asks for in this message."""
        asked = {INFO_TYPES[word] for word in _words(self.flags.get("ask", ":").partition(":")[2])}
        return [info_type for info_type in INFO_TYPES.values() if info_type in asked]

    @property
    def counts(self) -> bool:
        """Whether the study's stop rule counts it: a consumer, and at least one of the nine types."""
        return self.role == "consumer" and bool(STUDY_TYPES & set(self.info_types))


@dataclass
class Conversation:
    """One conversation of the screenplay."""

    key: str
    title: str
    organisation: Organisation
    flags: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    @property
    def published(self) -> list[Message]:
        return [message for message in self.messages if message.is_published]


def read_screenplay(path: Path, organisation: Organisation) -> list[Conversation]:
    """Read one screenplay. Raises ValueError with file and line where it cannot be read."""
    reader = _Reader(organisation)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            reader.take(line)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    reader.finish()
    return reader.conversations


class _Reader:
    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.conversations: list[Conversation] = []
        self.accounts: dict[str, Account] = {}
        self.written: dict[str, int] = {}
        self.head: dict[str, str | None] = {}
        self.lines: list[str] = []
        self.date = ""

    def take(self, line: str) -> None:
        if match := _CONVERSATION.fullmatch(line):
            self.finish()
            self.conversations.append(Conversation(match["key"], match["title"], self.organisation))
            self.accounts = {
                word: _organisation_account(self.organisation, word) for word in ("hulp", "hoofd")
            }
            self.written = {}
        elif line.startswith("account "):
            account = _consumer_account(line.removeprefix("account "))
            self.accounts[account.handle] = account
        elif line.startswith("gesprek "):
            self.conversations[-1].flags = _flags(line.removeprefix("gesprek "))
        elif match := _MESSAGE.fullmatch(line):
            self.finish()
            self.head = match.groupdict()
            self.date = match["date"] or self.date
        elif self.head:
            self.lines.append(line)

    def finish(self) -> None:
        """Close the message that is being read."""
        if not self.head:
            return
        conversation = self.conversations[-1]
        author = self.accounts[str(self.head["author"])]
        flags = _flags(str(self.head["flags"]))
        posted = datetime.fromisoformat(f"{self.date} {self.head['time']}").replace(tzinfo=AMSTERDAM)
        text, marks = _unmark("\n".join(self.lines).strip("\n"))
        number = int(str(self.head["n"]))
        conversation.messages.append(
            Message(
                conversation=conversation.key,
                number=number,
                id=_message_id(conversation, number, posted, flags),
                parent_id=self._parent_id(conversation, number),
                author=author,
                posts=self._posts(author, posted),
                posted=posted,
                text=text,
                marks=marks,
                flags=flags,
            )
        )
        self.head, self.lines = {}, []

    def _parent_id(self, conversation: Conversation, number: int) -> str | None:
        if number == 1:
            return None
        parent = int(self.head["parent"] or number - 1)
        return next(message.id for message in conversation.messages if message.number == parent)

    def _posts(self, author: Account, posted: datetime) -> int | None:
        """The number of posts grows while a conversation goes on: it is a value of the message."""
        if author.posts is None:
            return None
        if author.role == "organisation":
            return author.posts + (posted - EPOCH) // timedelta(minutes=20)
        earlier = self.written.get(author.handle, 0)
        self.written[author.handle] = earlier + 1
        return author.posts + earlier


def _organisation_account(organisation: Organisation, word: str) -> Account:
    handle = organisation.webcare if word == "hulp" else organisation.main
    name = f"{organisation.name} Hulp" if word == "hulp" else organisation.name
    return Account(
        handle, name, "organisation", "2009-10-01", organisation.followers[word], organisation.posts[word]
    )


def _consumer_account(line: str) -> Account:
    handle, name, created, followers, posts, *role = (cell.strip() for cell in line.split("|"))
    return Account(
        handle,
        name,
        {"derde": "third_party"}.get("".join(role), "consumer"),
        None if created == "?" else created,
        None if followers == "?" else int(followers),
        None if posts == "?" else int(posts),
    )


def _message_id(conversation: Conversation, number: int, posted: datetime, flags: dict[str, str]) -> str:
    """Ids rise with time. A tweet sent twice differs from its twin in the last two digits only."""
    if "dubbel" in flags:
        twin = next(m for m in conversation.messages if m.number == int(flags["dubbel"]))
        return twin.id[:-2] + "42"
    seconds = int((posted - EPOCH).total_seconds())
    noise = int(hashlib.sha256(f"{conversation.key}/{number}".encode()).hexdigest(), 16) % 100_000
    return str(FIRST_ID + seconds * 10_000_000 + noise * 100 + 17)


def _unmark(marked: str) -> tuple[str, list[Mark]]:
    """Take the braces out of a text: the text as published, and where the planted fragments are."""
    text, marks, taken = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[taken : match.start()]
        marks.append(Mark(len(text), len(text) + len(match["quote"]), INFO_TYPES[match["word"]]))
        text += match["quote"]
        taken = match.end()
    return text + marked[taken:], marks


def _flags(line: str) -> dict[str, str]:
    return dict(flag.split("=", 1) for flag in line.split())


def _words(listed: str | None) -> list[str]:
    return [word for word in (listed or "").split(",") if word]
