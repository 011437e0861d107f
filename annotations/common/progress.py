"""How far long work is, in a small file: what works in one transaction can tell in no other way.

The file is also the sign of life of the process at work.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SILENT = timedelta(minutes=3)
TOLD_EVERY = 1.0  # seconds

Tell = Callable[[float], None]
"""Hears the share that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`seconds_left` is None while unknown, `is_silent`: nothing was heard of work that was begun."""

    share: float
    seconds_left: float | None
    is_silent: bool


def teller(path: Path) -> Tell:
    """Writes the share done to the file, at most once a second."""
    since, last = time.time(), 0.0

    def tell(share: float) -> None:
        nonlocal last
        now = time.time()
        if now - last < TOLD_EVERY:
            return
        last = now
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps({"share": share, "since": since, "at": now}), encoding="utf-8")
        beside.replace(path)

    return tell


def standing(path: Path, started_at: datetime | None) -> Standing:
    """What the file says; `started_at` is None while the work waits."""
    now = time.time()
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = {}
    share = told.get("share", 0.0)
    heard = told.get("at") or (started_at.timestamp() if started_at else now)
    passed = heard - told["since"] if told else 0.0
    left = passed / share * (1 - share) if share > 0.02 and passed > 2 else None
    return Standing(share, left, started_at is not None and now - heard > SILENT.total_seconds())
