"""Which accounts got another role at the last change of handles, to be looked over by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min

from ..models import Account, Event, Organisation
from ..models.corpus import AuthorRole


@dataclass(frozen=True)
class Guess:
    """An account, its role before and as it is now; `number` of a conversation to correct it in."""

    account: Account
    before: str
    organisation_before: str
    number: int | None


@dataclass(frozen=True)
class Guesses:
    """`accounts`: how many changed; the list names those with a handle of the organisation.

    `missing`: messages in which a scan would now find more; `own`: messages in
    which candidates turn out to be the organisation's own address.
    """

    at: datetime
    accounts: int
    listed: list[Guess]
    missing: int
    own: int

    @property
    def unlisted(self) -> int:
        return self.accounts - len(self.listed)


def last_guesses(organisation: Organisation) -> Guesses | None:
    """What the last change of this organisation's handles did; None when there was nothing to do."""
    events = Event.objects.filter(
        study_id=organisation.study_id, subject_type="organisation", subject_id=organisation.pk
    )
    event = events.filter(action="account.guessed_again").first()
    told: dict[str, Any] = (event.after if event else None) or {}
    if event is None or not (told["accounts"] or told["missing"] or told["own"]):
        return None
    before = {pk: (role, organisation_id) for pk, role, organisation_id in told["changed"]}
    names = dict(Organisation.objects.filter(study=organisation.study_id).values_list("pk", "name"))
    accounts = (
        Account.objects.filter(pk__in=before)
        .select_related("organisation")
        .annotate(number=Min("messages__conversation__number"))
        .order_by("pk")
    )
    listed = []
    for account in accounts:
        role, organisation_id = before[account.pk]
        listed.append(
            Guess(account, str(AuthorRole(role).label), names.get(organisation_id, ""), account.number)
        )
    scanned = Event.objects.filter(
        study_id=organisation.study_id, action="study.rescanned", pk__gt=event.pk
    ).exists()
    return Guesses(
        event.at,
        told["accounts"],
        listed,
        0 if scanned else told["missing"],
        told["own"],
    )
