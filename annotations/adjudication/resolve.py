"""The only writer of Consensus, its categories and fragments, and Decision.

Every function takes plain arguments, opens its own transaction, logs what was and what is, and raises
NotAllowed, BadInput or StaleWrite; then nothing is stored. What coders gave is never touched.

A decision that is taken back leaves its row and its history where they are: the row is marked as withdrawn
and settles nothing (Consensus.objects does not see it), and settling again goes on from its revision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..codebooks.proposals import LONGEST, propose
from ..codebooks.store import freeze
from ..coding.save import choices_of, fields_of, logged
from ..errors import BadInput, NotAllowed, StaleWrite
from ..finals.settled import Settlement, as_json, settlements
from ..models import (
    Coding,
    Consensus,
    ConsensusCategory,
    ConsensusSpan,
    Decision,
    Event,
    Membership,
    Proposal,
)
from .units import DecisionUnit, Ruling, checked_ruling, clean_reason

BATCH_SIZE = 2_000
NO_VALUE: Mapping[str, Any] = {"category_id": None, "number": None, "text": None, "missing": None}


@dataclass(frozen=True)
class Imported:
    """A decision that was made elsewhere; the ruling is checked. Without `decided_at` it is made now."""

    unit: DecisionUnit
    ruling: Ruling
    decided_at: datetime | None = None


@transaction.atomic
def settle(unit: DecisionUnit, ruling: Ruling, *, revision: int, actor_id: int) -> Consensus:
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
    _log(unit, consensus, "consensus.settled", actor_id, before=_state(unit, known, before), after=ruling)
    if ruling.needs_codebook_change:
        _propose(unit, consensus, actor_id)
    return consensus


@transaction.atomic
def withdraw(unit: DecisionUnit, *, revision: int, actor_id: int, reason: str = "") -> Consensus:
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
    before_row = _state(unit, known, before)
    known.withdrawn_at, known.revision = now, revision + 1
    Decision.objects.create(
        consensus=known,
        revision=known.revision,
        value=as_json(before),
        is_withdrawal=True,
        reason=clean_reason(reason),
        decided_by_id=actor_id,
        decided_at=now,
    )
    _log(unit, known, "consensus.withdrawn", actor_id, before=before_row, after=None)
    return known


@transaction.atomic
def settle_imported(study_id: int, items: Sequence[Imported], *, actor_id: int) -> None:
    """Store decisions on units that were never decided on (the database refuses a second one), in bulk.

    They were made elsewhere, so nobody need have coded here; `actor_id` is who stands for them.
    """
    if not items:
        return
    _must_supervise(study_id, actor_id)
    now = timezone.now()
    for version_id in {item.unit.round.codebook_version_id for item in items}:
        freeze(version_id)
    rows = Consensus.every.bulk_create(
        (
            Consensus(
                round=item.unit.round,
                conversation=item.unit.conversation,
                message=item.unit.message,
                variable_id=item.unit.variable_id,
                **_fields(item.unit, item.ruling, actor_id, item.decided_at or now),
            )
            for item in items
        ),
        batch_size=BATCH_SIZE,
    )
    pairs = list(zip(items, rows, strict=True))
    ConsensusCategory.objects.bulk_create(
        (row for item, consensus in pairs for row in _choices(item.unit, consensus, item.ruling.settlement)),
        batch_size=BATCH_SIZE,
    )
    ConsensusSpan.objects.bulk_create(
        (row for item, consensus in pairs for row in _spans(item.unit, consensus, item.ruling.settlement)),
        batch_size=BATCH_SIZE,
    )
    Decision.objects.bulk_create(
        (_decision(consensus, item.ruling.settlement) for item, consensus in pairs), batch_size=BATCH_SIZE
    )
    for of_round in {item.unit.round for item in items}:
        units = [consensus.pk for item, consensus in pairs if item.unit.round == of_round]
        Event.objects.record(
            "consensus.imported",
            actor_id=actor_id,
            study_id=study_id,
            subject=of_round,
            after={"settled": units},
        )


def _propose(unit: DecisionUnit, consensus: Consensus, actor_id: int) -> None:
    """The decision as a case beside the draft of the codebook."""
    category = consensus.category_id and unit.codebook.category_keys[consensus.category_id]
    propose(
        unit.round.study_id,
        actor_id=actor_id,
        kind=Proposal.Kind.CHANGE,
        text=consensus.reason[:LONGEST]
        or _("Settled so that the codebook should change; no reason was given."),
        variable=unit.variable.key,
        category=category or "",
        consensus_id=consensus.pk,
    )


def _write(unit: DecisionUnit, ruling: Ruling, known: Consensus | None, actor_id: int) -> Consensus:
    settlement = ruling.settlement
    fields = _fields(unit, ruling, actor_id, timezone.now())
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
    ConsensusCategory.objects.bulk_create(_choices(unit, consensus, settlement))
    ConsensusSpan.objects.bulk_create(_spans(unit, consensus, settlement))
    _decision(consensus, settlement).save()
    return consensus


def _fields(unit: DecisionUnit, ruling: Ruling, actor_id: int, at: datetime) -> dict[str, Any]:
    settlement = ruling.settlement
    return {
        **(
            NO_VALUE if isinstance(settlement, tuple) else fields_of(unit.codebook, unit.variable, settlement)
        ),
        "cause": ruling.cause,
        "reason": ruling.reason,
        "is_settled_case": ruling.is_settled_case,
        "needs_codebook_change": ruling.needs_codebook_change,
        "decided_by_id": actor_id,
        "decided_at": at,
        "withdrawn_at": None,
    }


def _decision(consensus: Consensus, settlement: Settlement) -> Decision:
    return Decision(
        consensus=consensus,
        revision=consensus.revision,
        value=as_json(settlement),
        reason=consensus.reason,
        cause=consensus.cause,
        decided_by_id=consensus.decided_by_id,
        decided_at=consensus.decided_at,
    )


def _create(unit: DecisionUnit, fields: dict[str, Any]) -> Consensus:
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


def _choices(unit: DecisionUnit, consensus: Consensus, settlement: Settlement) -> Iterator[ConsensusCategory]:
    if not isinstance(settlement, tuple):
        for category_id in choices_of(unit.codebook, unit.variable, settlement):
            yield ConsensusCategory(consensus=consensus, category_id=category_id)


def _spans(unit: DecisionUnit, consensus: Consensus, settlement: Settlement) -> Iterator[ConsensusSpan]:
    for span in settlement if isinstance(settlement, tuple) else ():
        yield ConsensusSpan(
            consensus=consensus,
            start=span.start,
            end=span.end,
            category_id=unit.codebook.category_ids[unit.variable.key, span.category],
            answers=dict(span.answers),
        )


def _must_supervise(study_id: int, actor_id: int) -> None:
    supervises = Membership.objects.filter(
        study_id=study_id, user_id=actor_id, role=Membership.Role.SUPERVISOR, is_active=True
    )
    if not supervises.exists():
        raise NotAllowed(_("Only a supervisor of the study settles disagreements."))


def _may_settle(unit: DecisionUnit, actor_id: int, *, must_be_coded: bool = True) -> None:
    _must_supervise(unit.round.study_id, actor_id)
    coded = Coding.objects.filter(
        assignment__round=unit.round,
        assignment__conversation=unit.conversation,
        state=Coding.State.FINISHED,
    )
    if must_be_coded and not coded.exists():
        raise BadInput(_("Nobody has finished this conversation in this round yet."))


def _stale(known: Consensus | None, value: Settlement | None) -> StaleWrite:
    return StaleWrite(None if value is None else as_json(value), known.revision if known else 0)


def _state(unit: DecisionUnit, known: Consensus | None, value: Settlement | None) -> dict[str, Any] | None:
    if known is None or value is None:
        return None
    return {
        "value": _logged(unit, value),
        "cause": known.cause,
        "withdrawn": known.withdrawn_at is not None,
    }


def _logged(unit: DecisionUnit, settlement: Settlement) -> Any:
    """A settlement as the log keeps it: keys, numbers and offsets. Texts may quote a message and stay out."""
    if not isinstance(settlement, tuple):
        return logged(unit.variable, settlement)
    variables = unit.codebook.spec.by_key
    return [
        item
        | {
            "answers": {
                key: None if variables[key].of_kind.is_free else answer
                for key, answer in item["answers"].items()
            }
        }
        for item in as_json(settlement)
    ]


def _log(
    unit: DecisionUnit,
    consensus: Consensus,
    action: str,
    actor_id: int,
    *,
    before: dict[str, Any] | None,
    after: Ruling | None,
) -> None:
    """Keys, numbers and offsets; a reason may quote a message: it stays out."""
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
        | ({"value": _logged(unit, after.settlement), "cause": after.cause} if after else {}),
    )
