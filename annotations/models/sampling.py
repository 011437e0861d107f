"""Selections to draw from, rounds of coding, and who codes which conversation in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .job import Job


class Selection(models.Model):
    """Filters under a name: a question about conversations, asked anew whenever it is used."""

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="selections")
    name = models.CharField(max_length=80)
    filters = models.JSONField(help_text="the filters that are set, as plain values")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["study", Lower("name"), "id"]
        constraints = [
            models.UniqueConstraint(F("study"), Lower("name"), name="selection_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="selection_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Round(models.Model):
    """A phase of coding with one codebook version; `seed` makes its draw repeatable."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("training")
        PILOT = "pilot", _("pilot")
        RELIABILITY = "reliability", _("reliability")
        MAIN = "main", _("main coding")
        DRIFT = "drift", _("drift check")
        RECODE = "recode", _("recoding")
        REPEAT = "repeat", _("coded again by the same coder")

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.MAIN)
    codebook_version = models.ForeignKey(
        "annotations.CodebookVersion", on_delete=models.PROTECT, related_name="rounds"
    )
    modules = models.JSONField(default=list)
    seed = models.BigIntegerField(default=0)
    draw = models.JSONField(default=list, help_text="each draw: seed, selection, sizes, when, by whom")
    is_open = models.BooleanField(default=True)
    due_on = models.DateField(null=True, blank=True, help_text="the day by which it is to be done")
    per_week = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="conversations that each coder is asked to finish in a week"
    )
    recodes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="recoded_in",
        help_text="the round of which this one codes again what a change of the codebook touched",
    )
    shows_old = models.BooleanField(
        default=False, help_text="of a round that codes again: the coder sees the old answer"
    )
    woven_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="woven",
        help_text="the round in whose queue its units stand; coders see that one's name",
    )
    followed_from = models.DateTimeField(
        null=True, help_text="an alarm about its agreement was dealt with: units after it are followed afresh"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["study", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["study", "name"], name="round_name_once"),
            models.CheckConstraint(
                condition=Q(shows_old=False) | Q(recodes__isnull=False), name="round_old_only_if_recoded"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Gate(models.Model):
    """What a round waits for: agreement in an earlier round, by a threshold chosen before.

    While it is shut the round is closed. It opens by agreement, or for a reason that a supervisor gives.
    """

    class Bound(models.TextChoices):
        LOWER = "lower", _("the lower end of its 95 % interval")
        POINT = "point", _("alpha itself")

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="gate")
    after = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="gates")
    bound = models.CharField(max_length=5, choices=Bound, default=Bound.LOWER)
    thresholds = models.JSONField(help_text="{variable: the least alpha}, of the variables that count")
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True, help_text="why it was opened below the threshold")
    reached = models.JSONField(default=dict, help_text="{variable: what it was judged by} when it opened")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(round=F("after")), name="gate_after_another_round"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False) | Q(opened_by__isnull=True, reason=""),
                name="gate_reason_once_open",
            ),
            models.CheckConstraint(
                condition=Q(opened_by__isnull=True) | ~Q(reason=""), name="gate_opened_by_hand_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"gate of round {self.round_id}"


class DrawUnderWay(Job):
    """A draw that is too large to wait for. The row goes when the conversations are assigned."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="draw_under_way")
    wish = models.JSONField(help_text="what the supervisor asked for, as confirmed")
    fingerprint = models.CharField(max_length=64, blank=True, help_text="of the outcome that was confirmed")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"draw for round {self.round_id}"


class StandingAssignments(models.Manager["Assignment"]):
    """Those that stand: what was given to somebody else counts for nothing any more."""

    def get_queryset(self) -> models.QuerySet[Assignment]:
        return super().get_queryset().filter(released_at__isnull=True)


class Assignment(models.Model):
    """A conversation that a coder is to code in a round.

    `objects`, and what is reached from a round or a conversation, are those that stand; `with_released` has
    those as well of which the coder's unfinished work is kept while the conversation went to another.
    """

    class Progress(models.TextChoices):
        TODO = "todo", _("to do")
        SKIPPED = "skipped", _("left for later")
        FINISHED = "finished", _("finished")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assignments")
    conversation = models.ForeignKey(
        "annotations.Conversation", on_delete=models.PROTECT, related_name="assignments"
    )
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    position = models.PositiveIntegerField(help_text="the coder's own random order")
    is_shared = models.BooleanField(default=False, help_text="drawn to be coded by everybody")
    highlights = models.BooleanField(default=True, help_text="candidates are shown to the coder")
    progress = models.CharField(
        max_length=8,
        choices=Progress,
        default=Progress.TODO,
        db_default=Progress.TODO,
        editable=False,
        help_text="follows the coding; the database itself keeps it (models/triggers.py)",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    released_at = models.DateTimeField(
        null=True, help_text="taken from the coder with the work begun kept as it was, unfinished"
    )

    objects = StandingAssignments()
    with_released: models.Manager[Assignment] = models.Manager()

    class Meta:
        ordering = ["round", "coder", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "conversation", "coder"],
                condition=Q(released_at__isnull=True),
                name="assignment_once",
            ),
            models.UniqueConstraint(
                fields=["round", "coder", "position"],
                condition=Q(released_at__isnull=True),
                name="assignment_position_once",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="assignment_position_from_1"),
        ]
        indexes = [
            models.Index(
                fields=["round", "coder", "progress", "position"],
                condition=Q(released_at__isnull=True),
                name="assignment_progress",
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"
