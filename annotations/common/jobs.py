"""Background jobs: asked for, taken up by one worker, followed, begun again when a worker was killed.

A job is a row of a model with the fields of `models.job.Job`. A feature makes a `Kind` for it and a task of
three lines that calls `Kind.run`. What happens:

- `ask` puts the row in the queue; `run` claims it, so that two workers never do the same job;
- who is at it holds a lock on a file, freed by the system however the process ends. A job that counts as
  running while its lock is free was interrupted; `take_up`, at every start of a worker, begins it again
  without a word, and gives up after the third time, for the job may be what kills the worker;
- progress is written to a file beside the lock: work in one transaction can tell in no other way;
- what goes wrong is one sentence in the row, in the language of the person who asked, and in the log without
  the error's own words, for a database quotes the row with its text;
- `stop` asks a running job to end; it does so when it tells its progress next.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks.base import Task

from ..errors import WebcareError
from ..models.job import Job
from .alive import alive, is_alive
from .progress import Teller, read
from .trouble import sentence_for

State = Job.State
LONG = 180.0  # seconds to wait for a worker; to hear nothing, where locks tell nothing
GRACE = 20.0  # seconds in which a worker that was killed is back, and nobody needs to know
MOST_STARTS = 3

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Job)


class Stopped(WebcareError):
    """The job was taken back, or another process took it over; nothing is to be stored any more."""


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How far a job is. `seconds_left` is None while unknown.

    is_interrupted: the process that did it is gone, and no worker took it up again. is_overdue: no worker
    took it up for minutes. is_stopping: somebody asked it to end.
    """

    share: float
    seconds_left: float | None
    seconds: float = 0.0
    details: dict[str, Any] = field(default_factory=dict)
    is_interrupted: bool = False
    is_overdue: bool = False
    is_stopping: bool = False

    @property
    def is_stuck(self) -> bool:
        return self.is_interrupted or self.is_overdue


class Claim(Generic[Row]):
    """A job this process is at: `rows` holds its row as long as it is ours."""

    def __init__(self, rows: models.QuerySet[Row], tell: Teller, stop: Path) -> None:
        self.rows = rows
        self._tell, self._stop = tell, stop

    def tell(self, share: float, **details: Any) -> None:
        """Write down how much is done, 0 to 1. Raises Stopped when somebody wants it to end."""
        if self._tell(share, **details) and self._stop.exists():
            raise Stopped("stopped")

    def locked(self) -> Row:
        """The row, locked until the transaction ends. Raises Stopped."""
        row = self.rows.select_for_update(of=("self",)).first()
        if row is None:
            raise Stopped("taken over")
        return row

    def done(self, **values: Any) -> None:
        """Raises Stopped where the job is no longer ours."""
        if not self.rows.update(state=State.DONE, finished_at=timezone.now(), **values):
            raise Stopped("taken over")


