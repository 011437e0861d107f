"""From the database to a frame: what was coded, and what is known of the units besides. Reads only.

Conversations count that somebody finished in a round that counts, with all their messages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...common.portions import portions
from ...finals.of_study import counted_rounds
from ...models import Conversation, Message, Round, Study
from ..apart import compared_only
from .frame import ACCOUNT, CONVERSATION, MESSAGE, SPAN, Frame

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


def read_frame(study: Study, on_share: Callable[[float], None] = lambda share: None) -> Frame:
    """Every unit that can be counted, with every field. Takes seconds for tens of thousands of codings.

    `on_share` hears which share is done.
    """
    from .coded import add_coded
    from .facts import add_facts

    corpus = read_corpus(study)
    on_share(0.2)
    frame = _units(corpus)
    add_facts(frame, corpus)
    on_share(0.4)
    add_coded(frame, corpus)
    return frame


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


def _units(corpus: Corpus) -> Frame:
    conversations = [row["id"] for row in corpus.conversations]
    messages = [row["id"] for row in corpus.messages]
    accounts = list(dict.fromkeys(row["account_id"] for row in corpus.messages if row["account_id"]))
    place = {pk: at for at, pk in enumerate(conversations)}
    account = {pk: at for at, pk in enumerate(accounts)}
    of_conversation = np.array([place[row["conversation_id"]] for row in corpus.messages], dtype=np.int64)
    of_account = np.array([account.get(row["account_id"], -1) for row in corpus.messages], dtype=np.int64)
    nothing = np.zeros(0, dtype=np.int64)
    return Frame(
        {
            CONVERSATION: np.array(conversations, dtype=np.int64),
            MESSAGE: np.array(messages, dtype=np.int64),
            SPAN: nothing,
            ACCOUNT: np.array(accounts, dtype=np.int64),
        },
        {
            MESSAGE: {CONVERSATION: of_conversation, ACCOUNT: of_account},
            SPAN: {MESSAGE: nothing},
        },
        {},
        {},
    )
