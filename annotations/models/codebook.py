"""Codebook, its versions, variables and categories."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MISSING_CODES = (97, 98, 99)
"""97 not applicable, 98 cannot be determined, 99 not coded."""


class Codebook(models.Model):
    """A codebook through all its versions."""

    key = models.SlugField(max_length=80, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.key


class CodebookVersion(models.Model):
    """One text of a codebook; frozen (by a trigger too) from the first code that was given with it."""

    codebook = models.ForeignKey(Codebook, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … in order of loading")
    version = models.CharField(max_length=40, help_text="the author's own version, as in the file")
    title = models.JSONField(help_text="{language: title}")
    sha256 = models.CharField(max_length=64, help_text="of `source`")
    source = models.TextField(help_text="the YAML as written by codebooks.writing")
    modules = models.JSONField(help_text="[{key, label: {language: text}, default_on}]")
    default_language = models.CharField(max_length=2, default="nl")
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    loaded_at = models.DateTimeField(default=timezone.now, editable=False)
    frozen_at = models.DateTimeField(null=True)
    based_on = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="followed_by",
        help_text="the version that was changed into this one; what became of its codes: VersionChange",
    )

    class Meta:
        ordering = ["codebook", "number"]
        constraints = [
            models.UniqueConstraint(fields=["codebook", "number"], name="codebook_number_once"),
            models.UniqueConstraint(fields=["codebook", "sha256"], name="codebook_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.codebook_id} v{self.number}"


class Variable(models.Model):
    """A question of the codebook."""

    class Level(models.TextChoices):
        MESSAGE = "message", _("message")
        CONVERSATION = "conversation", _("conversation")
        SPAN = "span", _("fragment")

    class Kind(models.TextChoices):
        SINGLE = "single", _("single choice")
        MULTI = "multi", _("multiple choice")
        BOOLEAN = "boolean", _("yes or no")
        NUMBER = "number", _("number")
        TEXT = "text", _("text")

    class Scale(models.TextChoices):
        NOMINAL = "nominal", _("nominal")
        ORDINAL = "ordinal", _("ordinal")
        INTERVAL = "interval", _("interval")
        RATIO = "ratio", _("ratio")

    version = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="variables")
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    module = models.CharField(max_length=40)
    level = models.CharField(max_length=12, choices=Level)
    kind = models.CharField(max_length=8, choices=Kind)
    scale = models.CharField(max_length=8, choices=Scale, default=Scale.NOMINAL)
    label = models.JSONField()
    definition = models.JSONField(default=dict)
    in_reliability = models.BooleanField(default=True, help_text="counts in the agreement report")

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="variable_key_once"),
            models.UniqueConstraint(fields=["version", "position"], name="variable_position_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Category(models.Model):
    """An answer to a single, multi or yes/no variable; yes/no variables have the rows `yes` and `no`."""

    variable = models.ForeignKey(Variable, on_delete=models.PROTECT, related_name="categories")
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    code = models.SmallIntegerField(
        help_text="the number in the statistics package; 97, 98 and 99 are missing"
    )
    label = models.JSONField()
    exclusive = models.BooleanField(default=False)

    class Meta:
        ordering = ["variable", "position"]
        constraints = [
            models.UniqueConstraint(fields=["variable", "key"], name="category_key_once"),
            models.UniqueConstraint(fields=["variable", "code"], name="category_code_once"),
            models.CheckConstraint(condition=Q(code__gte=0), name="category_code_not_negative"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_missing(self) -> bool:
        return self.code in MISSING_CODES
