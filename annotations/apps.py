"""The one Django app; after every migration it puts the database's own rules in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class AnnotationsConfig(AppConfig):
    name = "annotations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        pre_migrate.connect(_drop_triggers, sender=self)
        post_migrate.connect(_create_triggers, sender=self)
        checks.register(_check_triggers, checks.Tags.database)


def _drop_triggers(using: str, plan: Sequence[Any] = (), **kwargs: Any) -> None:
    if not plan:
        return
    # SQLite rebuilds a table to change it and loses its triggers; so all go, and come back afterwards.
    from .models import triggers

    triggers.drop(connections[using])


def _create_triggers(using: str, **kwargs: Any) -> None:
    from .models import triggers

    # A partial migration (`migrate annotations zero`) may have left tables out.
    if triggers.tables() <= set(connections[using].introspection.table_names()):
        triggers.drop(connections[using])
        triggers.create(connections[using])


def _check_triggers(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    from .models import triggers

    return [
        checks.Error(
            f"Rules that the database itself keeps are missing: {', '.join(gone)}.",
            hint="Run `manage.py prepare`, or start the server or the worker: each makes them again.",
            id="annotations.E001",
        )
        for alias in databases or []
        if (gone := triggers.missing(connections[alias]))
    ]
