"""The coded conversations of a study and their messages, as rows. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...common.portions import portions
from ...finals.of_study import counted_rounds
from ...models import Conversation, Message, Round, Study
from ..apart import compared_only

PORTION = 10_000
CONVERSATION_FIELDS = (
    "id",
    "number",
    "organisation_id",
    "started_at",
    "first_response_minutes",
    "unanswered",
)
MESSAGE_FIELDS = (
    "id",
    "conversation_id",
    "account_id",
    "account__role",
    "state",
    "created_at",
    "author_created_at",
    "author_followers",
    "author_posts",
    "reposts",
    "addressed",
    "platform",
    "position",
)


@dataclass
class Corpus:
    """Rows of the coded conversations and their messages, in reading order, as dictionaries."""

    study: Study
    rounds: list[Round]
    conversations: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    rounds_of: dict[int, list[str]]


def read_corpus(study: Study) -> Corpus:
    rounds, apart = counted_rounds(study), compared_only(study)
    rounds_of: dict[int, list[str]] = {}
    for round_ in rounds:
        finished = round_.assignments.filter(coding__state="finished")
        for rows in (finished, round_.consensus.all()):
            for pk in rows.order_by().values_list("conversation_id", flat=True).distinct():
                if pk in apart:
                    continue
                names = rounds_of.setdefault(pk, [])
                if round_.name not in names:
                    names.append(round_.name)
    conversations: list[dict[str, Any]] = []
    messages: list[dict[str, Any]] = []
    for some in portions(rounds_of, PORTION):
        conversations += Conversation.objects.filter(pk__in=some).order_by().values(*CONVERSATION_FIELDS)
        messages += Message.objects.filter(conversation__in=some).order_by().values(*MESSAGE_FIELDS)
    conversations.sort(key=lambda row: row["number"])
    at = {row["id"]: row["number"] for row in conversations}
    messages.sort(key=lambda row: (at[row["conversation_id"]], row["position"]))
    return Corpus(study, rounds, conversations, messages, rounds_of)
