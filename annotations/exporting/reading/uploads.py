"""Files of codings handed in through the browser: kept, looked at, stored or taken back."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from ...common.jobs import Claim, Kind
from ...errors import BadInput
from ...importing.uploads import Upload, keep
from ...models import CodingsUpload, Study
from .codings import import_codings
from .elsewhere.storing import look_at
from .elsewhere.storing import store as store_dataset
from .recognising import is_of_codings

State = CodingsUpload.State
Holds = CodingsUpload.Holds
KEPT = timedelta(days=1)
PREFIX = "codings-"
ENDINGS = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".sav", ".zsav", ".dta", ".qdpx")
MOST_WARNINGS = 50
MOST_IN_A_REQUEST = 200_000
"""Bytes; a file of codings this small is read in about a second."""


def receive(
    study: Study, upload: Upload, *, round_name: str = "", create_coders: bool = False, actor_id: int
) -> CodingsUpload:
    """Keep the file and have it looked at. Raises BadInput."""
    remove_old()
    name = Path((upload.name or "").replace("\\", "/")).name[-120:]
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        sentence = _("%(file)s: choose a file with one of the endings %(endings)s.")
        raise BadInput(sentence % {"file": name, "endings": ", ".join(ENDINGS)})
    try:
        kept = keep(upload, prefix=PREFIX, ending=ending)["path"]
    except OSError as why:
        sentence = _("The file could not be kept (%(why)s); is the disk full?")
        raise BadInput(sentence % {"why": why.strerror}) from why
    with transaction.atomic():
        row = CodingsUpload.objects.create(
            study=study,
            given_by_id=actor_id,
            name=name,
            file=kept,
            round_name=round_name,
            create_coders=create_coders,
        )
        UPLOADS.ask(row)
    _forget_in_time()
    _at_once(row)
    return row


def store(row: CodingsUpload) -> None:
    """Have the file stored as it was looked at. Raises BadInput where that cannot be any more."""
    with transaction.atomic():
        mine = CodingsUpload.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if mine.is_wanted or mine.state != State.DONE or not mine.file:
            raise BadInput(_("This file cannot be stored any more; hand it in again."))
        if mine.report.get("problems") or mine.report.get("new"):
            raise BadInput(_("This file cannot be stored yet; the page says what stands in the way."))
        mine.is_wanted = True
        mine.save(update_fields=["is_wanted"])
        UPLOADS.ask(mine)
    _at_once(mine)


def take_back(row: CodingsUpload) -> None:
    """Forget a file; one that is being looked at is given up. What was stored stays."""
    UPLOADS.stop(row.pk)
    path = path_of(row) if row.file else None
    row.delete()
    if path:
        path.unlink(missing_ok=True)


def remove_old() -> None:
    """Forget what was handed in more than a day ago and not stored; what was stored is in the log."""
    for row in CodingsUpload.objects.filter(asked_at__lt=timezone.now() - KEPT).exclude(state=State.RUNNING):
        take_back(row)
    before = time.time() - KEPT.total_seconds()
    known = set(CodingsUpload.objects.exclude(file="").values_list("file", flat=True))
    for path in Path(settings.UPLOAD_DIR).glob(f"{PREFIX}*"):
        if path.name not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def path_of(row: CodingsUpload) -> Path:
    return Path(settings.UPLOAD_DIR) / Path(row.file).name


def _at_once(row: CodingsUpload) -> None:
    """Nobody waits for the worker where there is little to do."""
    if path_of(row).stat().st_size <= MOST_IN_A_REQUEST:
        UPLOADS.do_now(row)


def choose(row: CodingsUpload, choices: dict[str, Any]) -> None:
    """What the columns of a dataset hold; it is looked at again. Raises BadInput."""
    with transaction.atomic():
        mine = CodingsUpload.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if mine.is_wanted or mine.holds != Holds.DATASET or mine.state != State.DONE or not mine.file:
            raise BadInput(_("This file cannot be changed any more; hand it in again."))
        mine.choices = choices
        mine.save(update_fields=["choices"])
        UPLOADS.ask(mine)
    _at_once(mine)


def _work(row: CodingsUpload, claim: Claim[CodingsUpload]) -> None:
    """Looking reads only, so that nobody who writes has to wait for it."""
    path = path_of(row)
    if not row.file or not path.is_file():
        raise BadInput(_("The file is no longer there; hand it in again."))
    holds = row.holds or (Holds.CODINGS if is_of_codings(path, row.name) else Holds.DATASET)
    if not row.is_wanted:
        report = _read(row, path, dry_run=True) if holds == Holds.CODINGS else _look(row, path)
        claim.done(report=report, holds=holds)
        return
    with transaction.atomic():
        report = _read(row, path, dry_run=False) if holds == Holds.CODINGS else _store_dataset(row, path)
        claim.done(report=report, file="", stored_at=timezone.now())
    path.unlink(missing_ok=True)


def _read(row: CodingsUpload, path: Path, *, dry_run: bool) -> dict[str, Any]:
    found = import_codings(
        row.study,
        path,
        round_name=row.round_name or None,
        create_coders=row.create_coders,
        actor_id=row.given_by_id,
        file_name=row.name,
        dry_run=dry_run,
    )
    return _with_warnings(found)


def _look(row: CodingsUpload, path: Path) -> dict[str, Any]:
    return look_at(row.study, path, row.name, saved=row.choices, round_name=row.round_name)


def _store_dataset(row: CodingsUpload, path: Path) -> dict[str, Any]:
    found = store_dataset(
        row.study,
        path,
        row.name,
        saved=row.choices or row.report["choices"],
        round_name=row.round_name,
        create_coders=row.create_coders,
        actor_id=row.given_by_id,
    )
    return _with_warnings(found)


def _with_warnings(found: dict[str, Any]) -> dict[str, Any]:
    warnings = [warning["message"] for warning in found["warnings"]]
    return found | {"warnings": warnings[:MOST_WARNINGS], "more_warnings": len(warnings[MOST_WARNINGS:])}


@task()
def read_codings(pk: int) -> None:
    UPLOADS.run(pk)


@task()
def forget_codings() -> None:
    """Runs a day after each file was handed in; a visit to the page does the same."""
    remove_old()


def _forget_in_time() -> None:
    if forget_codings.get_backend().supports_defer:
        forget_codings.using(run_after=timezone.now() + KEPT).enqueue()


def _refused(row: CodingsUpload) -> None:
    """A file that cannot be stored is of no use to anybody."""
    CodingsUpload.objects.filter(pk=row.pk).update(file="")
    path_of(row).unlink(missing_ok=True)


UPLOADS = Kind(
    "codings",
    CodingsUpload,
    _work,
    task=lambda: read_codings,
    failed=lambda: _("Reading the file stopped by an error in the program."),
    on_failure=_refused,
)
