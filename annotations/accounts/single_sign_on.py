"""Who the institution's sign-in says is there, and which person that is here: the only writer of
OutsideIdentity. The conversation with the institution itself is Authlib's, in the views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ..errors import NotAllowed
from ..models import Event, OutsideIdentity


@transaction.atomic
def person_of(issuer: str, claims: Mapping[str, Any], *, claim: str) -> User:
    """The person with this identity; at first the one whose user name or e-mail address is the `claim`.

    From then on the institution's own key (`sub`) decides, whatever names change. Nobody is made an account:
    supervisors add people. Raises NotAllowed with a sentence for whoever is trying.
    """
    subject = str(claims["sub"])
    if not 1 <= len(subject) <= 255:
        raise NotAllowed(_("Your institution did not say who you are."))
    known = OutsideIdentity.objects.select_related("user").filter(issuer=issuer, subject=subject).first()
    if known is not None:
        return _allowed(known.user)
    name = str(claims.get(claim) or "").strip()
    if not name:
        raise NotAllowed(
            _("Your institution did not send “%(claim)s”, by which we know you.") % {"claim": claim}
        )
    if claim == "email" and claims.get("email_verified") is False:
        raise NotAllowed(
            _("Your institution has not verified your e-mail address, so it proves nothing here.")
        )
    people = list(
        User.objects.select_for_update().filter(Q(username__iexact=name) | Q(email__iexact=name))[:2]
    )
    if len(people) != 1:
        raise NotAllowed(
            _(
                "Nobody here has the user name %(name)s. A supervisor of your study can add you under that "
                "name."
            )
            % {"name": name}
        )
    person = _allowed(people[0])
    if OutsideIdentity.objects.filter(issuer=issuer, user=person).exists():
        raise NotAllowed(_("The account %(name)s belongs to somebody else there.") % {"name": name})
    OutsideIdentity.objects.create(user=person, issuer=issuer, subject=subject)
    Event.objects.record("person.identity_bound", actor_id=person.pk, subject=person)
    return person


def _allowed(person: User) -> User:
    if not person.is_active:
        raise NotAllowed(_("This account is closed. Ask a supervisor of your study."))
    return person
