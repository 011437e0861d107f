"""Writes what happens at the wall: which case is there, the votes, and that texts were shown.

Whoever acts says which revision of the meeting was seen; another gets StaleWrite with what stands. Votes are
kept with who gave them; the log holds only how many there were.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput, StaleWrite
from ..models import Event, Meeting, MeetingCase, Vote
from .choosing import still_coding
from .prepare import locked, log

MOST_HANDS = 500


@transaction.atomic
def go_to(meeting_id: int, case_id: int, *, revision: int, actor_id: int) -> Meeting:
    """Put a case on the wall."""
    meeting = locked(meeting_id, actor_id)
    if meeting.current_id == case_id:
        return meeting
    _running(meeting, revision)
    case = meeting.cases.filter(pk=case_id).first()
    if case is None:
        raise BadInput(_("This case is not on the agenda any more; reload the page."))
    before = meeting.current_id
    _save(meeting, current=case)
    if case.shown_at is None and not still_coding(meeting.study_id, [case.conversation_id]):
        case.shown_at = timezone.now()
        case.save(update_fields=["shown_at"])
    log("meeting.case_shown", meeting, actor_id, before={"case": before}, after={"case": case.pk})
    return meeting


@transaction.atomic
def show_answers(meeting_id: int, case_id: int, *, shown: bool, actor_id: int) -> None:
    """Show what coders gave at first, or hide it."""
    case = _case(locked(meeting_id, actor_id), case_id)
    if case.shows_answers != shown:
        case.shows_answers = shown
        case.save(update_fields=["shows_answers"])


@transaction.atomic
def raise_hands(
    meeting_id: int, case_id: int, value: str, step: int, *, ballot: int, options: set[str], actor_id: int
) -> None:
    """Count one hand more for an answer, or one less."""
    meeting = locked(meeting_id, actor_id)
    case = _case(meeting, case_id)
    _in_ballot(case, ballot)
    if value not in options:
        raise BadInput(_("Choose one of the answers on the wall."))
    row, _made = Vote.objects.get_or_create(
        case=case, ballot=case.ballot, voter=None, value=value, defaults={"count": 0}
    )
    row.count = max(0, min(MOST_HANDS, row.count + step))
    row.cast_at = timezone.now()
    row.save(update_fields=["count", "cast_at"])
    _show_if_all(meeting, case, actor_id)


@transaction.atomic
def vote(meeting_id: int, case_id: int, value: str, *, ballot: int, options: set[str], voter_id: int) -> None:
    """A coder's own vote, until the votes are shown. Raises StaleWrite when the wall went on.

    The caller has seen to it that the coder may see the case.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    case = _case(meeting, case_id)
    _in_ballot(case, ballot)
    if value not in options:
        raise BadInput(_("Choose one of the answers on the wall."))
    Vote.objects.update_or_create(
        case=case,
        ballot=case.ballot,
        voter_id=voter_id,
        defaults={"value": value, "cast_at": timezone.now()},
    )
    _show_if_all(meeting, case, None)


@transaction.atomic
def show_votes(meeting_id: int, case_id: int, *, actor_id: int) -> None:
    """Show the votes as they are, also when not everybody has voted."""
    meeting = locked(meeting_id, actor_id)
    case = _case(meeting, case_id)
    if not case.shows_votes:
        _show(meeting, case, actor_id)


@transaction.atomic
def vote_again(meeting_id: int, case_id: int, *, ballot: int, actor_id: int) -> None:
    """A new ballot; the votes of the earlier ones are kept."""
    meeting = locked(meeting_id, actor_id)
    case = _case(meeting, case_id)
    if case.ballot != ballot:
        raise StaleWrite(case.ballot, meeting.revision)
    if not case.shows_votes and not case.votes.filter(ballot=ballot, count__gt=0).exists():
        return
    case.ballot, case.shows_votes = case.ballot + 1, False
    case.save(update_fields=["ballot", "shows_votes"])
    log("meeting.vote_again", meeting, actor_id, after={"case": case.pk, "ballot": case.ballot})


@transaction.atomic
def set_people(meeting_id: int, people: int, *, actor_id: int) -> None:
    """How many people vote; who comes late counts from now on."""
    meeting = locked(meeting_id, actor_id)
    if not 0 <= people <= MOST_HANDS:
        raise BadInput(_("At most 500 people vote."))
    if meeting.people != people:
        before = meeting.people
        meeting.people = people
        meeting.save(update_fields=["people"])
        log("meeting.people_changed", meeting, actor_id, before={"people": before}, after={"people": people})


@transaction.atomic
def reveal(meeting_id: int, case_id: int, *, actor_id: int) -> None:
    """Record that a supervisor asked to show the conversation on the wall as it was posted."""
    meeting = locked(meeting_id, actor_id)
    case = _case(meeting, case_id)
    Event.objects.record(
        "conversation.revealed",
        actor_id=actor_id,
        study_id=meeting.study_id,
        subject=case.conversation,
        after={"round": case.round_id, "meeting": meeting.pk, "case": case.pk},
    )


def votes_in(case: MeetingCase) -> int:
    """How many votes the ballot that is under way has."""
    return case.votes.filter(ballot=case.ballot).aggregate(n=Sum("count"))["n"] or 0


def _running(meeting: Meeting, revision: int) -> None:
    if not meeting.is_running:
        raise BadInput(_("This meeting is not under way; begin it first."))
    if meeting.revision != revision:
        raise StaleWrite(meeting.current_id, meeting.revision)


def _case(meeting: Meeting, case_id: int) -> MeetingCase:
    """The case, which must be the one on the wall."""
    if not meeting.is_running:
        raise BadInput(_("This meeting is not under way; begin it first."))
    if meeting.current_id != case_id:
        raise StaleWrite(meeting.current_id, meeting.revision)
    return MeetingCase.objects.select_for_update(of=("self",)).select_related("conversation").get(pk=case_id)


def _in_ballot(case: MeetingCase, ballot: int) -> None:
    if case.ballot != ballot or case.shows_votes:
        raise StaleWrite(case.ballot, case.revision)


def _show_if_all(meeting: Meeting, case: MeetingCase, actor_id: int | None) -> None:
    if meeting.people and votes_in(case) >= meeting.people:
        _show(meeting, case, actor_id)


def _show(meeting: Meeting, case: MeetingCase, actor_id: int | None) -> None:
    case.shows_votes = case.shows_answers = True
    case.save(update_fields=["shows_votes", "shows_answers"])
    Event.objects.record(
        "meeting.votes_shown",
        actor_id=actor_id,
        study_id=meeting.study_id,
        subject=meeting,
        after={"case": case.pk, "ballot": case.ballot, "votes": votes_in(case)},
    )


def _save(meeting: Meeting, *, current: MeetingCase) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(current=current, revision=F("revision") + 1)
    meeting.current, meeting.revision = current, meeting.revision + 1
