"""Exports that are too large to wait for: made in the background, kept for a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .job import Job


class ExportFile(Job):
    """A zip file that a supervisor asked for, kept in the data folder as `file`, for that person only.

    `profile`: one of `exporting.profile`, or ARCHIVE for the whole study, sealed for `recipient`;
    `locked_key` opens it for who knows the passphrase, which is kept nowhere.
    """

    ARCHIVE = "archive"

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="export_files")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    profile = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    figures = models.BooleanField(default=False, help_text="with each table as a drawing")
    file = models.CharField(max_length=80, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    recipient = models.CharField(max_length=80, blank=True)
    locked_key = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(profile="archive") | (~Q(recipient="") & ~Q(locked_key="")),
                name="export_file_archive_is_sealed",
            ),
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


class CodingsUpload(Job):
    """A file of codings that a supervisor handed in: looked at first, stored when that person says so.

    The work is done twice: once to say what would be stored (`report`), and once to store it. The file lies
    in the data folder as `file` until then, for a day at most. A dataset that was coded elsewhere is looked
    at again after each of the `choices` made about its columns.
    """

    class Holds(models.TextChoices):
        CODINGS = "codings", _("codings")
        DATASET = "dataset", _("a dataset that was coded elsewhere")

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="codings_uploads")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, help_text="as its owner calls it")
    file = models.CharField(max_length=80, blank=True, help_text="empty once it is gone")
    round_name = models.CharField(max_length=80, blank=True)
    create_coders = models.BooleanField(default=False)
    holds = models.CharField(
        max_length=8, choices=Holds, blank=True, help_text="empty until it was looked at"
    )
    choices = models.JSONField(default=dict, help_text="what each column of a dataset holds, where chosen")
    is_wanted = models.BooleanField(default=False, help_text="to be stored, not only to be looked at")
    report = models.JSONField(default=dict)
    stored_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stored_at__isnull=True) | Q(is_wanted=True, file=""),
                name="codings_upload_stored_once",
            ),
            models.CheckConstraint(
                condition=Q(holds__in=["", "codings", "dataset"]), name="codings_upload_holds"
            ),
        ]

    def __str__(self) -> str:
        return f"codings upload {self.pk}"


class StudyArrival(Job):
    """A study archive that an administrator handed in, to be loaded as a study of this installation.

    The file was opened with its passphrase when it came; it lies in the data folder as `file` until it is
    loaded, for a day at most.
    """

    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, help_text="of the file, as its owner calls it")
    file = models.CharField(max_length=80, blank=True, help_text="empty once it is gone")
    slug = models.SlugField(max_length=60, blank=True, help_text="another address than in the archive")
    matches_people = models.BooleanField(default=False, help_text="by user name or e-mail address")
    supervises = models.BooleanField(default=True, help_text="who handed it in becomes a supervisor of it")
    study = models.ForeignKey(
        "annotations.Study", on_delete=models.PROTECT, null=True, related_name="arrivals"
    )
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(study__isnull=False, file=""), name="study_arrival_done"
            ),
        ]

    def __str__(self) -> str:
        return f"arrival {self.pk}"
