"""Tables that people keep, and the figures of a study as they were worked out last."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone

from .job import Job


class SavedTable(models.Model):
    """A table under a name. What it asks is kept, and what it said when somebody last looked it through."""

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="saved_tables")
    name = models.CharField(max_length=120)
    definition = models.JSONField(help_text="{rows, columns, layer, unit, filters, percentages}")
    note = models.TextField(blank=True, help_text="stands under the table, also in the report")
    in_report = models.BooleanField(default=True, help_text="part of the report and of the tables as CSV")
    codebook_version = models.ForeignKey(
        "annotations.CodebookVersion", on_delete=models.PROTECT, related_name="+"
    )
    rests_on = models.JSONField(
        default=dict, help_text="{units, left_out, cells}: the counts when it was last looked through"
    )
    looked_through_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(F("study"), Lower("name"), name="saved_table_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class StudyFigures(Job):
    """The units of a study with their values, and its tables, as they were at one moment: a cache.

    `stamp` tells from what: another stamp is another row. `frame`: as `results.units.frame.packed` gives it.
    `tables`: language -> key -> table.
    """

    study = models.ForeignKey("annotations.Study", on_delete=models.CASCADE, related_name="figures")
    stamp = models.CharField(max_length=64)
    frame = models.BinaryField(null=True)
    tables = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["study", "stamp"], name="study_figures_once")]

    def __str__(self) -> str:
        return f"figures {self.pk}"
