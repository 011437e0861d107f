"""Who belongs to a study: the only writer of Membership."""

from __future__ import annotations

import re

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput
from ..models import Event, Membership, Study

# Names such as coder1, codeur-2, C3 or A say nothing about a person and may stand in an export.
_ANONYMOUS = re.compile(r"(coder|codeur|rater|annotator|c|r)[ _-]?\d{1,3}|[a-z]", re.IGNORECASE)


@transaction.atomic
def add_member(study: Study, username: str, role: str, *, actor_id: int | None) -> Membership:
    """Give a person a role in a study, making the user (without a password) where needed.

    A person who left comes back with the pseudonym of before. Raises BadInput.
    """
    if role not in Membership.Role.values:
        raise BadInput(_("A role is coder or supervisor, not %(role)s.") % {"role": role})
    user = User.objects.filter(username=username).first() or _new_user(username)
    Study.objects.select_for_update().get(pk=study.pk)
    known = Membership.objects.filter(study=study, user=user).first()
    before = {"role": known.role, "active": known.is_active} if known else None
    if known is None:
        known = Membership(study=study, user=user, pseudonym=_pseudonym(study, username))
    known.role, known.is_active = role, True
    known.save()
    Event.objects.record(
        "member.added",
        actor_id=actor_id,
        study_id=study.pk,
        subject=known,
        before=before,
        after={"user": user.pk, "role": role, "pseudonym": known.pseudonym},
    )
    return known


def _new_user(username: str) -> User:
    user = User(username=username)
    user.set_unusable_password()
    try:
        User.username_validator(username)
    except ValidationError:
        raise BadInput(
            _("%(name)s cannot be a user name: use letters, digits and @ . + - _ only.") % {"name": username}
        ) from None
    user.save()
    return user


def _pseudonym(study: Study, username: str) -> str:
    """The name in exports: never the person's own, unless that says nothing about them."""
    taken = {name.lower() for name in study.memberships.values_list("pseudonym", flat=True)}
    if _ANONYMOUS.fullmatch(username) and username.lower() not in taken:
        return username
    number = len(taken) + 1
    while f"c{number}" in taken:
        number += 1
    return f"C{number}"
