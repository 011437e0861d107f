"""The messages a study is about: consumers' messages with personal data, by their final values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from ..codebooks.lookup import lookup
from ..codebooks.values import Missing, Value
from ..common.portions import portions
from ..finals.of_round import SpanValue, final_spans, final_values
from ..models import Message, Round, Study
from ..models.corpus import AuthorRole

AT_ONCE = 10_000
COUNTED = (Round.Kind.RELIABILITY, Round.Kind.MAIN, Round.Kind.DRIFT)
"""Training and pilot do not count."""


@dataclass
class Finals:
    """Final values of a study. A unit that was coded in two rounds counts once, with the later round's."""

    messages: dict[int, dict[str, Value]] = field(default_factory=lambda: defaultdict(dict))
    conversations: dict[int, dict[str, Value]] = field(default_factory=lambda: defaultdict(dict))
    fragments: dict[int, tuple[SpanValue, ...]] = field(default_factory=dict)
    unresolved: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True)
class PiiMessage:
    """`types`: keys of the kinds of information; `values`: every other final value of the message."""

    message_id: int
    conversation_id: int
    organisation: str
    types: frozenset[str]
    values: dict[str, Value]

    @property
    def has_response(self) -> bool | None:
        value = self.values.get("response_present")
        return None if value is None or isinstance(value, Missing) else value == "yes"


def read_finals(study: Study) -> Finals:
    finals = Finals()
    for round_ in study.rounds.filter(kind__in=COUNTED).order_by("created_at", "id"):
        for final in final_values(round_):
            if final.value is None:
                finals.unresolved[final.variable] += 1
            elif not isinstance(final.value, tuple):
                unit = (
                    finals.conversations[final.conversation_id]
                    if final.message_id is None
                    else finals.messages[final.message_id]
                )
                unit[final.variable] = final.value
        for final in final_spans(round_):
            if final.value is None:
                finals.unresolved[final.variable] += 1
            elif isinstance(final.value, tuple) and final.message_id is not None:
                finals.fragments[final.message_id] = final.value
    return finals


def study_types(study: Study) -> dict[str, dict[str, str]]:
    """Kinds of information that the tables count: key -> label.

    Those the codebook marks as the original definition; all of them where it marks none.
    """
    variable = lookup(study.codebook_version_id).type_variable
    if variable is None:
        return {}
    original = [category for category in variable.categories if category.seed_definition]
    return {category.key: dict(category.label) for category in original or variable.categories}


def pii_messages(study: Study, finals: Finals) -> list[PiiMessage]:
    """Consumers' messages that contain personal data of a counted kind, in reading order."""
    wanted = {pk for pk, values in finals.messages.items() if values.get("contains_pii") == "yes"}
    counted = set(study_types(study))
    fields = ("conversation__number", "position", "id", "conversation_id", "conversation__organisation__name")
    rows: list[tuple[Any, ...]] = []
    for some in portions(wanted, AT_ONCE):
        consumers = Message.objects.filter(pk__in=some, account__role=AuthorRole.CONSUMER)
        rows += consumers.order_by().values_list(*fields)
    found = []
    for _number, _position, pk, conversation_id, organisation in sorted(rows):
        types = _types(finals, pk)
        if types & counted:
            found.append(PiiMessage(pk, conversation_id, organisation or "", types, finals.messages[pk]))
    return found


def _types(finals: Finals, message_id: int) -> frozenset[str]:
    """What the coders listed for the message, else what they marked in it."""
    listed = finals.messages[message_id].get("info_types")
    if isinstance(listed, frozenset) and listed:
        return listed
    return frozenset(span.category for span in finals.fragments.get(message_id, ()))
