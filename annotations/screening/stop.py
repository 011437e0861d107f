"""PURE: where a search ends, from the positions of its finds alone. Who was quick plays no part.

Positions count from 1, the newest message first. The frame itself ends where the rule is a date or a number
of messages screened, so those two need nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence

FOUND, WITHOUT = "found", "without"


def stop_position(rule: str, target: int | None, finds: Sequence[int]) -> int | None:
    """The last position that counts, None while nothing says where the search ends.

    `finds`: positions of what was found, ascending. After so many finds the last of them is the end; after so
    many messages without a find the last of those, counted from the last find before them.

    >>> stop_position("found", 2, [3, 8, 9])
    8
    >>> stop_position("found", 4, [3, 8, 9])
    >>> stop_position("without", 5, [3, 8, 20])
    13
    """
    if target is None:
        return None
    if rule == FOUND:
        return finds[target - 1] if len(finds) >= target else None
    if rule == WITHOUT:
        last = 0
        for find in finds:
            if find - last > target:
                break
            last = find
        return last + target
    return None
