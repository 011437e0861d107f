"""Who sees the case on the wall. Reads only.

Everybody in the room reads the wall, so it hides a case of which somebody still has to code the conversation.
On an own screen a coder sees a case only after finishing that unit in that round. A case that may not be seen
looks like a wall with nothing on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Assignment, Coding, Meeting, MeetingCase, Round, Study, Training
from .choosing import still_coding

CASES = (
    "meeting__study",
    "round__study",
    "conversation__organisation",
    "message",
    "variable",
    "question__variable",
    "question__assignment__round",
    "decision",
    "proposal",
)


@dataclass(frozen=True)
class OnWall:
    """`case` is None before the first one. `is_hidden`: somebody still has to code its conversation."""

    meeting: Meeting
    case: MeetingCase | None
    is_hidden: bool = False


def on_wall(meeting: Meeting) -> OnWall:
    case = meeting.cases.select_related(*CASES).filter(pk=meeting.current_id or 0).first()
    if case is None:
        return OnWall(meeting, None)
    return OnWall(meeting, case, is_hidden(case))


def is_hidden(case: MeetingCase) -> bool:
    return case.shown_at is None or bool(still_coding(case.round.study_id, [case.conversation_id]))


def running_meeting(study: Study) -> Meeting | None:
    return Meeting.objects.filter(study=study, started_at__isnull=False, ended_at__isnull=True).first()


def case_for_coder(study: Study, coder_id: int) -> MeetingCase | None:
    """The case on the wall, if this coder may see it and vote."""
    meeting = running_meeting(study)
    if meeting is None or meeting.current_id is None:
        return None
    finished = Assignment.objects.filter(coder_id=coder_id, coding__state=Coding.State.FINISHED)
    case = (
        meeting.cases.select_related(*CASES)
        .filter(
            pk=meeting.current_id,
            round__in=finished.values("round"),
            conversation__in=finished.values("conversation"),
        )
        .exclude(round__in=Training.objects.key_rounds(coder_id))
        .exclude(round__kind__in=(Round.Kind.TRAINING, Round.Kind.REPEAT))
        .first()
    )
    if case is None or is_hidden(case):
        return None
    own = finished.filter(round_id=case.round_id, conversation_id=case.conversation_id)
    return case if own.exists() else None
