"""The worker of django-tasks, which takes up first what one that was stopped left behind."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from ...exporting.jobs import EXPORTS
from ...importing.jobs import IMPORTS
from ...importing.store.recompute_facts import take_up
from ...reliability.stored import REPORTS
from ...sampling.jobs import DRAWS


class Command(DatabaseWorker):
    help = "Does the long work: imports, exports, what follows from changed roles. Runs until it is stopped."

    def handle(self, **options: Any) -> None:
        for kind in (IMPORTS, EXPORTS, DRAWS, REPORTS):
            kind.take_up()
        take_up()
        super().handle(**options)
