"""The people of a study with what a supervisor wants to know of each; the number of queries is fixed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Count, Max, Q
from django.utils import timezone

from ..models import Assignment, Membership, SignInLink


@dataclass(frozen=True)
class Person:
    """`link_until` is when the newest unused sign-in link ends, None without one."""

    membership: Membership
    assigned: int
    finished: int
    link_until: datetime | None

    @property
    def user(self) -> User:
        return self.membership.user

    @property
    def has_password(self) -> bool:
        return self.user.has_usable_password()

    @property
    def left(self) -> int:
        return self.assigned - self.finished


def people_of(study_id: int, *, membership_id: int | None = None) -> list[Person]:
    """Everybody who is or was in the study: active first, supervisors first. Three queries."""
    members = Membership.objects.filter(study_id=study_id).select_related("user")
    if membership_id is not None:
        members = members.filter(pk=membership_id)
    rows = list(members.order_by("-is_active", "-role", "user__username"))
    ids = [row.user_id for row in rows]
    assigned: dict[int, tuple[int, int]] = {
        coder: (number, finished)
        for coder, number, finished in Assignment.objects.filter(round__study_id=study_id, coder_id__in=ids)
        .order_by()
        .values_list("coder_id")
        .annotate(number=Count("id"), finished=Count("id", filter=Q(progress=Assignment.Progress.FINISHED)))
    }
    links = dict(
        SignInLink.objects.filter(user_id__in=ids, used_at=None, expires_at__gt=timezone.now())
        .order_by()
        .values_list("user_id")
        .annotate(until=Max("expires_at"))
    )
    return [
        Person(row, *assigned.get(row.user_id, (0, 0)), link_until=links.get(row.user_id)) for row in rows
    ]
