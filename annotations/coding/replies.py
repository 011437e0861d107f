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
        following = next((one for one in later if one.author_role != AuthorRole.THIRD_PARTY), None)
        replies = [one for one in later if one.parent_id == message.pk or one is following]
        if any(one.author_role == AuthorRole.ORGANISATION and _in_time(message, one) for one in replies):
            found.add(message.pk)
    return found


def _in_time(message: Message, reply: Message) -> bool:
    if message.created_at is None or reply.created_at is None:
        return True
    return reply.created_at - message.created_at <= LONGEST
