"""Zip files of large exports: in a private folder, under names nobody can guess, gone after a day."""

from __future__ import annotations

import secrets
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ..models import ExportFile

State = ExportFile.State
KEPT = timedelta(days=1)


def folder() -> Path:
    path = Path(settings.EXPORT_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def new_name() -> str:
    """A name for a file that nobody can guess."""
    return f"{secrets.token_hex(16)}.zip"


def scratch_of(pk: int) -> Path:
    """Where an export is put together."""
    return folder() / f"export-{pk}"


def path_of(row: ExportFile) -> Path:
    return folder() / Path(row.file).name


@transaction.atomic
def remove(row: ExportFile) -> None:
    """The file and the row; the log keeps that it was made."""
    path = path_of(row) if row.file else None
    if row.state != State.RUNNING:
        shutil.rmtree(scratch_of(row.pk), ignore_errors=True)
    row.delete()
    if path:
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
