"""Who sees which question. Reads only.

A rule stands beside its case, and a case tells how a unit was coded: a coder who still has to code or to
finish that conversation, in whatever round, does not see it, nor that it is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from ..models import AnswerRead, Assignment, Coding, Question, Training

ANSWERED = (Question.State.ANSWERED, Question.State.RULE)
SEARCHED = 200
"""Characters of what is searched for."""


def questions_of(study_id: int) -> QuerySet[Question]:
    """Everything that was asked in a study, with all that a list shows."""
    return Question.objects.filter(assignment__round__study_id=study_id).select_related(
        "assignment__round",
        "assignment__conversation__organisation",
        "assignment__coder",
        "message",
        "variable",
        "answered_by",
    )


def seen_by(study_id: int, coder_id: int) -> QuerySet[Question]:
    """A coder's own questions, and the rules that give no answer away to this coder."""
    unfinished = Assignment.objects.filter(
        conversation=OuterRef("assignment__conversation"), coder_id=coder_id
    ).exclude(coding__state=Coding.State.FINISHED)
    keys = Q(assignment__round__in=Training.objects.key_rounds(coder_id))
    rules = Q(state=Question.State.RULE) & ~Exists(unfinished) & ~keys
    return questions_of(study_id).filter(Q(assignment__coder_id=coder_id) | rules)


def unread_by(study_id: int, coder_id: int) -> QuerySet[Question]:
    """Answers and rules that a coder has not read as they stand now."""
    known = AnswerRead.objects.filter(
        question=OuterRef("pk"), user_id=coder_id, revision=F("question__revision")
    )
    return seen_by(study_id, coder_id).filter(~Exists(known), state__in=ANSWERED)


def searched(questions: QuerySet[Question], words: str, state: str) -> QuerySet[Question]:
    """Those in which every word stands, in question, answer or name of the variable, and in this state."""
    if state in Question.State.values:
        questions = questions.filter(state=state)
    for word in words[:SEARCHED].replace("\0", "").split():
        questions = questions.filter(
            Q(text__icontains=word) | Q(answer__icontains=word) | Q(variable__key__icontains=word)
        )
    return questions


@dataclass(frozen=True)
class Counted:
    """Questions of a study. `objections` are among them."""

    all: int
    open: int
    rules: int
    objections: int


def counted(study_id: int) -> Counted:
    rows = Question.objects.filter(assignment__round__study_id=study_id).aggregate(
        all=Count("id"),
        open=Count("id", filter=Q(state=Question.State.OPEN)),
        rules=Count("id", filter=Q(state=Question.State.RULE)),
        objections=Count("id", filter=Q(kind=Question.Kind.OBJECTION)),
    )
    return Counted(**rows)


def still_to_code(question: Question) -> int:
    """How many coders will not see a rule of this case as yet, as they have to code it themselves."""
    waiting = Assignment.objects.filter(conversation_id=question.assignment.conversation_id)
    waiting = waiting.exclude(coding__state=Coding.State.FINISHED)
    return waiting.exclude(coder_id=question.assignment.coder_id).values("coder_id").distinct().count()
