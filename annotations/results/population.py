"""The units that a study's tables count, by their final values, and why other units are left out.

One rule for every table: a unit whose final value is unresolved, or missing by 97, 98 or 99, is in no
numerator and in no denominator, and is counted beside the table.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Missing, Value
from ..common.portions import portions
from ..finals.of_round import EARLIER
from ..finals.of_study import counted_rounds, study_spans, study_values
from ..models import Message, Study
from ..models.corpus import AuthorRole
from .apart import compared_only

PORTION = 10_000


class Reason(Enum):
    """Why a unit is left out of a table."""

    UNRESOLVED = "unresolved"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"
    NOT_CODED = "not_coded"
    NO_KIND = "no_kind"
    OTHER_KINDS = "other_kinds"
    UNKNOWN = "unknown"
    EARLIER_VERSION = "earlier_version"


BY_CODE = {
    Missing.NOT_APPLICABLE: Reason.NOT_APPLICABLE,
    Missing.UNDETERMINED: Reason.UNDETERMINED,
    Missing.NOT_CODED: Reason.NOT_CODED,
}
LeftOut = Counter[Reason]
Outcome = Value | Reason
"""What a table makes of a final value: a valid value, or the reason why the unit is left out."""


def outcome_of(variable: VariableSpec, value: Value | None, source: str = "") -> Outcome:
    """`value`: the final value, None while unresolved; `source`: where it comes from (`finals`)."""
    if value is None:
        return without_value(source)
    missing = variable.of_kind.missing_meant(variable, value)
    return value if missing is None else BY_CODE[missing]


def without_value(source: str) -> Reason:
    """Why a unit has no final value."""
    return Reason.EARLIER_VERSION if source == EARLIER else Reason.UNRESOLVED


@dataclass
class Finals:
    """Outcomes of a study: unit id -> variable -> outcome; fragments are the kinds marked in a message."""

    messages: dict[int, dict[str, Outcome]] = field(default_factory=lambda: defaultdict(dict))
    conversations: dict[int, dict[str, Outcome]] = field(default_factory=lambda: defaultdict(dict))
    fragments: dict[int, frozenset[str] | Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class PiiMessage:
    """`types`: keys of the kinds of information; `values`: every other outcome of the message."""

    message_id: int
    conversation_id: int
    organisation: str
    types: frozenset[str]
    values: dict[str, Outcome]

    @property
    def response(self) -> Outcome:
        """ "yes" or "no": whether the organisation answered."""
        return self.values.get("response_present", Reason.NOT_CODED)


@dataclass(frozen=True)
class Population:
    """Consumers' messages that contain personal data of a counted kind, in reading order.

    `left_out`: consumers' messages of which nobody can say whether they do, or which do of other kinds.
    """

    messages: list[PiiMessage]
    left_out: LeftOut


def read_finals(study: Study) -> Finals:
    finals = Finals()
    rounds = counted_rounds(study)
    apart = compared_only(study)
    for final in study_values(rounds):
        if final.conversation_id in apart:
            continue
        assert not isinstance(final.value, tuple)
        unit = (
            finals.conversations[final.conversation_id]
            if final.message_id is None
            else finals.messages[final.message_id]
        )
        variable = lookup(final.version_id).spec.by_key[final.variable]
        unit[final.variable] = outcome_of(variable, final.value, final.source)
    for final in study_spans(rounds):
        if final.message_id is not None and final.conversation_id not in apart:
            finals.fragments[final.message_id] = (
                frozenset(span.category for span in final.value)
                if isinstance(final.value, tuple)
                else without_value(final.source)
            )
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


def pii_messages(study: Study, finals: Finals) -> Population:
    """The messages a study is about, and how many could not be counted."""
    coded = {
        pk
        for pk, values in finals.messages.items()
        if values.get("contains_pii") == "yes" or isinstance(values.get("contains_pii"), Reason)
    }
    counted = frozenset(study_types(study))
    fields = ("conversation__number", "position", "id", "conversation_id", "conversation__organisation__name")
    rows: list[tuple[Any, ...]] = []
    for some in portions(coded, PORTION):
        consumers = Message.objects.filter(pk__in=some, account__role=AuthorRole.CONSUMER)
        rows += consumers.order_by().values_list(*fields)
    found = Population([], LeftOut())
    for _number, _position, pk, conversation_id, organisation in sorted(rows):
        types = _types(finals, pk, counted)
        if isinstance(types, Reason):
            found.left_out[types] += 1
        else:
            values = finals.messages[pk]
            found.messages.append(PiiMessage(pk, conversation_id, organisation or "", types, values))
    return found


def _types(finals: Finals, message_id: int, counted: frozenset[str]) -> frozenset[str] | Reason:
    """What the coders listed for the message, else what they marked in it."""
    values = finals.messages[message_id]
    contains, listed = values["contains_pii"], values.get("info_types")
    if isinstance(contains, Reason):
        return contains
    if listed is Reason.UNRESOLVED or listed is Reason.EARLIER_VERSION:
        return listed
    types = (
        listed if isinstance(listed, frozenset) and listed else finals.fragments.get(message_id, frozenset())
    )
    if isinstance(types, Reason):
        return types
    if not types & counted:
        return Reason.OTHER_KINDS if types else Reason.NO_KIND
    return types
