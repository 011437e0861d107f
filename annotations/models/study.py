"""Study, the people in it and the organisations it looks at."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StudyQuerySet(models.QuerySet["Study"]):
    def of_member(self, user_id: int) -> StudyQuerySet:
        """Studies in which this user has an active membership."""
        return self.filter(memberships__user_id=user_id, memberships__is_active=True).distinct()


class Study(models.Model):
    """One content analysis: a corpus, a codebook version, coders, rounds."""

    class Privacy(models.TextChoices):
        OPEN = "open", _("Open: texts as they were posted")
        MASKED = "masked", _("Masked: personal data hidden on screen, shown on request and logged")
        STRICT = "strict", _("Strict: citizen service numbers and passwords removed at import")

    class Language(models.TextChoices):
        NL = "nl", "Nederlands"
        EN = "en", "English"

    class LeastConfidence(models.TextChoices):
        MEDIUM = "medium", _("All candidates: certain and less certain")
        HIGH = "high", _("Only the certain ones")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        CLOSED = "closed", _("closed: read and export only")
        ARCHIVED = "archived", _("archived")

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.NL)
    privacy = models.CharField(max_length=6, choices=Privacy, default=Privacy.MASKED)
    codebook_version = models.ForeignKey(
        "annotations.CodebookVersion", on_delete=models.PROTECT, related_name="studies"
    )
    modules = models.JSONField(default=list, help_text="keys of the codebook's modules that are switched on")
    new_user_days = models.PositiveSmallIntegerField(
        default=30, help_text="an account younger than this many days counts as new to the platform"
    )
    many_data_threshold = models.PositiveSmallIntegerField(
        default=3, help_text="this many kinds of data asked at once, or more, counts as many"
    )
    withheld_share = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        default=0,
        help_text="share of the assigned conversations shown without highlights",
    )
    least_confidence = models.CharField(
        max_length=6,
        choices=LeastConfidence,
        default=LeastConfidence.MEDIUM,
        help_text="candidates below this level are not shown to coders",
    )
    detector_version = models.CharField(max_length=20, blank=True)
    earlier_detector_version = models.CharField(
        max_length=20,
        blank=True,
        help_text="of the messages from before an import with a newer detector, until they are scanned again",
    )
    statement = models.TextField(
        blank=True, help_text="of confidentiality: what each coder accepts before the first text"
    )
    statement_version = models.PositiveSmallIntegerField(default=0)
    needs_second_factor = models.BooleanField(
        default=False, help_text="nobody comes in without a second factor at signing in"
    )
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=1)

    objects = StudyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withheld_share__gte=0) & Q(withheld_share__lte=1), name="study_withheld_share"
            ),
            models.CheckConstraint(
                condition=Q(least_confidence__in=["medium", "high"]), name="study_least_confidence"
            ),
            # Elsewhere bullets show where the candidates are, so that nothing is withheld.
            models.CheckConstraint(
                condition=Q(privacy="open") | Q(withheld_share=0), name="study_withholds_only_if_open"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in one study. `pseudonym` is the name in exports and while settling."""

    class Role(models.TextChoices):
        SUPERVISOR = "supervisor", _("supervisor")
        CODER = "coder", _("coder")

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    pseudonym = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["study", "pseudonym"]
        constraints = [
            models.UniqueConstraint(fields=["study", "user"], name="membership_once"),
            models.UniqueConstraint(fields=["study", "pseudonym"], name="membership_pseudonym"),
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} ({self.role})"


class Absence(models.Model):
    """Days on which somebody does not code in a study, both included."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="absences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["study", "first", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="absence_first_before_last"),
            models.UniqueConstraint(fields=["study", "user", "first"], name="absence_begins_once"),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"


class AcceptedStatement(models.Model):
    """That a person accepted a version of a study's statement, and what stood in it."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="accepted_statements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    accepted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "user", "version"], name="statement_accepted_once")
        ]

    def __str__(self) -> str:
        return f"statement {self.version} accepted by {self.user_id}"


class Organisation(models.Model):
    """An organisation whose webcare is studied; the facts about its account are the supervisor's."""

    class Sector(models.TextChoices):
        COMMERCIAL = "commercial", _("commercial")
        GOVERNMENT = "government", _("government")
        NONPROFIT = "nonprofit", _("non-profit")

    class Purpose(models.TextChoices):
        WEBCARE = "webcare", _("webcare")
        INFORMATION_CHANNEL = "information_channel", _("information channel")
        MIXED = "mixed", _("mixed")

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(max_length=120)
    sector = models.CharField(max_length=10, choices=Sector, blank=True)
    account_purpose = models.CharField(max_length=20, choices=Purpose, blank=True)
    bio_no_personal_data = models.BooleanField(null=True)
    bio_dm_possible = models.BooleanField(null=True)
    has_social_media_rules = models.BooleanField(null=True)
    has_employee_policy = models.BooleanField(null=True)
    has_training = models.BooleanField(null=True)
    has_diverse_review = models.BooleanField(null=True)
    has_crisis_plan = models.BooleanField(null=True)
    monitoring_24h = models.BooleanField(null=True)
    observed_on = models.DateField(null=True, blank=True)
    biography = models.TextField(blank=True, help_text="of the account, as it stood on the platform")
    measures = models.JSONField(
        default=dict,
        blank=True,
        help_text="{field of a measure: {on: day, source: text}}: what its answer rests on",
    )
    impossible_types = models.JSONField(
        default=list,
        blank=True,
        help_text="kinds of information it does not deal in: 0 of them is no finding",
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), F("study"), name="organisation_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationHandle(models.Model):
    """A handle of an organisation, without `@`; position 0 is the webcare account itself."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="handles")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="handles")
    handle = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["organisation", "position", "id"]
        constraints = [
            models.UniqueConstraint(Lower("handle"), F("study"), name="handle_once_in_study"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"


class SignInLink(models.Model):
    """A one-time sign-in link; only a hash of its token is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"sign-in link {self.pk}"
