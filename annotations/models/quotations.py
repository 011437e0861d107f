"""Paraphrases of messages, to quote without showing who wrote them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Quotation(models.Model):
    """A message in other words, as an example of a category.

    The message's own words stay where they are and are never copied: erased there, they are gone here too.
    """

    class Status(models.TextChoices):
        PARAPHRASE = "paraphrase", _("paraphrase only")
        ASKED = "asked", _("consent asked")
        CONSENT = "consent", _("consent given")
        PUBLIC = "public", _("organisation in public")

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="quotations")
    message = models.ForeignKey("annotations.Message", on_delete=models.PROTECT, related_name="quotations")
    variable = models.CharField(max_length=60, help_text="key of a variable of the codebook")
    category = models.CharField(max_length=60, help_text="key of one of its categories")
    paraphrase = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PARAPHRASE)
    remains = models.JSONField(
        default=list, help_text="kinds of traces of the message in the paraphrase when it was written"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["variable", "category", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(paraphrase=""), name="quotation_has_words"),
            models.CheckConstraint(
                condition=Q(status__in=["paraphrase", "asked", "consent", "public"]), name="quotation_status"
            ),
        ]
        indexes = [models.Index(fields=["study", "variable", "category"], name="quotation_of_category")]

    def __str__(self) -> str:
        return f"quotation {self.pk}"
