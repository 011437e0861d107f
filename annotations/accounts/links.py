"""One-time sign-in links: the only writer of SignInLink.

A link is made for a person, shown once and handed over outside the app; opening it lets that person choose
a password. Only a hash of its token is stored. Whoever makes a link could use it, so a supervisor makes
links only for people who take part in no study but the supervisor's own; this is looked at again when the
link is used, for in between the person may have been added to a study of somebody else.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput, NotAllowed
from ..models import Event, Membership, SignInLink

LIFETIME = timedelta(days=7)


@dataclass(frozen=True)
class NewLink:
    """`token` goes into the address of the link and is kept nowhere."""

    token: str
    expires_at: datetime


class DeadLink(BadInput):
    """The link is unknown, used, replaced or too old, or its maker may no longer vouch for the person."""

    def __init__(self) -> None:
        super().__init__(_("This sign-in link does not work any more."))


def may_make_link(actor_id: int, person: User) -> bool:
    """Whether this supervisor may give this person a new link.

    Everybody who can make a link for an account can take that account over. So the maker must supervise
    every study that the person is in or was in, and administrators and oneself are out of bounds.
    """
    if actor_id == person.pk or person.is_staff or person.is_superuser or not person.is_active:
        return False
    theirs = set(Membership.objects.filter(user=person).values_list("study_id", flat=True))
    supervised = Membership.objects.filter(
        user_id=actor_id, user__is_active=True, role=Membership.Role.SUPERVISOR, is_active=True
    )
    return bool(theirs) and theirs <= set(supervised.values_list("study_id", flat=True))


@transaction.atomic
def make_link(person_id: int, *, actor_id: int | None, study_id: int | None = None) -> NewLink:
    """A new link, which ends every older one. `actor_id` None is an administrator at the server.

    Raises NotAllowed. Locks the person's row.
    """
    person = User.objects.select_for_update().get(pk=person_id)
    if actor_id is not None and not may_make_link(actor_id, person):
        raise NotAllowed(
            _(
                "You cannot make a sign-in link for %(name)s, who also takes part in a study of somebody "
                "else or administers this server. An administrator can make one."
            )
            % {"name": person.get_username()}
        )
    now = timezone.now()
    _end_links(person, now)
    token = secrets.token_urlsafe(32)
    link = SignInLink.objects.create(
        user=person, token_hash=_hash(token), created_by_id=actor_id, expires_at=now + LIFETIME
    )
    Event.objects.record(
        "link.made", actor_id=actor_id, study_id=study_id, subject=person, after={"link": link.pk}
    )
    return NewLink(token, link.expires_at)


def person_of(token: str) -> User:
    """Whose link this is. Uses nothing up: programs that check mail open links too. Raises DeadLink."""
    return _living_link(token).user


@transaction.atomic
def use_link(token: str, password: str) -> User:
    """Set the person's password, once; the link is spent. Raises DeadLink, BadInput for a weak password.

    Locks the link's row, so that two browsers cannot both use it.
    """
    link = _living_link(token, lock=True)
    person = link.user
    try:
        validate_password(password, person)
    except ValidationError as refused:
        raise BadInput(list(refused.messages)) from None
    person.set_password(password)
    person.save(update_fields=["password"])
    now = timezone.now()
    link.used_at = now
    link.save(update_fields=["used_at"])
    _end_links(person, now)
    Event.objects.record("link.used", actor_id=person.pk, subject=person, after={"link": link.pk})
    return person


def _living_link(token: str, *, lock: bool = False) -> SignInLink:
    links = SignInLink.objects.select_related("user", "created_by")
    if lock:
        links = links.select_for_update(of=("self",))
    link = links.filter(token_hash=_hash(token), used_at=None, expires_at__gt=timezone.now()).first()
    if link is None or not link.user.is_active:
        raise DeadLink
    if link.created_by is not None and not may_make_link(link.created_by.pk, link.user):
        raise DeadLink
    return link


def _end_links(person: User, now: datetime) -> None:
    SignInLink.objects.filter(user=person, used_at=None, expires_at__gt=now).update(expires_at=now)


def _hash(token: str) -> str:
    # A token has 256 random bits: a fast hash is as good as a slow one.
    return hashlib.sha256(token.encode()).hexdigest()
