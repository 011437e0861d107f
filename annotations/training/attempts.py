"""Writes trainings: their set-up, reasons, attempts, and what was right in them.

An attempt is decided by the first answers: a unit is compared with its key when it is finished, and cannot be
opened again after that. Fresh conversations come by themselves as long as attempts and keys last.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput
from ..models import (
    Assignment,
    Attempt,
    Coding,
    Conversation,
    Event,
    KeyReason,
    Message,
    Round,
    Training,
    TrainingUnit,
)
from ..questions.mail import to_supervisors
from ..sampling.assign import check_member, last_position, lock_round, share_with
from ..sampling.draw import shuffled
from .key import given_values, is_same, judged, key_values, pool

MOST_REASON = 2000


@transaction.atomic
def set_up(
    round_id: int,
    *,
    key_round_id: int | None,
    next_round_id: int | None,
    units: int,
    attempts: int,
    least: Decimal,
    per_variable: bool,
    actor_id: int,
) -> Training:
    """Make a round of kind training one with a key: settled units of an earlier round, or one's own answers.

    Raises BadInput.
    """
    round_, study = lock_round(round_id, must_be_open=False)
    if round_.kind != Round.Kind.TRAINING:
        raise BadInput(_("Only a round of the kind training is judged by a key."))
    if Training.objects.filter(round=round_).exists():
        raise BadInput(_("This training is set up already."))
    rounds = study.rounds.exclude(pk=round_.pk)
    key_round = rounds.filter(pk=key_round_id).first() if key_round_id else None
    next_round = rounds.filter(pk=next_round_id or 0).exclude(kind=Round.Kind.TRAINING).first()
    if (key_round_id and key_round is None) or (next_round_id and next_round is None):
        raise BadInput(_("That round is not part of this study."))
    if not 1 <= units <= 500 or not 1 <= attempts <= 20 or not 0 < least <= 1:
        raise BadInput(_("Give 1 to 500 conversations, 1 to 20 attempts and a share above 0."))
    training = Training.objects.create(
        round=round_,
        key_round=key_round,
        key_by_id=None if key_round else actor_id,
        next_round=next_round,
        units=units,
        attempts_allowed=attempts,
        least=least,
        per_variable=per_variable,
    )
    _log(training, "training.set_up", actor_id, {"conversations": units, "attempts": attempts})
    return training


@transaction.atomic
def start(training_id: int, coder_ids: Sequence[int], *, actor_id: int | None) -> list[Attempt]:
    """The first attempt of each of these coders who has none yet. Raises BadInput."""
    training = _locked(training_id)
    if not coder_ids:
        raise BadInput(_("Choose at least one coder."))
    keyed = pool(training)
    if len(keyed) < training.units:
        raise BadInput(
            _("%(n)d conversations have a complete key; an attempt takes %(units)d.")
            % {"n": len(keyed), "units": training.units}
        )
    made = []
    for coder_id in coder_ids:
        check_member(training.round.study_id, coder_id)
        if coder_id == training.key_by_id:
            raise BadInput(_("Whoever gave the key has nothing to learn from it."))
        if not Attempt.objects.filter(training=training, coder_id=coder_id).exists():
            attempt = _begin(training, coder_id, 1, keyed)
            assert attempt is not None
            made.append(attempt)
    _log(training, "training.started", actor_id, {"coders": len(made)})
    return made


def _begin(training: Training, coder_id: int, number: int, keyed: Sequence[int]) -> Attempt | None:
    """An attempt with conversations that the coder did not have before; None where too few are left."""
    taken = Assignment.objects.filter(round=training.round, coder_id=coder_id)
    seen = set(taken.values_list("conversation_id", flat=True))
    if training.key_round is not None:
        coded = Assignment.objects.filter(round=training.key_round, coder_id=coder_id)
        seen |= set(coded.values_list("conversation_id", flat=True))
    fresh = [pk for pk in keyed if pk not in seen]
    if len(fresh) < training.units:
        return None
    order = shuffled(fresh, training.round.seed, f"training:{coder_id}:{number}")[: training.units]
    first = last_position(training.round_id, coder_id) + 1
    attempt = Attempt.objects.create(training=training, coder_id=coder_id, number=number)
    rows = Assignment.objects.bulk_create(
        Assignment(round=training.round, conversation_id=pk, coder_id=coder_id, position=position)
        for position, pk in enumerate(order, start=first)
    )
    TrainingUnit.objects.bulk_create(TrainingUnit(attempt=attempt, assignment=row) for row in rows)
    return attempt


@transaction.atomic
def score(assignment_id: int) -> TrainingUnit | None:
    """Compare a finished conversation with its key; the last one of an attempt decides it.

    Doing it again changes nothing. None where the conversation is no training unit.
    """
    unit = (
        TrainingUnit.objects.select_related("attempt__training__round", "assignment")
        .filter(assignment_id=assignment_id)
        .first()
    )
    if unit is None:
        return None
    training = _locked(unit.attempt.training_id)
    unit.refresh_from_db()
    finished = Coding.objects.filter(assignment=unit.assignment, state=Coding.State.FINISHED).exists()
    if unit.right is not None or not finished:
        return unit
    unit.right, unit.scored_at = _right(training, unit.assignment), timezone.now()
    unit.save(update_fields=["right", "scored_at"])
    attempt = Attempt.objects.get(pk=unit.attempt_id)
    if not attempt.units.filter(right__isnull=True).exists():
        _decide(training, attempt)
    return unit


def _right(training: Training, assignment: Assignment) -> dict[str, bool]:
    conversation = assignment.conversation_id
    key = key_values(training, [conversation])
    given = given_values(training.round, assignment.coder_id, [conversation])
    found: dict[str, bool] = {}
    for place in {*key, *given}:
        same = is_same(given.get(place), key.get(place))
        if same is not None:
            found[place[0]] = found.get(place[0], True) and same
    order = [variable.key for variable in judged(training.round)]
    return {variable: found[variable] for variable in order if variable in found}


def shares(units: Sequence[TrainingUnit]) -> dict[str, tuple[int, int]]:
    """Variable -> (conversations in which it was right, in which it was compared)."""
    found: dict[str, tuple[int, int]] = {}
    for unit in units:
        for variable, is_right in (unit.right or {}).items():
            right, of = found.get(variable, (0, 0))
            found[variable] = (right + is_right, of + 1)
    return found


def is_enough(training: Training, by_variable: dict[str, tuple[int, int]]) -> bool:
    least = training.least
    if training.per_variable:
        return all(Decimal(right) >= least * of for right, of in by_variable.values())
    right, of = (sum(part) for part in zip(*by_variable.values(), strict=True)) if by_variable else (0, 0)
    return Decimal(right) >= least * of


def _decide(training: Training, attempt: Attempt) -> None:
    passed = is_enough(training, shares(list(attempt.units.all())))
    attempt.state = Attempt.State.PASSED if passed else Attempt.State.FAILED
    attempt.decided_at = timezone.now()
    attempt.save(update_fields=["state", "decided_at"])
    action = "training.passed" if passed else "training.failed"
    _log(training, action, attempt.coder_id, {"attempt": attempt.number})
    if passed:
        _on_to_next(training, attempt.coder_id)
        return
    study = training.round.study
    to_supervisors(
        study, _("A coder did not pass an attempt at a training in %(study)s") % {"study": study.name}
    )
    if attempt.number < training.attempts_allowed:
        _begin(training, attempt.coder_id, attempt.number + 1, pool(training))


def _on_to_next(training: Training, coder_id: int) -> None:
    """The next round opens for the coder; one who has nothing in it gets what everybody codes there."""
    following = training.next_round
    if following is None or not following.is_open:
        return
    has_some = following.assignments.filter(coder_id=coder_id).exists()
    if not has_some and following.assignments.filter(is_shared=True).exists():
        share_with(following.pk, coder_id, actor_id=None)


@transaction.atomic
def let_pass(training_id: int, coder_id: int, *, reason: str, actor_id: int) -> None:
    """A supervisor lets a coder on who did not pass; the reason is kept and logged. Raises BadInput."""
    training = _locked(training_id)
    reason = reason.strip()
    if not 10 <= len(reason) <= MOST_REASON:
        raise BadInput(_("Write in 10 characters or more why this coder may go on."))
    attempt = Attempt.objects.filter(training=training, coder_id=coder_id).order_by("-number").first()
    if attempt is None or attempt.state == Attempt.State.PASSED:
        raise BadInput(_("This coder is not waiting in this training."))
    attempt.state, attempt.decided_at = Attempt.State.PASSED, timezone.now()
    attempt.decided_by_id, attempt.reason = actor_id, reason
    attempt.save()
    _log(training, "training.let_pass", actor_id, {"coder": coder_id, "reason": reason})
    _on_to_next(training, coder_id)


@transaction.atomic
def give_reason(
    training_id: int,
    *,
    conversation_id: int,
    message_id: int | None,
    variable: str,
    reason: str,
    actor_id: int,
) -> None:
    """Why the key says what it says; empty takes it away. Raises BadInput."""
    training = _locked(training_id)
    reason = reason.replace("\r\n", "\n").strip()
    conversation = Conversation.objects.filter(pk=conversation_id, study=training.round.study_id).first()
    message = Message.objects.filter(pk=message_id or 0, conversation_id=conversation_id).first()
    known = {each.key for each in judged(training.round)}
    if conversation is None or variable not in known or (message_id is not None and message is None):
        raise BadInput(_("The key says nothing there; reload the page."))
    if len(reason) > MOST_REASON or "\0" in reason:
        raise BadInput(_("At most %(count)d characters, please.") % {"count": MOST_REASON})
    place: dict[str, Any] = {
        "training": training,
        "conversation": conversation,
        "message": message,
        "variable": variable,
    }
    if not reason:
        KeyReason.objects.filter(**place).delete()
        return
    KeyReason.objects.update_or_create(
        **place, defaults={"reason": reason, "written_by_id": actor_id, "written_at": timezone.now()}
    )


def _locked(training_id: int) -> Training:
    """Attempts of one training are decided one after the other."""
    list(Training.objects.select_for_update(of=("self",)).filter(pk=training_id))
    return Training.objects.select_related("round__study", "key_round", "next_round").get(pk=training_id)


def _log(training: Training, action: str, actor_id: int | None, after: dict[str, object]) -> None:
    Event.objects.record(
        action, actor_id=actor_id, study_id=training.round.study_id, subject=training.round, after=after
    )
