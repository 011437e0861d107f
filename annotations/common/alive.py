"""A sign of life: a lock on a file, which the system frees when the process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
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
    """Hold the lock while the block runs, and delete the file; False where another process holds it.

    Where the file system knows no locks, the block runs without.
    """
    file = _held_in_time(path)
    try:
        yield file is not None
    finally:
        if file is not None:
            with contextlib.suppress(OSError):  # Windows keeps a file that is open
                path.unlink()
            file.close()


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


def _held_in_time(path: Path) -> IO[bytes] | None:
    deadline = time.monotonic() + PATIENCE
    while True:
        file = path.open("ab")
        try:
            _lock(file)
        except HELD:
            file.close()
            if time.monotonic() > deadline:
                return None
            time.sleep(0.05)
        except OSError:
            return file
        else:
            if _is_still_there(file, path):
                return file
            file.close()  # who held it before has deleted it: nobody would see this lock


def _is_still_there(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
