"""An import in the background: looked at, confirmed, waiting, running, done or failed.

The import writes in one transaction: all of it or nothing.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from ..common.jobs import Claim, JobStatus, Kind
from ..errors import BadInput
from ..models import Event, ImportBatch
from .store.commit import ImportChoices, Progress, import_named
from .uploads import forget, named_files

State = ImportBatch.State
# Reading takes about a third of the time, putting conversations together next to nothing.
PARTS = {"reading": (0.0, 0.35), "grouping": (0.35, 0.4), "waiting": (0.4, 0.4), "storing": (0.4, 1.0)}


@transaction.atomic
def confirm(batch_id: int, *, actor_id: int) -> ImportBatch:
    """Start the import of a batch that was looked at, or start again one that failed or was interrupted.

    Raises BadInput when it is under way or done already, or its files are gone.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state not in {State.PREVIEW, State.FAILED} and not standing(batch).is_stuck:
        raise BadInput(_("This import was started already."))
    named_files(batch)
    batch.confirmed_by_id = actor_id
    batch.save(update_fields=["confirmed_by"])
    IMPORTS.ask(batch)
    Event.objects.record("import.started", actor_id=actor_id, study_id=batch.study_id, subject=batch)
    return batch


def cancel(batch_id: int, *, actor_id: int) -> bool:
    """Give up a batch and delete its files; gives whether that is done already.

    One that is under way ends when its worker tells its progress next. Raises BadInput where it is over.
    """
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.state == State.RUNNING and not standing(batch).is_interrupted:
        IMPORTS.stop(batch_id, actor_id=actor_id)
        return False
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        is_free = batch.state in {State.PREVIEW, State.FAILED, State.WAITING}
        if not is_free and not standing(batch).is_interrupted:
            raise BadInput(_("This import is over; it cannot be given up any more."))
        ImportBatch.objects.filter(pk=batch_id).update(state=State.CANCELLED)
        _record_cancelled(batch, actor_id)
    return True


def _record_cancelled(batch: ImportBatch, actor_id: int | None) -> None:
    Event.objects.record("import.cancelled", actor_id=actor_id, study_id=batch.study_id, subject=batch)
    transaction.on_commit(lambda: forget(batch))
    transaction.on_commit(lambda: IMPORTS.forget(batch.pk))


def standing(batch: ImportBatch) -> JobStatus:
    """How far a waiting or running import is; its details: `phase` and `rows` read."""
    return IMPORTS.standing(batch)


@task()
def run_import(batch_id: int) -> None:
    IMPORTS.run(batch_id)


def _import(batch: ImportBatch, claim: Claim[ImportBatch]) -> None:
    def tell(progress: Progress) -> None:
        first, last = PARTS[progress.phase]
        share = first + (last - first) * (progress.share or 0.0)
        claim.tell(share, phase=progress.phase, rows=progress.rows)

    choices = ImportChoices(**batch.options) if batch.options else ImportChoices()
    files = named_files(batch)
    import_named(batch.study, files, choices, claim.locked, actor_id=batch.confirmed_by_id, on_progress=tell)
    forget(batch)


def _record_failure(batch: ImportBatch) -> None:
    Event.objects.record(
        "import.failed", actor_id=batch.confirmed_by_id, study_id=batch.study_id, subject=batch
    )


def _failed() -> str:
    why = _("The import stopped by an error in the program; nothing was stored.")
    todo = _("Try again, or ask the administrator to look at the server's log.")
    return f"{why} {todo}"


IMPORTS = Kind(
    "import",
    ImportBatch,
    _import,
    task=lambda: run_import,
    failed=_failed,
    on_failure=_record_failure,
    on_stop=_record_cancelled,
)
