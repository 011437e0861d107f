"""Documents to hand in, as files: a cache."""

from __future__ import annotations

from django.db import models

from .job import Job


class DocumentFile(Job):
    """A report or an advice as .docx, as it was at one moment.

    `what`: which one, in which language. `stamp`: of all that stands in it; another stamp is another row.
    """

    study = models.ForeignKey("annotations.Study", on_delete=models.CASCADE, related_name="document_files")
    what = models.CharField(max_length=80)
    stamp = models.CharField(max_length=64)
    content = models.BinaryField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["study", "what", "stamp"], name="document_file_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"
