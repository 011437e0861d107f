"""Roles follow the handles: when those of an organisation change, roles are guessed again as at import.

A role that was set by hand stays. What a file said of an account is kept with it (`Account.evidence`), so
that a handle that comes and goes leaves no trace. Candidates are not touched.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from ...models import Account, Event, Message, Organisation, Study
from ...models.corpus import AuthorRole
from ..facts.handles import Handles
from ..store.accounts import role_from
from ..store.recompute_facts import conversations_of, mark, renew
from .changed_suggestions import changed_suggestions

MOST_LISTED = 200

Changed = list[tuple[Account, tuple[str, int | None]]]
"""Accounts as they are now, with the role and the organisation they had."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a change of handles brought about.

    conversations: those worked out again, or to be (`waits`). missing, own: messages in which a scan with
    today's handles would find more, or less, than the stored candidates.
    """

    accounts: int = 0
    conversations: int = 0
    waits: bool = False
    missing: int = 0
    own: int = 0


def follow_handles(
    study: Study, organisation: Organisation, before: Handles, *, actor_id: int | None
) -> Followed:
    """Guess roles again after the handles changed from `before`, and work out again what follows from them.

    Call it in the transaction that changed them, holding the study.
    """
    after = Handles(study)
    names = after.differing(before)
    if not names:
        return Followed()
    old: Counter[str] = Counter()
    new: Counter[str] = Counter()
    changed = _guess_named(study, names, after)
    for account, (role, _organisation) in changed:
        old[role] += 1
        new[account.role] += 1
    if bool(before.keys) != bool(after.keys):
        _guess_unnamed(study, after, old, new)
        mark(study.pk, Q(pk__in=conversations_of(_unnamed(study))))
    _mark(study, names, {before.organisation_of.get(name) for name in names} | {organisation.pk}, changed)
    count, waits = renew(study.pk, actor_id=actor_id)
    missing, own = changed_suggestions(study, names, before, after)
    followed = Followed(old.total(), count, waits, missing, own)
    if followed != Followed():
        Event.objects.record(
            "account.guessed_again",
            actor_id=actor_id,
            study_id=study.pk,
            subject=organisation,
            before={f"role_{role}": old[role] for role in sorted(old | new)},
            after={
                **{f"role_{role}": new[role] for role in sorted(old | new)},
                "accounts": followed.accounts,
                "conversations": count,
                "missing": missing,
                "own": own,
                "changed": [[account.pk, *was] for account, was in changed[:MOST_LISTED]],
            },
        )
    return followed


def _guess_named(study: Study, names: set[str], handles: Handles) -> Changed:
    """Accounts with a handle that changed, guessed again."""
    spelled = [*names, *(f"@{name}" for name in names)]
    accounts = Account.objects.filter(study=study).annotate(low=Lower("handle")).filter(low__in=spelled)
    changed: Changed = []
    for account in accounts.exclude(role_source=Account.RoleSource.HAND):
        guess = role_from(account.handle, account.evidence, handles)
        if guess != (account.role, account.role_source, account.organisation_id):
            changed.append((account, (account.role, account.organisation_id)))
            account.role, account.role_source, account.organisation_id = guess
            account.revision += 1
    Account.objects.bulk_update(
        [account for account, _was in changed],
        ["role", "role_source", "organisation", "revision"],
        batch_size=100,
    )
    return changed


def _guess_unnamed(study: Study, handles: Handles, old: Counter[str], new: Counter[str]) -> None:
    """A study's first handle makes consumers of accounts without evidence; its last one unmakes them."""
    was, becomes = AuthorRole.UNKNOWN, AuthorRole.CONSUMER
    if not handles.keys:
        was, becomes = becomes, was
    count = _unnamed(study).filter(role=was).update(role=becomes, revision=F("revision") + 1)
    old[was] += count
    new[becomes] += count


def _unnamed(study: Study) -> QuerySet[Account]:
    nothing = {"role_source": Account.RoleSource.NONE, "evidence": Account.Evidence.NONE}
    return Account.objects.filter(study=study, **nothing).exclude(handle="")


def _mark(study: Study, names: set[str], organisations: set[int | None], changed: Changed) -> None:
    """Conversations of those accounts and organisations, and those that name one of the handles."""
    mark(study.pk, Q(organisation__in=organisations - {None}))
    if changed:
        mark(study.pk, Q(pk__in=conversations_of([account.pk for account, _was in changed])))
    named = Q()
    for name in sorted(names):
        named |= Q(text__icontains=f"@{name}")
    naming = Message.objects.filter(named, study=study).order_by()
    mark(study.pk, Q(pk__in=naming.values("conversation_id")))
