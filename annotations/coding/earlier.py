"""In a round that codes again: what the coder answered with the earlier version. Reads only."""

from __future__ import annotations

from ..codebooks.carrying import carrier
from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.values import Missing
from ..models import Coding
from .answers import CodingState, UnitKey, load_state
from .wire import written_key


def earlier_answers(state: CodingState, language: str) -> dict[str, dict[str, str]]:
    """Unit -> variable -> the earlier answer in words, where it did not carry over.

    Empty where the round codes nothing again, or its supervisor chose to hide the earlier answers.
    """
    assignment = state.coding.assignment
    of_round = assignment.round
    if of_round.recodes_id is None or not of_round.shows_old:
        return {}
    earlier = (
        Coding.objects.filter(
            assignment__round=of_round.recodes_id,
            assignment__conversation=assignment.conversation_id,
            assignment__coder=assignment.coder_id,
            assignment__released_at=None,
        )
        .select_related("assignment__round")
        .first()
    )
    if earlier is None:
        return {}
    carried = carrier(earlier.assignment.round.codebook_version_id, of_round.codebook_version_id)
    if carried is None:
        return {}
    old = load_state(earlier)
    spec = lookup(carried.source).spec
    numbers = {span.number: span.pk for span in state.spans.values()}
    found: dict[str, dict[str, str]] = {}
    for key in old.unit_keys():
        now: UnitKey | None = key
        if key[0] == "span":
            number = old.spans[key[1] or 0].number
            now = ("span", numbers[number]) if number in numbers else None
        for name, value in old.values(key).items():
            is_gap = value in (Missing.NOT_APPLICABLE, Missing.NOT_CODED)
            if now is None or is_gap or carried.value(name, value) is not None:
                continue
            variable = spec.by_key[name]
            words = (
                in_language(spec.missing_codes.get(int(value)), language)
                if isinstance(value, Missing)
                else variable.of_kind.label(variable, value, language)
            )
            found.setdefault(written_key(now), {})[carried.key(name)] = words
    return found
