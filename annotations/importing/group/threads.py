"""The messages of one conversation in reading order. Pure: no Django, nothing of `annotations`.

Depth first, siblings by time and then by id, never in the order of the file. Parents that are missing become
placeholders, shared by their children; a ring of answers is cut at its oldest message; parts of one reply
stand together. `grouping.py` finds out which messages make up a conversation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

PART_MINUTES = 10
_PART = re.compile(r"(?<!\d)(\d)\s?/\s?(\d)(?!\d)")


class Threaded(Protocol):
    """What `arrange` needs to know of a message."""

    external_id: str
    parent_id: str | None
    conversation_id: str | None
    created_at: datetime | None
    text: str
    author_handle: str | None
    author_id: str | None
    aliases: tuple[str, ...]


M = TypeVar("M", bound=Threaded)


@dataclass(slots=True, eq=False)
class Node(Generic[M]):
    """A message in its place, or a placeholder (message None). `depth` is 0 for a root."""

    external_id: str
    message: M | None
    parent: Node[M] | None = None
    children: list[Node[M]] = field(default_factory=list)
    depth: int = 0


@dataclass(slots=True)
class Thread(Generic[M]):
    """A conversation in reading order. `cut` holds the ids at which a ring was opened."""

    key: str
    nodes: list[Node[M]]
    placeholders: int
    orphans: int
    branches: int
    cut: list[str]

    def unlink(self) -> None:
        """Forget what answers what, when nobody asks any more: such rings would wait for the collector."""
        for node in self.nodes:
            node.parent = None
            node.children = []


def arrange(messages: Sequence[M], is_key: Callable[[str], bool] | None = None) -> Thread[M]:
    """The messages of one conversation (ids unique) in reading order.

    `is_key` tells which of its ids the messages were grouped by; without it the conversation id of the first
    message that has one is the key, else the id of the root.
    """
    nodes = {message.external_id: Node(message.external_id, message) for message in messages}
    known = {
        other: message.external_id for message in messages for other in message.aliases if other not in nodes
    }
    placeholders: dict[str, Node[M]] = {}
    orphans = 0
    for message in messages:
        if not message.parent_id:
            continue
        wanted = known.get(message.parent_id, message.parent_id)
        parent = nodes.get(wanted)
        if parent is None:
            orphans += 1
            parent = placeholders.setdefault(wanted, Node(wanted, None))
        nodes[message.external_id].parent = parent
    cut = _cut_rings(list(nodes.values()))
    everything = list(nodes.values()) + list(placeholders.values())
    for node in everything:
        if node.parent is not None:
            node.parent.children.append(node)
    ordered = _reading_order([node for node in everything if node.parent is None])
    branches = sum(len(node.children) > 1 for node in ordered)
    name = _key_of(ordered, is_key)
    return Thread(name, ordered, len(placeholders), orphans, branches, cut)


def _cut_rings(nodes: list[Node[M]]) -> list[str]:
    """Take the parent from the oldest message of every ring; a message that answers itself is a ring of
    one.
    """
    cut: list[str] = []
    done: set[int] = set()
    for start in nodes:
        path: dict[int, Node[M]] = {}
        node: Node[M] | None = start
        while node is not None and id(node) not in done and id(node) not in path:
            path[id(node)] = node
            node = node.parent
        if node is not None and id(node) in path:
            members = list(path.values())
            ring = members[members.index(node) :]
            oldest = min(ring, key=_sort_key)
            oldest.parent = None
            cut.append(oldest.external_id)
        done.update(path)
    return sorted(cut)


def _sort_key(node: Node[M]) -> tuple:
    """Time (unknown last), then id: whole numbers by size, others naturally (m2 before m10)."""
    moment = node.message.created_at if node.message else _first_time(node)
    return (moment is None, moment.timestamp() if moment else 0.0, *_natural(node.external_id))


def _first_time(placeholder: Node[M]) -> datetime | None:
    moments = [
        child.message.created_at
        for child in placeholder.children
        if child.message and child.message.created_at
    ]
    return min(moments, default=None)


def _natural(identifier: str) -> tuple:
    if identifier.isdecimal():
        return (0, int(identifier), identifier)
    pieces = re.split(r"(\d+)", identifier)
    return (1, tuple((0, int(p), p) if p.isdecimal() else (1, 0, p) for p in pieces), identifier)


def _reading_order(roots: list[Node[M]]) -> list[Node[M]]:
    """Depth first without recursion; parts of one reply stand together, what answers them comes after."""
    ordered: list[Node[M]] = []
    stack: list[list[Node[M]]] = [[root] for root in sorted(roots, key=_sort_key, reverse=True)]
    while stack:
        parts = stack.pop()
        ordered += parts
        below: list[list[Node[M]]] = []
        for part in parts:
            if len(part.children) > 1:
                part.children.sort(key=_sort_key)
            for child in part.children:
                child.depth = part.depth + 1
            below += _in_parts(part.children)
        stack += reversed(below)
    return ordered


def _in_parts(siblings: list[Node[M]]) -> list[list[Node[M]]]:
    """Siblings in groups: replies by one author within ten minutes that follow on each other, or are
    numbered 1/2, 2/2.
    """
    groups: list[list[Node[M]]] = []
    last_of: dict[str, int] = {}  # author -> their latest group
    for node in siblings:
        message = node.message
        author = (message.author_id or message.author_handle) if message else None
        at = last_of.get(author) if author else None
        if at is not None and _continues(groups[at][-1], node, follows=at == len(groups) - 1):
            groups[at].append(node)
            continue
        groups.append([node])
        if author:
            last_of[author] = len(groups) - 1
    return groups


def _continues(before: Node[M], after: Node[M], *, follows: bool) -> bool:
    one, other = before.message, after.message
    if one is None or other is None or one.created_at is None or other.created_at is None:
        return False
    if (other.created_at - one.created_at).total_seconds() > PART_MINUTES * 60:
        return False
    return follows or (_numbered(one.text) and _numbered(other.text))


def _numbered(text: str) -> bool:
    found = _PART.search(text)
    return found is not None and int(found[1]) <= int(found[2])


def _key_of(ordered: list[Node[M]], is_key: Callable[[str], bool] | None) -> str:
    messages = [node.message for node in ordered if node.message]
    given = [message.conversation_id for message in messages if message.conversation_id]
    names = [*given, *(node.external_id for node in ordered)]
    return next(filter(is_key, names), names[0]) if is_key else names[0]