class Kind(Generic[Row]):
    """One kind of background job.

    name: of its files and in the log. work: does it, and ends with `claim.done` or with deleting the row.
    task: the task that calls `run` with the row's key. failed: the sentence for an error of the program.
    on_stop: what is to be done when `stop` ended a job; gets its row and the key of who asked.
    """

    def __init__(
        self,
        name: str,
        model: type[Row],
        work: Callable[[Row, Claim[Row]], None],
        *,
        task: Callable[[], Task[Any, None]],
        failed: Callable[[], str],
        on_failure: Callable[[Row], None] | None = None,
        on_stop: Callable[[Row, int | None], None] | None = None,
    ) -> None:
        self.name, self.model = name, model
        self._work, self._task, self._failed, self._on_failure = work, task, failed, on_failure
        self._on_stop = on_stop

    @property
    def rows(self) -> models.QuerySet[Row]:
        return self.model._default_manager.all()

    def ask(self, row: Row) -> None:
        """Put a stored row in the queue, perhaps again. Call it in the transaction that checked it."""
        row.state, row.problem, row.started_at, row.starts = State.WAITING, "", None, 0
        row.asked_at, row.language = timezone.now(), translation.get_language() or "nl"
        row.save(update_fields=["state", "problem", "started_at", "starts", "asked_at", "language"])
        self.forget(row.pk)
        self._enqueue(row.pk)

    def do_now(self, row: Row) -> None:
        """Do a job that is too small to wait for; one that another process is at is left to it."""
        if row.state != State.RUNNING or self.standing(row).is_stuck:
            language = translation.get_language() or "nl"
            same = self.rows.filter(pk=row.pk, state=row.state, started_at=row.started_at)
            same.update(state=State.WAITING, problem="", started_at=None, language=language)
        self.run(row.pk)

    def run(self, pk: int) -> None:
        """Do the job, if it waits and no other process is at it."""
        with alive(self.path(pk, "lock")) as is_mine:
            started = timezone.now()
            waiting = self.rows.filter(pk=pk, state=State.WAITING)
            if not is_mine or not waiting.update(
                state=State.RUNNING, started_at=started, starts=models.F("starts") + 1
            ):
                return  # taken back, or another process was quicker
            try:
                self._run(pk, started)
            finally:
                self.forget(pk)

    def stop(self, pk: int, *, actor_id: int | None = None) -> None:
        """Ask whoever is at it to end. Writes no row: a job in one transaction may hold it locked."""
        with suppress(OSError):
            self.path(pk, "stop").write_text(str(actor_id or ""), encoding="ascii")

    def standing(self, row: Row) -> JobStatus:
        told = read(self.path(row.pk, "json"))
        began = row.started_at if row.state == State.RUNNING else row.asked_at
        quiet = time.time() - max(told.at or 0.0, began.timestamp() if began else 0.0)
        return JobStatus(
            told.share,
            told.seconds_left,
            told.seconds,
            told.details,
            is_interrupted=row.state == State.RUNNING and quiet > GRACE and self._is_interrupted(row, quiet),
            is_overdue=row.state == State.WAITING and quiet > LONG,
            is_stopping=row.state == State.RUNNING and self.path(row.pk, "stop").exists(),
        )

    def take_up(self) -> None:
        """Begin again what a killed worker left, and see that everything that waits is in the queue."""
        for row in self.rows.filter(state=State.RUNNING):
            if not self._is_interrupted(row, time.time() - (row.started_at or row.asked_at).timestamp()):
                continue
            same = self.rows.filter(pk=row.pk, state=State.RUNNING, started_at=row.started_at)
            if row.starts >= MOST_STARTS:
                with translation.override(row.language):
                    why = _("The process that did this was stopped %(times)d times; nothing was stored.")
                    self._fail(same, why % {"times": row.starts})
            elif same.update(state=State.WAITING, started_at=None):
                log.warning("%s %s was interrupted and begins again", self.name, row.pk)
        for pk in self.rows.filter(state=State.WAITING).values_list("pk", flat=True):
            self._enqueue(pk)

    def forget(self, pk: int) -> None:
        """Delete the files of a job that ended."""
        for ending in ("json", "new", "stop"):
            with suppress(OSError):
                self.path(pk, ending).unlink(missing_ok=True)

    def path(self, pk: int, ending: str) -> Path:
        folder = Path(settings.JOB_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / f"{self.name}-{pk}.{ending}"

    def _enqueue(self, pk: int) -> None:
        transaction.on_commit(lambda: self._task().enqueue(pk))

    def _run(self, pk: int, started: datetime) -> None:
        mine = self.rows.filter(pk=pk, state=State.RUNNING, started_at=started)
        row = mine.first()
        if row is None:
            return
        claim = Claim(mine, Teller(self.path(pk, "json")), self.path(pk, "stop"))
        with translation.override(row.language):
            try:
                self._work(row, claim)
            except Stopped:
                self._end(mine)
            except WebcareError as refused:
                self._fail(mine, str(refused))
            except Exception as error:
                # The place, but not the error's own words: a database quotes the row, with its text.
                place = "".join(traceback.format_tb(error.__traceback__))
                log.error("%s %s failed: %s\n%s", self.name, pk, type(error).__name__, place)
                self._fail(mine, sentence_for(error) or self._failed())

    def _fail(self, mine: models.QuerySet[Row], why: str) -> None:
        row = mine.first()
        failed = mine.update(state=State.FAILED, problem=why, finished_at=timezone.now())
        if failed and row and self._on_failure:
            self._on_failure(row)

    def _end(self, mine: models.QuerySet[Row]) -> None:
        row = mine.first()
        if row is None:
            return  # another process took it over
        asked = self.path(row.pk, "stop")
        by = asked.read_text(encoding="ascii") if asked.exists() else ""
        with transaction.atomic():
            ended = mine.update(state=State.CANCELLED, finished_at=timezone.now())
            if ended and self._on_stop:
                self._on_stop(row, int(by) if by else None)

    def _is_interrupted(self, row: Row, quiet: float) -> bool:
        """Whether nobody is at a running job. Looks at its state again: it may just have ended."""
        lives = is_alive(self.path(row.pk, "lock"))
        if lives or (lives is None and quiet <= LONG):
            return False
        return self.rows.filter(pk=row.pk, state=State.RUNNING, started_at=row.started_at).exists()
