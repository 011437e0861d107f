"""Starting, finishing and reopening a coding."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ...codebooks.values import Missing, plain
from ...errors import BadInput, NotAllowed
from ...models import (
    Assignment,
    CandidateDecision,
    Code,
    Coding,
    Decision,
    FrozenCoding,
    MeetingCase,
    Span,
    TrainingUnit,
)
from ..answers import CodingState, load_state
from ..coded import coded_values
from .contradictions import forget_resolved, refuse_contradictions
from .rows import lock, record, write_code, write_missing

LONGEST_PAUSE = 120
"""Seconds between two signs of life that still count as work; a longer pause is a break."""


@transaction.atomic
def start_coding(assignment_id: int, *, actor_id: int) -> Coding:
    """The coding of an assignment, made when its coder first opens it."""
    assignment = (
        Assignment.objects.select_related("round").filter(pk=assignment_id, coder_id=actor_id).first()
    )
    if assignment is None:
        raise NotAllowed(_("This conversation was given to somebody else."))
    coding, created = Coding.objects.get_or_create(assignment=assignment)
    if created:
        record(load_state(coding), "coding.started", actor_id)
    return coding


def touched_codings(assignment_ids: Collection[int] | QuerySet[Any]) -> QuerySet[Coding]:
    """The codings, locked, in which something was coded; one that was only looked at is not among them."""
    codings = Coding.objects.filter(assignment__in=assignment_ids)
    list(codings.select_for_update().values_list("pk", flat=True))
    own = {"coding": OuterRef("pk")}
    return codings.filter(
        Q(state=Coding.State.FINISHED)
        | Exists(Code.objects.filter(**own))
        | Exists(Span.objects.filter(**own))
        | Exists(CandidateDecision.objects.filter(**own))
    )


def discard_untouched(assignment_ids: Collection[int]) -> None:
    """Remove the codings of assignments that were only looked at, before these are taken from their coder."""
    codings = Coding.objects.filter(assignment__in=assignment_ids)
    codings.exclude(pk__in=touched_codings(assignment_ids).values("pk")).delete()


@transaction.atomic
def finish(coding_id: int, *, actor_id: int) -> CodingState:
    """Lock a coding: what was not asked becomes 97, what was left open 99.

    Raises BadInput while a required question is open, or a contradiction is neither solved nor kept.
    Finishing twice changes nothing.
    """
    state = lock(coding_id, actor_id)
    if state.coding.state == Coding.State.FINISHED:
        return state
    open_variables = state.open_variables()
    if open_variables:
        count = sum(len(variables) for variables in open_variables.values())
        raise BadInput(_("%(count)d required questions are still open.") % {"count": count})
    refuse_contradictions(state)
    forget_resolved(state, actor_id)
    not_asked, left_open = [], []
    for key in state.unit_keys():
        unit, known = state.unit(key), state.values(key)
        for variable in state.rules.hidden(unit):
            if known.get(variable.key) is not Missing.NOT_APPLICABLE:
                not_asked.append((key, variable))
        left_open += [(key, variable) for variable in state.rules.visible(unit) if variable.key not in known]
    write_missing(state, not_asked, Missing.NOT_APPLICABLE, actor_id=actor_id, action="code.not_asked")
    write_missing(state, left_open, Missing.NOT_CODED, actor_id=actor_id, action="code.left_open")
    _set_state(state, Coding.State.FINISHED)
    record(state, "coding.finished", actor_id)
    return state


@transaction.atomic
def skip(coding_id: int, *, actor_id: int) -> CodingState:
    """Leave a coding for later: the queue gives it again when the others are done."""
    state = lock(coding_id, actor_id)
    if state.coding.state == Coding.State.OPEN:
        state.coding.skipped_at = timezone.now()
        state.coding.save(update_fields=["skipped_at"])
        record(state, "coding.skipped", actor_id)
    return state


@transaction.atomic
def reopen(coding_id: int, *, actor_id: int) -> CodingState:
    """Open a finished coding again; questions that were not asked are open, not 97, from now on.

    After a decision on the conversation, which the coder may have seen as a settled case, or a meeting where
    it was shown, what stands is kept for agreement.
    """
    state = lock(coding_id, actor_id)
    if state.coding.state == Coding.State.OPEN:
        return state
    if TrainingUnit.objects.filter(assignment=state.coding.assignment, right__isnull=False).exists():
        raise NotAllowed(_("In a training the first answer stands: you have seen the key."))
    if _was_spoken_of(state.coding):
        _freeze(state, actor_id)
    for key, answers in list(state.answers.items()):
        for name, answer in list(answers.items()):
            if answer.value is Missing.NOT_APPLICABLE:
                variable = state.codebook.spec.by_key[name]
                write_code(
                    state, key, variable, Missing.NOT_CODED, actor_id=actor_id, action="code.asked_again"
                )
    _set_state(state, Coding.State.OPEN)
    record(state, "coding.reopened", actor_id)
    return state


@transaction.atomic
def add_seconds(coding_id: int, *, actor_id: int, seconds: int, known: int | None = None) -> int:
    """Add time spent with the page in view and in use; gives the total.

    A sign of life comes at least every two minutes. `known` is the total that the page knew: if it has
    changed since, nothing is added, for this may be the same time sent twice.
    """
    # Also of a coding that is finished by now: its last seconds may arrive after that.
    coding = lock(coding_id, actor_id).coding
    if known is not None and known != coding.active_seconds:
        return coding.active_seconds
    worked = max(0, min(seconds, LONGEST_PAUSE))
    Coding.objects.filter(pk=coding.pk).update(active_seconds=F("active_seconds") + worked)
    return coding.active_seconds + worked


def _was_spoken_of(coding: Coding) -> bool:
    """Whether anything of its conversation was ever settled, in whatever round, or shown in a meeting."""
    conversation_id = coding.assignment.conversation_id
    return (
        Decision.objects.filter(consensus__conversation_id=conversation_id).exists()
        or MeetingCase.objects.filter(conversation_id=conversation_id, shown_at__isnull=False).exists()
    )


def _freeze(state: CodingState, actor_id: int) -> None:
    coding, assignment = state.coding, state.coding.assignment
    if FrozenCoding.objects.filter(coding=coding).exists():
        return
    given = coded_values(
        assignment.round, conversation_ids=[assignment.conversation_id], coder_id=assignment.coder_id
    )
    answers = [[row.message_id, row.span_id, row.variable, plain(row.value)] for row in given]
    spans = {pk: [span.start, span.end] for pk, span in state.spans.items()}
    FrozenCoding.objects.create(
        coding=coding, finished_at=coding.finished_at or timezone.now(), answers=answers, spans=spans
    )
    record(state, "coding.frozen", actor_id, after={"answers": len(answers), "spans": len(spans)})


def _set_state(state: CodingState, wanted: Coding.State) -> None:
    coding = state.coding
    coding.state = wanted
    coding.finished_at = timezone.now() if wanted == Coding.State.FINISHED else None
    coding.revision += 1
    coding.save(update_fields=["state", "finished_at", "revision"])
