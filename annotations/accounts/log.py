"""What the log says of people coming and going: who and when, never a password or a mistyped name."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from ..models import Event


def person_signed_in(user_id: int, *, by: str) -> None:
    """`by` is "password", "link" or "institution"."""
    _record("person.signed_in", user_id, after={"by": by})


def person_signed_out(user_id: int) -> None:
    _record("person.signed_out", user_id)


def person_changed_password(user_id: int) -> None:
    _record("person.changed_password", user_id)


def person_ended_sessions(user_id: int, number: int) -> None:
    _record("person.ended_sessions", user_id, after={"number": number})


def person_was_throttled(username: str, *, within: timedelta) -> None:
    """Somebody tried this name too often. One event per period, and none for names that nobody has.

    People type passwords into the field for the name, so what was typed is never kept.
    """
    person = User.objects.filter(username=username).first()
    if person is None:
        return
    known = Event.objects.filter(
        action="person.throttled",
        subject_type="user",
        subject_id=person.pk,
        at__gte=timezone.now() - within,
    )
    if not known.exists():
        Event.objects.record("person.throttled", actor_id=None, subject=person)


def _record(action: str, user_id: int, after: dict[str, str | int] | None = None) -> None:
    Event.objects.record(action, actor_id=user_id, subject=User(pk=user_id), after=after)
