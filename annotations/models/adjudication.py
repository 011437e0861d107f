"""What was settled: the consensus per unit and variable, and every decision that led to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .coding import ValueFields, one_value


class Cause(models.TextChoices):
    AMBIGUOUS_TEXT = "ambiguous_text", _("the text is ambiguous")
    CODEBOOK_GAP = "codebook_gap", _("a gap in the codebook")
    MISTAKE = "mistake", _("a mistake")
    BORDERLINE = "borderline", _("a borderline case")
    DIFFERENT_VIEWS = "different_views", _("a real difference of views")


class StandingConsensusManager(models.Manager["Consensus"]):
    """What stands: a decision that was taken back keeps its row and its history, but settles nothing."""

    def get_queryset(self) -> models.QuerySet[Consensus]:
        return super().get_queryset().filter(withdrawn_at__isnull=True)


class Consensus(ValueFields):
    """The settled value of a variable for a unit; coders' own codes stay as they were.

    For the span-level variables there is one row per message and variable `info_type`; its fragments are
    ConsensusSpan rows. `objects` gives what stands, `every` also what was taken back.
    """

    round = models.ForeignKey("annotations.Round", on_delete=models.PROTECT, related_name="consensus")
    conversation = models.ForeignKey(
        "annotations.Conversation", on_delete=models.PROTECT, related_name="consensus"
    )
    message = models.ForeignKey(
        "annotations.Message", on_delete=models.PROTECT, null=True, related_name="consensus"
    )
    variable = models.ForeignKey("annotations.Variable", on_delete=models.PROTECT, related_name="consensus")
    categories: models.ManyToManyField = models.ManyToManyField(
        "annotations.Category", through="annotations.ConsensusCategory", related_name="+"
    )
    reason = models.TextField(blank=True)
    cause = models.CharField(max_length=16, choices=Cause, blank=True)
    is_settled_case = models.BooleanField(default=False, help_text="shown as an example beside the category")
    needs_codebook_change = models.BooleanField(default=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, help_text="taken back: the unit is open again")
    revision = models.PositiveIntegerField(default=1)

    objects = StandingConsensusManager()
    every: models.Manager[Consensus] = models.Manager()

    class Meta:
        ordering = ["round", "conversation", "id"]
        constraints = [
            *one_value("consensus"),
            models.UniqueConstraint(
                fields=["round", "conversation", "variable"],
                condition=Q(message__isnull=True),
                name="consensus_once_per_conversation",
            ),
            models.UniqueConstraint(
                fields=["round", "message", "variable"],
                condition=Q(message__isnull=False),
                name="consensus_once_per_message",
            ),
        ]

    def __str__(self) -> str:
        return f"consensus {self.pk}"


class ConsensusCategory(models.Model):
    """A category in a settled multi answer."""

    consensus = models.ForeignKey(Consensus, on_delete=models.CASCADE, related_name="choices")
    category = models.ForeignKey("annotations.Category", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["consensus", "category__position"]
        constraints = [
            models.UniqueConstraint(fields=["consensus", "category"], name="consensus_category_once")
        ]

    def __str__(self) -> str:
        return f"{self.consensus_id}: {self.category_id}"


class ConsensusSpan(models.Model):
    """A fragment in the settled set of a message."""

    consensus = models.ForeignKey(Consensus, on_delete=models.CASCADE, related_name="spans")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    category = models.ForeignKey("annotations.Category", on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict, help_text="{key of another span-level variable: value}")

    class Meta:
        ordering = ["consensus", "start", "end", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="consensus_span_not_empty"),
            models.UniqueConstraint(
                fields=["consensus", "start", "end", "category"], name="consensus_span_once"
            ),
        ]

    def __str__(self) -> str:
        return f"consensus span {self.pk}"


class Decision(models.Model):
    """One act of settling; never changed (a trigger refuses it)."""

    consensus = models.ForeignKey(Consensus, on_delete=models.PROTECT, related_name="decisions")
    revision = models.PositiveIntegerField()
    is_withdrawal = models.BooleanField(default=False, help_text="this value was taken back")
    value = models.JSONField(help_text="category keys, number, missing code or spans; never text of messages")
    reason = models.TextField(blank=True)
    cause = models.CharField(max_length=16, choices=Cause, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["consensus", "revision"]
        constraints = [models.UniqueConstraint(fields=["consensus", "revision"], name="decision_once")]

    def __str__(self) -> str:
        return f"decision {self.pk}"
