"""Searching back: what was screened in which order, who decided what, and the comparison sample.

A screening is frozen when it starts. Its frame stands in `ScreeningUnit`: every message that may be screened,
per organisation in the strict order in which it is screened, so that whoever is quick changes nothing and a
later import cannot be taken for what was screened.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .adjudication import Cause
from .job import Job


class ScreeningAnswer(models.TextChoices):
    """Categories of the variable that is looked for; empty as long as there is no answer."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    CANNOT_TELL = "cannot_tell", _("cannot be determined")


class Screening(models.Model):
    """A search for messages with one answer to one variable. All but `state` is frozen from the start."""

    class Design(models.TextChoices):
        STRICT = "strict", _("every message")
        DETECTOR = "detector", _("messages with a candidate first")
        SELECTION = "selection", _("a saved selection")

    class State(models.TextChoices):
        DRAFT = "draft", _("being set up")
        OPEN = "open", _("under way")
        DONE = "done", _("finished")

    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, related_name="screenings")
    name = models.CharField(max_length=80)
    codebook_version = models.ForeignKey(
        "annotations.CodebookVersion", on_delete=models.PROTECT, related_name="+"
    )
    variable = models.ForeignKey(
        "annotations.Variable", on_delete=models.PROTECT, related_name="+", help_text="what is looked for"
    )
    reasons = models.JSONField(
        default=list, help_text="why it can be a no, in order of the keys: keys, or words of the study's own"
    )
    starts_on = models.DateField(help_text="the newest day; the search goes back from here")
    design = models.CharField(max_length=9, choices=Design, default=Design.STRICT)
    filters = models.JSONField(default=dict, help_text="of the saved selection, as it was")
    selection_name = models.CharField(max_length=80, blank=True)
    elusion_size = models.PositiveIntegerField(
        default=0, help_text="messages without a candidate that are screened too, per organisation"
    )
    double_share = models.DecimalField(
        max_digits=3, decimal_places=2, default=0, help_text="share that two people screen"
    )
    seed = models.BigIntegerField(default=0)
    detector_version = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=5, choices=State, default=State.DRAFT)
    round = models.OneToOneField(
        "annotations.Round",
        on_delete=models.PROTECT,
        null=True,
        related_name="screening",
        help_text="in which the finds are coded",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["study", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(F("study"), Lower("name"), name="screening_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="screening_has_name"),
            models.CheckConstraint(
                condition=Q(double_share__gte=0) & Q(double_share__lte=1), name="screening_double_share"
            ),
            models.CheckConstraint(
                condition=Q(elusion_size=0) | Q(design="detector"), name="screening_elusion_of_detector"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", started_at__isnull=True)
                | Q(~Q(state="draft"), started_at__isnull=False),
                name="screening_started_unless_draft",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def double_percent(self) -> int:
        return round(100 * self.double_share)


class ScreeningScreener(models.Model):
    """A member of the study who screens."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="screeners")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["screening", "id"]
        constraints = [
            models.UniqueConstraint(fields=["screening", "user"], name="screener_once"),
        ]

    def __str__(self) -> str:
        return f"screener {self.user_id}"


class ScreeningTrack(Job):
    """The search at one organisation, or the sample of what the detector passed over there.

    A job as long as its frame is made. Counters are kept by `screening/decide.py` under a lock on this row.
    Positions count from 1, the newest message first. `stop_position` is the last position that counts, as far
    as is known; nothing after it is handed out.
    """

    class Part(models.TextChoices):
        SEARCH = "search", _("search")
        ELUSION = "elusion", _("sample without candidates")

    class Stop(models.TextChoices):
        FOUND = "found", _("a number of finds")
        DATE = "date", _("a date")
        SCREENED = "screened", _("a number of messages screened")
        WITHOUT = "without", _("a number of messages in a row without a find")

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="tracks", db_index=False)
    organisation = models.ForeignKey(
        "annotations.Organisation", on_delete=models.PROTECT, related_name="screening_tracks"
    )
    part = models.CharField(max_length=7, choices=Part, default=Part.SEARCH)
    stop_rule = models.CharField(max_length=8, choices=Stop, default=Stop.FOUND)
    target = models.PositiveIntegerField(null=True, help_text="the number of the stop rule")
    until = models.DateField(null=True, help_text="the oldest day, where the stop rule is a date")
    counts = models.JSONField(
        default=dict, help_text="of the archive when the frame was made, by where a message went"
    )
    timeline = models.JSONField(
        default=list, help_text="[[first day, messages of the frame], …], by the day or week"
    )
    last_message = models.BigIntegerField(
        default=0, help_text="key of the newest message there was when the frame was made"
    )
    size = models.PositiveIntegerField(default=0, help_text="messages in the frame")
    frontier = models.PositiveIntegerField(default=1, help_text="the next position to hand out")
    found = models.PositiveIntegerField(default=0)
    screened = models.PositiveIntegerField(default=0)
    with_supervisor = models.PositiveIntegerField(default=0)
    reached_at = models.DateTimeField(null=True, help_text="of the oldest message that was screened")
    stop_position = models.PositiveIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["screening", "part", "id"]
        constraints = [
            models.UniqueConstraint(fields=["screening", "organisation", "part"], name="track_once"),
            models.CheckConstraint(
                condition=Q(stop_rule="date", target__isnull=True, until__isnull=False)
                | Q(~Q(stop_rule="date"), target__isnull=False, target__gte=1, until__isnull=True),
                name="track_has_its_stop",
            ),
            models.CheckConstraint(
                condition=Q(frontier__gte=1) & Q(frontier__lte=F("size") + 1), name="track_frontier"
            ),
            models.CheckConstraint(condition=Q(found__lte=F("screened")), name="track_found_was_screened"),
        ]

    def __str__(self) -> str:
        return f"track {self.pk}"


class ScreeningUnitQuerySet(models.QuerySet["ScreeningUnit"]):
    def counting(self) -> ScreeningUnitQuerySet:
        """Up to the end of each search, as far as is known."""
        return self.filter(Q(track__stop_position=None) | Q(position__lte=F("track__stop_position")))

    def meant(self, round_id: int) -> ScreeningUnitQuerySet:
        """What a round of finds is about: the finds and what they are compared with, not told apart."""
        is_find = Q(is_find=True, track__part=ScreeningTrack.Part.SEARCH)
        compared = ComparisonUnit.objects.filter(unit=models.OuterRef("pk"))
        of_round = self.counting().filter(track__screening__round_id=round_id)
        return of_round.filter(is_find | models.Exists(compared))


class ScreeningUnit(models.Model):
    """A consumer message in the frame. `answer` is what holds: settled, else what was answered first.

    new: not handed out yet. open: handed out, an answer is missing. doubt: with the supervisor. differs: two
    people answered differently. done: answered by as many as it takes.
    """

    class State(models.TextChoices):
        NEW = "new", _("not screened yet")
        OPEN = "open", _("an answer is missing")
        DOUBT = "doubt", _("with the supervisor")
        DIFFERS = "differs", _("answered differently")
        DONE = "done", _("screened")

    track = models.ForeignKey(ScreeningTrack, on_delete=models.PROTECT, related_name="units", db_index=False)
    position = models.PositiveIntegerField()
    message = models.ForeignKey(
        "annotations.Message", on_delete=models.PROTECT, related_name="screening_units", db_index=False
    )
    is_double = models.BooleanField(default=False, help_text="screened by two people blind to each other")
    state = models.CharField(max_length=7, choices=State, default=State.NEW)
    answer = models.CharField(max_length=11, choices=ScreeningAnswer, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    # For indexes of a few rows among millions: both databases recognise a flag in a query.
    is_unfinished = models.BooleanField(default=False, db_default=False, help_text="open, doubt or differs")
    is_find = models.BooleanField(default=False, db_default=False, help_text="the answer is yes")

    objects = ScreeningUnitQuerySet.as_manager()

    class Meta:
        ordering = ["track", "position"]
        constraints = [
            models.UniqueConstraint(fields=["track", "position"], name="screening_position_once"),
            models.UniqueConstraint(fields=["message", "track"], name="screening_message_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="screening_position_from_1"),
            models.CheckConstraint(
                condition=(Q(answer="no") & ~Q(reason="")) | (~Q(answer="no") & Q(reason="")),
                name="screened_no_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(answer=""), name="screened_unit_has_answer"
            ),
            models.CheckConstraint(
                condition=(Q(is_unfinished=True) & Q(state__in=["open", "doubt", "differs"]))
                | (Q(is_unfinished=False) & Q(state__in=["new", "done"])),
                name="screening_unfinished_as_state",
            ),
            models.CheckConstraint(
                condition=(Q(is_find=True) & Q(answer="yes")) | (Q(is_find=False) & ~Q(answer="yes")),
                name="screening_find_as_answer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["track", "position"],
                condition=Q(is_unfinished=True),
                name="screening_unfinished",
            ),
            models.Index(fields=["track", "position"], condition=Q(is_find=True), name="screening_find"),
        ]

    def __str__(self) -> str:
        return f"unit {self.position} of track {self.track_id}"


class ScreeningLease(models.Model):
    """A message that a screener has on screen. It passes to another when nothing was heard until `until`."""

    unit = models.ForeignKey(ScreeningUnit, on_delete=models.PROTECT, related_name="leases", db_index=False)
    track = models.ForeignKey(ScreeningTrack, on_delete=models.PROTECT, related_name="leases", db_index=False)
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "coder"], name="one_lease_of_a_screener"),
            models.UniqueConstraint(fields=["unit", "coder"], name="screening_lease_once"),
        ]

    def __str__(self) -> str:
        return f"lease of unit {self.unit_id}"


class ScreeningDecision(models.Model):
    """What one person said of one message. Undone: neither an answer nor a doubt; the log has what was."""

    unit = models.ForeignKey(
        ScreeningUnit, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_settling = models.BooleanField(default=False, help_text="a doubt or a difference is settled by this")
    answer = models.CharField(max_length=11, choices=ScreeningAnswer, blank=True)
    reason = models.CharField(max_length=60, blank=True, help_text="of a no; a key of the screening")
    is_doubt = models.BooleanField(default=False)
    cause = models.CharField(
        max_length=16, choices=Cause, blank=True, default="", help_text="of a settling: why it differed"
    )
    note = models.TextField(blank=True)
    decided_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["unit", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "coder", "is_settling"], name="screened_once"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(is_settling=True), name="screening_settled_once"
            ),
            models.CheckConstraint(
                condition=(Q(answer="no") & ~Q(reason="")) | (~Q(answer="no") & Q(reason="")),
                name="screening_no_has_reason",
            ),
            models.CheckConstraint(condition=Q(is_doubt=False) | Q(answer=""), name="doubt_has_no_answer"),
            models.CheckConstraint(
                condition=Q(is_settling=False) | ~Q(answer=""), name="settling_has_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(is_settling=True) | Q(cause=""), name="screening_cause_of_settling"
            ),
        ]
        indexes = [
            models.Index(fields=["coder", "-decided_at"], name="screening_decision_of_coder"),
        ]

    def __str__(self) -> str:
        return f"decision on unit {self.unit_id}"


class ComparisonSample(models.Model):
    """A draw of conversations without a find, to compare the finds with; coded in the finds' round."""

    class Design(models.TextChoices):
        RANDOM = "random", _("at random within the organisation")
        MATCHED = "matched", _("matched on month and first contact")

    screening = models.OneToOneField(Screening, on_delete=models.PROTECT, related_name="comparison")
    design = models.CharField(max_length=7, choices=Design)
    per_find = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    drawn_at = models.DateTimeField(default=timezone.now, editable=False)
    counts = models.JSONField(default=dict, help_text="per organisation: wanted, available, drawn")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per_find__gte=1) & Q(per_find__lte=4), name="one_to_four"),
        ]

    def __str__(self) -> str:
        return f"comparison sample of {self.screening_id}"


class ComparisonUnit(models.Model):
    """A drawn negative. `find` is the one it is matched to; null where it was drawn at random."""

    sample = models.ForeignKey(ComparisonSample, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(ScreeningUnit, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey("annotations.Conversation", on_delete=models.PROTECT, related_name="+")
    find = models.ForeignKey(ScreeningUnit, on_delete=models.PROTECT, null=True, related_name="compared_with")

    class Meta:
        ordering = ["sample", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "conversation"], name="compared_once"),
            models.CheckConstraint(
                condition=Q(find__isnull=True) | ~Q(find=F("unit")), name="not_compared_with_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"comparison unit {self.pk}"
