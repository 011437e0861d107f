"""The one Django app; after every migration it puts the database's own rules in place."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class AnnotationsConfig(AppConfig):
    name = "annotations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        pre_migrate.connect(_drop_triggers, sender=self)
        post_migrate.connect(_create_triggers, sender=self)


def _drop_triggers(using: str, **kwargs: Any) -> None:
    # SQLite rebuilds a table to change it and loses its triggers; so all go, and come back afterwards.
    from .models import triggers

    triggers.drop(connections[using])


def _create_triggers(using: str, **kwargs: Any) -> None:
    from .models import triggers

    # A partial migration (`migrate annotations zero`) may have left tables out.
    if triggers.tables() <= set(connections[using].introspection.table_names()):
        triggers.drop(connections[using])
        triggers.create(connections[using])
