"""The only writer of Consensus, its categories and fragments, and Decision.

Every function takes plain arguments, opens its own transaction, logs what was and what is, and raises
NotAllowed, BadInput or StaleWrite; then nothing is stored. What coders gave is never touched.

A decision that is taken back leaves its row and its history where they are: the row is marked as withdrawn
and settles nothing (Consensus.objects does not see it), and settling again goes on from its revision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.schema import VariableSpec
from ..coding.save.rows import checked, choices_of, fields_of
from ..errors import BadInput, NotAllowed, StaleWrite
from ..models import (
    Coding,
    Consensus,
    ConsensusCategory,
    ConsensusSpan,
    Conversation,
    Decision,
    Event,
    Membership,
    Message,
    Round,
)
from ..models.adjudication import Cause
from .final import SpanValue
from .fragments import checked_spans
from .stored import Settlement, as_json, settlements

MAX_REASON = 5_000
NO_VALUE: Mapping[str, Any] = {"category_id": None, "number": None, "text": None, "missing": None}


@dataclass(frozen=True)
class Ruling:
    """A decision as the supervisor gives it."""

    settlement: Settlement
    cause: str = ""
    reason: str = ""
    is_settled_case: bool = False
    needs_codebook_change: bool = False

    def says(self, known: Consensus) -> bool:
        """Whether a row already holds these words; the value is compared by the caller."""
        return (self.cause, self.reason, self.is_settled_case, self.needs_codebook_change) == (
            known.cause,
            known.reason,
            known.is_settled_case,
            known.needs_codebook_change,
        )


@dataclass(frozen=True)
class Unit:
    """A unit of a round for one variable, checked to belong together. Spans are settled per message."""

    round: Round
    codebook: Lookup
    variable: VariableSpec
    conversation: Conversation
    message: Message | None = field(default=None)

    @property
    def variable_id(self) -> int:
        return self.codebook.variable_ids[self.variable.key]

    def known(self) -> Consensus | None:
        """The row of this unit, standing or withdrawn."""
        rows = Consensus.every.filter(
            round=self.round, conversation=self.conversation, variable_id=self.variable_id
        )
        return rows.filter(message=self.message).first()


def find_unit(round_: Round, variable: str, conversation_id: int, message_id: int | None) -> Unit:
    """The unit these keys point at. Raises BadInput when they do not belong together."""
    codebook = lookup(round_.codebook_version_id)
    spec = codebook.spec.by_key.get(variable)
    conversation = Conversation.objects.filter(pk=conversation_id, study_id=round_.study_id).first()
    if spec is None or conversation is None or (spec.level == "span" and spec is not codebook.type_variable):
        raise BadInput(_("This variable or conversation is not in the round."))
    if (spec.level == "conversation") != (message_id is None):
        raise BadInput(_("%(variable)s is not asked of this unit.") % {"variable": variable})
    message = None
    if message_id is not None:
        message = conversation.messages.filter(pk=message_id, state=Message.State.PRESENT).first()
        if message is None:
            raise BadInput(_("This message is not in the conversation; reload the page."))
    return Unit(round_, codebook, spec, conversation, message)


@transaction.atomic
def settle(unit: Unit, ruling: Ruling, *, revision: int, actor_id: int) -> Consensus:
    """Settle a unit, or settle it otherwise.

    `revision` is the one the supervisor saw, 0 for none. Sending again what already stands changes
    nothing, so a reply that got lost does no harm.
    """
    _may_settle(unit, actor_id)
    ruling = checked_ruling(unit, ruling)
    known = unit.known()
    before = settlements([known], unit.codebook)[known.pk] if known else None
    if known and not known.withdrawn_at and before == ruling.settlement and ruling.says(known):
        return known
    if (known.revision if known else 0) != revision:
        raise _stale(known, before)
    consensus = _write(unit, ruling, known, actor_id)
    _log(unit, consensus, "consensus.settled", actor_id, before=_state(known, before), after=ruling)
    return consensus


@transaction.atomic
def withdraw(unit: Unit, *, revision: int, actor_id: int, reason: str = "") -> Consensus:
    """Take a decision back: the unit is open again, the row and every decision stay."""
    _may_settle(unit, actor_id, must_be_coded=False)
    known = unit.known()
    if known is None:
        raise BadInput(_("Nothing was decided here yet."))
    before = settlements([known], unit.codebook)[known.pk]
    if known.withdrawn_at:
        return known
    now = timezone.now()
    if not Consensus.every.filter(pk=known.pk, revision=revision).update(
        withdrawn_at=now, revision=revision + 1
    ):
        raise _stale(known, before)
    before_row = _state(known, before)
    known.withdrawn_at, known.revision = now, revision + 1
    Decision.objects.create(
        consensus=known,
        revision=known.revision,
        value=as_json(before),
        is_withdrawal=True,
        reason=_clean(reason),
        decided_by_id=actor_id,
        decided_at=now,
    )
    _log(unit, known, "consensus.withdrawn", actor_id, before=before_row, after=None)
    return known


def checked_ruling(unit: Unit, ruling: Ruling) -> Ruling:
    """The ruling in its canonical form. Raises BadInput."""
    if ruling.cause and ruling.cause not in Cause.values:
        raise BadInput(_("Choose one of the causes in the list."))
    settlement: Settlement
    if unit.variable.level == "span":
        if not isinstance(ruling.settlement, tuple) or unit.message is None:
            raise BadInput(_("Give the fragments of this message, or none."))
        settlement = checked_spans(unit.codebook, unit.message.text, ruling.settlement)
    else:
        if isinstance(ruling.settlement, tuple):
            raise BadInput(_("%(variable)s takes a value.") % {"variable": unit.variable.key})
        settlement = checked(unit.variable, ruling.settlement)
    return Ruling(
        settlement,
        ruling.cause,
        _clean(ruling.reason),
        bool(ruling.is_settled_case),
        bool(ruling.needs_codebook_change),
    )


def _write(unit: Unit, ruling: Ruling, known: Consensus | None, actor_id: int) -> Consensus:
    settlement = ruling.settlement
    fields = {
        **(
            NO_VALUE if isinstance(settlement, tuple) else fields_of(unit.codebook, unit.variable, settlement)
        ),
        "cause": ruling.cause,
        "reason": ruling.reason,
        "is_settled_case": ruling.is_settled_case,
        "needs_codebook_change": ruling.needs_codebook_change,
        "decided_by_id": actor_id,
        "decided_at": timezone.now(),
        "withdrawn_at": None,
    }
    if known is None:
        consensus = _create(unit, fields)
    else:
        changed = Consensus.every.filter(pk=known.pk, revision=known.revision).update(
            **fields, revision=known.revision + 1
        )
        if not changed:
            raise _stale(known, None)
        consensus = Consensus.every.get(pk=known.pk)
        consensus.choices.all().delete()
        consensus.spans.all().delete()
    _write_parts(unit, consensus, settlement)
    Decision.objects.create(
        consensus=consensus,
        revision=consensus.revision,
        value=as_json(settlement),
        reason=consensus.reason,
        cause=consensus.cause,
        decided_by_id=actor_id,
        decided_at=consensus.decided_at,
    )
    return consensus


def _create(unit: Unit, fields: dict[str, Any]) -> Consensus:
    try:
        with transaction.atomic():
            return Consensus.every.create(
                round=unit.round,
                conversation=unit.conversation,
                message=unit.message,
                variable_id=unit.variable_id,
                **fields,
            )
    except IntegrityError:
        other = unit.known()
        if other is None:
            raise
        raise _stale(other, settlements([other], unit.codebook)[other.pk]) from None


def _write_parts(unit: Unit, consensus: Consensus, settlement: Settlement) -> None:
    if not isinstance(settlement, tuple):
        ConsensusCategory.objects.bulk_create(
            ConsensusCategory(consensus=consensus, category_id=category_id)
            for category_id in choices_of(unit.codebook, unit.variable, settlement)
        )
        return
    ConsensusSpan.objects.bulk_create(_span(unit, consensus, span) for span in settlement)


def _span(unit: Unit, consensus: Consensus, span: SpanValue) -> ConsensusSpan:
    return ConsensusSpan(
        consensus=consensus,
        start=span.start,
        end=span.end,
        category_id=unit.codebook.category_ids[unit.variable.key, span.category],
        answers=dict(span.answers),
    )


def _may_settle(unit: Unit, actor_id: int, *, must_be_coded: bool = True) -> None:
    supervises = Membership.objects.filter(
        study_id=unit.round.study_id,
        user_id=actor_id,
        role=Membership.Role.SUPERVISOR,
        is_active=True,
    )
    if not supervises.exists():
        raise NotAllowed(_("Only a supervisor of the study settles disagreements."))
    coded = Coding.objects.filter(
        assignment__round=unit.round,
        assignment__conversation=unit.conversation,
        state=Coding.State.FINISHED,
    )
    if must_be_coded and not coded.exists():
        raise BadInput(_("Nobody has finished this conversation in this round yet."))


def _clean(reason: str) -> str:
    reason = reason.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if len(reason) > MAX_REASON:
        raise BadInput(_("The reason can hold %(most)d characters.") % {"most": MAX_REASON})
    return reason


def _stale(known: Consensus | None, value: Settlement | None) -> StaleWrite:
    return StaleWrite(None if value is None else as_json(value), known.revision if known else 0)


def _state(known: Consensus | None, value: Settlement | None) -> dict[str, Any] | None:
    if known is None or value is None:
        return None
    return {"value": as_json(value), "cause": known.cause, "withdrawn": known.withdrawn_at is not None}


def _log(
    unit: Unit,
    consensus: Consensus,
    action: str,
    actor_id: int,
    *,
    before: dict[str, Any] | None,
    after: Ruling | None,
) -> None:
    """Keys, numbers and offsets; a reason, and the value of a text variable, may quote: they stay out."""
    is_text = unit.variable.kind == "text"
    if before and is_text:
        before = before | {"value": None}
    Event.objects.record(
        action,
        actor_id=actor_id,
        study_id=unit.round.study_id,
        subject=consensus,
        before=before,
        after={
            "round": unit.round.pk,
            "conversation": unit.conversation.pk,
            "message": unit.message.pk if unit.message else None,
            "variable": unit.variable.key,
            "revision": consensus.revision,
        }
        | ({"value": None if is_text else as_json(after.settlement), "cause": after.cause} if after else {}),
    )
