"""The role of an account, set by hand for all its messages at once, and the facts that follow from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from ..errors import BadInput, StaleWrite
from ..models import Account, Conversation, Event, Message
from ..models.corpus import AuthorRole
from .context import Role, Turn, addressed
from .facts import Said, facts_of
from .people import Handles
from .storing import store_suggestions

AT_ONCE = 200  # conversations whose facts are worked out while a person waits


@transaction.atomic
def set_role(
    account_id: int, *, role: str, organisation_id: int | None, revision: int, actor_id: int
) -> Account:
    """Set whose side an account is on. No later import changes it, and no coding is touched.

    What was worked out of its conversations (response time, suggestions) is worked out again: at once for up
    to 200 of them, else in the background. Raises BadInput, and StaleWrite when somebody else was first.
    """
    account = Account.objects.select_for_update().select_related("study").get(pk=account_id)
    if role not in AuthorRole.values:
        raise BadInput(_("Choose a role."))
    if role != AuthorRole.ORGANISATION:
        organisation_id = None
    elif organisation_id and not account.study.organisations.filter(pk=organisation_id).exists():
        raise BadInput(_("Choose an organisation of this study."))
    if (account.role, account.organisation_id) == (role, organisation_id):
        return account
    if account.revision != revision:
        raise StaleWrite(account.role, account.revision)
    before = {"role": account.role, "organisation": account.organisation_id}
    account.role, account.organisation_id = role, organisation_id
    account.role_source = Account.RoleSource.HAND
    account.revision += 1
    account.save()
    Event.objects.record(
        "account.changed",
        actor_id=actor_id,
        study_id=account.study_id,
        subject=account,
        before=before,
        after={"role": role, "organisation": organisation_id},
    )
    first = list(_conversations_of(account_id)[: AT_ONCE + 1])
    if len(first) > AT_ONCE:
        transaction.on_commit(lambda: refresh_account.enqueue(account_id))
    else:
        refresh_facts(first)
    return account


@task()
def refresh_account(account_id: int) -> None:
    """Work out the facts of all conversations of an account again, some at a time."""
    ids = list(_conversations_of(account_id))
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            refresh_facts(ids[start : start + AT_ONCE])


def refresh_facts(conversation_ids: Iterable[int]) -> None:
    """Work out response times, who is addressed and suggestions again from what is stored."""
    conversations = Conversation.objects.filter(pk__in=conversation_ids).select_related("study")
    handles: Handles | None = None
    for conversation in conversations:
        handles = handles or Handles(conversation.study)
        _refresh(conversation, handles)


def _refresh(conversation: Conversation, handles: Handles) -> None:
    messages = list(conversation.messages.select_related("account", "parent__account").order_by("position"))
    facts = facts_of([_said(one) for one in messages], conversation.study, handles)
    conversation.organisation_id = facts.organisation_id
    conversation.first_response_minutes = facts.first_response_minutes
    conversation.unanswered = facts.unanswered
    conversation.save(update_fields=["organisation", "first_response_minutes", "unanswered"])
    changed = []
    for message in messages:
        if "addressed" in message.by_hand or message.is_placeholder:
            continue
        new = _addressed(message, facts.organisation_id, handles)
        if new and new != message.addressed:
            message.addressed = new
            changed.append(message)
    Message.objects.bulk_update(changed, ["addressed"], batch_size=100)
    store_suggestions(conversation.pk, [one.pk for one in messages], facts)


def _addressed(message: Message, organisation_id: int | None, handles: Handles) -> str:
    if message.addressed or organisation_id is None or message.author_role == AuthorRole.ORGANISATION:
        return message.addressed
    above = message.parent.account if message.parent else None
    return addressed(
        _said(message).named,
        above.handle if above else None,
        handles.this(organisation_id),
        handles.others(organisation_id),
    )


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


def _conversations_of(account_id: int) -> Any:
    found = Message.objects.filter(account_id=account_id).order_by("conversation_id")
    return found.values_list("conversation_id", flat=True).distinct()
