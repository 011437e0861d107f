"""Writes the agenda of a meeting: what is on it, in which order, and when the meeting begins and ends.

The log holds numbers and keys. Every function opens its own transaction and raises NotAllowed, BadInput or
StaleWrite; then nothing is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from ..codebooks.lookup import lookup
from ..errors import BadInput, NotAllowed, StaleWrite
from ..models import Event, Meeting, MeetingCase, Membership, Question, Round
from .choosing import MOST, Chosen, counts_for, key_of_question

LONGEST_NAME = 80
LONGEST = 480
"""Minutes."""
MOST_PEOPLE = 500
UP, DOWN = -1, 1


@transaction.atomic
def make_meeting(
    study_id: int,
    *,
    name: str,
    minutes: int,
    people: int,
    round_: Round | None,
    chosen: Sequence[Chosen],
    questions: Sequence[Question],
    actor_id: int,
) -> Meeting:
    """A meeting with its agenda: the questions first asked stand last."""
    must_supervise(study_id, actor_id)
    name = " ".join(name.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput(_("Give the meeting a name of at most 80 characters."))
    if not 5 <= minutes <= LONGEST:
        raise BadInput(_("A meeting lasts from 5 to 480 minutes."))
    _people(people)
    meeting = Meeting.objects.create(
        study_id=study_id, name=name, minutes=minutes, people=people, created_by_id=actor_id
    )
    count = _add(meeting, round_, chosen, questions)
    log("meeting.prepared", meeting, actor_id, after={"cases": count})
    return meeting


@transaction.atomic
def add_cases(
    meeting_id: int,
    *,
    round_: Round | None,
    chosen: Sequence[Chosen],
    questions: Sequence[Question],
    actor_id: int,
) -> int:
    """More cases at the end of the agenda; gives how many."""
    meeting = locked(meeting_id, actor_id)
    _not_over(meeting)
    count = _add(meeting, round_, chosen, questions)
    log("meeting.cases_added", meeting, actor_id, after={"cases": count})
    return count


@transaction.atomic
def take_out(meeting_id: int, case_id: int, *, actor_id: int) -> None:
    """Take a case off the agenda. One that was on the wall stays: what was voted belongs to the minutes."""
    meeting = locked(meeting_id, actor_id)
    _not_over(meeting)
    case = meeting.cases.filter(pk=case_id).first()
    if case is None:
        return
    if case.shown_at or case.outcome:
        raise BadInput(_("This case was on the wall already; put it off instead."))
    case.delete()
    log("meeting.case_taken_out", meeting, actor_id, before={"case": case_id})


@transaction.atomic
def move(meeting_id: int, case_id: int, step: int, *, actor_id: int) -> None:
    """One place up or down."""
    meeting = locked(meeting_id, actor_id)
    _not_over(meeting)
    cases = list(meeting.cases.order_by("position", "id"))
    place = next((place for place, case in enumerate(cases) if case.pk == case_id), None)
    if place is None or not 0 <= place + step < len(cases):
        return
    cases[place], cases[place + step] = cases[place + step], cases[place]
    for position, case in enumerate(cases, 1):
        case.position = position
    MeetingCase.objects.bulk_update(cases, ["position"])
    log("meeting.case_moved", meeting, actor_id, after={"case": case_id, "place": place + step + 1})


@transaction.atomic
def begin(meeting_id: int, *, people: int, actor_id: int) -> Meeting:
    """Begin, or go on with a meeting that was ended; one at a time in a study."""
    meeting = locked(meeting_id, actor_id)
    if meeting.is_running:
        return meeting
    _people(people)
    if not meeting.cases.exists():
        raise BadInput(_("Put a case on the agenda first."))
    meeting.started_at, meeting.ended_at, meeting.people = timezone.now(), None, people
    meeting.revision += 1
    try:
        with transaction.atomic():
            meeting.save()
    except IntegrityError:
        raise BadInput(_("Another meeting of this study is under way; end it first.")) from None
    log("meeting.begun", meeting, actor_id, after={"people": people})
    return meeting


@transaction.atomic
def end(meeting_id: int, *, actor_id: int) -> Meeting:
    """End it: nothing is on the wall any more, the minutes stand."""
    meeting = locked(meeting_id, actor_id)
    if not meeting.is_running:
        return meeting
    meeting.ended_at, meeting.current = timezone.now(), None
    meeting.revision += 1
    meeting.save()
    log("meeting.ended", meeting, actor_id)
    return meeting


def locked(meeting_id: int, actor_id: int, revision: int | None = None) -> Meeting:
    """The meeting, for this transaction alone. Raises StaleWrite when it is not at this revision any more."""
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    must_supervise(meeting.study_id, actor_id)
    if revision is not None and meeting.revision != revision:
        raise StaleWrite(meeting.current_id, meeting.revision)
    return meeting


def must_supervise(study_id: int, actor_id: int) -> None:
    supervises = Membership.objects.filter(
        study_id=study_id, user_id=actor_id, role=Membership.Role.SUPERVISOR, is_active=True
    )
    if not supervises.exists():
        raise NotAllowed(_("Only a supervisor of the study leads its meetings."))


def log(action: str, meeting: Meeting, actor_id: int, *, before: Any = None, after: Any = None) -> None:
    Event.objects.record(
        action, actor_id=actor_id, study_id=meeting.study_id, subject=meeting, before=before, after=after
    )


def _people(people: int) -> None:
    if not 0 <= people <= MOST_PEOPLE:
        raise BadInput(_("At most 500 people vote."))


def _not_over(meeting: Meeting) -> None:
    if meeting.ended_at:
        raise BadInput(_("This meeting is over; begin it again to change its agenda."))


def _add(
    meeting: Meeting, round_: Round | None, chosen: Sequence[Chosen], questions: Sequence[Question]
) -> int:
    there = meeting.cases.count()
    last = meeting.cases.aggregate(last=Max("position"))["last"] or 0
    asked = set(meeting.cases.filter(question__isnull=False).values_list("question_id", flat=True))
    rows = [
        MeetingCase(
            round=round_,
            conversation_id=item.key[1],
            message_id=item.key[2],
            variable_id=lookup(round_.codebook_version_id).variable_ids[item.key[0]],
            given=item.given,
        )
        for item in chosen
        if round_ is not None
    ]
    rows += [_of_question(question) for question in questions if question.pk not in asked]
    if not rows:
        raise BadInput(_("Nothing was chosen: choose a variable with open differences, or a question."))
    if there + len(rows) > MOST:
        raise BadInput(_("A meeting holds at most %(most)d cases.") % {"most": MOST})
    for position, row in enumerate(rows, last + 1):
        row.meeting, row.position = meeting, position
    MeetingCase.objects.bulk_create(rows)
    return len(rows)


def _of_question(question: Question) -> MeetingCase:
    assignment = question.assignment
    key = key_of_question(question)
    given = counts_for(assignment.round, [key])[key] if key else []
    return MeetingCase(
        round=assignment.round,
        conversation_id=assignment.conversation_id,
        message_id=question.message_id,
        variable_id=question.variable_id,
        question=question,
        given=given,
    )
