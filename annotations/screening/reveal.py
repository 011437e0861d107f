"""In masked studies: a conversation's personal data shown to whoever settles, on the record."""

from __future__ import annotations

from django.db import transaction

from ..models import Event, Screening, ScreeningUnit


@transaction.atomic
def reveal(unit: ScreeningUnit, screening: Screening, *, actor_id: int) -> None:
    Event.objects.record(
        "conversation.revealed",
        actor_id=actor_id,
        study_id=screening.study_id,
        subject=unit.message.conversation,
        after={"screening": screening.pk},
    )
