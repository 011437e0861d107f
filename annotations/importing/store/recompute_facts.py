"""Facts of conversations worked out again from what is stored, after roles or handles changed.

A conversation to be done is marked in the database and unmarked in the transaction that does it: work that a
killed worker left is found again, and doing it twice changes nothing. Whoever writes facts holds the study,
as an import does, so that no two of them wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, cast

from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django_tasks import task

from ...common.portions import portions
from ...errors import BadInput
from ...models import Account, Conversation, Event, Message, Study
from ...models.corpus import AuthorRole
from ..facts.context import Role, Turn, addressed
from ..facts.facts import Facts, Said, facts_of
from ..facts.handles import Handles
from .suggestions import replace_suggestions

MOST_IN_A_REQUEST = 200  # conversations: while a person waits, and in one transaction of the background
MOST_MESSAGES_IN_A_REQUEST = 500  # each is read again
MOST_IDS = 10_000
PATIENCE = 5  # seconds, of a person


def mark(study_id: int, which: Q) -> None:
    """Conversations of the study to be worked out again."""
    chosen = Conversation.objects.filter(which, study_id=study_id).order_by().values("pk")
    Conversation.objects.filter(pk__in=chosen, facts_due=False).update(facts_due=True)


def conversations_of(accounts: Iterable[int] | QuerySet[Account]) -> QuerySet[Message, Any]:
    """The conversations in which accounts take part, to choose by."""
    return Message.objects.filter(account__in=accounts).order_by().values("conversation_id")


def due(study_id: int) -> int:
    """How many conversations of the study wait to be worked out again."""
    return Conversation.objects.filter(study_id=study_id, facts_due=True).count()


def hold(study_id: int) -> Study:
    """The study, to nobody else until the transaction ends. Raises BadInput while an import has it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PATIENCE}s"])
    try:
        return Study.objects.select_for_update(of=("self",)).get(pk=study_id)
    except OperationalError as busy:
        why = _("The study is busy, perhaps with an import; nothing was changed. Try again in a moment.")
        raise BadInput(why) from busy


def renew(study_id: int, *, actor_id: int | None) -> tuple[int, bool]:
    """Work out what is marked: at once up to 200 conversations and 500 messages, else in the background.

    Call it in the transaction that marked them, holding the study. Gives how many there are, and whether they
    wait.
    """
    count = due(study_id)
    waits = count > MOST_IN_A_REQUEST or _messages_due(study_id) > MOST_MESSAGES_IN_A_REQUEST
    if waits:
        transaction.on_commit(lambda: renew_in_background.enqueue(study_id, actor_id))
    elif count:
        _portion(study_id)
        _record(study_id, count, actor_id)
    return count, waits


def _messages_due(study_id: int) -> int:
    marked = Conversation.objects.filter(study_id=study_id, facts_due=True)
    return marked.aggregate(messages=Sum("message_count"))["messages"] or 0


@task()
def renew_in_background(study_id: int, actor_id: int | None) -> None:
    """Work out what is marked, 200 conversations in a transaction, until nothing is."""
    done = 0
    while count := _portion(study_id):
        done += count
    if done:
        _record(study_id, done, actor_id)


def take_up() -> None:
    """Go on with what a worker that was stopped left behind."""
    studies = Conversation.objects.filter(facts_due=True).order_by().values_list("study_id", flat=True)
    for study_id in studies.distinct():
        renew_in_background.enqueue(study_id, None)


def refresh_facts(conversation_ids: Sequence[int]) -> None:
    """Work out organisation, response, who is addressed and suggestions; in a fixed number of queries."""
    rows = Conversation.objects.filter(pk__in=conversation_ids).select_related("study")
    conversations = {conversation.pk: conversation for conversation in rows}
    messages = (
        Message.objects.filter(conversation__in=conversations)
        .select_related("account", "parent__account")
        .order_by("conversation_id", "position")
    )
    handles: dict[int, Handles] = {}
    found: list[tuple[int, Sequence[int], Facts]] = []
    changed: dict[str, list[int]] = {}
    for pk, group in groupby(messages, key=lambda one: one.conversation_id):
        conversation, thread = conversations[pk], list(group)
        study = conversation.study
        own = handles.get(study.pk) or handles.setdefault(study.pk, Handles(study))
        facts = facts_of([_said(message) for message in thread], study, own)
        conversation.organisation_id = facts.organisation_id
        conversation.first_response_minutes = facts.first_response_minutes
        conversation.unanswered = facts.unanswered
        found.append((pk, [message.pk for message in thread], facts))
        for message in thread:
            new = _addressed(message, facts.organisation_id, own)
            if new != message.addressed:
                changed.setdefault(new, []).append(message.pk)
    Conversation.objects.bulk_update(
        conversations.values(), ["organisation", "first_response_minutes", "unanswered"]
    )
    for value, ids in changed.items():
        for some in portions(ids, MOST_IDS):
            Message.objects.filter(pk__in=some).update(addressed=value)
    replace_suggestions(found)


@transaction.atomic
def _portion(study_id: int) -> int:
    """Work out some that are marked."""
    Study.objects.select_for_update(of=("self",)).get(pk=study_id)
    marked = Conversation.objects.filter(study_id=study_id, facts_due=True).order_by("pk")
    ids = list(marked.values_list("pk", flat=True)[:MOST_IN_A_REQUEST])
    if ids:
        refresh_facts(ids)
        Conversation.objects.filter(pk__in=ids).update(facts_due=False)
    return len(ids)


def _record(study_id: int, count: int, actor_id: int | None) -> None:
    Event.objects.record(
        "conversation.renewed", actor_id=actor_id, study_id=study_id, after={"conversations": count}
    )


def _addressed(message: Message, organisation_id: int | None, handles: Handles) -> str:
    if "addressed" in message.by_hand or message.is_placeholder:
        return message.addressed
    if organisation_id is None or message.author_role == AuthorRole.ORGANISATION:
        return ""
    names = _said(message).named
    above = message.parent.account.handle if message.parent and message.parent.account else None
    new = addressed(names, above, handles.this(organisation_id), handles.others(organisation_id))
    if new == "none" and not names and not above:
        # Only columns of the file can have told whom it was meant for, and those are not kept.
        return message.addressed or new
    return new


def _said(message: Message) -> Said:
    account = message.account
    organisation = str(account.organisation_id) if account and account.organisation_id else None
    turn = Turn(
        cast(Role, message.author_role),
        message.text,
        message.created_at,
        organisation,
        not message.is_placeholder,
    )
    return Said(turn, message.author_created_at)
