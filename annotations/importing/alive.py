"""A sign of life: a lock on a file, which the system frees when the process ends, however it ends. Pure."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


HELD = (BlockingIOError, PermissionError)
PATIENCE = 2.0  # seconds; who looks whether it is held, holds it for a moment


@contextlib.contextmanager
def alive(path: Path) -> Iterator[bool]:
    """Hold the lock while the block runs; False where another process holds it.

    Where the file system knows no locks, the block runs without.
    """
    with path.open("ab") as file:
        yield _held_in_time(file)


def is_alive(path: Path) -> bool | None:
    """Whether a process holds the lock; None where that cannot be known."""
    try:
        with path.open("rb+") as file:
            _lock(file)
    except FileNotFoundError:
        return False
    except HELD:
        return True
    except OSError:
        return None
    return False


def _held_in_time(file: IO[bytes]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            _lock(file)
        except HELD:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        except OSError:
            return True
        else:
            return True
