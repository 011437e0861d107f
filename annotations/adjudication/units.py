"""What is decided, and on what: a unit and a ruling, checked to belong together. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.schema import VariableSpec
from ..coding.save import checked
from ..errors import BadInput
from ..finals.settled import Settlement
from ..models import Consensus, Conversation, Message, Round
from ..models.adjudication import Cause
from .fragments import checked_spans

MAX_REASON = 5_000


@dataclass(frozen=True)
class Ruling:
    """A decision as the supervisor gives it."""

    settlement: Settlement
    cause: str = ""
    reason: str = ""
    is_settled_case: bool = False
    needs_codebook_change: bool = False

    def says(self, known: Consensus) -> bool:
        """Whether a row already holds these words; the value is compared by the caller."""
        return (self.cause, self.reason, self.is_settled_case, self.needs_codebook_change) == (
            known.cause,
            known.reason,
            known.is_settled_case,
            known.needs_codebook_change,
        )


@dataclass(frozen=True)
class DecisionUnit:
    """A unit of a round for one variable, checked to belong together. Spans are settled per message."""

    round: Round
    codebook: Lookup
    variable: VariableSpec
    conversation: Conversation
    message: Message | None = field(default=None)

    @property
    def variable_id(self) -> int:
        return self.codebook.variable_ids[self.variable.key]

    def known(self) -> Consensus | None:
        """The row of this unit, standing or withdrawn."""
        rows = Consensus.every.filter(
            round=self.round, conversation=self.conversation, variable_id=self.variable_id
        )
        return rows.filter(message=self.message).first()


def find_unit(round_: Round, variable: str, conversation_id: int, message_id: int | None) -> DecisionUnit:
    """The unit these keys point at. Raises BadInput when they do not belong together."""
    conversation = Conversation.objects.filter(pk=conversation_id, study_id=round_.study_id).first()
    message = None
    if message_id is not None:
        message = Message.objects.filter(pk=message_id, conversation_id=conversation_id).first()
        if message is None:
            raise BadInput(_("This message is not in the conversation; reload the page."))
    return checked_unit(round_, variable, conversation, message)


def checked_unit(
    round_: Round, variable: str, conversation: Conversation | None, message: Message | None
) -> DecisionUnit:
    """As `find_unit`, of rows that were read already."""
    codebook = lookup(round_.codebook_version_id)
    spec = codebook.spec.by_key.get(variable)
    if spec is None or conversation is None or (spec.level == "span" and spec is not codebook.type_variable):
        raise BadInput(_("This variable or conversation is not in the round."))
    if (spec.level == "conversation") != (message is None):
        raise BadInput(_("%(variable)s is not asked of this unit.") % {"variable": variable})
    if message and (message.conversation_id != conversation.pk or message.is_placeholder):
        raise BadInput(_("This message is not in the conversation; reload the page."))
    return DecisionUnit(round_, codebook, spec, conversation, message)


def checked_ruling(unit: DecisionUnit, ruling: Ruling) -> Ruling:
    """The ruling in its canonical form. Raises BadInput."""
    if ruling.cause and ruling.cause not in Cause.values:
        raise BadInput(_("Choose one of the causes in the list."))
    settlement: Settlement
    if unit.variable.level == "span":
        if not isinstance(ruling.settlement, tuple) or unit.message is None:
            raise BadInput(_("Give the fragments of this message, or none."))
        settlement = checked_spans(unit.codebook, unit.message.text, ruling.settlement)
    else:
        if isinstance(ruling.settlement, tuple):
            raise BadInput(_("%(variable)s takes a value.") % {"variable": unit.variable.key})
        settlement = checked(unit.variable, ruling.settlement)
    return Ruling(
        settlement,
        ruling.cause,
        clean_reason(ruling.reason),
        bool(ruling.is_settled_case),
        bool(ruling.needs_codebook_change),
    )


def clean_reason(reason: str) -> str:
    reason = reason.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if len(reason) > MAX_REASON:
        raise BadInput(_("The reason can hold %(most)d characters.") % {"most": MAX_REASON})
    return reason
