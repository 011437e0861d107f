"""Training: a key, attempts at it, and what was right. Written by `annotations.training`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .study import Membership


class TrainingQuerySet(models.QuerySet["Training"]):
    def before(self, coder_id: int) -> TrainingQuerySet:
        """Trainings that a coder of their study has not passed."""
        passed = Attempt.objects.filter(
            training=models.OuterRef("pk"), coder_id=coder_id, state=Attempt.State.PASSED
        )
        is_coder = Membership.objects.filter(
            study=models.OuterRef("round__study"), user_id=coder_id, role=Membership.Role.CODER
        )
        return self.filter(~models.Exists(passed), models.Exists(is_coder))

    def barred_rounds(self, coder_id: int) -> models.QuerySet[Training, int | None]:
        """Ids of rounds that open to this coder after a training that is not passed yet."""
        waiting = self.before(coder_id).filter(next_round__isnull=False)
        return waiting.values_list("next_round_id", flat=True)

    def key_rounds(self, coder_id: int) -> models.QuerySet[Training, int | None]:
        """Ids of rounds whose decisions are a key that this coder may still be tested by."""
        waiting = self.before(coder_id).filter(key_round__isnull=False)
        return waiting.values_list("key_round_id", flat=True)


class Training(models.Model):
    """How a training round is judged. The key: an earlier round's settled values, or one person's answers."""

    round = models.OneToOneField("annotations.Round", on_delete=models.PROTECT, related_name="training")
    key_round = models.ForeignKey(
        "annotations.Round", on_delete=models.PROTECT, null=True, related_name="key_of"
    )
    key_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    next_round = models.ForeignKey(
        "annotations.Round", on_delete=models.PROTECT, null=True, related_name="after_training"
    )
    units = models.PositiveSmallIntegerField(help_text="conversations in an attempt")
    attempts_allowed = models.PositiveSmallIntegerField()
    least = models.DecimalField(max_digits=3, decimal_places=2, help_text="share that is to be right")
    per_variable = models.BooleanField(default=True, help_text="of every variable; else of all together")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(key_round__isnull=True) ^ Q(key_by__isnull=True), name="training_one_key"
            ),
            models.CheckConstraint(condition=Q(least__gt=0) & Q(least__lte=1), name="training_least"),
            models.CheckConstraint(
                condition=Q(units__gte=1) & Q(attempts_allowed__gte=1), name="training_sizes"
            ),
        ]

    def __str__(self) -> str:
        return f"training of round {self.round_id}"


class KeyReason(models.Model):
    """Why the key says what it says about one variable of a unit."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="reasons")
    conversation = models.ForeignKey("annotations.Conversation", on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey("annotations.Message", on_delete=models.PROTECT, null=True, related_name="+")
    variable = models.CharField(max_length=63, help_text="its key in the codebook")
    reason = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["training", "conversation", "variable"],
                condition=Q(message__isnull=True),
                name="key_reason_once_per_conversation",
            ),
            models.UniqueConstraint(
                fields=["training", "message", "variable"],
                condition=Q(message__isnull=False),
                name="key_reason_once_per_message",
            ),
        ]

    def __str__(self) -> str:
        return f"reason {self.pk}"


class Attempt(models.Model):
    """A coder's try at a training."""

    class State(models.TextChoices):
        UNDER_WAY = "under_way", _("under way")
        PASSED = "passed", _("passed")
        FAILED = "failed", _("not passed")

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="attempts")
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.UNDER_WAY)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="a supervisor who let the coder pass",
    )
    reason = models.TextField(blank=True, help_text="why the supervisor did")

    class Meta:
        ordering = ["training", "coder", "number"]
        constraints = [
            models.UniqueConstraint(fields=["training", "coder", "number"], name="attempt_once"),
            models.CheckConstraint(
                condition=Q(state="under_way", decided_at__isnull=True)
                | (~Q(state="under_way") & Q(decided_at__isnull=False)),
                name="attempt_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class TrainingUnit(models.Model):
    """A conversation of an attempt, and once it is finished which variables were right."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="units")
    assignment = models.OneToOneField(
        "annotations.Assignment", on_delete=models.PROTECT, related_name="training_unit"
    )
    right = models.JSONField(null=True, help_text="{variable: whether all of it was right}")
    scored_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["attempt", "assignment__position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(right__isnull=True, scored_at__isnull=True)
                | Q(right__isnull=False, scored_at__isnull=False),
                name="training_unit_scored",
            )
        ]

    def __str__(self) -> str:
        return f"training unit {self.pk}"
