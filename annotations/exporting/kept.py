"""Zip files of large exports: in a private folder, under names nobody can guess, gone after a day."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ..models import ExportFile

State = ExportFile.State
KEPT = timedelta(days=1)
SILENT = timedelta(minutes=3)
TOLD_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an export is; `seconds_left` is None while unknown, `is_silent`: nothing was heard of it."""

    share: float
    seconds_left: float | None
    is_silent: bool


def folder() -> Path:
    path = Path(settings.EXPORT_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def new_file() -> tuple[str, IO[bytes]]:
    """A name and the file, open for writing, for its owner only."""
    name = f"{secrets.token_hex(16)}.zip"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return name, os.fdopen(os.open(folder() / name, flags, 0o600), "w+b")


def path_of(row: ExportFile) -> Path:
    return folder() / Path(row.file).name


@transaction.atomic
def remove(row: ExportFile) -> None:
    """The file and the row; the log keeps that it was made."""
    paths = [_progress_path(row.pk), *([path_of(row)] if row.file else [])]
    row.delete()
    for path in paths:
        transaction.on_commit(partial(path.unlink, missing_ok=True))


def remove_old() -> None:
    """Delete what is older than a day: rows with their files, and what a stopped process left behind."""
    before = timezone.now() - KEPT
    old = Q(finished_at__lt=before) | Q(finished_at=None, asked_at__lt=before)
    for row in ExportFile.objects.filter(old):
        remove(row)
    known = set(ExportFile.objects.exclude(file="").values_list("file", flat=True))
    for path in folder().iterdir():
        try:
            if path.name not in known and path.stat().st_mtime < before.timestamp():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError:
            continue  # somebody else was quicker


def standing(row: ExportFile) -> Standing:
    """How far a waiting or running export is."""
    now = time.time()
    try:
        told: dict[str, Any] = json.loads(_progress_path(row.pk).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = {}
    share = told.get("share", 0.0)
    heard = told.get("at") or (row.started_at or row.asked_at).timestamp()
    passed = heard - told["since"] if told else 0.0
    left = passed / share * (1 - share) if share > 0.02 and passed > 2 else None
    return Standing(share, left, row.state == State.RUNNING and now - heard > SILENT.total_seconds())


def teller(pk: int) -> Callable[[float], None]:
    """Writes the share done to a file, at most once a second: while it reads, an export writes no rows."""
    path, since, last = _progress_path(pk), time.time(), 0.0

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


def _progress_path(pk: int) -> Path:
    return folder() / f"progress-{pk}.json"
