"""What is stored of a conversation besides its messages: facts of response, suggestions with evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...models import Study
from ..facts.handles import Handles
from .context import Turn, account_age_days, context_of, is_new, mentions_in
from .data_requests import DataRequest, find_data_request

OF_THREAD = "first_contact"  # the one kind of suggestion that other messages decide about


@dataclass(slots=True)
class Said:
    """One message as facts need it. `mentions` is None where the file does not list them, `asked` where
    it was not looked for yet; of a message that is `settled`, what is suggested of it alone is stored.
    """

    turn: Turn
    author_created_at: datetime | None = None
    mentions: Sequence[str] | None = None
    asked: DataRequest | None = None
    settled: bool = False

    @property
    def named(self) -> Sequence[str]:
        return mentions_in(self.turn.text) if self.mentions is None else self.mentions


@dataclass(slots=True)
class Suggestion:
    """`at` is the place of its message in the conversation."""

    at: int
    kind: str
    value: Any
    evidence: dict[str, Any]


@dataclass(slots=True)
class Facts:
    organisation_id: int | None
    started_at: datetime | None
    first_response_minutes: float | None
    unanswered: bool | None
    suggestions: list[Suggestion]


def facts_of(said: Sequence[Said], study: Study, handles: Handles) -> Facts:
    """The facts of one conversation, its messages given in reading order."""
    turns = [utterance.turn for utterance in said]
    context = context_of(turns, with_requests=False)
    organisation_id = int(context.organisation) if context.organisation else None
    if organisation_id is None:
        asked = (
            utterance
            for utterance in said
            if utterance.turn.present and utterance.turn.role != "organisation"
        )
        organisation_id = next(
            filter(None, (handles.mentioned(utterance.named) for utterance in asked)), None
        )
    times = [turn.created_at for turn in turns if turn.created_at]
    suggestions = list(_suggestions(said, study))
    if context.first_contact is not None:
        suggestions.append(Suggestion(context.first_contact, OF_THREAD, True, {}))
    return Facts(
        organisation_id,
        min(times, default=None),
        context.response_minutes,
        context.unanswered,
        suggestions,
    )


def _suggestions(said: Sequence[Said], study: Study) -> Iterator[Suggestion]:
    for at, utterance in enumerate(said):
        turn = utterance.turn
        if utterance.settled:
            continue
        if turn.present and turn.role == "organisation":
            yield from _of_organisation(at, utterance.asked or find_data_request(turn.text))
        elif turn.present and turn.role == "consumer":
            age = account_age_days(utterance.author_created_at, turn.created_at)
            new = is_new(age, study.new_user_days)
            if new is not None:
                yield Suggestion(at, "new_user", new, {"days": age, "threshold": study.new_user_days})


def _of_organisation(at: int, found: DataRequest) -> Iterator[Suggestion]:
    channel = [[evidence.start, evidence.end] for evidence in found.channel_evidence]
    if found.kinds:
        value = {
            "kinds": [evidence.kind for evidence in found.kinds],
            "count": found.count,
            "channel": found.channel,
        }
        kinds = [[evidence.kind, evidence.start, evidence.end] for evidence in found.kinds]
        yield Suggestion(at, "asks_for_data", value, {"kinds": kinds, "channel": channel})
    if found.channel == "dm":
        yield Suggestion(at, "dm_invitation", True, {"channel": channel})
