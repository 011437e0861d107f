"""Large exports in the background: asked for, waiting, running, ready for a day."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from ..common.progress import teller
from ..models import Code, Event, ExportFile, Message, Study
from .archive import write_zip
from .kept import KEPT, State, folder, new_file, path_of, progress_path, remove, remove_old, standing_of

AT_ONCE = 15_000
"""With fewer codes and messages a zip takes less than about two seconds and is given at once."""

log = logging.getLogger(__name__)


def is_large(study: Study) -> bool:
    """Whether nobody should wait for an export of the whole study."""
    codes = Code.objects.filter(coding__assignment__round__study=study).order_by()[:AT_ONCE].count()
    messages = Message.objects.filter(study=study).order_by()[:AT_ONCE].count()
    return codes + messages >= AT_ONCE


def ask(study: Study, *, profile: str, excel: bool, reason: str, actor_id: int) -> ExportFile:
    """Have an export made; who asks again for one that is under way gets that one."""
    remove_old()
    same = ExportFile.objects.filter(study=study, asked_by_id=actor_id, profile=profile, excel=excel)
    under_way = same.filter(state__in=[State.WAITING, State.RUNNING])
    known = under_way.first()
    if known and known.state == State.RUNNING and standing_of(known).is_silent:
        remove(known)
        known = None
    if known:
        return known
    try:
        with transaction.atomic():
            row = ExportFile.objects.create(
                study=study, asked_by_id=actor_id, profile=profile, excel=excel, reason=reason
            )
            transaction.on_commit(lambda: make_export.enqueue(row.pk))
    except IntegrityError:  # asked twice at the same moment
        return under_way.get()
    return row


@task()
def make_export(pk: int) -> None:
    """Write the zip; what goes wrong is written to the row and, without its words, to the log."""
    started = timezone.now()
    if not ExportFile.objects.filter(pk=pk, state=State.WAITING).update(
        state=State.RUNNING, started_at=started
    ):
        return  # taken back, or another process was quicker
    row = ExportFile.objects.select_related("study__codebook_version__codebook").get(pk=pk)
    mine = ExportFile.objects.filter(pk=pk, state=State.RUNNING, started_at=started)
    name, file = new_file()
    try:
        with file:
            write_zip(
                row.study,
                file,
                profile=row.profile,
                excel=row.excel,
                reason=row.reason,
                actor_id=row.asked_by_id,
                scratch=folder(),
                on_share=teller(progress_path(pk)),
            )
        size = (folder() / name).stat().st_size
        if not mine.update(state=State.DONE, file=name, bytes=size, finished_at=timezone.now()):
            (folder() / name).unlink(missing_ok=True)  # taken back in the meantime
    except Exception as error:
        (folder() / name).unlink(missing_ok=True)
        mine.update(state=State.FAILED, finished_at=timezone.now())
        place = "".join(traceback.format_tb(error.__traceback__))
        log.error("export %s failed: %s\n%s", pk, type(error).__name__, place)
    _forget_in_time()


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
