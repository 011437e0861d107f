"""Who belongs to a study: the only writer of Membership, and of the accounts of people who are new.

Nobody is ever deleted: who leaves is set inactive, and the work stays under the same pseudonym. A study
always keeps a supervisor who can sign in. Every change locks the study's row first, so that two supervisors
cannot step down at the same moment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput, StaleWrite
from ..models import Event, Membership, Study

# Names such as coder1, codeur-2, C3 or A say nothing about a person and may stand in an export.
_ANONYMOUS = re.compile(r"(coder|codeur|rater|annotator|c|r)[ _-]?\d{1,3}|[a-z]", re.IGNORECASE)


@dataclass(frozen=True)
class Seen:
    """What stood on the screen of the person who changes a member; a stale form is refused."""

    role: str
    is_active: bool


@transaction.atomic
def add_member(
    study: Study, username: str, role: str, *, actor_id: int | None, full_name: str = ""
) -> Membership:
    """Give a person a role in a study, making the user (without a password) where needed.

    A person who left comes back with the pseudonym of before; who is a member already gets this role.
    Raises BadInput.
    """
    _check_role(role)
    username = User.normalize_username(username.strip())
    user = User.objects.filter(username=username).first() or _new_user(username, full_name)
    _lock(study.pk)
    known = Membership.objects.filter(study=study, user=user).first()
    if known is not None and known.is_active:
        return _change(known, role, True, actor_id)
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


@transaction.atomic
def change_role(membership_id: int, role: str, *, study_id: int, seen: Seen, actor_id: int) -> Membership:
    """Make a member coder or supervisor. Raises BadInput, StaleWrite, Membership.DoesNotExist."""
    _check_role(role)
    member = _locked_member(membership_id, study_id, seen)
    return _change(member, role, member.is_active, actor_id)


@transaction.atomic
def set_active(
    membership_id: int, is_active: bool, *, study_id: int, seen: Seen, actor_id: int
) -> Membership:
    """Let a member leave (the work stays) or come back.

    Raises BadInput, StaleWrite, Membership.DoesNotExist.
    """
    member = _locked_member(membership_id, study_id, seen)
    return _change(member, member.role, is_active, actor_id)


def is_known_to(actor_id: int, username: str) -> bool:
    """Whether an account of this name, if there is one, belongs to somebody of the actor's own studies."""
    user = User.objects.filter(username=User.normalize_username(username.strip())).first()
    if user is None or user.pk == actor_id:
        return True
    mine = Membership.objects.filter(user_id=actor_id, is_active=True).values("study_id")
    return Membership.objects.filter(user=user, study_id__in=mine).exists()


def _locked_member(membership_id: int, study_id: int, seen: Seen) -> Membership:
    _lock(study_id)
    member = Membership.objects.select_related("user").get(pk=membership_id, study_id=study_id)
    current = Seen(member.role, member.is_active)
    if current != seen:
        raise StaleWrite(current, revision=0)  # members carry no number: their two fields say it all
    return member


def _change(member: Membership, role: str, is_active: bool, actor_id: int | None) -> Membership:
    """Needs the lock on the study."""
    before = {"role": member.role, "active": member.is_active}
    after = {"role": role, "active": is_active}
    if before == after:
        return member
    if not (role == Membership.Role.SUPERVISOR and is_active):
        _keep_a_supervisor(member)
    member.role, member.is_active = role, is_active
    member.save(update_fields=["role", "is_active"])
    Event.objects.record(
        "member.changed",
        actor_id=actor_id,
        study_id=member.study_id,
        subject=member,
        before=before,
        after=after,
    )
    return member


def _keep_a_supervisor(leaving: Membership) -> None:
    if leaving.role != Membership.Role.SUPERVISOR or not leaving.is_active:
        return
    others = Membership.objects.filter(
        study_id=leaving.study_id, role=Membership.Role.SUPERVISOR, is_active=True, user__is_active=True
    ).exclude(pk=leaving.pk)
    if not any(other.user.has_usable_password() for other in others.select_related("user")):
        raise BadInput(
            _(
                "%(name)s is the only supervisor of this study who can sign in. Make somebody else "
                "supervisor first, and let them choose a password."
            )
            % {"name": leaving.user.get_username()}
        )


def _lock(study_id: int) -> None:
    Study.objects.select_for_update().get(pk=study_id)


def _check_role(role: str) -> None:
    if role not in Membership.Role.values:
        raise BadInput(_("A role is coder or supervisor, not %(role)s.") % {"role": role})


def check_username(username: str) -> None:
    """Whether somebody of that name can be made a member. Raises BadInput."""
    username = User.normalize_username(username.strip())
    if not User.objects.filter(username=username).exists():
        _user_named(username)


def _new_user(username: str, full_name: str) -> User:
    user = _user_named(username)
    user.first_name = full_name.strip()
    try:
        user.clean_fields(exclude=["password", "username"])
    except ValidationError:
        raise BadInput(_("A name has at most 150 characters.")) from None
    user.save()
    return user


def _user_named(username: str) -> User:
    """Not stored. Raises BadInput where it cannot be."""
    # "Anna" beside "anna" would be one person's mistake or another's trick.
    alike = User.objects.filter(username__iexact=username).values_list("username", flat=True).first()
    if alike is not None:
        raise BadInput(
            _("There is an account %(name)s already: mind capitals, or choose another user name.")
            % {"name": alike}
        )
    user = User(username=username)
    user.set_unusable_password()
    try:
        user.clean_fields(exclude=["password", "first_name"])
    except ValidationError:
        raise BadInput(
            _("%(name)s cannot be a user name: use at most 150 letters, digits and @ . + - _.")
            % {"name": username[:150]}
        ) from None
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


def add_stand_in(username: str, first_name: str, last_name: str) -> User:
    """An account for somebody whose work came from elsewhere: the same name on screen, and no way in.

    It keeps its user name where nobody has it, or one like it; else it gets a number.
    """
    free, number = User.normalize_username(username), 1
    while User.objects.filter(username__iexact=free).exists():
        number += 1
        ending = f"-{number}"
        free = f"{username[: 150 - len(ending)]}{ending}"
    user = User(username=free, first_name=first_name, last_name=last_name, is_active=False)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    return user


def let_in(username: str) -> User:
    """Let a stand-in be the person it stands for, who still needs a sign-in link. Raises BadInput."""
    user = User.objects.filter(username=username, is_active=False).first()
    if user is None or user.has_usable_password():
        raise BadInput(_("%(name)s is nobody who came with a study archive.") % {"name": username})
    user.is_active = True
    user.save(update_fields=["is_active"])
    Event.objects.record("person.let_in", actor_id=None, subject=user)
    return user
