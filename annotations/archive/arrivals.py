"""Archives handed in through the browser: opened with their passphrase at once, loaded in the background.

The passphrase is needed while the file comes in, and is kept nowhere.
"""

from __future__ import annotations

import os
import secrets
import time
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from ..common.jobs import Claim, Kind
from ..errors import BadInput
from ..models import Study, StudyArrival
from .load import Loaded, load_study
from .opened import told
from .sealed import unseal

State = StudyArrival.State
KEPT = timedelta(days=1)
PREFIX = "archive-"
MOST_IN_A_REQUEST = 300_000
"""Bytes; an archive this small is loaded in about two seconds."""


def receive(
    source: IO[bytes],
    *,
    name: str,
    passphrase: str,
    slug: str = "",
    matches_people: bool = False,
    supervises: bool = True,
    actor_id: int,
) -> StudyArrival:
    """Open the file and have it loaded. Raises BadInput; then nothing is left of it."""
    remove_old()
    path = Path(settings.UPLOAD_DIR) / f"{PREFIX}{secrets.token_hex(16)}.zip"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as target:
            unseal(source, target, passphrase)
        address = slug or told(path)["study"]["slug"]
        if Study.objects.filter(slug=address).exists():
            sentence = _("There is a study at the address “%(slug)s” already; give this one another address.")
            raise BadInput(sentence % {"slug": address})
        with transaction.atomic():
            row = StudyArrival.objects.create(
                given_by_id=actor_id,
                name=Path(name.replace("\\", "/")).name[-120:],
                file=path.name,
                slug=slug,
                matches_people=matches_people,
                supervises=supervises,
            )
            ARRIVALS.ask(row)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    _forget_in_time()
    if path.is_file() and path.stat().st_size <= MOST_IN_A_REQUEST:
        ARRIVALS.do_now(row)
    return row


def forget(row: StudyArrival) -> None:
    """Forget a file that waits, or stop loading it. A study that was loaded stays."""
    if row.state == State.RUNNING:
        ARRIVALS.stop(row.pk)
        return
    path = path_of(row) if row.file else None
    row.delete()
    if path:
        path.unlink(missing_ok=True)


def remove_old() -> None:
    """Forget what was handed in more than a day ago and never loaded."""
    old = StudyArrival.objects.filter(asked_at__lt=timezone.now() - KEPT)
    for row in old.exclude(state__in=[State.RUNNING, State.DONE]):
        forget(row)
    before = time.time() - KEPT.total_seconds()
    known = set(StudyArrival.objects.exclude(file="").values_list("file", flat=True))
    for path in Path(settings.UPLOAD_DIR).glob(f"{PREFIX}*"):
        if path.name not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def path_of(row: StudyArrival) -> Path:
    return Path(settings.UPLOAD_DIR) / Path(row.file).name


def _load(row: StudyArrival, claim: Claim[StudyArrival]) -> None:
    path = path_of(row)
    if not row.file or not path.is_file():
        raise BadInput(_("The file is no longer there; hand it in again."))

    def done(loaded: Loaded) -> None:
        claim.done(study=loaded.study, report=loaded.as_json(), file="")

    load_study(
        path,
        slug=row.slug,
        matches_people=row.matches_people,
        supervisor_id=row.given_by_id if row.supervises else None,
        actor_id=row.given_by_id,
        tell=claim.tell,
        at_end=done,
    )
    path.unlink(missing_ok=True)


def _of_no_use(row: StudyArrival) -> None:
    """A file that was refused, or taken back while it was loaded."""
    StudyArrival.objects.filter(pk=row.pk).update(file="")
    if row.file:
        path_of(row).unlink(missing_ok=True)


@task()
def load_archive(pk: int) -> None:
    ARRIVALS.run(pk)


@task()
def forget_archives() -> None:
    """Runs a day after each file was handed in; a visit to the page does the same."""
    remove_old()


def _forget_in_time() -> None:
    if forget_archives.get_backend().supports_defer:
        forget_archives.using(run_after=timezone.now() + KEPT).enqueue()


ARRIVALS = Kind(
    "archive",
    StudyArrival,
    _load,
    task=lambda: load_archive,
    failed=lambda: _("Loading the study stopped by an error in the program. Nothing was stored."),
    on_failure=_of_no_use,
    on_stop=lambda row, by: _of_no_use(row),
)
