"""What was collected: import batches, accounts, conversations, messages.

A foreign key whose column comes first in another index has none of its own, nor have those by which nobody
looks anything up: at millions of rows an index that answers nothing new costs minutes of every import.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .job import Job


class AuthorRole(models.TextChoices):
    CONSUMER = "consumer", _("consumer")
    ORGANISATION = "organisation", _("organisation")
    THIRD_PARTY = "third_party", _("third party")
    UNKNOWN = "unknown", _("unknown")


class ImportBatch(Job):
    """One import: the files, how they were read, how far it is, what came of it."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("to be confirmed")
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="import_batches")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    files = models.JSONField(default=list, help_text="[{name, sha256, bytes, path}]")
    format = models.CharField(max_length=40, blank=True)
    options = models.JSONField(
        default=dict, help_text="column mapping, encoding, time zone, repairs accepted"
    )
    report = models.JSONField(default=dict)
    rows_done = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ColumnMapping(models.Model):
    """A saved column mapping: our field -> the file's column."""

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="column_mappings")
    name = models.CharField(max_length=80)
    mapping = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["study", "name"], name="mapping_name_once")]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """An account on the platform. Its role is corrected here, for all its messages at once."""

    class RoleSource(models.TextChoices):
        HANDLE = "handle", _("handle of an organisation in the study")
        FILE = "file", _("column in the file")
        SIGNATURE = "signature", _("signs like an agent")
        HAND = "hand", _("set by hand")
        NONE = "none", _("no evidence")

    class Evidence(models.TextChoices):
        CONSUMER = "consumer", "the file says consumer"
        ORGANISATION = "organisation", "the file says organisation"
        THIRD_PARTY = "third_party", "the file says third party"
        SIGNATURE = "signature", "signs like an agent"
        NONE = "", "none"

    study = models.ForeignKey(
        "annotations.Study", on_delete=models.PROTECT, related_name="accounts", db_index=False
    )
    key = models.CharField(max_length=200, help_text="the platform's own id, else the handle in lower case")
    handle = models.CharField(max_length=200, blank=True)
    display_name = models.CharField(max_length=300, blank=True)
    role = models.CharField(max_length=12, choices=AuthorRole, default=AuthorRole.UNKNOWN)
    role_source = models.CharField(max_length=10, choices=RoleSource, default=RoleSource.NONE)
    evidence = models.CharField(
        max_length=12,
        choices=Evidence,
        default=Evidence.NONE,
        blank=True,
        help_text="of the role, besides handles: kept, to guess from again when the handles change",
    )
    organisation = models.ForeignKey(
        "annotations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
    )
    created_at = models.DateTimeField(null=True, blank=True, help_text="when the account was made, if known")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["study", "key"], name="account_once"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(role=AuthorRole.ORGANISATION),
                name="account_of_organisation_has_its_role",
            ),
        ]
        indexes = [
            models.Index(F("study"), Lower("handle"), name="account_handle"),
            models.Index(fields=["study"], condition=Q(role="unknown"), name="account_of_unknown_role"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}" if self.handle else self.key


class Conversation(models.Model):
    """A reply thread; `number` is what people call it on screen, `key` its id in the source."""

    study = models.ForeignKey(
        "annotations.Study", on_delete=models.PROTECT, related_name="conversations", db_index=False
    )
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=300)
    organisation = models.ForeignKey(
        "annotations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
    )
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.PROTECT, related_name="conversations", db_index=False
    )
    started_at = models.DateTimeField(null=True)
    message_count = models.PositiveIntegerField(default=0, help_text="placeholders included")
    placeholder_count = models.PositiveIntegerField(default=0)
    branch_count = models.PositiveIntegerField(default=0, help_text="messages with more than one reply")
    candidate_count = models.PositiveIntegerField(default=0)
    first_response_minutes = models.FloatField(null=True)
    unanswered = models.BooleanField(null=True)
    facts_due = models.BooleanField(
        default=False,
        db_default=False,
        help_text="roles or handles changed: facts to be worked out again",
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "key"], name="conversation_once"),
            models.UniqueConstraint(fields=["study", "number"], name="conversation_number_once"),
        ]
        indexes = [
            models.Index(fields=["study", "organisation", "number"], name="conversation_organisation"),
            models.Index(fields=["study", "started_at"], name="conversation_started"),
            models.Index(fields=["study"], condition=Q(facts_due=True), name="conversation_facts_due"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.number}"


class Message(models.Model):
    """A message as it was posted, or a placeholder for one that is missing.

    `text` holds the file's code points unchanged (CRLF as LF, no NUL); offsets of spans and candidates
    count them. HTML entities are resolved on screen only. Context fields that a file does not give are
    null and may be filled in by hand; `by_hand` names those.
    """

    class State(models.TextChoices):
        PRESENT = "present", _("present")
        DELETED = "deleted", _("deleted")
        PROTECTED = "protected", _("protected account")
        WITHHELD = "withheld", _("withheld")
        OUTSIDE = "outside", _("outside the collection")

    class Addressed(models.TextChoices):
        THIS = "this", _("this account")
        OTHER = "other", _("another account of the organisation")
        NONE = "none", _("no account of the organisation")
        UNKNOWN = "", _("unknown")

    study = models.ForeignKey(
        "annotations.Study", on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="messages", db_index=False)
    external_id = models.CharField(max_length=300)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    position = models.PositiveIntegerField(help_text="reading order in the conversation, from 0")
    depth = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.PRESENT)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="messages", db_index=False
    )
    created_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    text_before_repair = models.TextField(blank=True, help_text="as the file held it, where it was repaired")
    language = models.CharField(max_length=12, blank=True)
    permalink = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=200, blank=True)
    platform = models.CharField(max_length=40, blank=True)
    reposts = models.PositiveIntegerField(null=True)
    author_created_at = models.DateTimeField(null=True)
    author_followers = models.PositiveIntegerField(null=True)
    author_posts = models.PositiveIntegerField(null=True)
    addressed = models.CharField(max_length=5, choices=Addressed, default=Addressed.UNKNOWN, blank=True)
    by_hand = models.JSONField(default=list, blank=True)
    text_changed = models.BooleanField(default=False, help_text="a later file held another text")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["conversation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["study", "external_id"], name="message_once"),
            models.CheckConstraint(condition=Q(state="present") | Q(text=""), name="placeholder_has_no_text"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="message_not_its_own_parent"),
        ]
        indexes = [
            models.Index(fields=["conversation", "position"], name="message_reading_order"),
            models.Index(fields=["account", "created_at"], name="message_of_account"),
        ]

    def __str__(self) -> str:
        return f"message {self.external_id}"

    @property
    def is_placeholder(self) -> bool:
        return self.state != self.State.PRESENT

    @property
    def author_role(self) -> str:
        """consumer, organisation, third_party or unknown (select `account` along)."""
        return self.account.role if self.account else AuthorRole.UNKNOWN


class MessageVersion(models.Model):
    """Another text that a later file held for the same message."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="versions")
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    seen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["message", "seen_at", "id"]

    def __str__(self) -> str:
        return f"version of {self.message_id}"
