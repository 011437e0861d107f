"""What every background job keeps in its row; `annotations.common.jobs` does the rest."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Work for the worker: asked for, waiting, running, and done, failed or cancelled."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    state: models.CharField[Any, Any] = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    starts = models.PositiveSmallIntegerField(default=0, help_text="how often a worker began with it")
    language = models.CharField(max_length=8, default="nl", help_text="of the person who asked")
    problem = models.TextField(blank=True, help_text="why it failed, in that person's language")

    class Meta:
        abstract = True
