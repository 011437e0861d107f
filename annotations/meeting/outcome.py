"""Writes what came of a case, through the writers of decisions, proposals and questions.

A case keeps the decision, proposal or question that it led to, so that the minutes say what was decided here
whatever happens to it later.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..adjudication.resolve import settle
from ..adjudication.units import DecisionUnit, Ruling, find_unit
from ..codebooks.proposals import LONGEST as LONGEST_PROPOSAL
from ..codebooks.proposals import propose
from ..errors import BadInput, StaleWrite
from ..models import Decision, MeetingCase, Proposal
from ..questions.ask import answer, propose_rule
from .choosing import counts_for, key_of_question, still_coding
from .prepare import locked, log

LONGEST_WORD = 2_000


def unit_of(case: MeetingCase) -> DecisionUnit:
    """The unit of a case. Raises BadInput for a question that is about none."""
    if case.variable is None:
        raise BadInput(_("This question is about no variable: answer it."))
    return find_unit(case.round, case.variable.key, case.conversation_id, case.message_id)


@transaction.atomic
def settle_case(case_id: int, ruling: Ruling, *, revision: int, standing: int, actor_id: int) -> MeetingCase:
    """Settle it as at the desk. `standing`: the revision of the decision that was seen, 0 for none.

    With `needs_codebook_change` the decision is a rule on the draft as well.
    """
    case = _mine(case_id, revision, actor_id)
    if case.question_id:
        raise BadInput(_("Answer the question; what coders differ on is settled as a case of its own."))
    if not ruling.reason.strip():
        raise BadInput(_("Write the reason too: the minutes and the coders need it."))
    consensus = settle(unit_of(case), ruling, revision=standing, actor_id=actor_id)
    case.decision = Decision.objects.get(consensus=consensus, revision=consensus.revision)
    if ruling.needs_codebook_change:
        case.proposal = Proposal.objects.filter(consensus=consensus).first()
    return _decide(case, MeetingCase.Outcome.SETTLED, "", actor_id)


@transaction.atomic
def change_codebook(case_id: int, word: str, *, revision: int, actor_id: int) -> MeetingCase:
    """The codebook must change before this can be decided: a proposal on the draft, with the case."""
    case = _mine(case_id, revision, actor_id)
    word = _word(word, _("Write what must change in the codebook."))
    case.proposal = propose(
        case.round.study_id,
        actor_id=actor_id,
        kind=Proposal.Kind.CHANGE,
        text=word[:LONGEST_PROPOSAL],
        variable=case.variable.key if case.variable else "",
        message_id=case.message_id,
        conversation_id=None if case.message_id else case.conversation_id,
    )
    return _decide(case, MeetingCase.Outcome.CODEBOOK, word, actor_id)


@transaction.atomic
def answer_question(
    case_id: int, text: str, *, is_rule: bool, revision: int, standing: int, actor_id: int
) -> MeetingCase:
    """Answer the question for who asked it, or as a rule for every coder and on the draft."""
    case = _mine(case_id, revision, actor_id)
    if case.question_id is None:
        raise BadInput(_("There is no question here."))
    done = answer(case.question_id, text=text, is_rule=is_rule, revision=standing, actor_id=actor_id)
    if is_rule:
        propose_rule(done, actor_id=actor_id)
    return _decide(
        case, MeetingCase.Outcome.RULE if is_rule else MeetingCase.Outcome.ANSWERED, done.answer, actor_id
    )


@transaction.atomic
def put_off(case_id: int, word: str, *, revision: int, actor_id: int) -> MeetingCase:
    """Leave it for later, with a word why."""
    case = _mine(case_id, revision, actor_id)
    word = _word(word, _("Write in a few words why it is put off."))
    return _decide(case, MeetingCase.Outcome.PUT_OFF, word, actor_id)


def _mine(case_id: int, revision: int, actor_id: int) -> MeetingCase:
    """The case, locked; it may be decided on only while it is on the wall."""
    meeting_id = MeetingCase.objects.values_list("meeting_id", flat=True).get(pk=case_id)
    meeting = locked(meeting_id, actor_id)
    case = (
        MeetingCase.objects.select_for_update(of=("self",))
        .select_related(
            "meeting", "round__study", "variable", "question__assignment__round", "question__variable"
        )
        .get(pk=case_id)
    )
    if not meeting.is_running:
        raise BadInput(_("This meeting is not under way; begin it first."))
    if meeting.current_id != case_id or case.revision != revision:
        raise StaleWrite(case.outcome, case.revision)
    if still_coding(meeting.study_id, [case.conversation_id]):
        raise BadInput(_("Somebody still has to code this conversation; go on with the next case."))
    return case


def _decide(case: MeetingCase, outcome: str, word: str, actor_id: int) -> MeetingCase:
    before = case.outcome
    if outcome != MeetingCase.Outcome.SETTLED:
        case.decision = None
    if outcome not in (MeetingCase.Outcome.SETTLED, MeetingCase.Outcome.CODEBOOK):
        case.proposal = None
    case.given = _given_now(case)
    case.outcome, case.word = outcome, word
    case.decided_by_id, case.decided_at = actor_id, timezone.now()
    case.shows_votes = case.shows_answers = True
    case.revision += 1
    case.save()
    log(
        "meeting.case_decided",
        case.meeting,
        actor_id,
        before={"outcome": before} if before else None,
        after={
            "case": case.pk,
            "outcome": outcome,
            "conversation": case.conversation_id,
            "message": case.message_id,
            "variable": case.variable.key if case.variable else None,
        },
    )
    return case


def _given_now(case: MeetingCase) -> list:
    """What coders gave as it stands at the decision: it goes into the minutes."""
    key = key_of_question(case.question) if case.question else None
    if case.question is None and case.variable is not None:
        key = (case.variable.key, case.conversation_id, case.message_id)
    return counts_for(case.round, [key])[key] if key else []


def _word(text: str, empty: str) -> str:
    text = " ".join(text.replace("\0", "").split())
    if not text:
        raise BadInput(empty)
    if len(text) > LONGEST_WORD:
        raise BadInput(_("At most %(count)d characters, please.") % {"count": LONGEST_WORD})
    return text
