"""Which messages of a thread the organisation replied to, as far as the thread tells. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ..models import Message
from ..models.corpus import AuthorRole

LONGEST = timedelta(days=7)


def replied_messages(thread: Sequence[Message]) -> set[int]:
    """Ids of the messages of consumers with a reply of the organisation within seven days.

    A reply answers the message itself, or is the first message after it that is not a third party's.
    `thread` is in reading order. A message without a time counts as in time.
    """
    found = set()
    for place, message in enumerate(thread):
        if message.author_role != AuthorRole.CONSUMER:
            continue
        later = thread[place + 1 :]
        following = next((turn for turn in later if turn.author_role != AuthorRole.THIRD_PARTY), None)
        replies = [reply for reply in later if reply.parent_id == message.pk or reply is following]
        if any(
            reply.author_role == AuthorRole.ORGANISATION and _in_time(message, reply) for reply in replies
        ):
            found.add(message.pk)
    return found


def _in_time(message: Message, reply: Message) -> bool:
    if message.created_at is None or reply.created_at is None:
        return True
    return reply.created_at - message.created_at <= LONGEST
