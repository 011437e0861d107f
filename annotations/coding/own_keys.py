"""The keys that a person set, in all studies. The only writer of OwnKey."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from ..codebooks.lookup import lookup
from ..errors import BadInput
from ..models import Event, Membership, OwnKey
from .commands import key_problems


def own_keys(user_id: int) -> dict[str, str]:
    """Command -> key, of the commands for which this person set one."""
    return dict(OwnKey.objects.filter(user_id=user_id).values_list("command", "key"))


@transaction.atomic
def save_own_keys(user_id: int, keys: Mapping[str, str]) -> None:
    """These and no others; the same ones again change nothing. Raises BadInput for keys that clash."""
    problems = key_problems(keys, settles=settles(user_id))
    if problems:
        raise BadInput(list(problems.values()))
    known = own_keys(user_id)
    if known == dict(keys):
        return
    OwnKey.objects.filter(user_id=user_id).delete()
    OwnKey.objects.bulk_create(
        OwnKey(user_id=user_id, command=command, key=key) for command, key in keys.items()
    )
    Event.objects.record(
        "person.set_keys", actor_id=user_id, subject=User(pk=user_id), before=known, after=dict(keys)
    )


def settles(user_id: int) -> bool:
    """Whether this person has a settling desk."""
    mine = Membership.objects.filter(user_id=user_id, is_active=True)
    return mine.filter(role=Membership.Role.SUPERVISOR).exists()


def answer_keys(user_id: int) -> dict[str, list[str]]:
    """Key -> names of the studies in whose codebook it stands on an answer of a question."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = Membership.objects.filter(user_id=user_id, is_active=True).select_related("study")
    for row in rows.order_by("study__name"):
        codebook = lookup(row.study.codebook_version_id)
        keys = {
            category.shortcut
            for variable in codebook.spec.variables
            if variable is not codebook.type_variable and variable.module in row.study.modules
            for category in variable.options
        }
        for key in sorted(keys - {""}):
            found[key].append(row.study.name)
    return found
