"""Contradictions that a coder was asked about: kept as they are, or in the way of finishing."""

from __future__ import annotations

from django.db import transaction

from ...codebooks.language import in_language
from ...codebooks.schema import SOFT
from ...errors import BadInput
from ...models import KeptContradiction
from ..answers import CodingState, UnitKey
from .rows import open_for_writing, record, where


@transaction.atomic
def keep_contradiction(coding_id: int, *, actor_id: int, rule: str, key: UnitKey) -> CodingState:
    """Store that a coder keeps answers that contradict each other softly, so that nobody asks again.

    Keeping the same twice changes nothing, and so does keeping one that is no more. Raises BadInput for a
    hard one.
    """
    state = open_for_writing(coding_id, actor_id)
    found = next((item for unit, item in state.contradictions() if (unit, item.key) == (key, rule)), None)
    if found is None:
        return state
    if found.kind != SOFT:
        raise BadInput(in_language(found.text))
    row, created = KeptContradiction.objects.get_or_create(
        coding=state.coding, rule=rule, message_id=key[1] if key[0] == "message" else None
    )
    if created:
        record(state, "contradiction.kept", actor_id, after={**where(key), "rule": row.rule})
    return state


def refuse_contradictions(state: CodingState) -> None:
    """Raises BadInput with the sentence of the first contradiction that nobody kept; a hard one first."""
    kept = set(state.coding.kept_contradictions.values_list("rule", "message_id"))
    waiting = [item for key, item in state.contradictions() if (item.key, key[1]) not in kept]
    waiting.sort(key=lambda item: item.kind == SOFT)
    if waiting:
        raise BadInput(in_language(waiting[0].text))


def forget_resolved(state: CodingState, actor_id: int) -> None:
    """Remove what was kept and is no contradiction any more."""
    there = {(item.key, key[1]) for key, item in state.contradictions()}
    for row in state.coding.kept_contradictions.all():
        if (row.rule, row.message_id) not in there:
            row.delete()
            place = {} if row.message_id is None else {"message": row.message_id}
            record(state, "contradiction.resolved", actor_id, after={**place, "rule": row.rule})
