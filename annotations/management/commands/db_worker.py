"""The worker of django-tasks, which takes up first what one that was stopped left behind, and which
outlives a database that is locked, restarted or away for a while."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.db import InterfaceError, OperationalError, connection, connections
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from ...archive import make  # noqa: F401 - it writes archives for EXPORTS
from ...archive.arrivals import ARRIVALS
from ...detector.rescan import RESCANS
from ...documents.kept import FILES
from ...drafts.jobs import RECODINGS
from ...exporting.jobs import EXPORTS
from ...exporting.reading.uploads import UPLOADS
from ...importing.jobs import IMPORTS
from ...importing.store.recompute_facts import take_up
from ...models import triggers
from ...reliability.stored import REPORTS
from ...results.kept import FIGURES
from ...sampling.jobs import DRAWS
from ...screening.frame import FRAMES

KINDS = (IMPORTS, EXPORTS, UPLOADS, DRAWS, RECODINGS, REPORTS, RESCANS, FRAMES, FIGURES, FILES, ARRIVALS)
LONGEST_PAUSE = 30.0  # seconds
QUIET = 60.0  # seconds of work after which the next trouble is a new one

log = logging.getLogger(__name__)


class Command(DatabaseWorker):
    help = "Does the long work: imports, exports, what follows from changed roles. Runs until it is stopped."

    def handle(self, **options: Any) -> None:
        pause, began = 1.0, time.monotonic()
        while True:
            try:
                triggers.ensure(connection)
                for kind in KINDS:
                    kind.take_up()
                take_up()
                return super().handle(**options)
            except (OperationalError, InterfaceError) as trouble:
                if time.monotonic() - began > QUIET:
                    pause = 1.0
                log.warning(
                    "The database is locked or away (%s); the worker goes on in %d s.",
                    type(trouble.__cause__ or trouble).__name__,
                    pause,
                )
            connections.close_all()
            time.sleep(pause)
            pause, began = min(pause * 2, LONGEST_PAUSE), time.monotonic()
