"""Large exports in the background: asked for, waiting, running, ready for a day."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from ..common.jobs import Claim, Kind
from ..errors import BadInput
from ..models import Code, Event, ExportFile, Message, Study
from .archive import write_zip
from .kept import KEPT, State, folder, new_name, path_of, remove, remove_old, scratch_of

MOST_IN_A_REQUEST = 15_000
"""With fewer codes and messages a zip takes less than about two seconds and is given at once."""

Writer = Callable[[ExportFile, IO[bytes], Path, Claim[ExportFile]], None]
WRITERS: dict[str, Writer] = {}
"""Profile -> what writes its file, where that is another feature's: `archive.make` adds its own."""


def is_large(study: Study) -> bool:
    """Whether nobody should wait for an export of the whole study."""
    codes = Code.objects.filter(coding__assignment__round__study=study).order_by()[:MOST_IN_A_REQUEST].count()
    messages = Message.objects.filter(study=study).order_by()[:MOST_IN_A_REQUEST].count()
    return codes + messages >= MOST_IN_A_REQUEST


def ask(
    study: Study,
    *,
    profile: str,
    reason: str,
    actor_id: int,
    figures: bool = False,
    recipient: str = "",
    locked_key: str = "",
) -> ExportFile:
    """Have an export made; who asks again for one that is under way gets that one.

    `recipient`, `locked_key`: of an archive. Raises BadInput for a second one: each has a passphrase.
    """
    remove_old()
    same = ExportFile.objects.filter(study=study, asked_by_id=actor_id, profile=profile)
    under_way = same.filter(state__in=[State.WAITING, State.RUNNING])
    known = under_way.first()
    if known and EXPORTS.standing(known).is_stuck:
        take_back(known)
        known = None
    if known and recipient:
        raise BadInput(
            _("An archive is being made already, with the passphrase of then. Wait for it or take it back.")
        )
    if known:
        return known
    try:
        with transaction.atomic():
            row = ExportFile.objects.create(
                study=study,
                asked_by_id=actor_id,
                profile=profile,
                reason=reason,
                figures=figures,
                recipient=recipient,
                locked_key=locked_key,
            )
            EXPORTS.ask(row)
    except IntegrityError:  # asked twice at the same moment
        return under_way.get()
    return row


def take_back(row: ExportFile) -> None:
    """Delete the file; one that is being made is not finished."""
    remove(row)
    if row.state == State.RUNNING:
        EXPORTS.stop(row.pk)


@task()
def make_export(pk: int) -> None:
    EXPORTS.run(pk)
    _forget_in_time()


def _make(row: ExportFile, claim: Claim[ExportFile]) -> None:
    """Write the zip beside its parts, and keep it when it is whole; what a killed process left goes first."""
    scratch = scratch_of(row.pk)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    name, made = new_name(), scratch / "made.zip"
    try:
        with made.open("x+b") as file:
            made.chmod(0o600)
            WRITERS.get(row.profile, _write)(row, file, scratch, claim)
        made.replace(folder() / name)
        claim.done(file=name, bytes=(folder() / name).stat().st_size)
    except BaseException:
        (folder() / name).unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write(row: ExportFile, file: IO[bytes], scratch: Path, claim: Claim[ExportFile]) -> None:
    write_zip(
        row.study,
        file,
        profile=row.profile,
        reason=row.reason,
        actor_id=row.asked_by_id,
        figures=row.figures,
        scratch=scratch,
        on_share=claim.tell,
    )


EXPORTS = Kind(
    "export",
    ExportFile,
    _make,
    task=lambda: make_export,
    failed=lambda: _("The export stopped by an error in the program."),
    on_failure=lambda row: shutil.rmtree(scratch_of(row.pk), ignore_errors=True),
)


def opened(row: ExportFile, *, actor_id: int) -> Any:
    """The file, for who asked for it; the log says that it was taken. Raises ExportFile.DoesNotExist."""
    if row.state != State.DONE or not path_of(row).is_file():
        raise ExportFile.DoesNotExist
    Event.objects.record(
        "export.downloaded",
        actor_id=actor_id,
        study_id=row.study_id,
        subject=row,
        after={"profile": row.profile},
    )
    return path_of(row).open("rb")


@task()
def forget_exports() -> None:
    """Runs a day after each large export; a visit to the page does the same."""
    remove_old()


def _forget_in_time() -> None:
    if forget_exports.get_backend().supports_defer:
        forget_exports.using(run_after=timezone.now() + KEPT).enqueue()
