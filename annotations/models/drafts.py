"""A codebook on its way to a next version: the draft, what people propose for it, and what changed."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .job import Job


class CodebookDraft(models.Model):
    """The next version of a study's codebook while it is being written; a study has one at a time.

    `document` is the codebook in the shape of its YAML, and with each variable and category the marks of
    `codebooks.document`: what it was in the base version, whether it is withdrawn, why. It is kept as text,
    because a database may put the keys of JSON in another order.
    """

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="drafts")
    base = models.ForeignKey(
        "annotations.CodebookVersion", on_delete=models.PROTECT, related_name="drafts_on_it"
    )
    written = models.TextField(help_text="the document as JSON")
    revision = models.PositiveIntegerField(default=1)
    step = models.PositiveIntegerField(default=0, help_text="how many steps stand; later ones are undone")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    published = models.OneToOneField(
        "annotations.CodebookVersion", on_delete=models.PROTECT, null=True, related_name="draft"
    )
    closed_at = models.DateTimeField(null=True, help_text="published, or given up")

    class Meta:
        ordering = ["study", "-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["study"], condition=Q(closed_at__isnull=True), name="draft_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(published__isnull=True) | Q(closed_at__isnull=False),
                name="draft_published_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.written)
        return document

    @document.setter
    def document(self, document: dict[str, Any]) -> None:
        self.written = json.dumps(document, ensure_ascii=False)


class DraftStep(models.Model):
    """One edit of a draft: the stretch of its text that became another, to be taken back and done again."""

    draft = models.ForeignKey(CodebookDraft, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    do = models.CharField(max_length=20, help_text="the kind of edit; file: the whole text was replaced")
    item = models.CharField(max_length=20, blank=True, help_text="id in the document of what it is about")
    field = models.CharField(max_length=120, blank=True, help_text="what of it was set, with dots")
    at = models.PositiveIntegerField(help_text="where in `written`, in code points")
    removed = models.TextField(blank=True)
    inserted = models.TextField(blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["draft", "number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draft_step_once")]

    def __str__(self) -> str:
        return f"step {self.number} of {self.draft_id}"


class VersionChange(models.Model):
    """One change of a published version against the one it is based on, and what became of old codes."""

    class Kind(models.TextChoices):
        WORDING = "wording", _("wording only")
        SETTING = "setting", _("when and how it is asked")
        RENAME = "rename", _("renamed")
        NEW_CATEGORY = "new_category", _("new category")
        NEW_VARIABLE = "new_variable", _("new variable")
        MERGE = "merge", _("merged")
        SPLIT = "split", _("split")
        REDEFINITION = "redefinition", _("redefined")
        WITHDRAWN_CATEGORY = "withdrawn_category", _("category withdrawn")
        WITHDRAWN_VARIABLE = "withdrawn_variable", _("variable withdrawn")

    version = models.ForeignKey(
        "annotations.CodebookVersion", on_delete=models.PROTECT, related_name="changes"
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    was = models.CharField(max_length=63, blank=True, help_text="the variable's key in the base version")
    variable = models.CharField(max_length=63, blank=True, help_text="its key in this version")
    carries = models.JSONField(
        default=dict,
        help_text="{category of the base version: category here, or null: its codes do not carry}",
    )
    every_code = models.BooleanField(
        default=False, help_text="redefined so far that no code of the variable carries over"
    )
    categories = models.JSONField(default=list, help_text="keys in this version that the change is about")
    fields = models.JSONField(default=list, help_text="what of it reads otherwise: definition, show_if …")
    reason = models.TextField(blank=True)
    asks_finished = models.BooleanField(
        default=False, help_text="a new variable: asked of what was finished too, not from now on only"
    )
    touched = models.JSONField(
        default=dict, help_text="{codes, coders, conversations, settled} when it was published"
    )

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="change_position_once"),
            models.CheckConstraint(
                condition=Q(asks_finished=False) | Q(kind="new_variable"), name="change_asks_if_new"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.variable or self.was}"


class RecodingUnderWay(Job):
    """Recode rounds that are too much to wait for. The row goes when they are there."""

    study = models.OneToOneField(
        "annotations.Study", on_delete=models.PROTECT, related_name="recoding_under_way"
    )
    shows_old = models.BooleanField(help_text="coders have their earlier answer in view")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"recoding of study {self.study_id}"


class Proposal(models.Model):
    """What somebody proposes for the codebook: a new category, or a rule that is not clear.

    It may come with a case: a settled disagreement, or the message that somebody was coding.
    """

    class Kind(models.TextChoices):
        CATEGORY = "category", _("a category is missing")
        UNCLEAR = "unclear", _("a rule is not clear")
        CHANGE = "change", _("the codebook should change")

    class State(models.TextChoices):
        OPEN = "open", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        MERGED = "merged", _("joined with another")
        DECLINED = "declined", _("declined")

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=8, choices=Kind)
    variable = models.CharField(max_length=63, blank=True)
    category = models.CharField(max_length=63, blank=True)
    text = models.TextField(help_text="what is proposed, or what is not clear")
    conversation = models.ForeignKey(
        "annotations.Conversation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    message = models.ForeignKey("annotations.Message", on_delete=models.PROTECT, null=True, related_name="+")
    consensus = models.OneToOneField(
        "annotations.Consensus", on_delete=models.PROTECT, null=True, related_name="proposal"
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answer = models.TextField(blank=True, help_text="the sentence that the proposer reads")
    joined = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="others", help_text="the one it went into"
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="the proposer saw the answer")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["study", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="proposal_answered_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="proposal_declined_with_a_sentence"
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class CaseCheck(models.Model):
    """Whether a settled case still holds under a later version in which its definition changed."""

    consensus = models.ForeignKey("annotations.Consensus", on_delete=models.PROTECT, related_name="checks")
    version = models.ForeignKey(
        "annotations.CodebookVersion", on_delete=models.PROTECT, related_name="case_checks"
    )
    holds = models.BooleanField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version", "id"]
        constraints = [models.UniqueConstraint(fields=["consensus", "version"], name="case_check_once")]

    def __str__(self) -> str:
        return f"check of {self.consensus_id}"
