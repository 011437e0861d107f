"""The people of an archive, here: those who are known, where that is wanted, and stand-ins for the others."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import User

from ..accounts.members import add_stand_in
from .ids import Ids
from .opened import Archive


@dataclass
class People:
    """User names, as they are here; `renamed`: in the archive -> here, where that name was taken."""

    known: list[str] = field(default_factory=list)
    stand_ins: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


def settle_people(archive: Archive, ids: Ids, *, matches: bool) -> People:
    """Give every person of the archive an account here.

    `matches`: who has the same user name, or else the same e-mail address, is the same person. Everybody else
    becomes a stand-in that nobody can sign in as.
    """
    people, taken = People(), set()
    for person in archive.people():
        user = _known(person["username"], person["email"]) if matches else None
        if user is None or user.pk in taken:
            user = add_stand_in(person["username"], person["first_name"], person["last_name"])
            people.stand_ins.append(user.username)
            if user.username != person["username"]:
                people.renamed[person["username"]] = user.username
        else:
            people.known.append(user.username)
        taken.add(user.pk)
        ids.give(User, person["id"], user.pk)
    return people


def _known(username: str, email: str) -> User | None:
    if user := User.objects.filter(username=username).first():
        return user
    alike = list(User.objects.filter(email__iexact=email)[:2]) if email else []
    return alike[0] if len(alike) == 1 else None
