"""How much of a file may be read for a look at it: bytes and seconds that every reader keeps.

with budget(seconds=8, size=64 << 20):
    ...  # what reads calls `spend`; where it is too much, OverBudget

Without a budget there is no end to reading: an import may take its time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


class OverBudget(Exception):
    """More was read, or it took longer, than a look at a file may."""


@dataclass(slots=True)
class _Budget:
    left: int
    until: float


_current: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def budget(*, seconds: float, size: int) -> Iterator[None]:
    before = _current.set(_Budget(size, time.monotonic() + seconds))
    try:
        yield
    finally:
        _current.reset(before)


def spend(size: int = 0) -> None:
    """Called by whatever reads, with the bytes it read. Raises OverBudget."""
    current = _current.get()
    if current is not None:
        current.left -= size
        if current.left < 0 or time.monotonic() > current.until:
            raise OverBudget


def seconds_left() -> float:
    """Infinite where there is no budget."""
    current = _current.get()
    return float("inf") if current is None else max(0.0, current.until - time.monotonic())


def bytes_left() -> int | None:
    current = _current.get()
    return None if current is None else max(0, current.left)
