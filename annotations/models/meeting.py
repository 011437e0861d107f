"""Meetings about differences: the agenda, the votes taken again and what came of each case."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Meeting(models.Model):
    """An hour about cases. `current` is on the wall; `revision` counts what changes for all who look on."""

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="meetings")
    name = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField(
        default=60, validators=[MaxValueValidator(480)], help_text="how long it may last"
    )
    people = models.PositiveSmallIntegerField(
        default=0, help_text="how many vote; votes show once all are in. 0: when the supervisor shows them"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    current = models.ForeignKey(
        "annotations.MeetingCase", on_delete=models.PROTECT, null=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="meeting_has_name"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=False),
                name="meeting_ends_once_begun",
            ),
            models.CheckConstraint(
                condition=Q(current__isnull=True) | Q(started_at__isnull=False, ended_at__isnull=True),
                name="meeting_on_the_wall_while_it_lasts",
            ),
            models.UniqueConstraint(
                fields=["study"],
                condition=Q(started_at__isnull=False, ended_at__isnull=True),
                name="meeting_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.ended_at is None


class MeetingCase(models.Model):
    """A case of the agenda: a variable of a unit on which coders differ, or an open question.

    `given` is how often each answer was given when the case was last put on the agenda or the wall.
    """

    class Outcome(models.TextChoices):
        SETTLED = "settled", _("settled")
        CODEBOOK = "codebook", _("the codebook must change")
        ANSWERED = "answered", _("answered")
        RULE = "rule", _("a rule for everybody")
        PUT_OFF = "put_off", _("put off")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="cases")
    position = models.PositiveSmallIntegerField()
    round = models.ForeignKey("annotations.Round", on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey("annotations.Conversation", on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey("annotations.Message", on_delete=models.PROTECT, null=True, related_name="+")
    variable = models.ForeignKey(
        "annotations.Variable", on_delete=models.PROTECT, null=True, related_name="+"
    )
    question = models.ForeignKey(
        "annotations.Question", on_delete=models.PROTECT, null=True, related_name="meeting_cases"
    )
    given = models.JSONField(default=list, help_text="[[value, how many coders]]; never text of messages")
    shown_at = models.DateTimeField(null=True, help_text="first on the wall")
    shows_answers = models.BooleanField(default=False)
    ballot = models.PositiveSmallIntegerField(default=1)
    shows_votes = models.BooleanField(default=False)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    word = models.TextField(blank=True, help_text="why it was put off, or what must change")
    decision = models.ForeignKey(
        "annotations.Decision", on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposal = models.ForeignKey(
        "annotations.Proposal", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["meeting", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(variable__isnull=False) | Q(question__isnull=False),
                name="meeting_case_of_something",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True, decided_by__isnull=True)
                | Q(~Q(outcome=""), decided_at__isnull=False, decided_by__isnull=False),
                name="meeting_case_decided_by",
            ),
            models.CheckConstraint(
                condition=Q(outcome="settled", decision__isnull=False)
                | (~Q(outcome="settled") & Q(decision__isnull=True)),
                name="meeting_case_settled_by_decision",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["answered", "rule"], question__isnull=False)
                | ~Q(outcome__in=["answered", "rule"]),
                name="meeting_case_answers_question",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["put_off", "codebook"]) | ~Q(word=""), name="meeting_case_has_word"
            ),
            models.UniqueConstraint(
                fields=["meeting", "round", "message", "variable"],
                condition=Q(message__isnull=False, question__isnull=True),
                name="meeting_case_once_per_message",
            ),
            models.UniqueConstraint(
                fields=["meeting", "round", "conversation", "variable"],
                condition=Q(message__isnull=True, question__isnull=True),
                name="meeting_case_once_per_conversation",
            ),
            models.UniqueConstraint(
                fields=["meeting", "question"],
                condition=Q(question__isnull=False),
                name="meeting_case_once_per_question",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"


class Vote(models.Model):
    """Votes for one answer in a ballot: one of a person with a screen, or hands that were counted.

    Who voted is kept, and shown to nobody but in counts; the log does not hold it.
    """

    case = models.ForeignKey(MeetingCase, on_delete=models.PROTECT, related_name="votes")
    ballot = models.PositiveSmallIntegerField()
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    value = models.TextField(help_text="the answer as JSON, or: other; never text of messages")
    count = models.PositiveSmallIntegerField(default=1)
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["case", "ballot", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(value=""), name="vote_for_something"),
            models.CheckConstraint(
                condition=Q(voter__isnull=True) | Q(count=1), name="vote_of_a_person_counts_once"
            ),
            models.CheckConstraint(condition=Q(ballot__gte=1), name="vote_in_ballot"),
            models.UniqueConstraint(
                fields=["case", "ballot", "voter"],
                condition=Q(voter__isnull=False),
                name="vote_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["case", "ballot", "value"],
                condition=Q(voter__isnull=True),
                name="hands_once_per_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"vote {self.pk}"
