"""Marking fragments, and deciding on candidates."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ...codebooks.proposing import proposed_kinds
from ...codebooks.values import Value
from ...errors import BadInput, NotAllowed, StaleWrite
from ...models import Candidate, CandidateDecision, Code, Message, Span
from ..answers import CodingState, UnitKey
from .rows import checked, logged, open_for_writing, record, write_code

Decision = CandidateDecision.Decision


@transaction.atomic
def add_span(
    coding_id: int, *, actor_id: int, message_id: int, start: int, end: int, quote: str, info_type: str
) -> tuple[Span, CodingState]:
    """Mark `text[start:end]` (code points), which must read `quote`, and give it a type."""
    state = open_for_writing(coding_id, actor_id)
    _check_place(state, message_id, start, end, quote)
    span = _create(state, actor_id, message_id, start, end, info_type, Span.Origin.ADDED, None)
    return span, state


@transaction.atomic
def accept_candidate(
    coding_id: int, *, actor_id: int, candidate_id: int, info_type: str | None = None
) -> tuple[Span, CodingState]:
    """Make a candidate a span, with its own type or another. Accepting it twice changes nothing."""
    state = open_for_writing(coding_id, actor_id)
    candidate = _candidate(state, candidate_id)
    decided = CandidateDecision.objects.filter(coding=state.coding, candidate=candidate).first()
    if decided and decided.span_id:
        span = state.spans[decided.span_id]
        if info_type and info_type != _type(state, span):
            variable = state.codebook.type_variable
            assert variable is not None
            key: UnitKey = ("span", span.pk)
            write_code(
                state, key, variable, checked(variable, info_type), actor_id=actor_id, action="code.saved"
            )
            retyped(state, key)
        return span, state
    proposed = proposed_kinds(state.codebook.version_id, candidate.info_type)
    wanted = info_type or (proposed[0] if proposed else candidate.info_type)
    origin = Span.Origin.ACCEPTED if wanted in proposed else Span.Origin.RETYPED
    span = _create(
        state, actor_id, candidate.message_id, candidate.start, candidate.end, wanted, origin, candidate
    )
    _decide(state, actor_id, candidate, Decision(origin.value), span)
    return span, state


@transaction.atomic
def move_span(
    coding_id: int, *, actor_id: int, span_id: int, start: int, end: int, quote: str, revision: int
) -> tuple[Span, CodingState]:
    """Give a span other boundaries."""
    state = open_for_writing(coding_id, actor_id)
    span = _own_span(state, span_id, revision)
    _check_place(state, span.message_id, start, end, quote, besides=span)
    before = {"span": span.pk, "start": span.start, "end": span.end}
    span.start, span.end, span.revision = start, end, span.revision + 1
    span.updated_at = timezone.now()
    _reclassify(state, span)
    span.save(update_fields=["start", "end", "revision", "updated_at", "origin"])
    record(state, "span.moved", actor_id, before=before, after={"span": span.pk, "start": start, "end": end})
    return span, state


@transaction.atomic
def remove_span(coding_id: int, *, actor_id: int, span_id: int, revision: int) -> CodingState:
    """Take a span away with its answers; the log keeps all but texts. Its candidate is undecided again."""
    state = open_for_writing(coding_id, actor_id)
    span = _own_span(state, span_id, revision)
    variables = state.codebook.spec.by_key
    answers = {key: logged(variables[key], value) for key, value in state.values(("span", span_id)).items()}
    CandidateDecision.objects.filter(span=span).delete()
    Code.objects.filter(span=span).delete()
    span.delete()
    record(
        state,
        "span.removed",
        actor_id,
        before={
            "span": span_id,
            "message": span.message_id,
            "number": span.number,
            "start": span.start,
            "end": span.end,
            "candidate": span.candidate_id,
            "answers": answers,
        },
    )
    state.forget_span(span_id)
    return state


@transaction.atomic
def reject_candidate(coding_id: int, *, actor_id: int, candidate_id: int) -> CodingState:
    """Decide that a candidate is no personal data; a span made of it goes."""
    state = open_for_writing(coding_id, actor_id)
    candidate = _candidate(state, candidate_id)
    known = CandidateDecision.objects.filter(coding=state.coding, candidate=candidate).first()
    if known and known.decision == Decision.REJECTED:
        return state
    if known and known.span_id:
        remove_span(
            coding_id,
            actor_id=actor_id,
            span_id=known.span_id,
            revision=state.spans[known.span_id].revision,
        )
        state.forget_span(known.span_id)
    _decide(state, actor_id, candidate, Decision.REJECTED, None)
    return state


@transaction.atomic
def undecide_candidate(coding_id: int, *, actor_id: int, candidate_id: int) -> CodingState:
    """Take a rejection back."""
    state = open_for_writing(coding_id, actor_id)
    candidate = _candidate(state, candidate_id)
    known = CandidateDecision.objects.filter(
        coding=state.coding, candidate=candidate, decision=Decision.REJECTED
    )
    if known.delete()[0]:
        record(state, "candidate.undecided", actor_id, before={"candidate": candidate_id})
    return state


def retyped(state: CodingState, key: UnitKey) -> None:
    """After a span got another type: its origin and the decision on its candidate follow."""
    span = state.spans[key[1] or 0]
    if _reclassify(state, span):
        span.save(update_fields=["origin"])


def _create(
    state: CodingState,
    actor_id: int,
    message_id: int,
    start: int,
    end: int,
    info_type: str,
    origin: Span.Origin,
    candidate: Candidate | None,
) -> Span:
    variable = state.codebook.type_variable
    if variable is None or variable not in state.rules.visible(state.span_unit(message_id)):
        raise BadInput(_("This study's codebook marks no fragments in this message."))
    value: Value = checked(variable, info_type)
    twin = any(
        (span.start, span.end, _type(state, span)) == (start, end, info_type)
        for span in state.spans_of(message_id)
    )
    if twin:
        raise BadInput(_("This fragment is already marked with this type."))
    coding = state.coding
    coding.spans_made += 1
    coding.save(update_fields=["spans_made"])
    span = Span.objects.create(
        coding=coding,
        message_id=message_id,
        number=coding.spans_made,
        start=start,
        end=end,
        origin=origin,
        candidate=candidate,
    )
    state.note_span(span)
    record(
        state,
        "span.added",
        actor_id,
        after={"span": span.pk, "message": message_id, "start": start, "end": end, "origin": origin.value},
    )
    write_code(state, ("span", span.pk), variable, value, actor_id=actor_id, action="code.saved")
    return span


def _check_place(
    state: CodingState, message_id: int, start: int, end: int, quote: str, besides: Span | None = None
) -> None:
    if message_id not in state.roles:
        raise BadInput(_("This message is not in the conversation; reload the page."))
    text = Message.objects.values_list("text", flat=True).get(pk=message_id)
    if not 0 <= start < end <= len(text) or text[start:end] != quote:
        raise BadInput(_("The fragment does not match the text; reload the page and mark it again."))
    if not quote.strip():
        raise BadInput(_("A fragment needs at least one visible character."))
    if besides is not None and any(
        (span.start, span.end) == (start, end) and _type(state, span) == _type(state, besides)
        for span in state.spans_of(message_id)
        if span.pk != besides.pk
    ):
        raise BadInput(_("This fragment is already marked with this type."))


def _own_span(state: CodingState, span_id: int, revision: int) -> Span:
    span = state.spans.get(span_id)
    if span is None:
        raise StaleWrite(None, 0)
    if span.revision != revision:
        raise StaleWrite({"start": span.start, "end": span.end}, span.revision)
    return span


def _candidate(state: CodingState, candidate_id: int) -> Candidate:
    candidate = Candidate.objects.filter(pk=candidate_id, message_id__in=state.roles).first()
    if candidate is None or not state.coding.assignment.highlights:
        raise NotAllowed(_("This candidate is not part of the conversation."))
    return candidate


def _type(state: CodingState, span: Span) -> Value | None:
    variable = state.codebook.type_variable
    return state.values(("span", span.pk)).get(variable.key) if variable else None


def _reclassify(state: CodingState, span: Span) -> bool:
    """Set the origin of a span that came from a candidate, and the decision with it."""
    candidate = span.candidate
    if candidate is None:
        return False
    if (span.start, span.end) != (candidate.start, candidate.end):
        origin = Span.Origin.MOVED
    elif _type(state, span) not in proposed_kinds(state.codebook.version_id, candidate.info_type):
        origin = Span.Origin.RETYPED
    else:
        origin = Span.Origin.ACCEPTED
    span.origin = origin
    CandidateDecision.objects.filter(coding=state.coding, candidate=candidate).update(
        decision=origin.value, updated_at=timezone.now()
    )
    return True


def _decide(
    state: CodingState, actor_id: int, candidate: Candidate, decision: str, span: Span | None
) -> None:
    known = CandidateDecision.objects.filter(coding=state.coding, candidate=candidate).first()
    before = {"decision": known.decision} if known else None
    CandidateDecision.objects.update_or_create(
        coding=state.coding,
        candidate=candidate,
        defaults={
            "decision": decision,
            "span": span,
            "updated_at": timezone.now(),
            "revision": known.revision + 1 if known else 1,
        },
    )
    record(
        state,
        "candidate.decided",
        actor_id,
        before=before,
        after={"candidate": candidate.pk, "decision": str(decision), "version": candidate.version},
    )
