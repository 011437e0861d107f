"""The corpus as files to import: a clean CSV, two from a spreadsheet program, twarc2, a supplement."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from annotations.demo.making.screenplay import AMSTERDAM, Account, Conversation, Message, Organisation

COLUMNS = (
    "id", "parent_id", "conversation_id", "created_at", "author_handle", "author_name", "author_role",
    "author_created_at", "author_followers", "author_posts", "addressed", "text", "permalink", "source",
)  # fmt: skip
DUTCH_COLUMNS = (
    "Bericht-id", "In reactie op", "Gesprek", "Datum", "Geplaatst door", "Naam", "Rol", "Account sinds",
    "Volgers", "Aantal berichten", "Aangesproken", "Bericht", "Link", "Bron",
)  # fmt: skip
DUTCH_ROLES = {"consumer": "consument", "organisation": "organisatie", "third_party": "derde"}
DUTCH_ADDRESSED = {"this": "dit account", "other": "ander account", "none": "niet", "": ""}
SITE = "https://voorbeeld.invalid"


def addressed(message: Message, organisation: Organisation) -> str:
    """Whom a consumer's message speaks to: this (webcare) account, an other of the organisation, none."""
    if message.role == "organisation":
        return ""
    if f"@{organisation.webcare}" in message.text:
        return "this"
    return "other" if f"@{organisation.main}" in message.text else "none"


def clean_csv(conversations: Iterable[Conversation], messages: Sequence[Message]) -> bytes:
    """UTF-8, commas, ISO times with offset, rows in no order: readers must not rely on any."""
    organisations = {conversation.key: conversation.organisation for conversation in conversations}
    shuffled = sorted(messages, key=lambda message: hashlib.sha256(message.id.encode()).digest())
    rows = []
    for message in shuffled:
        account = message.author
        rows.append(
            (
                message.id,
                message.parent_id or "",
                message.conversation,
                message.posted.isoformat(),
                account.handle,
                account.name,
                message.role,
                _since(account).isoformat() if account.created else "",
                _number(account.followers),
                _number(message.posts),
                addressed(message, organisations[message.conversation]),
                message.text,
                permalink(message),
                "demo",
            )
        )
    return _csv([COLUMNS, *rows], delimiter=",", line_end="\n").encode("utf-8")


def excel_csv(
    conversations: Iterable[Conversation], messages: Sequence[Message], *, damaged: bool = False
) -> bytes:
    """As a Dutch Excel saves it: semicolons, Windows-1252, CRLF, dd-mm-jjjj uu:mm without offset.

    `damaged`: opened once with the ids as numbers, so that they are 8,99E+18 now.
    """
    organisations = {conversation.key: conversation.organisation for conversation in conversations}
    rows = []
    for message in messages:
        account = message.author
        rows.append(
            (
                _in_excel(message.id) if damaged else message.id,
                (_in_excel(message.parent_id) if damaged else message.parent_id) if message.parent_id else "",
                message.conversation,
                message.posted.strftime("%d-%m-%Y %H:%M"),
                account.handle,
                account.name,
                DUTCH_ROLES[message.role],
                _since(account).strftime("%d-%m-%Y") if account.created else "",
                _number(account.followers),
                _number(message.posts),
                DUTCH_ADDRESSED[addressed(message, organisations[message.conversation])],
                message.text,
                permalink(message),
                "demo",
            )
        )
    return _csv([DUTCH_COLUMNS, *rows], delimiter=";", line_end="\r\n").encode("cp1252")


def twarc_jsonl(conversations: Sequence[Conversation], deleted: Sequence[str], collected: str) -> bytes:
    """One twarc2 page; `deleted` are messages ("Z03/3") that were gone and stand in `errors`."""
    messages = [message for conversation in conversations for message in conversation.published]
    gone = [message for message in messages if f"{message.conversation}/{message.number}" in deleted]
    kept = sorted((message for message in messages if message not in gone), key=lambda m: m.id, reverse=True)
    authors = {message.id: message.author for message in messages}
    roots = {message.conversation: message.id for message in reversed(messages)}
    accounts = {account.handle: account for account in authors.values()}
    page = {
        "data": [_tweet(message, roots[message.conversation], authors) for message in kept],
        "includes": {"users": [_user(account, kept) for account in accounts.values()]},
        "errors": [_not_found(message) for message in gone],
        "meta": {"newest_id": kept[0].id, "oldest_id": kept[-1].id, "result_count": len(kept)},
        "__twarc": {
            "url": f"{SITE}/2/tweets/search/all",
            "version": "2.0.0",
            "retrieved_at": datetime.fromisoformat(collected).astimezone(UTC).isoformat(),
        },
    }
    return (json.dumps(page, ensure_ascii=False) + "\n").encode("utf-8")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One of our own tables: UTF-8, commas, LF."""
    return _csv([columns, *rows], delimiter=",", line_end="\n").encode("utf-8")


def permalink(message: Message) -> str:
    return f"{SITE}/{message.author.handle}/status/{message.id}"


def _csv(rows: Iterable[Sequence[str]], *, delimiter: str, line_end: str) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return written.getvalue()


def _in_excel(message_id: str) -> str:
    return f"{float(message_id):.2E}".replace(".", ",")


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _since(account: Account) -> datetime:
    return datetime.fromisoformat(str(account.created)).replace(tzinfo=AMSTERDAM)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _author_id(account: Account) -> str:
    """Of an account; long enough to belong to no real one."""
    return "8990" + str(int(hashlib.sha256(account.handle.encode()).hexdigest(), 16) % 10**15).zfill(15)


def _tweet(message: Message, root: str, authors: dict[str, Account]) -> dict[str, Any]:
    tweet: dict[str, Any] = {
        "id": message.id,
        "edit_history_tweet_ids": [message.id],
        "conversation_id": root,
        "author_id": _author_id(message.author),
        "created_at": _utc(message.posted),
        "lang": "nl",
        "text": message.text,
    }
    if message.parent_id:
        tweet["referenced_tweets"] = [{"type": "replied_to", "id": message.parent_id}]
        tweet["in_reply_to_user_id"] = _author_id(authors[message.parent_id])
    return tweet


def _user(account: Account, messages: Sequence[Message]) -> dict[str, Any]:
    posts = [message.posts or 0 for message in messages if message.author is account]
    user: dict[str, Any] = {
        "id": _author_id(account),
        "username": account.handle,
        "name": account.name,
        "public_metrics": {
            "followers_count": account.followers,
            "following_count": 0,
            "tweet_count": max(posts, default=account.posts),
            "listed_count": 0,
        },
    }
    if account.created:
        user["created_at"] = _utc(_since(account))
    return user


def _not_found(message: Message) -> dict[str, str]:
    return {
        "resource_type": "tweet",
        "resource_id": message.id,
        "parameter": "referenced_tweets.id",
        "value": message.id,
        "title": "Not Found Error",
        "detail": f"Could not find tweet with referenced_tweets.id: [{message.id}].",
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }
