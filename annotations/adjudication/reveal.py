"""In masked studies: showing a conversation's personal data to the one who settles, on the record."""

from __future__ import annotations

from django.db import transaction

from ..models import Event
from .units import DecisionUnit


@transaction.atomic
def reveal(unit: DecisionUnit, *, actor_id: int) -> None:
    """Record that this supervisor asked to read the conversation as it was posted."""
    Event.objects.record(
        "conversation.revealed",
        actor_id=actor_id,
        study_id=unit.round.study_id,
        subject=unit.conversation,
        after={"round": unit.round.pk, "variable": unit.variable.key},
    )
