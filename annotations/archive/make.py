"""A study as a sealed file: for the browser in the background, and for the command."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from ..common.jobs import Claim
from ..common.progress import Tell
from ..errors import BadInput
from ..exporting.jobs import WRITERS
from ..exporting.kept import folder
from ..models import Event, ExportFile, Study
from .sealed import Lock, new_lock, seal
from .write import write_study

SEALING = 0.1
"""The share of the time that sealing takes."""


def write_archive(
    study: Study,
    target: IO[bytes],
    lock: Lock,
    *,
    reason: str,
    actor_id: int | None,
    scratch: Path | None = None,
    tell: Tell | None = None,
) -> dict[str, Any]:
    """Write the sealed file; gives what is in it. The open one lies in `scratch` meanwhile, and goes."""
    check_reason(reason)
    with tempfile.TemporaryFile(dir=scratch or folder()) as whole:
        manifest = write_study(study, whole, tell=lambda share: tell((1 - SEALING) * share) if tell else None)
        whole.seek(0)
        seal(whole, target, lock)
    Event.objects.record(
        "archive.made",
        actor_id=actor_id,
        study_id=study.pk,
        subject=study,
        after={"reason": reason, "rows": sum(entry.get("rows", 0) for entry in manifest["members"])},
    )
    return manifest


def make_archive(
    study: Study, path: Path, passphrase: str, *, reason: str, actor_id: int | None
) -> dict[str, Any]:
    """Write a file that is not there yet, for its owner only. Raises BadInput; then nothing is left."""
    check_reason(reason)
    lock = new_lock(passphrase)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        raise BadInput(_("%(file)s is there already; name a new file.") % {"file": path}) from None
    except OSError as problem:
        raise BadInput(
            _("%(file)s cannot be written (%(why)s).") % {"file": path, "why": problem.strerror}
        ) from None
    try:
        with os.fdopen(handle, "w+b") as file:
            return write_archive(study, file, lock, reason=reason, actor_id=actor_id)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _in_background(row: ExportFile, file: IO[bytes], scratch: Path, claim: Claim[ExportFile]) -> None:
    write_archive(
        row.study,
        file,
        Lock(row.recipient, row.locked_key),
        reason=row.reason,
        actor_id=row.asked_by_id,
        scratch=scratch,
        tell=claim.tell,
    )


def check_reason(reason: str) -> None:
    """Raises BadInput."""
    if not reason.strip():
        raise BadInput(_("An archive holds everything: say why you make it; it goes into the log."))


WRITERS[ExportFile.ARCHIVE] = _in_background
