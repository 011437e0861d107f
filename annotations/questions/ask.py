"""Writes questions, answers and who read them.

The log holds where a question was asked and what became of it, never its words: they may quote a message.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..codebooks.lookup import lookup
from ..codebooks.proposals import LONGEST as PROPOSED
from ..codebooks.proposals import propose
from ..errors import BadInput, NotAllowed, StaleWrite
from ..models import AnswerRead, Assignment, Event, Membership, Message, Proposal, Question
from .seen import seen_by

LONGEST = 4000


@transaction.atomic
def ask(
    assignment_id: int,
    *,
    actor_id: int,
    text: str,
    message_id: int | None = None,
    variable: str = "",
    place: tuple[int, int] | None = None,
    kind: str = Question.Kind.QUESTION,
) -> Question:
    """A coder's question about the own unit. Raises BadInput or NotAllowed."""
    assignment = (
        Assignment.objects.select_related("round").filter(pk=assignment_id, coder_id=actor_id).first()
    )
    if assignment is None:
        raise NotAllowed(_("This conversation was given to somebody else."))
    text = _checked(text, _("Write your question first."))
    message = None
    if message_id is not None:
        message = Message.objects.filter(pk=message_id, conversation_id=assignment.conversation_id).first()
        if message is None:
            raise BadInput(_("That message is not in this conversation; reload the page."))
    if place is not None and (message is None or not 0 <= place[0] < place[1] <= len(message.text)):
        raise BadInput(_("That fragment is not in the message; reload the page."))
    variable_id = None
    if variable:
        variable_id = lookup(assignment.round.codebook_version_id).variable_ids.get(variable)
        if variable_id is None:
            raise BadInput(_("This question or fragment is not there any more; reload the page."))
    question = Question.objects.create(
        assignment=assignment,
        kind=kind,
        message=message,
        variable_id=variable_id,
        start=place[0] if place else None,
        end=place[1] if place else None,
        text=text,
    )
    _log(question, "question.asked", actor_id)
    return question


@transaction.atomic
def answer(question_id: int, *, text: str, is_rule: bool, revision: int, actor_id: int) -> Question:
    """An answer, to the one who asked or as a rule for every coder; it can be changed later.

    Raises NotAllowed, BadInput, or StaleWrite when somebody answered meanwhile.
    """
    question = Question.objects.select_for_update(of=("self",)).get(pk=question_id)
    study_id = question.assignment.round.study_id
    supervises = Membership.objects.filter(
        study_id=study_id, user_id=actor_id, role=Membership.Role.SUPERVISOR, is_active=True
    )
    if not supervises.exists():
        raise NotAllowed(_("Only a supervisor of the study answers questions."))
    text = _checked(text, _("Write an answer first."))
    state = Question.State.RULE if is_rule else Question.State.ANSWERED
    if (question.answer, question.state) == (text, state):
        return question
    if question.revision != revision:
        raise StaleWrite(question.answer, question.revision)
    before = question.state
    question.answer, question.state = text, state
    question.answered_by_id, question.answered_at = actor_id, timezone.now()
    question.revision += 1
    question.save()
    _log(question, "question.made_rule" if is_rule else "question.answered", actor_id, before=before)
    return question


@transaction.atomic
def read(question_id: int, *, actor_id: int) -> None:
    """Note that a coder has read an answer or a rule. Raises NotAllowed for one the coder may not see."""
    question = Question.objects.select_related("assignment__round").get(pk=question_id)
    if not seen_by(question.assignment.round.study_id, actor_id).filter(pk=question_id).exists():
        raise NotAllowed(_("This is not yours to read."))
    AnswerRead.objects.update_or_create(
        question=question,
        user_id=actor_id,
        defaults={"revision": question.revision, "read_at": timezone.now()},
    )


def propose_rule(question: Question, *, actor_id: int) -> None:
    """Put a rule on the draft of the codebook, with the unit as its case."""
    propose(
        question.assignment.round.study_id,
        actor_id=actor_id,
        kind=Proposal.Kind.CHANGE,
        text=question.answer[:PROPOSED],
        variable=question.variable.key if question.variable else "",
        message_id=question.message_id,
        conversation_id=None if question.message_id else question.assignment.conversation_id,
    )


def _checked(text: str, empty: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise BadInput(empty)
    if len(text) > LONGEST:
        raise BadInput(_("At most %(count)d characters, please.") % {"count": LONGEST})
    if "\0" in text:
        raise BadInput(_("The text holds a character that cannot be stored."))
    return text


def _log(question: Question, action: str, actor_id: int, *, before: Any = None) -> None:
    assignment = question.assignment
    Event.objects.record(
        action,
        actor_id=actor_id,
        study_id=assignment.round.study_id,
        subject=question,
        before={"state": before} if before else None,
        after={
            "round": assignment.round_id,
            "conversation": assignment.conversation_id,
            "message": question.message_id,
            "variable": question.variable.key if question.variable else None,
            "state": question.state,
        },
    )
