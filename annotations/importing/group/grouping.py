"""Which messages belong to one conversation. Pure: no Django, nothing of `annotations`.

Ids, parents, conversation ids and times of all messages are held as numbers, some 28 bytes a message, so that
four million messages fit a small memory. Messages joined by "answers" belong together, and so do the trees
that bear the same conversation id. Where a conversation id contradicts an answer, the answer decides.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import repeat

import numpy as np

_HASHED = 1 << 63


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
        return len(self._times)

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
        if conversation:
            self._conversations.extend(repeat(0, len(self._times) - len(self._conversations)))
            self._conversations.append(fingerprint(conversation))
        self._times.append(min(max(seconds, 0), 0xFFFFFFFF))
        self._supporting.append(supporting)
        for other in aliases:
            if (key := fingerprint(other)) != own:
                self._aliases[key] = own
        return len(self._times) - 1

    def group(self, choose: Callable[[list[int]], int]) -> Grouping:
        """Rows to conversations; call once. `choose` says which of several rows with the same id is kept.

        What is no longer needed is let go at once: at four million messages each array is 32 MB.
        """
        ids = self._resolved(self._ids)
        self._ids = array("Q")
        kept = _without_duplicates(ids, choose)
        ids = ids[kept]
        parents = self._resolved(self._parents)[kept]
        self._parents = array("Q")
        tree, root_keys = _trees(ids, parents)
        inner = parents != 0
        del parents
        given = self._resolved(self._conversations)
        if not len(given):
            del ids, inner
            return self._grouped(kept, root_keys[tree], [])
        given = np.pad(given, (0, len(self) - len(given)))[kept]
        self._conversations = array("Q")
        keys, contradictions = self._keys(kept, ids, tree, root_keys, inner, given)
        del ids, tree, root_keys, inner, given
        return self._grouped(kept, keys, contradictions)

    def _resolved(self, values: array) -> np.ndarray:
        found = np.frombuffer(values, dtype=np.uint64) if len(values) else np.zeros(0, np.uint64)
        if not self._aliases:
            return found
        old = np.array(sorted(self._aliases), dtype=np.uint64)
        new = np.array([self._newest(int(number)) for number in old], dtype=np.uint64)
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
        tree_key: np.ndarray,
        inner: np.ndarray,
        given: np.ndarray,
    ) -> tuple[np.ndarray, list[int]]:
        """The key of each row's conversation: the conversation id of its tree, else the id of its root.

        A tree's conversation id is that of its root, else of its earliest message that has one. `inner` says
        which rows answer another; `given` holds their own conversation ids, 0 for none.
        """
        bearing = np.flatnonzero(given)
        times = np.frombuffer(self._times, dtype=np.uint32)[kept[bearing]]
        order = bearing[np.lexsort((ids[bearing], times, inner[bearing], tree[bearing]))]
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
        order = np.argsort(keys, kind="stable").astype(np.int32)
        keys = keys[order]
        starts = _runs(keys)
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
    order = np.argsort(ids, kind="stable").astype(np.int32)
    ordered = ids[order]
    if not len(order) or not np.any(ordered[1:] == ordered[:-1]):
        return order
    starts = _runs(ordered)
    kept = order[starts]
    lengths = np.diff(np.append(starts, len(ordered)))
    for group in np.flatnonzero(lengths > 1):
        kept[group] = choose(order[starts[group] : starts[group] + lengths[group]].tolist())
    return kept


def _runs(ordered: np.ndarray) -> np.ndarray:
    """Where each run of equal values starts."""
    return np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1))


def _trees(ids: np.ndarray, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For messages sorted by id: the number of each one's tree, and per number the key of its root.

    A parent that is missing is a node of its own, so that its children share a tree. A ring of answers has
    the lowest id of the ring as its root here; where it is cut is up to `arrange`.
    """
    count = len(ids)
    has = np.flatnonzero(parents).astype(np.int32)
    answered = parents[has]
    at = np.minimum(np.searchsorted(ids, answered), max(count - 1, 0)).astype(np.int32)
    outside = np.flatnonzero(ids[at] != answered)
    missing, number = np.unique(answered[outside], return_inverse=True)
    at[outside] = count + number
    del answered, outside
    nodes = np.concatenate((ids, missing))
    up = np.arange(len(nodes), dtype=np.int32)
    up[has] = at
    del has, at
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
        roots = np.array([lowest[int(number)] for number in names], dtype=np.int32)
        at = np.minimum(np.searchsorted(names, up), len(names) - 1)
        np.copyto(up, np.where(names[at] == up, roots[at], up))
