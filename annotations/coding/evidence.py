"""Computed facts about messages in words: what stands in the chips under a message. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Account, ContextSuggestion, Message
from ..models.corpus import AuthorRole


@dataclass(frozen=True)
class Chip:
    text: str
    warn: bool = False


def duration(seconds: float) -> str:
    """A length of time in its largest whole unit: "19 minutes", "3 days"."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return age(hours // 24)


def age(days: int) -> str:
    """A number of days as people say it: "12 days", "5 months", "4 years"."""
    if days < 60:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if days < 730:
        months = int(days / 30.44)
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    years = int(days / 365.25)
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}


def account_age(message: Message) -> int | None:
    """Age of the author's account in days when the message was posted, None if unknown."""
    created = message.author_created_at or (message.account.created_at if message.account else None)
    if created is None or message.created_at is None or created > message.created_at:
        return None
    return (message.created_at - created).days


def first_seen(messages: Iterable[Message]) -> dict[int, datetime]:
    """Account id -> its first message in the whole study, for the consumers among these authors.

    One step in an index for each: an organisation's account may have posted a million messages.
    """
    consumers = {message.account_id for message in messages if message.author_role == AuthorRole.CONSUMER}
    own = Message.objects.filter(account=OuterRef("pk"), created_at__isnull=False)
    first = Subquery(own.order_by("created_at").values("created_at")[:1])
    rows = Account.objects.filter(pk__in=consumers - {None}).annotate(first=first).values_list("pk", "first")
    return {pk: moment for pk, moment in rows if moment}


def chips_of(message: Message, first: datetime | None, new_user_days: int) -> list[Chip]:
    """Facts that follow from the message itself and from its account."""
    chips = []
    if message.author_role == "consumer":
        # That the organisation's own account is addressed goes without saying.
        addressed = {
            Message.Addressed.OTHER: _("addressed: another account of the organisation"),
            Message.Addressed.NONE: _("addressed: no account of the organisation"),
        }.get(Message.Addressed(message.addressed))
        if addressed:
            chips.append(Chip(addressed))
        if first is not None and first == message.created_at:
            chips.append(Chip(_("first contact in this corpus")))
        days = account_age(message)
        if days is not None and days < new_user_days:
            chips.append(Chip(_("account %(age)s old") % {"age": age(days)}, warn=True))
    if message.text_changed:
        chips.append(Chip(_("a later file held another text"), warn=True))
    return chips


def suggestion_chip(suggestion: ContextSuggestion) -> Chip | None:
    """A computed suggestion in words; kinds this page has no words for are left out."""
    words = _WORDS.get(suggestion.kind)
    return words(suggestion.value) if words and suggestion.value not in (None, False, "", 0, []) else None


def _asks(value: dict[str, Any]) -> Chip:
    """How much the organisation asks for, and whether it says where to send it."""
    n = value["count"]
    if value["channel"] == "dm":
        words = ngettext(
            "asks for %(n)d item of data, by private message",
            "asks for %(n)d items of data, by private message",
            n,
        )
    elif value["channel"] == "other":
        words = ngettext(
            "asks for %(n)d item of data, by another channel",
            "asks for %(n)d items of data, by another channel",
            n,
        )
    else:
        words = ngettext(
            "asks for %(n)d item of data, in public", "asks for %(n)d items of data, in public", n
        )
    return Chip(words % {"n": n}, warn=True)


_WORDS = {
    "asks_for_data": _asks,
    "first_contact": lambda value: Chip(_("first contact")),
    "dm_invitation": lambda value: Chip(_("invites to a private message")),
    "private_channel": lambda value: Chip(_("points to a private channel")),
    "removal_request": lambda value: Chip(_("asks to remove something"), True),
    "privacy_warning": lambda value: Chip(_("warns about privacy")),
    "org_repeats_data": lambda value: Chip(_("repeats data of the consumer"), True),
}


def is_long(gap: timedelta) -> bool:
    return gap >= timedelta(days=1)
