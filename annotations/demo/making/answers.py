"""What a coder who follows the codebook answers, derived from the screenplay."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from annotations.codebooks.conditions import CodedUnit, Rules
from annotations.demo.making.screenplay import ASKED, Conversation, Mark, Message

Answer = str | list[str]
RECENT = timedelta(days=30)


@dataclass
class UnitAnswers:
    """The answers for one unit; `message` is None for the conversation itself."""

    conversation: Conversation
    message: Message | None
    answers: dict[str, Answer]
    marks: list[Mark] = field(default_factory=list)

    @property
    def level(self) -> str:
        return "message" if self.message else "conversation"

    @property
    def name(self) -> str:
        key = self.conversation.key
        return f"{key}/{self.message.number}" if self.message else key

    def asked(self, rules: Rules) -> set[str]:
        """Keys of the questions the codebook asks of this unit, given these answers."""
        values = {
            key: answer if isinstance(answer, str) else frozenset(answer)
            for key, answer in self.answers.items()
        }
        unit = CodedUnit(self.level, values, self.message.role if self.message else "")
        return {variable.key for variable in rules.visible(unit)}


def true_answers(conversation: Conversation) -> list[UnitAnswers]:
    """The planted answers: one unit per published message, then the conversation."""
    units = [
        UnitAnswers(conversation, message, message_truth(conversation, message), list(message.marks))
        for message in conversation.published
    ]
    return [*units, UnitAnswers(conversation, None, conversation_truth(conversation))]


def message_truth(conversation: Conversation, message: Message) -> dict[str, Answer]:
    """Every message-level answer, also to questions that are not asked."""
    channel = message.flags.get("ask", "").partition(":")[0]
    return {
        "contains_pii": "yes" if message.info_types else "no",
        "info_types": message.info_types,
        "sharing_trigger": message.flags.get("t", ""),
        "response_present": message.flags.get("resp") or _response(conversation, message),
        "removal_request": message.flags.get("rr", "none"),
        "data_requested": ASKED[channel] if channel else "no",
    }


def conversation_truth(conversation: Conversation) -> dict[str, Answer]:
    return {
        "too_much_first_contact": _too_much(conversation),
        "dm_misunderstanding": conversation.flags.get("dm") or _misunderstanding(conversation),
        "new_user": _new_user(conversation),
        "channel_reason": conversation.flags.get("reden", "not_stated").split(","),
    }


def _response(conversation: Conversation, message: Message) -> str:
    """An organisation's message below this one, within seven days."""
    below = {message.id}
    for later in conversation.published:
        if later.parent_id in below:
            below.add(later.id)
            if later.role == "organisation" and later.posted - message.posted <= timedelta(days=7):
                return "yes"
    return "no"


def _too_much(conversation: Conversation) -> str:
    """Three kinds of data or more in the organisation's first reaction."""
    reactions = [m for m in conversation.published if m.role == "organisation" and m.number > 1]
    if not reactions:
        return "no_org_reply"
    number = len(reactions[0].asked_types)
    return "no_request" if not number else ("yes" if number >= 3 else "no")


def _misunderstanding(conversation: Conversation) -> str:
    public = any(message.flags.get("t") == "asked_dm" for message in conversation.published)
    return "behavioural" if public else "none"


def _new_user(conversation: Conversation) -> str:
    """Of the first consumer: how many signs of a new account, counted as the codebook does."""
    first = next(message for message in conversation.published if message.role == "consumer")
    age = first.account_age
    signs = sum((first.posts is not None and first.posts < 10, (first.author.followers or 0) < 5))
    if age is None:
        return "cannot_tell"
    if age > RECENT:
        return "probably" if signs else "no"
    return "yes" if signs else "probably"
