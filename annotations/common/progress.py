"""How far long work is, in a small file: what works in one transaction can tell in no other way."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOLD_EVERY = 1.0  # seconds

Tell = Callable[[float], None]
"""Hears the share that is done, 0 to 1."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """What was told last. `at` and `since`: seconds of the epoch, None where nothing was told yet."""

    share: float = 0.0
    since: float | None = None
    at: float | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long the work took until then."""
        return self.at - self.since if self.at is not None and self.since is not None else 0.0

    @property
    def seconds_left(self) -> float | None:
        """None while too little was done to tell."""
        return (
            self.seconds / self.share * (1 - self.share) if self.share > 0.02 and self.seconds > 2 else None
        )


class Teller:
    """Writes progress to a file, at most once a second and when a phase begins; failing to stops nothing."""

    def __init__(self, path: Path) -> None:
        self._path, self._since, self._last, self._phase = path, time.time(), 0.0, ""

    def __call__(self, share: float, *, phase: str = "", **details: Any) -> bool:
        """Gives whether it was time to tell."""
        now = time.time()
        if now - self._last < TOLD_EVERY and phase == self._phase:
            return False
        self._last, self._phase = now, phase
        told = {"share": share, "since": self._since, "at": now, "details": {"phase": phase, **details}}
        try:
            beside = self._path.with_suffix(".new")
            beside.write_text(json.dumps(told), encoding="utf-8")
            beside.replace(self._path)
        except OSError:
            log.warning("progress could not be written to %s", self._path.name)
        return True


def read(path: Path) -> Progress:
    try:
        return Progress(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Progress()
