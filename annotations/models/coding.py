"""What coders gave: codings, codes and spans. Written by `annotations.coding.save` only."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .codebook import MISSING_CODES


class ValueFields(models.Model):
    """A value of any kind: exactly one of category, number, text, missing; none for a multi answer,
    whose chosen categories stand in rows of their own (no row: nothing chosen)."""

    category = models.ForeignKey(
        "annotations.Category", on_delete=models.PROTECT, null=True, related_name="+"
    )
    number = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    text = models.TextField(null=True)
    missing = models.PositiveSmallIntegerField(null=True, help_text="97, 98 or 99")

    class Meta:
        abstract = True


def one_value(name: str) -> list[models.BaseConstraint]:
    """Constraints of a table with ValueFields; `name` starts their names."""
    fields = ("category", "number", "text", "missing")
    at_most_one = Q()
    for field in fields:
        at_most_one |= Q(**{f"{other}__isnull": True for other in fields if other != field})
    return [
        models.CheckConstraint(condition=at_most_one, name=f"{name}_one_value"),
        models.CheckConstraint(
            condition=Q(missing__isnull=True) | Q(missing__in=MISSING_CODES), name=f"{name}_missing_code"
        ),
    ]


class Coding(models.Model):
    """One coder's work on one assigned conversation."""

    class State(models.TextChoices):
        OPEN = "open", _("in progress")
        FINISHED = "finished", _("finished")

    assignment = models.OneToOneField(
        "annotations.Assignment", on_delete=models.PROTECT, related_name="coding"
    )
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    active_seconds = models.PositiveIntegerField(default=0, help_text="time with the page in view and in use")
    skipped_at = models.DateTimeField(null=True, help_text="the coder left it for later")
    spans_made = models.PositiveIntegerField(default=0, help_text="the number of the last span made")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", finished_at__isnull=True)
                | Q(state="finished", finished_at__isnull=False),
                name="coding_finished_at",
            ),
        ]

    def __str__(self) -> str:
        return f"coding {self.pk}"


class FrozenCoding(models.Model):
    """What a coder had given when the coding was reopened after a decision on its conversation.

    Agreement counts this, whatever is given afterwards. Never changed (a trigger refuses it).
    """

    coding = models.OneToOneField(Coding, on_delete=models.PROTECT, related_name="frozen")
    finished_at = models.DateTimeField()
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)
    answers = models.JSONField(help_text="[[message id, span id, variable key, value]]")
    spans = models.JSONField(help_text="{span id: [start, end]}")

    def __str__(self) -> str:
        return f"frozen coding {self.coding_id}"


class KeptContradiction(models.Model):
    """Answers that contradict each other by the codebook, of which the coder said: so it is.

    Once a coding is finished, these are the soft contradictions that are in it.
    """

    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="kept_contradictions")
    rule = models.CharField(max_length=63, help_text="its key in the codebook")
    message = models.ForeignKey(
        "annotations.Message",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="none: it is about the conversation",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["coding", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["coding", "rule"],
                condition=Q(message__isnull=True),
                name="kept_once_per_conversation",
            ),
            models.UniqueConstraint(
                fields=["coding", "rule", "message"],
                condition=Q(message__isnull=False),
                name="kept_once_per_message",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} in coding {self.coding_id}"


class Span(models.Model):
    """A fragment of a message that a coder marked; its type and other answers are codes."""

    class Origin(models.TextChoices):
        ACCEPTED = "accepted", _("candidate accepted")
        RETYPED = "retyped", _("candidate given another type")
        MOVED = "moved", _("candidate with moved boundaries")
        ADDED = "added", _("added by hand")

    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="spans")
    message = models.ForeignKey("annotations.Message", on_delete=models.PROTECT, related_name="spans")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within the coding, never used again")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.ADDED)
    candidate = models.ForeignKey(
        "annotations.Candidate", on_delete=models.PROTECT, null=True, related_name="spans"
    )
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["coding", "message", "start", "end", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="span_not_empty"),
            models.UniqueConstraint(fields=["coding", "number"], name="span_number_once"),
        ]

    def __str__(self) -> str:
        return f"span {self.pk}"


class Code(ValueFields):
    """A coder's answer to one variable for one unit: the conversation, a message or a span."""

    class Origin(models.TextChoices):
        """What stood on the screen when the answer was given."""

        FREE = "", _("nothing was proposed")
        CONFIRMED = "confirmed", _("the proposal was confirmed")
        CHANGED = "changed", _("another answer than was proposed")
        CARRIED = "carried", _("carried over from an earlier version of the codebook")

    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="codes")
    variable = models.ForeignKey("annotations.Variable", on_delete=models.PROTECT, related_name="codes")
    message = models.ForeignKey(
        "annotations.Message", on_delete=models.PROTECT, null=True, related_name="codes"
    )
    span = models.ForeignKey(Span, on_delete=models.PROTECT, null=True, related_name="codes")
    categories: models.ManyToManyField = models.ManyToManyField(
        "annotations.Category", through="annotations.CodeCategory", related_name="+"
    )
    origin = models.CharField(max_length=9, choices=Origin, default=Origin.FREE, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["coding", "id"]
        constraints = [
            *one_value("code"),
            models.UniqueConstraint(
                fields=["coding", "variable"],
                condition=Q(message__isnull=True, span__isnull=True),
                name="code_once_per_conversation",
            ),
            models.UniqueConstraint(
                fields=["coding", "variable", "message"],
                condition=Q(message__isnull=False, span__isnull=True),
                name="code_once_per_message",
            ),
            models.UniqueConstraint(
                fields=["span", "variable"], condition=Q(span__isnull=False), name="code_once_per_span"
            ),
            models.CheckConstraint(
                condition=Q(span__isnull=True) | Q(message__isnull=False), name="code_of_span_has_message"
            ),
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"


class CodeCategory(models.Model):
    """A category chosen in a multi answer."""

    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="choices")
    category = models.ForeignKey("annotations.Category", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code", "category__position"]
        constraints = [models.UniqueConstraint(fields=["code", "category"], name="code_category_once")]

    def __str__(self) -> str:
        return f"{self.code_id}: {self.category_id}"
