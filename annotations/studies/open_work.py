"""What waits for the supervisor, and what an empty study needs first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from ..models import (
    Account,
    Assignment,
    Code,
    Conversation,
    ImportBatch,
    KeptContradiction,
    Membership,
    Round,
)
from .progress import FLAG

IMPORTS_SHOWN = 5


@dataclass(frozen=True)
class OpenWork:
    """Numbers of things that wait. `comparable`: conversations that two or more coders have finished."""

    conversations: int
    unassigned: int
    comparable: int
    flagged: int
    noted: int
    contradicted: int
    idle_coders: int
    coders: int
    assignments: int
    finished: int
    imports_to_confirm: int
    imports_failed: int
    unknown_roles: int


@dataclass(frozen=True)
class Step:
    """A step of setting up a study. `key`: import, coders, assign or code."""

    key: str
    is_done: bool


def open_work(study_id: int) -> OpenWork:
    """Counts for the overview; a fixed number of queries."""
    conversations = Conversation.objects.filter(study_id=study_id)
    assignments = Assignment.objects.filter(round__study_id=study_id)
    given = Assignment.objects.filter(conversation=OuterRef("pk"))
    finished = assignments.filter(progress=Assignment.Progress.FINISHED)
    twice = (
        finished.exclude(round__kind=Round.Kind.TRAINING)
        .order_by()
        .values("round_id", "conversation_id")
        .annotate(n=Count("id"))
        .filter(n__gte=2)
    )
    coders = Membership.objects.filter(study_id=study_id, is_active=True, role=Membership.Role.CODER)
    busy = assignments.filter(coder_id=OuterRef("user_id"), round__is_open=True).exclude(
        progress=Assignment.Progress.FINISHED
    )
    imports = ImportBatch.objects.filter(study_id=study_id)
    states = dict(imports.order_by().values_list("state").annotate(n=Count("id")))
    flags = Code.objects.filter(
        coding__assignment__round__study_id=study_id, variable__key=FLAG, category__key="yes"
    )
    texts = Code.objects.filter(coding__assignment__round__study_id=study_id, text__isnull=False)
    kept = KeptContradiction.objects.filter(coding__assignment__round__study_id=study_id)
    accounts = Account.objects.filter(study_id=study_id, role="unknown")
    return OpenWork(
        conversations=conversations.count(),
        unassigned=conversations.filter(~Exists(given)).count(),
        comparable=twice.count(),
        flagged=flags.count(),
        noted=texts.exclude(text="")
        .order_by()
        .values("coding__assignment__conversation_id")
        .distinct()
        .count(),
        contradicted=kept.order_by().values("coding__assignment__conversation_id").distinct().count(),
        idle_coders=coders.filter(~Exists(busy)).count(),
        coders=coders.count(),
        assignments=assignments.count(),
        finished=finished.count(),
        imports_to_confirm=states.get(ImportBatch.State.PREVIEW, 0),
        imports_failed=states.get(ImportBatch.State.FAILED, 0),
        unknown_roles=accounts.count(),
    )


def steps(now: OpenWork) -> list[Step]:
    """The way from an empty study to coded conversations."""
    return [
        Step("import", now.conversations > 0),
        Step("coders", now.coders > 0),
        Step("assign", now.assignments > 0),
        Step("code", now.finished > 0),
    ]


def last_imports(study_id: int) -> list[ImportBatch]:
    imports = ImportBatch.objects.filter(study_id=study_id).select_related("created_by")
    return list(imports.order_by("-created_at", "-id")[:IMPORTS_SHOWN])
