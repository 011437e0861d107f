"""Context of a message that its file did not give, filled in by hand: the only writer of these fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput, NotAllowed, StaleWrite
from ..models import Assignment, Event, Membership, Message

FIELDS = ("author_created_at", "author_followers", "author_posts", "addressed")
LARGEST_NUMBER = 2**31 - 1


def fillable(message: Message) -> list[str]:
    """Fields that are unknown, or were filled in by hand before. What the file gave stays as it was."""
    return [name for name in FIELDS if getattr(message, name) in (None, "") or name in message.by_hand]


@transaction.atomic
def fill_context(message_id: int, *, actor_id: int, values: Mapping[str, Any], revision: int) -> Message:
    """Fill in context fields of a message; None or "" makes a field unknown again.

    `values`: author_created_at (a date), author_followers, author_posts (whole numbers), addressed (a key of
    Message.Addressed). Supervisors of the study may do this, and coders the conversation was given to.
    Raises NotAllowed, BadInput, and StaleWrite with the values that stand there now.
    """
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("study", "account")
        .filter(pk=message_id)
        .first()
    )
    if message is None or not _may_fill(message, actor_id):
        raise NotAllowed(_("This conversation was given to somebody else."))
    if message.is_placeholder:
        raise BadInput(_("There is no message here to describe."))
    wanted = {name: _checked(message, name, value) for name, value in values.items() if name in FIELDS}
    changes = {name: value for name, value in wanted.items() if value != getattr(message, name)}
    if not changes:
        return message
    if revision != message.revision:
        raise StaleWrite({name: _plain(getattr(message, name)) for name in FIELDS}, message.revision)
    allowed = fillable(message)
    if any(name not in allowed for name in changes):
        raise BadInput(_("What the file gave cannot be changed by hand."))
    before = {name: _plain(getattr(message, name)) for name in changes}
    for name, value in changes.items():
        setattr(message, name, value)
    filled = {name for name in changes if getattr(message, name) not in (None, "")}
    message.by_hand = sorted((set(message.by_hand) - set(changes)) | filled)
    message.revision += 1
    message.save(update_fields=[*changes, "by_hand", "revision"])
    Event.objects.record(
        "message.context_filled",
        actor_id=actor_id,
        study_id=message.study_id,
        subject=message,
        before=before,
        after={name: _plain(getattr(message, name)) for name in changes},
    )
    return message


def _may_fill(message: Message, actor_id: int) -> bool:
    member = Membership.objects.filter(study_id=message.study_id, user_id=actor_id, is_active=True).first()
    if member is None:
        return False
    if member.role == Membership.Role.SUPERVISOR:
        return True
    return Assignment.objects.filter(
        conversation_id=message.conversation_id, coder_id=actor_id, round__is_open=True
    ).exists()


def _checked(message: Message, name: str, value: Any) -> Any:
    if name == "addressed":
        if value in (None, ""):
            return ""
        if value not in Message.Addressed.values:
            raise BadInput(_("Choose which account the message addresses."))
        return value
    if value in (None, ""):
        return None
    if name == "author_created_at":
        return _moment(message, value)
    try:
        number = int(str(value).strip().replace(".", "").replace(" ", ""))
    except ValueError:
        number = -1
    if not 0 <= number <= LARGEST_NUMBER:
        raise BadInput(_("Write followers and messages posted as a whole number, such as 1204."))
    return number


def _moment(message: Message, value: Any) -> datetime:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value).strip())
    except ValueError:
        raise BadInput(_("Write the date the account was made as year-month-day.")) from None
    moment = timezone.make_aware(datetime.combine(day, time.min))
    if day.year < 1990 or (message.created_at is not None and moment > message.created_at):
        raise BadInput(_("The account cannot have been made after its message, or before 1990."))
    return moment


def _plain(value: Any) -> Any:
    return timezone.localtime(value).date().isoformat() if isinstance(value, datetime) else value
