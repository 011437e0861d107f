"""The only writer of Proposal: what people propose for the codebook, and what came of it.

A proposal waits beside the draft until the supervisor answers it. Coders see what they proposed themselves
and the sentence they got; never who else proposed what.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput, NotAllowed, StaleWrite
from ..models import Consensus, Event, Membership, Message, Proposal, Study

LONGEST = 2_000
State = Proposal.State


@transaction.atomic
def propose(
    study_id: int,
    *,
    actor_id: int,
    kind: str,
    text: str,
    variable: str = "",
    category: str = "",
    message_id: int | None = None,
    conversation_id: int | None = None,
    consensus_id: int | None = None,
) -> Proposal:
    """Put a proposal on the draft of a study's codebook, with the case that it came from.

    `kind` is a Proposal.Kind; `variable`, `category`: keys of the codebook, empty where it is about none.
    A case is a message, a conversation, or a settled disagreement (`consensus_id`); settling the same unit
    again says the same proposal anew as long as nobody answered it. The same words twice are one proposal.
    Raises BadInput and NotAllowed.
    """
    if not Membership.objects.filter(study_id=study_id, user_id=actor_id, is_active=True).exists():
        raise NotAllowed(_("Only members of the study propose something for its codebook."))
    text = " ".join(text.split())
    if kind not in Proposal.Kind.values:
        raise BadInput(_("Choose what your proposal is about."))
    if not 1 <= len(text) <= LONGEST:
        raise BadInput(_("Say in 1 to 2,000 characters what you propose."))
    where = _case(study_id, message_id, conversation_id, consensus_id)
    if consensus_id is not None:
        known = Proposal.objects.select_for_update().filter(consensus_id=consensus_id).first()
    else:
        same = {"kind": kind, "text": text, "variable": variable, "category": category, **where}
        known = Proposal.objects.filter(study_id=study_id, proposed_by_id=actor_id, **same).first()
    if known is not None:
        if known.state == State.OPEN and known.text != text:
            known.text, known.revision = text, known.revision + 1
            known.save(update_fields=["text", "revision"])
        return known
    made = Proposal.objects.create(
        study_id=study_id,
        kind=kind,
        text=text,
        variable=variable,
        category=category,
        proposed_by_id=actor_id,
        consensus_id=consensus_id,
        **where,
    )
    _record("proposal.made", made, actor_id)
    return made


@transaction.atomic
def answer(
    proposal_id: int,
    *,
    actor_id: int,
    revision: int,
    state: str,
    sentence: str = "",
    joined_id: int | None = None,
) -> Proposal:
    """Accept a proposal, join it with another of the study, or decline it with a sentence.

    Raises BadInput, and StaleWrite when somebody answered or changed it in the meantime.
    """
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    sentence = " ".join(sentence.split())
    if proposal.revision != revision:
        raise StaleWrite({"state": proposal.state, "answer": proposal.answer}, proposal.revision)
    if state not in (State.ACCEPTED, State.MERGED, State.DECLINED):
        raise BadInput(_("Choose what happens with the proposal."))
    if state == State.DECLINED and not sentence:
        raise BadInput(_("Write the sentence that the proposer will read."))
    if len(sentence) > LONGEST:
        raise BadInput(_("Shorten the sentence to 2,000 characters."))
    joined = None
    if state == State.MERGED:
        joined = Proposal.objects.filter(study_id=proposal.study_id, pk=joined_id or 0).first()
        if joined is None or joined.pk == proposal.pk or joined.joined_id:
            raise BadInput(_("Choose the proposal with which this one is joined."))
    before = proposal.state
    proposal.state, proposal.answer, proposal.joined = state, sentence, joined
    proposal.answered_by_id, proposal.answered_at, proposal.seen_at = actor_id, timezone.now(), None
    proposal.revision += 1
    proposal.save()
    _record("proposal.answered", proposal, actor_id, before=before)
    return proposal


def mark_seen(study_id: int, actor_id: int) -> None:
    """The proposer saw the answers to what was proposed."""
    mine = Proposal.objects.filter(study_id=study_id, proposed_by_id=actor_id, seen_at__isnull=True)
    mine.exclude(state=State.OPEN).update(seen_at=timezone.now())


def open_count(study: Study) -> int:
    return Proposal.objects.filter(study=study, state=State.OPEN).count()


def _case(
    study_id: int, message_id: int | None, conversation_id: int | None, consensus_id: int | None
) -> dict[str, int | None]:
    if consensus_id is not None:
        row = Consensus.every.filter(pk=consensus_id, round__study_id=study_id).first()
        if row is None:
            raise BadInput(_("This decision is not part of the study."))
        return {"message_id": row.message_id, "conversation_id": row.conversation_id}
    if message_id is not None:
        message = Message.objects.filter(pk=message_id, study_id=study_id).only("conversation_id").first()
        if message is None:
            raise BadInput(_("This message is not part of the study."))
        return {"message_id": message.pk, "conversation_id": message.conversation_id}
    if (
        conversation_id is not None
        and not Study.objects.filter(pk=study_id, conversations__pk=conversation_id).exists()
    ):
        raise BadInput(_("This conversation is not part of the study."))
    return {"message_id": None, "conversation_id": conversation_id}


def _record(action: str, proposal: Proposal, actor_id: int, before: str | None = None) -> None:
    """Keys only: the words of a proposal may quote a message."""
    Event.objects.record(
        action,
        actor_id=actor_id,
        study_id=proposal.study_id,
        subject=proposal,
        before=before and {"state": before},
        after={
            "state": proposal.state,
            "kind": proposal.kind,
            "variable": proposal.variable,
            "category": proposal.category,
        },
    )
