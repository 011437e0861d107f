"""What the machine suggests: candidate personal data, and facts computed from the thread."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .job import Job


class Candidate(models.Model):
    """Candidate personal data, with the detector version that found it; never changed afterwards."""

    class Confidence(models.TextChoices):
        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")

    message = models.ForeignKey(
        "annotations.Message", on_delete=models.PROTECT, related_name="candidates", db_index=False
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    info_type = models.CharField(max_length=60, help_text="a category key of the variable info_type")
    subtype = models.CharField(max_length=60, blank=True)
    confidence = models.CharField(max_length=6, choices=Confidence)
    completeness = models.CharField(max_length=10, blank=True)
    subject = models.CharField(
        max_length=20, blank=True, help_text="other_person where the words before it say so, else empty"
    )
    detector = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    reason = models.JSONField(default=dict, help_text="{language: why it was found}")
    alternatives = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["message", "start", "end", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="candidate_not_empty"),
            models.UniqueConstraint(
                fields=["message", "version", "start", "end", "info_type"], name="candidate_once"
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.pk}"


class CandidateDecision(models.Model):
    """What a coder did with a candidate."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        RETYPED = "retyped", _("another type")
        MOVED = "moved", _("boundaries moved")
        REJECTED = "rejected", _("rejected")

    coding = models.ForeignKey(
        "annotations.Coding", on_delete=models.PROTECT, related_name="candidate_decisions"
    )
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=8, choices=Decision)
    span = models.ForeignKey(
        "annotations.Span", on_delete=models.PROTECT, null=True, related_name="candidate_decisions"
    )
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coding", "candidate"], name="candidate_decided_once"),
            models.CheckConstraint(
                condition=Q(decision="rejected", span__isnull=True)
                | Q(~Q(decision="rejected"), span__isnull=False),
                name="rejected_candidate_has_no_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id}: {self.decision}"


class ContextSuggestion(models.Model):
    """A fact computed from the thread, with its evidence; shown beside a question, never a code."""

    conversation = models.ForeignKey(
        "annotations.Conversation", on_delete=models.PROTECT, related_name="suggestions"
    )
    message = models.ForeignKey(
        "annotations.Message",
        on_delete=models.PROTECT,
        null=True,
        related_name="suggestions",
        db_index=False,
    )
    kind = models.CharField(max_length=40, help_text="first_contact, asks_for_data, new_user …")
    value = models.JSONField()
    evidence = models.JSONField(default=dict, help_text="message ids and offsets, never text")

    class Meta:
        ordering = ["conversation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "kind"],
                condition=Q(message__isnull=False),
                name="suggestion_once_per_message",
            ),
            models.UniqueConstraint(
                fields=["conversation", "kind"],
                condition=Q(message__isnull=True),
                name="suggestion_once_per_conversation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.conversation_id}"


class Rescan(Job):
    """A study that is scanned again, message by message in the order of their keys."""

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="rescans")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.CharField(max_length=20, help_text="of the detector")
    version_before = models.CharField(max_length=20)
    handles = models.JSONField(default=list, help_text="the organisations' own, when it began")
    last_message = models.BigIntegerField(default=0, help_text="key of the last message that is done")
    known = models.PositiveIntegerField(default=0, help_text="candidates of this version when it began")
    added = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"rescan {self.pk}"


class DetectorRule(models.Model):
    """A rule that the study adds to the detector. A rule never changes: it comes and goes with a version.

    `added_in` and `withdrawn_in` are versions of the study's set of rules, counted from 1: a rule holds from
    the one up to, and without, the other. A proposal that was turned down is kept too, so that it is not made
    again; it has no versions.
    """

    class Kind(models.TextChoices):
        FIND = "find", _("finds")
        SILENCE = "silence", _("silences")

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="detector_rules")
    kind = models.CharField(max_length=7, choices=Kind)
    info_type = models.CharField(max_length=60, help_text="a category key of the variable info_type")
    word = models.CharField(max_length=40)
    shape = models.CharField(
        max_length=80, blank=True, help_text="A capital, a letter, 9 digit, {2,4} how many"
    )
    added_in = models.PositiveIntegerField(null=True)
    withdrawn_in = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["study", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "kind", "info_type", "word", "shape"],
                condition=Q(withdrawn_in__isnull=True),
                name="detector_rule_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_in__isnull=True) | Q(withdrawn_in__gt=F("added_in")),
                name="detector_rule_withdrawn_after_added",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.info_type}: {self.word} {self.shape}".strip()
