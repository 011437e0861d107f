"""The conversation as it is read: who, when, how long after, with what marks. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..models import Assignment, ContextSuggestion, Conversation, Message, ScreeningUnit, Study
from .answers import CodingState
from .context_fields import fillable
from .evidence import Chip, account_age, age, chips_of, duration, first_seen, is_long, suggestion_chip
from .marks import Marks, is_masked, marks_of
from .text import Mark, Range

REASONS = {
    Message.State.DELETED: gettext_lazy("This message was deleted."),
    Message.State.PROTECTED: gettext_lazy("This message is of a protected account."),
    Message.State.WITHHELD: gettext_lazy("This message is withheld by the platform."),
    Message.State.OUTSIDE: gettext_lazy("This message is outside the collection."),
}
ROLE_WORDS = {
    "consumer": gettext_lazy("Consumer"),
    "third_party": gettext_lazy("Third party"),
    "unknown": gettext_lazy("Unknown"),
}


@dataclass
class ShownMessage:
    """One message, or a placeholder with the reason why there is no text."""

    message: Message
    number: int
    role: str
    who: str
    day: str = ""
    time: str = ""
    handle: str = ""
    account: list[str] = field(default_factory=list)
    fillable: list[str] = field(default_factory=list)
    gap: str = ""
    gap_is_long: bool = False
    reply_to: int | None = None
    reason: str = ""
    chips: list[Chip] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    masked: list[Range] = field(default_factory=list)
    is_meant: bool = False
    """In a round made of finds: the message for which the conversation was chosen."""

    @property
    def pk(self) -> int:
        return self.message.pk

    @property
    def css(self) -> str:
        if self.reason:
            return "msg--missing"
        kinds = {"organisation": "organisation", "consumer": "consumer"}
        return f"msg--{kinds.get(self.role, 'third')}"


def load_thread(
    assignment: Assignment, state: CodingState, marks: Marks, language: str
) -> list[ShownMessage]:
    """Every message of an assigned conversation, with the marks of its coder."""

    def own_marks(message_id: int) -> list[Mark]:
        return marks_of(message_id, state, marks, language)

    thread = show_thread(assignment.round.study, assignment.conversation, own_marks, marks.masked)
    found = ScreeningUnit.objects.meant(assignment.round_id)
    meant = set(
        found.filter(message__conversation_id=assignment.conversation_id).values_list("message_id", flat=True)
    )
    for item in thread:
        item.is_meant = item.pk in meant
    return thread


def show_thread(
    study: Study,
    conversation: Conversation,
    marks_in: Callable[[int], list[Mark]],
    masked: Mapping[int, list[Range]],
) -> list[ShownMessage]:
    """Every message of the conversation in reading order, in a constant number of queries.

    marks_in: id of a message -> what is drawn in its text. masked: id -> stretches shown as bullets.
    """
    messages = list(
        Message.objects.filter(conversation=conversation)
        .select_related("account__organisation")
        .order_by("position")
    )
    suggested: dict[int | None, list[Chip]] = defaultdict(list)
    first = first_seen(messages)
    newcomers = {m.pk for m in messages if m.created_at and first.get(m.account_id or 0) == m.created_at}
    for suggestion in ContextSuggestion.objects.filter(conversation=conversation, message__isnull=False):
        # The first message in the whole corpus is the first contact too: said once.
        said = suggestion.kind == "first_contact" and suggestion.message_id in newcomers
        if not said and (chip := suggestion_chip(suggestion)):
            suggested[suggestion.message_id].append(chip)
    names = _Names()
    told: dict[int, list[str]] = {}
    numbers = {message.pk: number for number, message in enumerate(messages, 1)}
    shown = []
    before: datetime | None = None
    for number, message in enumerate(messages, 1):
        item = ShownMessage(message, number, message.author_role, names.of(message))
        if message.is_placeholder:
            item.reason = str(REASONS[Message.State(message.state)])
        _set_time(item, before)
        before = message.created_at or before
        if message.parent_id in numbers and numbers[message.parent_id] != number - 1:
            item.reply_to = numbers[message.parent_id]
        if not message.is_placeholder:
            item.chips = chips_of(message, first.get(message.account_id or 0), study.new_user_days)
            item.chips += suggested[message.pk]
            _set_account(item, told, open_handles=not is_masked(study))
            item.marks = marks_in(message.pk)
            item.masked = masked.get(message.pk, [])
        shown.append(item)
    return shown


def _set_time(item: ShownMessage, before: datetime | None) -> None:
    at = item.message.created_at
    if at is None:
        item.time = _("time unknown")
        return
    local = timezone.localtime(at)
    item.time = date_format(local, "H:i")
    if before is None or timezone.localtime(before).date() != local.date():
        item.day = f"{date_format(local, 'D').lower()} {date_format(local)}"
    if before is not None and (at - before).total_seconds() >= 60:
        gap = at - before
        item.gap = _("%(duration)s later") % {"duration": duration(gap.total_seconds())}
        item.gap_is_long = is_long(gap)


def _set_account(item: ShownMessage, told: dict[int, list[str]], *, open_handles: bool) -> None:
    """What is known of a person's account; told once, and again when more or less of it is known."""
    message = item.message
    if item.role == "organisation" or message.account is None:
        return
    if open_handles and message.account.handle:
        item.handle = f"@{message.account.handle}"
    days = account_age(message)
    facts = [
        (_("account"), None if days is None else _("account %(age)s") % {"age": age(days)}),
        (_("followers"), _followers(message.author_followers)),
        (_("posts"), _posts(message.author_posts)),
    ]
    lines = [known for _name, known in facts if known]
    unknown = [name for name, known in facts if not known]
    if unknown:
        lines.append(_("%(fields)s: unknown") % {"fields": ", ".join(unknown)})
    # That somebody posted one message more since the last one tells nothing.
    known_now = [facts[0][1] or "", *unknown]
    if told.get(message.account.pk) != known_now:
        told[message.account.pk] = known_now
        item.account = lines
        item.fillable = fillable(message)


def _followers(number: int | None) -> str | None:
    if number is None:
        return None
    return ngettext("%(number)s follower", "%(number)s followers", number) % {"number": _number(number)}


def _posts(number: int | None) -> str | None:
    if number is None:
        return None
    return ngettext("%(number)s post", "%(number)s posts", number) % {"number": _number(number)}


def _number(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


class _Names:
    """Consumer A, Consumer B …: the same name for the same account, in order of appearance."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, int | None], str] = {}

    def of(self, message: Message) -> str:
        account = message.account
        if account is not None and account.organisation is not None:
            return account.organisation.name
        role = message.author_role
        if role == "organisation":
            return _("Organisation")
        if account is None:
            return _("Unknown author")
        key = (role, account.pk)
        if key not in self._given:
            count = sum(known == role for known, _pk in self._given)
            letter = chr(ord("A") + count) if count < 26 else str(count + 1)
            self._given[key] = f"{ROLE_WORDS[role]} {letter}"
        return self._given[key]
