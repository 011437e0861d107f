"""Days on which somebody does not code: entered by themselves or by a supervisor. Writes Absence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput, NotAllowed
from ..models import Absence, Event, Membership, Study

LONGEST = timedelta(days=366)
SHOWN_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Away:
    """When people of a study are away: user id -> stretches of days, both ends included."""

    stretches: Mapping[int, list[tuple[date, date]]]

    def on(self, user_id: int, day: date) -> bool:
        return any(first <= day <= last for first, last in self.stretches.get(user_id, ()))

    def present(self, user_id: int, days: Iterable[date]) -> int:
        """On how many of these days somebody is there."""
        return sum(not self.on(user_id, day) for day in days)


@transaction.atomic
def add_absence(study_id: int, user_id: int, *, first: date, last: date, actor_id: int) -> Absence:
    """Somebody is away from `first` up to and including `last`. Raises BadInput or NotAllowed."""
    Study.objects.select_for_update().get(pk=study_id)
    _check_may(study_id, user_id, actor_id)
    if not Membership.objects.filter(study_id=study_id, user_id=user_id, is_active=True).exists():
        raise BadInput(_("That person is not an active member of this study."))
    if last < first:
        raise BadInput(_("The last day lies before the first."))
    if last - first > LONGEST:
        raise BadInput(_("A year at most: take somebody out of the study who stays away longer."))
    if last < timezone.localdate():
        raise BadInput(_("These days are past."))
    known = Absence.objects.filter(study_id=study_id, user_id=user_id, first__lte=last, last__gte=first)
    if known.exists():
        raise BadInput(_("Some of these days are entered already: take that entry away first."))
    row = Absence.objects.create(
        study_id=study_id, user_id=user_id, first=first, last=last, created_by_id=actor_id
    )
    _log(row, "absence.added", actor_id)
    return row


@transaction.atomic
def remove_absence(study_id: int, absence_id: int, *, actor_id: int) -> None:
    """Takes an entry away; removing what is gone changes nothing. Raises NotAllowed."""
    row = Absence.objects.select_for_update().filter(pk=absence_id, study_id=study_id).first()
    if row is None:
        return
    _check_may(study_id, row.user_id, actor_id)
    _log(row, "absence.removed", actor_id)
    row.delete()


def _check_may(study_id: int, user_id: int, actor_id: int) -> None:
    supervises = Membership.objects.filter(
        study_id=study_id, user_id=actor_id, role=Membership.Role.SUPERVISOR, is_active=True
    )
    if user_id != actor_id and not supervises.exists():
        raise NotAllowed(_("Only a supervisor enters when others are away."))


def away_in(study_id: int) -> Away:
    """All days away in a study, past ones too. One query."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = Absence.objects.filter(study_id=study_id).values_list("user_id", "first", "last")
    for user_id, first, last in rows:
        found[user_id].append((first, last))
    return Away(found)


def coming(study_id: int, *, user_id: int | None = None, today: date | None = None) -> list[Absence]:
    """Entries that are not past, the first to come first; of one person or of all."""
    rows = Absence.objects.filter(study_id=study_id, last__gte=today or timezone.localdate())
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    return list(rows.select_related("user").order_by("first", "pk"))


def away_soon(study_id: int, today: date | None = None) -> dict[int, Absence]:
    """User id -> the entry of who is away now or within two weeks."""
    today = today or timezone.localdate()
    found: dict[int, Absence] = {}
    for row in coming(study_id, today=today):
        if row.first <= today + SHOWN_AHEAD:
            found.setdefault(row.user_id, row)
    return found


def _log(row: Absence, action: str, actor_id: int) -> None:
    days = {"user": row.user_id, "first": row.first.isoformat(), "last": row.last.isoformat()}
    Event.objects.record(action, actor_id=actor_id, study_id=row.study_id, subject=row.study, after=days)
