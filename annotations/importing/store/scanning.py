"""Scans texts on all cores, in the order they are handed in. Pure.

Every process is started afresh (`spawn`), as Windows and macOS do: nothing of a database connection is taken
along. Where no process can be started, or one dies, the same work is done here. When this process is killed,
they end by themselves.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from types import TracebackType
from typing import Self

from annotations.importing.store.detection import Detection, Found, scan

MOST_PROCESSES = 8
WORTH_A_POOL = 10_000  # messages; starting the processes takes a second or two

Texts = Sequence[tuple[str, str]]


class Scanner:
    """`submit` hands in texts and gives what will fetch their findings. Use as a context manager."""

    def __init__(self, how: Detection, messages: int, processes: int | None = None):
        self.how = how
        wanted = processes or min(os.cpu_count() or 1, MOST_PROCESSES)
        self._pool: ProcessPoolExecutor | None = None
        if wanted > 1 and (processes or messages >= WORTH_A_POOL):
            self._pool = ProcessPoolExecutor(
                wanted, mp_context=get_context("spawn"), initializer=_end_with_parent
            )
        self.ahead = wanted + 1 if self._pool else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def submit(self, texts: Texts) -> Callable[[], list[Found]]:
        """Raises what the detector raises when the findings are fetched."""
        if self._pool and texts:
            try:
                waiting = self._pool.submit(scan, texts, self.how)
            except (BrokenExecutor, OSError, RuntimeError):
                self._give_up()
            else:
                return lambda: self._fetch(waiting, texts)
        return lambda: scan(texts, self.how)

    def _fetch(self, waiting: Future[list[Found]], texts: Texts) -> list[Found]:
        try:
            return waiting.result()
        except (BrokenExecutor, OSError):
            self._give_up()
            return scan(texts, self.how)

    def _give_up(self) -> None:
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _end_with_parent() -> None:
    """Let this process end when the one that started it is gone; else it would wait for work for ever."""

    def wait() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
