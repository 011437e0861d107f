"""Agreement reports that were computed in the background: a cache, kept until the codes change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from .job import Job


class AgreementReport(Job):
    """The figures of a round for one choice of coders and organisation.

    `fingerprint` tells from which codes: another fingerprint is another report. `result` holds what the
    command `agreement --json` prints per variable, with pseudonyms.
    """

    round = models.ForeignKey("annotations.Round", on_delete=models.CASCADE, related_name="agreement_reports")
    fingerprint = models.CharField(max_length=64)
    coder_ids = models.JSONField(default=list)
    organisation = models.ForeignKey("annotations.Organisation", on_delete=models.CASCADE, null=True)
    variables_done = models.PositiveIntegerField(default=0)
    variables_total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "fingerprint"], name="agreement_report_once"),
            models.CheckConstraint(
                condition=Q(variables_done__lte=models.F("variables_total")), name="agreement_report_progress"
            ),
        ]

    def __str__(self) -> str:
        return f"agreement report {self.pk}"
