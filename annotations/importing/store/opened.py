"""Stored conversations opened to be merged: read as plain values, written back where they changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from ...common.bulk import moment, plain_rows, stored_time, update
from ...models import Conversation, Message
from ..read.rows import MessageRow
from .accounts import Person
from .joining import Plan
from .writer import Step

PLACE = ("conversation_id", "parent_id", "position", "depth", "addressed")
CONTENT = (
    "state", "account_id", "created_at", "text", "text_before_repair", "language", "permalink", "source",
    "platform", "reposts", "author_created_at", "author_followers", "author_posts", "text_changed",
    "revision",
)  # fmt: skip
COUNTED = (
    "message_count", "placeholder_count", "branch_count", "candidate_count", "started_at", "organisation_id",
    "first_response_minutes", "unanswered",
)  # fmt: skip
_MESSAGE = ("pk", "external_id", "by_hand", *PLACE, *CONTENT)
_ACCOUNT = ("account__role", "account__organisation_id", "account__handle")
_place, _content, _counted = attrgetter(*PLACE), attrgetter(*CONTENT), attrgetter(*COUNTED)


@dataclass(slots=True)
class OpenMessage:
    """A stored message; its fields are those of `Message`. `was` is its place when it was opened."""

    pk: int
    external_id: str
    by_hand: str
    conversation_id: int
    parent_id: int | None
    position: int
    depth: int
    addressed: str
    state: str
    account_id: int | None
    created_at: datetime | None
    text: str
    text_before_repair: str
    language: str
    permalink: str
    source: str
    platform: str
    reposts: int | None
    author_created_at: datetime | None
    author_followers: int | None
    author_posts: int | None
    text_changed: bool
    revision: int
    author: Person | None = None
    parent_name: str | None = None
    was: tuple[Any, ...] = ()
    is_changed: bool = False

    @property
    def is_placeholder(self) -> bool:
        return self.state != Message.State.PRESENT


@dataclass(slots=True)
class OpenConversation:
    """A stored conversation, its messages by external id, and what a file has of it."""

    pk: int
    message_count: int
    placeholder_count: int
    branch_count: int
    candidate_count: int
    started_at: datetime | None
    organisation_id: int | None
    first_response_minutes: float | None
    unanswered: bool | None
    was: tuple[Any, ...] = ()
    there: dict[str, OpenMessage] = field(default_factory=dict)
    rows: list[MessageRow] = field(default_factory=list)


def open_conversations(plan: Plan) -> list[OpenConversation]:
    """The conversations of a plan with their messages; those of one that is taken up are with the other's."""
    wanted = [*plan.rows, *plan.taken_up]
    found: dict[int, OpenConversation] = {}
    rows = Conversation.objects.filter(pk__among=wanted).order_by().values_list("pk", *COUNTED)
    for values in plain_rows(rows):
        conversation = found[values[0]] = OpenConversation(*values)
        conversation.started_at = moment(conversation.started_at)
        conversation.was, conversation.rows = _counted(conversation), plan.rows.get(values[0], [])
    for old in plan.taken_up:
        found[plan.now(old)].candidate_count += found[old].candidate_count
    names: dict[int, str] = {}
    opened: list[OpenMessage] = []
    people: dict[int, Person] = {}
    messages = Message.objects.filter(conversation__among=wanted)
    for *own, role, organisation, handle in plain_rows(messages.order_by().values_list(*_MESSAGE, *_ACCOUNT)):
        message = OpenMessage(*own)
        message.created_at = moment(message.created_at)
        message.author_created_at = moment(message.author_created_at)
        message.was = _place(message)
        if (account := message.account_id) is not None:
            message.author = people.get(account) or people.setdefault(
                account, Person(account, role, organisation, handle)
            )
        names[message.pk] = message.external_id
        opened.append(message)
    for message in opened:
        if message.parent_id is not None:
            message.parent_name = names.get(message.parent_id)
        found[plan.now(message.conversation_id)].there[message.external_id] = message
    return [found[pk] for pk in sorted(plan.rows) if pk not in plan.moved]


def steps_back(conversations: Sequence[OpenConversation]) -> list[Step]:
    """Store what changed of conversations and of the messages that were there."""
    messages = [message for conversation in conversations for message in conversation.there.values()]
    moved: list[tuple[Any, ...]] = []
    shifted: list[tuple[Any, ...]] = []  # most: in their conversation, down a place or more
    for message in messages:
        if message.is_changed or (place := _place(message)) == message.was:
            continue
        if (place[0], place[1], place[4]) == (message.was[0], message.was[1], message.was[4]):
            shifted.append((message.pk, message.position, message.depth))
        else:
            moved.append((message.pk, *place))
    changed = [
        (message.pk, *_place(message), *_plain(_content(message)))
        for message in messages
        if message.is_changed
    ]
    counted = [
        (conversation.pk, *_plain(now))
        for conversation in conversations
        if (now := _counted(conversation)) != conversation.was
    ]
    return [
        partial(update, model=Message, fields=("position", "depth"), rows=shifted),
        partial(update, model=Message, fields=PLACE, rows=moved),
        partial(update, model=Message, fields=PLACE + CONTENT, rows=changed),
        partial(update, model=Conversation, fields=COUNTED, rows=counted),
    ]


def _plain(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(stored_time(value) if isinstance(value, datetime) else value for value in values)
