"""Messages to conversations. Pure: no Django, nothing of `annotations`.

Two steps, so that four million messages fit a small memory:

1. `ThreadIndex` takes id, parent, conversation id and time of every message as numbers (some 28 bytes a
message) and
   says which messages belong to one conversation: those joined by "answers", and the trees that bear the same
   conversation id. Where a conversation id contradicts an answer, the answer decides.
2. `arrange` takes the messages of one conversation and puts them in reading order: depth first, siblings by
time and
   then by id, never in the order of the file. Parents that are missing become placeholders, shared by their
   children; a ring of answers is cut at its oldest message.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Generic, Protocol, TypeVar

import numpy as np

PART_MINUTES = 10
_PART = re.compile(r"(?<!\d)(\d)\s?/\s?(\d)(?!\d)")
_HASHED = 1 << 63


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


def fingerprint(identifier: str) -> int:
    """An id as 64 bits: a whole number as itself, anything else as a hash with the highest bit set; never
    0.
    """
    if identifier.isdecimal() and identifier.isascii() and identifier[0] != "0" and len(identifier) <= 19:
        number = int(identifier)
        if number < _HASHED:
            return number
    return (
        int.from_bytes(blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=8).digest()) | _HASHED
    )


@dataclass(slots=True)
class Grouping:
    """Which rows make up each conversation.

    `contradictions` holds row numbers; `left_out` counts the rows of conversations that hold nothing but
    supporting rows; `duplicates` counts collected rows whose id another collected row has.
    """

    rows: np.ndarray
    starts: np.ndarray
    keys: np.ndarray
    contradictions: list[int]
    duplicates: int
    left_out: int

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[tuple[int, list[int]]]:
        """(fingerprint of the conversation's key, its rows), by the time of the first message."""
        ends = np.append(self.starts[1:], len(self.rows))[: len(self.keys)]
        for key, start, end in zip(self.keys, self.starts, ends, strict=True):
            yield int(key), self.rows[start:end].tolist()


class ThreadIndex:
    """Collects what is needed to group messages, in the order they are read."""

    def __init__(self) -> None:
        self._ids, self._parents, self._conversations = array("Q"), array("Q"), array("Q")
        self._times = array("I")
        self._supporting = bytearray()
        self._aliases: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(
        self,
        identifier: str,
        parent: str | None = None,
        conversation: str | None = None,
        seconds: int = 0,
        *,
        aliases: Sequence[str] = (),
        supporting: bool = False,
    ) -> int:
        """Add a message; seconds are Unix time, 0 where unknown. Returns its row number."""
        own = fingerprint(identifier)
        self._ids.append(own)
        self._parents.append(fingerprint(parent) if parent else 0)
        self._conversations.append(fingerprint(conversation) if conversation else 0)
        self._times.append(min(max(seconds, 0), 0xFFFFFFFF))
        self._supporting.append(supporting)
        for other in aliases:
            if (key := fingerprint(other)) != own:
                self._aliases[key] = own
        return len(self._ids) - 1

    def group(self, choose: Callable[[list[int]], int]) -> Grouping:
        """Rows to conversations. `choose` says which of several rows with the same id is kept."""
        ids, parents, conversations = (
            self._resolved(one) for one in (self._ids, self._parents, self._conversations)
        )
        kept = _without_duplicates(ids, choose)
        ids = ids[kept]
        tree, root_keys = _trees(ids, parents[kept])
        keys, contradictions = self._keys(kept, ids, tree, root_keys, parents, conversations)
        return self._grouped(kept, keys, contradictions)

    def _resolved(self, values: array) -> np.ndarray:
        found = np.frombuffer(values, dtype=np.uint64) if len(values) else np.zeros(0, np.uint64)
        if not self._aliases:
            return found
        old = np.array(sorted(self._aliases), dtype=np.uint64)
        new = np.array([self._newest(int(one)) for one in old], dtype=np.uint64)
        at = np.minimum(np.searchsorted(old, found), len(old) - 1)
        return np.where(old[at] == found, new[at], found)

    def _newest(self, key: int) -> int:
        seen = {key}
        while (after := self._aliases.get(key)) is not None and after not in seen:
            seen.add(after)
            key = after
        return key

    def _keys(
        self,
        kept: np.ndarray,
        ids: np.ndarray,
        tree: np.ndarray,
        root_keys: np.ndarray,
        parents: np.ndarray,
        conversations: np.ndarray,
    ) -> tuple[np.ndarray, list[int]]:
        """The key of each kept row's conversation: its tree's conversation id, else the id of the tree's
        root.

        A tree's conversation id is that of its root, else of its earliest message that has one.
        """
        tree_key = root_keys.copy()
        given = conversations[kept]
        bearing = np.flatnonzero(given)
        if not len(bearing):
            return tree_key[tree], []
        times = np.frombuffer(self._times, dtype=np.uint32)[kept][bearing]
        inner = (parents[kept][bearing] != 0).astype(np.uint8)
        order = bearing[np.lexsort((ids[bearing], times, inner, tree[bearing]))]
        trees, first = np.unique(tree[order], return_index=True)
        tree_key[trees] = given[order[first]]
        keys = tree_key[tree]
        return keys, kept[bearing[given[bearing] != keys[bearing]]].tolist()

    def _grouped(self, kept: np.ndarray, keys: np.ndarray, contradictions: list[int]) -> Grouping:
        if not len(kept):
            return Grouping(kept, kept, kept, [], 0, 0)
        times = np.frombuffer(self._times, dtype=np.uint32)[kept]
        supporting = np.frombuffer(self._supporting, dtype=np.uint8)[kept]
        collected = len(self) - sum(self._supporting)
        duplicates = collected - (len(kept) - int(supporting.sum()))
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        lengths = np.diff(np.append(starts, len(keys)))
        # A time of 0 is unknown: it wraps to the highest value, so that it sorts last.
        earliest = np.minimum.reduceat(times[order] - np.uint32(1), starts)
        wanted = np.minimum.reduceat(supporting[order], starts) == 0
        at = np.lexsort((keys[starts], earliest))
        at = at[wanted[at]]
        sizes = lengths[at]
        offsets = np.concatenate(([0], np.cumsum(sizes)[:-1])) if len(at) else np.zeros(0, np.int64)
        take = np.repeat(starts[at] - offsets, sizes) + np.arange(int(sizes.sum()))
        left_out = int(lengths[~wanted].sum())
        return Grouping(kept[order[take]], offsets, keys[starts[at]], contradictions, duplicates, left_out)


def _without_duplicates(ids: np.ndarray, choose: Callable[[list[int]], int]) -> np.ndarray:
    """Row numbers to keep, sorted by id: one for each id."""
    order = np.argsort(ids, kind="stable")
    if not len(order):
        return order
    ordered = ids[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    kept = order[starts]
    lengths = np.diff(np.append(starts, len(ordered)))
    for group in np.flatnonzero(lengths > 1):
        kept[group] = choose(order[starts[group] : starts[group] + lengths[group]].tolist())
    return kept


def _trees(ids: np.ndarray, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For messages sorted by id: the number of each one's tree, and per number the key of its root.

    A parent that is missing is a node of its own, so that its children share a tree. A ring of answers has
    the lowest id of the ring as its root here; where it is cut is up to `arrange`.
    """
    count = len(ids)
    missing = np.setdiff1d(parents[parents != 0], ids)
    nodes = np.concatenate((ids, missing))
    up = np.arange(len(nodes), dtype=np.int32)
    has = np.flatnonzero(parents)
    at = np.minimum(np.searchsorted(ids, parents[has]), max(count - 1, 0))
    inside = ids[at] == parents[has]
    up[has] = np.where(inside, at, count + np.searchsorted(missing, parents[has])).astype(np.int32)
    direct = up.copy()
    for _ in range(max(len(nodes), 2).bit_length()):  # each round doubles the distance walked
        further = up[up]
        if np.array_equal(further, up):
            break
        up = further
    _settle_rings(up, direct)
    return up[:count], nodes


def _settle_rings(up: np.ndarray, direct: np.ndarray) -> None:
    """Give the members of a ring, and all that hang on it, one and the same root."""
    on_ring = np.unique(up[direct[up] != up])
    lowest: dict[int, int] = {}
    for start in on_ring.tolist():
        if start not in lowest:
            ring, node = [start], int(direct[start])
            while node != start:
                ring.append(node)
                node = int(direct[node])
            lowest.update(dict.fromkeys(ring, min(ring)))
    if lowest:
        names = np.array(sorted(lowest), dtype=np.int32)
        roots = np.array([lowest[int(one)] for one in names], dtype=np.int32)
        at = np.minimum(np.searchsorted(names, up), len(names) - 1)
        np.copyto(up, np.where(names[at] == up, roots[at], up))


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


def arrange(messages: Sequence[M], key: int | None = None) -> Thread[M]:
    """The messages of one conversation (ids unique) in reading order; `key` is the fingerprint that grouped
    them.
    """
    nodes = {one.external_id: Node(one.external_id, one) for one in messages}
    known = {other: one.external_id for one in messages for other in one.aliases if other not in nodes}
    placeholders: dict[str, Node[M]] = {}
    orphans = 0
    for one in messages:
        if not one.parent_id:
            continue
        wanted = known.get(one.parent_id, one.parent_id)
        parent = nodes.get(wanted)
        if parent is None:
            orphans += 1
            parent = placeholders.setdefault(wanted, Node(wanted, None))
        nodes[one.external_id].parent = parent
    cut = _cut_rings(list(nodes.values()))
    everything = list(nodes.values()) + list(placeholders.values())
    for node in everything:
        if node.parent is not None:
            node.parent.children.append(node)
    ordered = _reading_order([node for node in everything if node.parent is None])
    branches = sum(len(node.children) > 1 for node in ordered)
    name = _key_of(ordered, key)
    return Thread(name, ordered, len(placeholders), orphans, branches, cut)


def _cut_rings(nodes: list[Node[M]]) -> list[str]:
    """Take the parent from the oldest message of every ring; a message that answers itself is a ring of
    one.
    """
    cut, done = [], set()
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
        one.message.created_at for one in placeholder.children if one.message and one.message.created_at
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


def _key_of(ordered: list[Node[M]], key: int | None) -> str:
    """The conversation's key as text: the conversation id of its first message that has one, else its
    root's id.
    """
    given = [
        node.message.conversation_id for node in ordered if node.message and node.message.conversation_id
    ]
    if key is not None:
        for name in [*given, *(node.external_id for node in ordered)]:
            if fingerprint(name) == key:
                return name
    return given[0] if given else ordered[0].external_id
