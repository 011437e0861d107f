"""Exports that are too large to wait for: made in the background, kept for a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from .job import Job


class ExportFile(Job):
    """A zip file that a supervisor asked for, kept in the data folder as `file`, for that person only."""

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="export_files")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    profile = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    figures = models.BooleanField(default=False, help_text="with each table as a drawing")
    file = models.CharField(max_length=80, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "asked_by", "profile"],
                condition=Q(state__in=["waiting", "running"]),
                name="export_file_under_way_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(file="") & Q(finished_at__isnull=False)),
                name="export_file_done",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"
