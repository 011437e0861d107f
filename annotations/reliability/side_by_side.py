"""One unit behind a figure: its messages, and what each coder gave, side by side. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.schema import VariableSpec
from ..finals.given import Coder, Given, coders_of, given_for
from ..finals.of_round import Key, Unit
from ..finals.thread import Line, lanes_of, load_lines
from ..finals.wording import settlement_label
from ..models import Conversation, Message, Round, Study
from .listing import shown_variable
from .report import VariableAgreement


@dataclass(frozen=True)
class SideBySide:
    """`given`: pseudonym and what that coder gave; empty for a coder who is not in the report."""

    variable: VariableSpec
    conversation: Conversation
    message: Message | None
    lines: list[Line]
    coders: list[Coder]
    given: list[tuple[str, str]]

    @property
    def level(self) -> str:
        return "message" if self.message else "conversation"

    @property
    def unit_id(self) -> int:
        return self.message.pk if self.message else self.conversation.pk


def side_by_side(round_: Round, item: VariableAgreement, unit: Unit, language: str) -> SideBySide:
    """In a constant number of queries."""
    codebook = lookup(round_.codebook_version_id)
    key = (shown_variable(codebook, item.variable).key, *unit)
    given = given_for(round_, [key])[key]
    return beside(round_.study, codebook, item, key, given, coders_of(round_, key, given), language)


def beside(
    study: Study,
    codebook: Lookup,
    item: VariableAgreement,
    key: Key,
    given: Given,
    coders: dict[int, Coder],
    language: str,
) -> SideBySide:
    """The same of answers that were read already."""
    _key, conversation_id, message_id = key
    variable = shown_variable(codebook, item.variable)
    conversation = Conversation.objects.select_related("organisation").get(pk=conversation_id)
    message = None if message_id is None else conversation.messages.get(pk=message_id)
    lines, _is_masked = load_lines(study, conversation, message, lanes_of(given, coders))
    labels = [
        (
            coders[pk].pseudonym,
            settlement_label(codebook, variable, value, language) if pk in item.coder_ids else "",
        )
        for pk, value in given.items()
    ]
    return SideBySide(
        variable,
        conversation,
        message,
        lines,
        sorted(coders.values(), key=lambda coder: coder.number),
        sorted(labels),
    )
