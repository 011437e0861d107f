"""The worker of django-tasks, which takes up first what one that was stopped left behind."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from ...importing.store.recompute_facts import take_up


class Command(DatabaseWorker):
    help = "Does the long work: imports, exports, what follows from changed roles. Runs until it is stopped."

    def handle(self, **options: Any) -> None:
        take_up()
        super().handle(**options)
