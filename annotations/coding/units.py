"""Many codings at once as the units that the conditions of a codebook look at. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..codebooks.conditions import CodedUnit
from ..codebooks.values import Value
from ..models import Coding, Message, Span
from .answers import CONVERSATION, UnitKey

Answers = Mapping[UnitKey, Mapping[str, Value]]


@dataclass(frozen=True)
class UnitsOfCoding:
    """`units` in the order in which they are coded; the last is the conversation, which holds the others."""

    coding_id: int
    coder_id: int
    conversation_id: int
    units: list[tuple[UnitKey, CodedUnit]]


def units_of(codings: Iterable[Coding], answers: Mapping[int, Answers]) -> Iterator[UnitsOfCoding]:
    """The codings' units with these answers (by coding), in two queries. `assignment` is selected along."""
    rows = list(codings)
    conversations = {row.assignment.conversation_id for row in rows}
    roles: dict[int, dict[int, str]] = defaultdict(dict)
    messages = Message.objects.filter(conversation__in=conversations, state=Message.State.PRESENT)
    found = messages.select_related("account").only("conversation_id", "account__role", "position")
    for message in found.order_by("conversation", "position"):
        roles[message.conversation_id][message.pk] = message.author_role
    spans: dict[tuple[int, int], list[int]] = defaultdict(list)
    places = Span.objects.filter(coding__in=[row.pk for row in rows]).order_by("start", "end", "number")
    for pk, coding, message_id in places.values_list("id", "coding", "message"):
        spans[coding, message_id].append(pk)
    for row in rows:
        yield _units(row, answers.get(row.pk, {}), roles[row.assignment.conversation_id], spans)


def _units(
    row: Coding, given: Answers, roles: Mapping[int, str], spans: Mapping[tuple[int, int], list[int]]
) -> UnitsOfCoding:
    units: list[tuple[UnitKey, CodedUnit]] = []
    messages = []
    for message_id, role in roles.items():
        parts = []
        for span in spans.get((row.pk, message_id), ()):
            parts.append(CodedUnit("span", given.get(("span", span), {}), role))
            units.append((("span", span), parts[-1]))
        messages.append(CodedUnit("message", given.get(("message", message_id), {}), role, parts))
        units.append((("message", message_id), messages[-1]))
    units.append((CONVERSATION, CodedUnit("conversation", given.get(CONVERSATION, {}), parts=messages)))
    return UnitsOfCoding(row.pk, row.assignment.coder_id, row.assignment.conversation_id, units)
