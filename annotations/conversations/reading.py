"""One conversation as a supervisor reads it: thread, candidates, context; who looked is written down."""

from __future__ import annotations

from dataclasses import dataclass

from ..coding.marks import family_of
from ..coding.text import Mark
from ..coding.thread import ShownMessage, show_thread
from ..models import Account, Candidate, Conversation, Event, Message, Study
from .filters import Filters, matching, type_words


@dataclass(frozen=True, slots=True)
class Party:
    """An account that speaks in the conversation, and how many messages it has in the whole study."""

    account: Account
    who: str


@dataclass(slots=True)
class Reading:
    conversation: Conversation
    thread: list[ShownMessage]
    parties: list[Party]
    before: int | None
    after: int | None


def read_conversation(
    conversation: Conversation, *, actor_id: int, revealed: int | None = None, filters: Filters | None = None
) -> Reading:
    """The conversation, once it is logged that this person reads it.

    `revealed`: a message to show unmasked. `filters`: what the ones before and after it must fit.
    """
    study = conversation.study
    Event.objects.record("conversation.viewed", actor_id=actor_id, study_id=study.pk, subject=conversation)
    if revealed is not None:
        message = conversation.messages.filter(pk=revealed, state=Message.State.PRESENT).first()
        if message is not None:
            Event.objects.record("message.revealed", actor_id=actor_id, study_id=study.pk, subject=message)
    words = type_words(study)
    marks: dict[int, list[Mark]] = {}
    masked: dict[int, list[tuple[int, int]]] = {}
    found = Candidate.objects.filter(message__conversation=conversation, version=study.detector_version)
    for candidate in found:
        sure = candidate.confidence == Candidate.Confidence.HIGH
        css = f"span--{family_of(candidate.info_type)} is-open{'' if sure else ' is-unsure'}"
        tag = words.get(candidate.info_type, candidate.info_type)
        marks.setdefault(candidate.message_id, []).append(
            Mark(f"c{candidate.pk}", candidate.start, candidate.end, css, tag)
        )
        if study.privacy != Study.Privacy.OPEN and candidate.message_id != revealed:
            masked.setdefault(candidate.message_id, []).append((candidate.start, candidate.end))
    thread = show_thread(study, conversation, lambda pk: marks.get(pk, []), masked)
    return Reading(conversation, thread, _parties(thread), *_neighbours(conversation, filters or Filters()))


def _parties(thread: list[ShownMessage]) -> list[Party]:
    seen: dict[int, Party] = {}
    for shown in thread:
        account = shown.message.account
        if account is not None and not shown.reason and account.pk not in seen:
            seen[account.pk] = Party(account, shown.who)
    return list(seen.values())


def _neighbours(conversation: Conversation, filters: Filters) -> tuple[int | None, int | None]:
    others = matching(conversation.study, filters).values_list("number", flat=True)
    number = conversation.number
    return (
        others.filter(number__lt=number).order_by("-number").first(),
        others.filter(number__gt=number).order_by("number").first(),
    )
