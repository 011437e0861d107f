"""How far the coding is: per coder, organisation, round and study. The number of queries is fixed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from ..models import Assignment, Code, Coding, Conversation, Membership, Organisation, Round

FLAG = "discuss"
"""Key of the codebook's yes/no variable that puts a message on the agenda of the coders' meeting."""

FINISHED = Q(progress=Assignment.Progress.FINISHED)
BEGUN = Q(coding__state=Coding.State.OPEN)
COUNTS = {
    "assigned": Count("id"),
    "finished": Count("id", filter=FINISHED),
    "begun": Count("id", filter=BEGUN),
}


@dataclass(frozen=True)
class Counts:
    """Assigned conversations, and how many of those are finished and begun (opened, not finished)."""

    assigned: int = 0
    finished: int = 0
    begun: int = 0

    @property
    def left(self) -> int:
        return self.assigned - self.finished


@dataclass(frozen=True)
class CoderProgress:
    user_id: int
    name: str
    pseudonym: str
    role: str
    is_active: bool
    counts: Counts
    flagged: int
    """Messages the coder put on the agenda."""


@dataclass(frozen=True)
class OrganisationProgress:
    """Conversations of one organisation (`name` empty: of none): all, assigned, and finished by every coder
    they were assigned to."""

    organisation_id: int | None
    name: str
    conversations: int
    assigned: int
    finished: int


@dataclass(frozen=True)
class RoundProgress:
    round: Round
    counts: Counts
    coders: int
    shared: int
    """Conversations that everybody codes."""


@dataclass(frozen=True)
class StudyProgress:
    """A person's studies: the role, the person's own work, and for a supervisor everybody's."""

    membership: Membership
    own: Counts
    everybody: Counts | None


def name_of(user: AbstractBaseUser) -> str:
    """How a person is called on screen."""
    return getattr(user, "get_full_name", str)() or user.get_username()


def coder_progress(study_id: int, *, round_id: int | None = None) -> list[CoderProgress]:
    """Everybody who is a coder or has conversations; in one round or in all. Three queries."""
    assignments = Assignment.objects.filter(round__study_id=study_id)
    flags = Code.objects.filter(coding__assignment__round__study_id=study_id, variable__key=FLAG)
    if round_id is not None:
        assignments = assignments.filter(round_id=round_id)
        flags = flags.filter(coding__assignment__round_id=round_id)
    counts = _by(assignments, "coder_id")
    flagged = dict(
        flags.filter(category__key="yes")
        .order_by()
        .values_list("coding__assignment__coder_id")
        .annotate(number=Count("id"))
    )
    members = Membership.objects.filter(study_id=study_id).select_related("user")
    rows = [
        CoderProgress(
            user_id=member.user_id,
            name=name_of(member.user),
            pseudonym=member.pseudonym,
            role=member.role,
            is_active=member.is_active,
            counts=counts.get(member.user_id, Counts()),
            flagged=flagged.get(member.user_id, 0),
        )
        for member in members
        if member.user_id in counts
        or (round_id is None and member.is_active and member.role == Membership.Role.CODER)
    ]
    return sorted(rows, key=lambda row: row.name.lower())


def organisation_progress(study_id: int) -> list[OrganisationProgress]:
    """Every organisation of the study, and a row for conversations of none where there are. Four queries."""
    conversations = Conversation.objects.filter(study_id=study_id)
    given = Assignment.objects.filter(conversation=OuterRef("pk"))
    unfinished = given.exclude(FINISHED)
    everything = _per_organisation(conversations)
    assigned = _per_organisation(conversations.filter(Exists(given)))
    waiting = _per_organisation(conversations.filter(Exists(given), Exists(unfinished)))
    organisations = list(Organisation.objects.filter(study_id=study_id).values_list("id", "name"))
    rows: list[tuple[int | None, str]] = [*organisations]
    if None in everything:
        rows.append((None, ""))
    return [
        OrganisationProgress(
            organisation_id=key,
            name=name,
            conversations=everything.get(key, 0),
            assigned=assigned.get(key, 0),
            finished=assigned.get(key, 0) - waiting.get(key, 0),
        )
        for key, name in rows
    ]


def round_progress(study_id: int) -> list[RoundProgress]:
    """Every round, the latest first. Three queries."""
    assignments = Assignment.objects.filter(round__study_id=study_id)
    counts = _by(assignments, "round_id")
    coders = dict(
        assignments.order_by().values_list("round_id").annotate(number=Count("coder_id", distinct=True))
    )
    shared = dict(
        assignments.filter(is_shared=True)
        .order_by()
        .values_list("round_id")
        .annotate(number=Count("conversation_id", distinct=True))
    )
    rounds = Round.objects.filter(study_id=study_id).select_related("codebook_version__codebook")
    return [
        RoundProgress(
            round=row,
            counts=counts.get(row.pk, Counts()),
            coders=coders.get(row.pk, 0),
            shared=shared.get(row.pk, 0),
        )
        for row in rounds.order_by("-created_at", "-id")
    ]


def own_rounds(study_id: int, user_id: int) -> list[tuple[Round, Counts]]:
    """The rounds in which a coder has conversations, open ones first, and the coder's own counts."""
    own = Assignment.objects.filter(round__study_id=study_id, coder_id=user_id)
    counts = _by(own.annotate(base=Coalesce("round__woven_into_id", "round_id")), "base")
    rounds = Round.objects.filter(pk__in=counts).select_related("codebook_version__codebook")
    return [(row, counts[row.pk]) for row in rounds.order_by("-is_open", "created_at", "id")]


def studies_of(user_id: int) -> list[StudyProgress]:
    """A person's studies by name. Three queries."""
    memberships = list(
        Membership.objects.filter(user_id=user_id, is_active=True)
        .annotate(archived=Q(study__state="archived"))
        .select_related("study__codebook_version__codebook")
        .order_by("archived", "study__name", "study_id")
    )
    supervised = [row.study_id for row in memberships if row.role == Membership.Role.SUPERVISOR]
    own = _by(Assignment.objects.filter(coder_id=user_id, round__is_open=True), "round__study_id")
    everybody = _by(Assignment.objects.filter(round__study_id__in=supervised), "round__study_id")
    return [
        StudyProgress(
            membership=row,
            own=own.get(row.study_id, Counts()),
            everybody=everybody.get(row.study_id, Counts()) if row.study_id in supervised else None,
        )
        for row in memberships
    ]


def _by(assignments: QuerySet[Assignment], field: str) -> dict[int, Counts]:
    """Counts of assignments per value of a field."""
    rows: Iterable[dict[str, Any]] = assignments.order_by().values(field).annotate(**COUNTS)
    return {row.pop(field): Counts(**row) for row in rows}


def _per_organisation(conversations: QuerySet[Conversation]) -> dict[int | None, int]:
    return dict(conversations.order_by().values_list("organisation_id").annotate(number=Count("id")))
