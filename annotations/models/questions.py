"""What coders ask about a unit, and what the supervisor answers. Written by `annotations.questions`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Question(models.Model):
    """A question at a conversation, one of its messages, a variable or a fragment of text.

    A rule is an answer that holds for everybody, with the unit as its case.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", _("question")
        OBJECTION = "objection", _("objection to a key")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        RULE = "rule", _("a rule for everybody")

    assignment = models.ForeignKey(
        "annotations.Assignment", on_delete=models.PROTECT, related_name="questions"
    )
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.QUESTION)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    message = models.ForeignKey("annotations.Message", on_delete=models.PROTECT, null=True, related_name="+")
    variable = models.ForeignKey(
        "annotations.Variable", on_delete=models.PROTECT, null=True, related_name="+"
    )
    start = models.PositiveIntegerField(null=True, help_text="of the fragment of the message, in code points")
    end = models.PositiveIntegerField(null=True)
    text = models.TextField()
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="question_has_text"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(~Q(state="open"), ~Q(answer=""), answered_at__isnull=False, answered_by__isnull=False),
                name="question_answered_or_open",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(message__isnull=False, start__isnull=False, end__isnull=False, start__lt=F("end")),
                name="question_fragment_in_message",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class AnswerRead(models.Model):
    """That a person has read an answer; one that was changed since counts as unread."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(help_text="of the question, as it was read")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "user"], name="answer_read_once")]

    def __str__(self) -> str:
        return f"reading of question {self.question_id}"
