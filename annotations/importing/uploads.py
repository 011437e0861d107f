"""Files that wait to be imported: private, under names nobody can guess, gone after a day."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput
from ..models import ImportBatch, Study

KEPT = timedelta(days=1)
PREFIX = "import-"
LONGEST_NAME = 120
MOST_FILES = 20


class Upload(Protocol):
    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def receive(study: Study, uploads: Sequence[Upload], *, actor_id: int) -> ImportBatch:
    """Keep the files and make a batch to be looked at and confirmed. Raises BadInput."""
    remove_old()
    if not uploads:
        raise BadInput(_("No file was given; choose at least one."))
    if len(uploads) > MOST_FILES:
        raise BadInput(_("That is more than %(most)d files; put them in one zip.") % {"most": MOST_FILES})
    files: list[dict[str, Any]] = []
    try:
        for upload in uploads:
            files.append(keep(upload))
    except OSError as why:
        for file in files:
            path_of(file).unlink(missing_ok=True)
        raise BadInput(
            _("The file could not be kept (%(why)s); is the disk full?") % {"why": why.strerror}
        ) from why
    return ImportBatch.objects.create(study=study, created_by_id=actor_id, files=files)


def path_of(file: dict[str, Any]) -> Path:
    """Where a file of a batch lies."""
    return Path(settings.UPLOAD_DIR) / Path(file["path"]).name


def named_files(batch: ImportBatch) -> list[tuple[str, Path]]:
    """(name as people know it, path). Raises BadInput when a file is gone."""
    found = [(file["name"], path_of(file)) for file in batch.files if file.get("path")]
    if not found or not all(path.is_file() for _name, path in found):
        raise BadInput(_("The files are no longer there; they are kept for a day. Choose them again."))
    return found


def forget(batch: ImportBatch) -> None:
    """Delete the files of a batch."""
    for file in batch.files:
        if file.get("path"):
            path_of(file).unlink(missing_ok=True)


def remove_old() -> None:
    """Delete what was handed in more than a day ago; batches that wait for a person are closed."""
    before = time.time() - KEPT.total_seconds()
    for path in Path(settings.UPLOAD_DIR).glob(f"{PREFIX}*"):
        try:
            if path.stat().st_mtime < before:
                path.unlink()
        except OSError:
            continue  # somebody else was quicker
    ImportBatch.objects.filter(state=ImportBatch.State.PREVIEW, created_at__lt=timezone.now() - KEPT).update(
        state=ImportBatch.State.CANCELLED
    )


def keep(upload: Upload, *, prefix: str = PREFIX, ending: str = "") -> dict[str, Any]:
    """Store an upload under a name nobody can guess. Raises OSError; nothing is left then."""
    name = Path((upload.name or "").replace("\\", "/")).name[-LONGEST_NAME:] or "upload"
    path = Path(settings.UPLOAD_DIR) / f"{prefix}{secrets.token_hex(16)}{ending}"
    size = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in upload.chunks():
                size += file.write(chunk)
    except BaseException:  # such as a full disk: half a file is no use to anybody
        path.unlink(missing_ok=True)
        raise
    return {"name": name, "path": path.name, "bytes": size}
