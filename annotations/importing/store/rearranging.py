"""Works out anew the reading order and the facts of opened conversations, with what a file adds to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ...models import Message
from ..facts.context import Turn, addressed
from ..facts.facts import Facts, Said, facts_of
from ..group.threads import Node, arrange
from ..read.rows import MessageRow, author_key
from .accounts import Person
from .conversations import Store
from .detection import NOTHING, Found
from .opened import OpenConversation, OpenMessage

People = Mapping[str, Person]


@dataclass(slots=True)
class Item:
    """A message as `arrange` needs it: stored, in the file, or both."""

    external_id: str
    parent_id: str | None
    created_at: datetime | None
    text: str
    author: Person | None
    author_id: str | None
    message: OpenMessage | None
    row: MessageRow | None
    aliases: tuple[str, ...] = ()
    author_handle: str | None = None
    conversation_id: str | None = None

    @property
    def is_present(self) -> bool:
        if self.message is not None:
            return not self.message.is_placeholder
        return self.row is not None and self.row.state == "present"


@dataclass(slots=True)
class Arranged:
    """A conversation in its new reading order. `ids` are the messages' primary keys, by external id."""

    conversation: OpenConversation
    nodes: list[Node[Item]]
    said: list[Said]
    facts: Facts
    branches: int
    ids: dict[str, int] = field(default_factory=dict)


def items_of(opened: OpenConversation, people: People, homes: Mapping[str, int]) -> list[Item]:
    """All messages of a conversation. `homes`: in which conversation the messages of the file are."""
    given = {row.external_id: row for row in opened.rows}
    items = []
    for name, message in opened.there.items():
        row = given.pop(name, None)
        if message.state == Message.State.OUTSIDE and row is None:
            continue  # a placeholder comes back by itself from what answers it
        items.append(_item(name, message.parent_name, message, row, people))
    items += [_item(name, None, None, row, people) for name, row in given.items()]
    for item in items:
        if item.parent_id and homes.get(item.parent_id, opened.pk) != opened.pk:
            item.parent_id = None
    return items


def arranged(
    opened: OpenConversation, items: Sequence[Item], found: Mapping[str, Found], store: Store
) -> Arranged:
    """Reading order and facts; what is suggested of a message that is as it was is not worked out again."""
    thread = arrange(items)
    names = {node.external_id for node in thread.nodes}
    left = [(message.position, name) for name, message in opened.there.items() if name not in names]
    nodes = thread.nodes + [Node(name, None) for _position, name in sorted(left)]
    said = [_said(node, found) for node in nodes]
    return Arranged(opened, nodes, said, facts_of(said, store.study, store.handles), thread.branches)


def place(
    conversations: Sequence[Arranged],
    store: Store,
    people: People,
    found: Mapping[str, Found],
    pks: Iterator[int],
) -> list[tuple[Any, ...]]:
    """Give every message its place, and the conversations what is counted of them; the rows of messages that
    are not there yet, with primary keys from `pks`.
    """
    missing = [
        [node.external_id for node in thread.nodes if node.external_id not in thread.conversation.there]
        for thread in conversations
    ]
    new: list[tuple[Any, ...]] = []
    for thread, names in zip(conversations, missing, strict=True):
        thread.ids = {name: next(pks) for name in names}
        thread.ids |= {name: message.pk for name, message in thread.conversation.there.items()}
        new += _placed(thread, store, people, found)
        _count(thread)
    return new


def _placed(
    thread: Arranged, store: Store, people: People, found: Mapping[str, Found]
) -> list[tuple[Any, ...]]:
    new: list[tuple[Any, ...]] = []
    conversation, ids = thread.conversation, thread.ids
    for position, (node, said) in enumerate(zip(thread.nodes, thread.said, strict=True)):
        name = node.external_id
        parent = ids[node.parent.external_id] if node.parent else None
        message = conversation.there.get(name)
        if message is None:
            row = node.message.row if node.message else None
            hidden, spans, _asked = found.get(name, NOTHING)
            values = store.values(_row_node(node, row), said, thread.facts, people, hidden, bool(spans))
            new.append((ids[name], conversation.pk, name, parent, position, node.depth, *values))
            continue
        has_new_parent = parent != message.parent_id or _is_changed(node.parent)
        message.conversation_id = conversation.pk
        message.parent_id, message.position, message.depth = parent, position, node.depth
        if (
            has_new_parent
            or message.addressed == ""
            or thread.facts.organisation_id != conversation.organisation_id
        ):
            message.addressed = _addressed(node, said, thread.facts, store)
    return new


def _is_changed(node: Node[Item] | None) -> bool:
    message = node.message.message if node and node.message else None
    return message is not None and message.is_changed


def _count(thread: Arranged) -> None:
    conversation, facts = thread.conversation, thread.facts
    conversation.message_count = len(thread.nodes)
    conversation.placeholder_count = sum(not said.turn.present for said in thread.said)
    conversation.branch_count = thread.branches
    conversation.started_at = facts.started_at
    conversation.organisation_id = conversation.organisation_id or facts.organisation_id
    conversation.first_response_minutes = facts.first_response_minutes
    conversation.unanswered = facts.unanswered


def _item(
    name: str, parent: str | None, message: OpenMessage | None, row: MessageRow | None, people: People
) -> Item:
    author = message.author if message else None
    if author is None and row is not None:
        author = people.get(author_key(row) or "")
    created, text = None, ""
    if message is not None and not message.is_placeholder:
        created, text = message.created_at, message.text
    if row is not None:
        created, text = created or row.created_at, text or row.text
    return Item(
        name,
        parent or (row.parent_id if row else None),
        created,
        text,
        author,
        str(author.pk) if author else None,
        message,
        row,
        row.aliases if row else (),
    )


def _said(node: Node[Item], found: Mapping[str, Found]) -> Said:
    item = node.message
    if item is None or not item.is_present:
        return Said(Turn("unknown", present=False))
    author, message, row = item.author, item.message, item.row
    organisation = str(author.organisation_id) if author and author.organisation_id else None
    role: Any = author.role if author else "unknown"
    made = message.author_created_at if message else None
    if made is None and row is not None:
        made = row.author_created_at
    settled = message is not None and not message.is_changed
    turn = Turn(role, item.text, item.created_at, organisation)
    _text, _spans, asked = found.get(item.external_id, NOTHING)
    return Said(turn, made, row.mentions if row else None, asked, settled)


def _addressed(node: Node[Item], said: Said, facts: Facts, store: Store) -> str:
    """Whom a stored message is addressed to, now that its thread is known better."""
    before = node.message.message if node.message else None
    kept = before.addressed if before else ""
    if before is None or before.is_placeholder or "addressed" in before.by_hand:
        return kept
    if facts.organisation_id is None or said.turn.role == "organisation":
        return ""
    row = node.message.row if node.message else None
    handles, answered = store.handles, (row.reply_to_handle if row else None) or _answered(node)
    this, others = handles.this(facts.organisation_id), handles.others(facts.organisation_id)
    if kept and not said.named and not answered:
        return kept  # only columns of the earlier file can have told, and those are not kept
    return addressed(said.named, answered, this, others)


def _answered(node: Node[Item]) -> str | None:
    above = node.parent.message if node.parent else None
    return above.author.handle if above and above.author else None


def _row_node(node: Node[Item], row: MessageRow | None) -> Node[MessageRow]:
    if row is not None and row.reply_to_handle is None and (answered := _answered(node)):
        row.reply_to_handle = answered
    return Node(node.external_id, row)
