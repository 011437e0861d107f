"""In masked studies: showing a message's personal data for a short while, on the record."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import NotAllowed
from ..models import Assignment, Event, Message

SECONDS = 30
"""How long a revealed message stays readable."""


@transaction.atomic
def reveal(message_id: int, *, assignment: Assignment, actor_id: int) -> Message:
    """The message, once it is logged that this coder asked to read it. Raises NotAllowed."""
    message = Message.objects.filter(
        pk=message_id, conversation_id=assignment.conversation_id, state=Message.State.PRESENT
    ).first()
    if message is None or assignment.coder_id != actor_id or not assignment.round.is_open:
        raise NotAllowed(_("This conversation was given to somebody else."))
    Event.objects.record(
        "message.revealed",
        actor_id=actor_id,
        study_id=assignment.round.study_id,
        subject=message,
        after={"assignment": assignment.pk, "seconds": SECONDS},
    )
    return message
