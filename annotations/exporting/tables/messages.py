"""messages.csv: the corpus as the profile allows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ...models import Message, Organisation
from ..accounts import is_listed, listed_handles
from ..study_data import StudyData
from ..texts import candidate_places, shown_texts
from . import Column, Row, Table
from .public_messages import public_messages

CHUNK = 5000


def messages(data: StudyData) -> Table:
    if not data.profile.source_ids:
        return public_messages(data)
    columns = [
        Column("conversation_id", "string", "conversation"),
        Column("message_id", "string", "message"),
        Column("parent_id", "string", "message it replies to"),
        Column("position", "integer", "place in reading order, from 1"),
        Column("state", "string", "present, or why it is missing"),
        Column("organisation", "string", "organisation of the conversation"),
        Column("account", "string", "account that the study lists; others are numbered, unless restricted"),
        Column("role", "string", "consumer, organisation, third_party or unknown"),
        Column("addressed", "string", "this account, another of the organisation, or none"),
        Column("account_age_days", "integer", "age of the account at the message, in days"),
        Column("followers", "integer", "followers of the account"),
        Column("posts", "integer", "posts of the account"),
        *([Column("created_at", "datetime", "when it was posted")] if data.profile.times else []),
        *([Column("permalink", "string", "address of the message")] if data.profile.texts == "raw" else []),
        Column("candidates", "integer", "candidate personal data found by the detector"),
        Column("text", "string", "text"),
    ]
    return Table(
        "messages.csv",
        "Every message of the study, in reading order",
        columns,
        lambda: _rows(data),
        key=("conversation_id", "message_id"),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    handles = listed_handles(data.study)
    organisations = dict(Organisation.objects.filter(study=data.study).values_list("id", "name"))
    numbers: dict[int, int] = {}
    rows = (
        Message.objects.filter(study=data.study)
        .select_related("conversation", "account", "parent")
        .order_by("conversation__number", "position")
    )
    chunk: list[Message] = []
    for message in rows.iterator(chunk_size=CHUNK):
        chunk.append(message)
        if len(chunk) == CHUNK:
            yield from _chunk(data, chunk, handles, organisations, numbers)
            chunk = []
    yield from _chunk(data, chunk, handles, organisations, numbers)


def _chunk(
    data: StudyData,
    chunk: list[Message],
    handles: frozenset[str],
    organisations: dict[int, str],
    numbers: dict[int, int],
) -> Iterator[Row]:
    candidates = candidate_places(data, chunk)
    texts = shown_texts(data, chunk, candidates, handles)
    for message in chunk:
        conversation, account, profile = message.conversation, message.account, data.profile
        if account is None:
            name = ""
        elif profile.handles or is_listed(account, handles):
            name = account.handle or account.key
        else:
            name = f"account {numbers.setdefault(account.pk, len(numbers) + 1)}"
        yield (
            conversation.key,
            message.external_id,
            message.parent.external_id if message.parent else None,
            message.position + 1,
            message.state,
            organisations.get(conversation.organisation_id or 0),
            name,
            message.author_role,
            message.addressed,
            _age_in_days(message.created_at, message.author_created_at),
            message.author_followers,
            message.author_posts,
            *([_iso(message.created_at)] if profile.times else []),
            *([message.permalink] if profile.texts == "raw" else []),
            len(candidates[message.pk]),
            texts[message.pk],
        )


def _age_in_days(at: datetime | None, created: datetime | None) -> int | None:
    return max(0, (at - created).days) if at and created else None


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
