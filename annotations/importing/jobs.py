"""An import in the background: confirmed, waiting, running, done or failed.

Progress is kept in a small file beside the upload, not in the database: the import writes in one transaction,
and nobody sees what stands in it before it ends. The process at work holds a lock beside it; when that is
free while the import counts as running, the process was stopped, and the import can be started again.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from ..errors import BadInput, WebcareError
from ..models import Event, ImportBatch
from .alive import alive, is_alive
from .store.commit import Choices, Progress, import_named
from .uploads import alive_path, forget, named_files, progress_path

State = ImportBatch.State
LONG = timedelta(minutes=3)  # to wait for a worker; to hear nothing, where locks tell nothing
TOLD_EVERY = 1.0  # seconds
# Reading takes about a third of the time, putting conversations together next to nothing.
PARTS = {"reading": (0.0, 0.35), "grouping": (0.35, 0.4), "storing": (0.4, 1.0)}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an import is; `seconds_left` is None while unknown.

    is_interrupted: the process that did it is gone. is_overdue: no worker took it up for minutes.
    """

    phase: str
    rows: int
    share: float
    rate: float
    seconds_left: float | None
    is_interrupted: bool = False
    is_overdue: bool = False


@transaction.atomic
def confirm(batch_id: int, *, actor_id: int) -> ImportBatch:
    """Start the import of a batch that was looked at, or start again one that failed or was interrupted.

    Raises BadInput when it is under way or done already, or its files are gone.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    now = standing(batch)
    if batch.state not in {State.PREVIEW, State.FAILED} and not (now.is_interrupted or now.is_overdue):
        raise BadInput(_("This import was started already."))
    named_files(batch)
    batch.state, batch.error, batch.started_at = State.WAITING, "", None
    batch.heartbeat_at = timezone.now()
    batch.save(update_fields=["state", "error", "started_at", "heartbeat_at"])
    progress_path(batch.pk).unlink(missing_ok=True)
    Event.objects.record("import.started", actor_id=actor_id, study_id=batch.study_id, subject=batch)
    language = translation.get_language() or "nl"
    transaction.on_commit(lambda: run_import.enqueue(batch_id, actor_id, language))
    return batch


@transaction.atomic
def cancel(batch_id: int, *, actor_id: int) -> None:
    """Give up a batch that is not under way, and delete its files. Raises BadInput."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    is_free = batch.state in {State.PREVIEW, State.FAILED, State.WAITING}
    if not is_free and not standing(batch).is_interrupted:
        raise BadInput(_("This import is under way or done; it cannot be given up any more."))
    batch.state = State.CANCELLED
    batch.save(update_fields=["state"])
    Event.objects.record("import.cancelled", actor_id=actor_id, study_id=batch.study_id, subject=batch)
    transaction.on_commit(lambda: forget(batch))


@task()
def run_import(batch_id: int, actor_id: int, language: str) -> None:
    """Do the import. What goes wrong is written to the batch, in the words of the person who started it."""
    with alive(alive_path(batch_id)) as is_mine:
        if is_mine:
            _run(batch_id, actor_id, language)


def _run(batch_id: int, actor_id: int, language: str) -> None:
    started = timezone.now()
    waiting = ImportBatch.objects.filter(pk=batch_id, state=State.WAITING)
    if not waiting.update(state=State.RUNNING, started_at=started, heartbeat_at=started):
        return  # given up, or another process was quicker
    batch = ImportBatch.objects.select_related("study").get(pk=batch_id)

    def still_ours() -> ImportBatch:
        mine = ImportBatch.objects.select_for_update().filter(
            pk=batch_id, state=State.RUNNING, started_at=started
        )
        found = mine.first()
        if found is None:
            raise BadInput(_("This import was started again in the meantime."))
        return found

    with translation.override(language):
        try:
            choices = Choices(**batch.options) if batch.options else Choices()
            import_named(
                batch.study,
                named_files(batch),
                choices,
                still_ours,
                actor_id=actor_id,
                on_progress=_teller(batch_id),
            )
        except WebcareError as refused:
            _fail(batch_id, started, str(refused), actor_id)
        except Exception as error:
            # Where it went wrong, but not the error's own words: a database quotes the row, with its text.
            place = "".join(traceback.format_tb(error.__traceback__))
            log.error("import %s failed: %s\n%s", batch_id, type(error).__name__, place)
            why = _("The import stopped by an error in the program; nothing was stored.")
            todo = _("Try again, or ask the administrator to look at the server's log.")
            _fail(batch_id, started, f"{why} {todo}", actor_id)
        else:
            forget(batch)


def standing(batch: ImportBatch) -> Standing:
    """How far a waiting or running import is."""
    now = time.time()
    try:
        told: dict[str, Any] = json.loads(progress_path(batch.pk).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = {}
    first, last = PARTS.get(told.get("phase", ""), (0.0, 0.0))
    share = first + (last - first) * (told.get("share") or 0.0)
    heard = told.get("at") or (batch.heartbeat_at.timestamp() if batch.heartbeat_at else now)
    passed = heard - told["since"] if told else 0.0
    left = passed / share * (1 - share) if share > 0.02 and passed > 2 else None
    rows = told.get("rows", 0)
    is_late = now - heard > LONG.total_seconds()
    return Standing(
        told.get("phase", ""),
        rows,
        share,
        rows / passed if passed > 1 else 0.0,
        left,
        is_interrupted=batch.state == State.RUNNING and _is_interrupted(batch.pk, is_late),
        is_overdue=batch.state == State.WAITING and is_late,
    )


def _is_interrupted(batch_id: int, is_late: bool) -> bool:
    """Whether nobody is at a running import. Looks at its state again: it may just have ended."""
    lives = is_alive(alive_path(batch_id))
    if lives or (lives is None and not is_late):
        return False
    return ImportBatch.objects.filter(pk=batch_id, state=State.RUNNING).exists()


def _teller(batch_id: int) -> Callable[[Progress], None]:
    """Writes progress down, at most once a second and when a phase begins; a failure to stops nothing."""
    path, since, last, phase = progress_path(batch_id), time.time(), 0.0, ""

    def tell(progress: Progress) -> None:
        nonlocal last, phase
        now = time.time()
        if now - last < TOLD_EVERY and progress.phase == phase:
            return
        last, phase = now, progress.phase
        told = {"phase": progress.phase, "rows": progress.rows, "share": progress.share}
        try:
            beside = path.with_suffix(".new")
            beside.write_text(json.dumps(told | {"since": since, "at": now}), encoding="utf-8")
            beside.replace(path)
        except OSError:
            log.warning("the progress of import %s could not be written down", batch_id)

    return tell


def _fail(batch_id: int, started: Any, why: str, actor_id: int) -> None:
    mine = ImportBatch.objects.filter(pk=batch_id, state=State.RUNNING, started_at=started)
    if mine.update(state=State.FAILED, error=why, finished_at=timezone.now()):
        batch = ImportBatch.objects.get(pk=batch_id)
        Event.objects.record("import.failed", actor_id=actor_id, study_id=batch.study_id, subject=batch)
