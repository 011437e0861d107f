"""The role of an account, set by hand for all its messages at once; the facts of its conversations follow."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ...errors import BadInput, StaleWrite
from ...models import Account, Event
from ...models.corpus import AuthorRole
from ..store.recompute_facts import conversations_of, hold, mark, renew


@transaction.atomic
def set_role(
    account_id: int, *, role: str, organisation_id: int | None, revision: int, actor_id: int
) -> Account:
    """Set whose side an account is on. No later import and no handle changes it; no coding is touched.

    What was worked out of its conversations (response time, suggestions) is worked out again: at once for up
    to 200 of them, else in the background. Raises BadInput, and StaleWrite when somebody else was first.
    """
    study = hold(Account.objects.values_list("study_id", flat=True).get(pk=account_id))
    account = Account.objects.get(pk=account_id)
    if role not in AuthorRole.values:
        raise BadInput(_("Choose a role."))
    if role != AuthorRole.ORGANISATION:
        organisation_id = None
    elif organisation_id and not study.organisations.filter(pk=organisation_id).exists():
        raise BadInput(_("Choose an organisation of this study."))
    is_same = (account.role, account.organisation_id) == (role, organisation_id)
    if is_same and account.role_source == Account.RoleSource.HAND:
        return account
    if account.revision != revision:
        raise StaleWrite(account.role, account.revision)
    before = _state(account)
    account.role, account.organisation_id = role, organisation_id
    account.role_source = Account.RoleSource.HAND
    account.revision += 1
    account.save()
    Event.objects.record(
        "account.changed",
        actor_id=actor_id,
        study_id=study.pk,
        subject=account,
        before=before,
        after=_state(account),
    )
    if not is_same:
        mark(study.pk, Q(pk__in=conversations_of([account.pk])))
        renew(study.pk, actor_id=actor_id)
    return account


def _state(account: Account) -> dict[str, Any]:
    return {
        "role": account.role,
        "organisation": account.organisation_id,
        "role_source": account.role_source,
    }
