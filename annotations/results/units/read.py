"""From the database to a frame: what was coded, and what is known of the units besides. Reads only.

Conversations count that somebody finished in a round that counts, with all their messages.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...models import Study
from .coded import add_coded
from .corpus import Corpus, read_corpus
from .facts import add_facts
from .frame import ACCOUNT, CONVERSATION, MESSAGE, SPAN, Frame


def read_frame(study: Study, on_share: Callable[[float], None] = lambda share: None) -> Frame:
    """Every unit that can be counted, with every field. Takes seconds for tens of thousands of codings.

    `on_share` hears which share is done.
    """
    corpus = read_corpus(study)
    on_share(0.2)
    frame = _units(corpus)
    add_facts(frame, corpus)
    on_share(0.4)
    add_coded(frame, corpus)
    return frame


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
