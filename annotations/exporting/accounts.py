"""Which accounts an export may name, and what it says of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime

from ..models import Account, Message, Study

FEWEST = 5
"""Accounts that must look the same before anything is said of them."""

Classes = tuple[str, str, str]
"""Followers, posts and age of an account, each in a class; "" where even that would single it out."""

UNKNOWN = "unknown"
NOTHING: Classes = ("", "", "")
COARSER: tuple[Callable[[Classes], Classes], ...] = (
    lambda classes: classes,
    lambda classes: (classes[0], classes[1], ""),
    lambda classes: (classes[0], "", ""),
    lambda classes: NOTHING,
)


def listed_handles(study: Study) -> frozenset[str]:
    """The handles that the study itself lists, in lower case: those of the organisations it is about."""
    return frozenset(handle.lower() for handle in study.handles.values_list("handle", flat=True))


def is_listed(account: Account, handles: frozenset[str]) -> bool:
    """Whether an account may be named. Its role does not decide: anybody can sign as an organisation does."""
    return (account.handle or account.key).lower() in handles


def account_classes(study: Study) -> dict[int, Classes]:
    """Account id -> classes, from the account's first message."""
    exact: dict[int, Classes] = {}
    looks: dict[int, Hashable] = {}
    rows = (
        Message.objects.filter(study=study, account__isnull=False)
        .order_by("created_at", "id")
        .values_list(
            "account_id",
            "author_followers",
            "author_posts",
            "created_at",
            "author_created_at",
            "account__role",
            "conversation__organisation_id",
        )
    )
    for pk, followers, posts, at, since, role, organisation in rows.iterator(chunk_size=5_000):
        if pk not in exact:
            exact[pk] = (_hundreds(followers), _hundreds(posts), _age(at, since, study.new_user_days))
            looks[pk] = (role, organisation)
    return without_singles(exact, looks)


def without_singles(exact: Mapping[int, Classes], looks: Mapping[int, Hashable]) -> dict[int, Classes]:
    """The same classes, made coarser until at least FEWEST accounts that look the same share each.

    `looks`: what else the file shows of an account. Where there are fewer than FEWEST accounts with the same
    looks, nothing is said of any of them.
    """
    found: dict[int, Classes] = {}
    left = dict(exact)
    for coarser in COARSER:
        shown = {pk: coarser(classes) for pk, classes in left.items()}
        sizes = Counter((looks[pk], classes) for pk, classes in shown.items())
        enough = {pk for pk in left if sizes[looks[pk], shown[pk]] >= FEWEST}
        found |= {pk: shown[pk] for pk in enough}
        left = {pk: classes for pk, classes in left.items() if pk not in enough}
    # The few that remain hide among the smallest class of the accounts that look the same.
    for look in {looks[pk] for pk in left}:
        others = Counter(classes for pk, classes in found.items() if looks[pk] == look)
        smallest = min(others, key=lambda classes: (others[classes], classes), default=NOTHING)
        found |= {pk: NOTHING for pk, classes in found.items() if looks[pk] == look and classes == smallest}
    return found | dict.fromkeys(left, NOTHING)


def _hundreds(count: int | None) -> str:
    if count is None:
        return UNKNOWN
    return "0-99" if count < 100 else "100-999" if count < 1_000 else "1000 or more"


def _age(at: datetime | None, since: datetime | None, new_days: int) -> str:
    if at is None or since is None:
        return UNKNOWN
    days = (at - since).days
    return f"under {new_days} days" if days < new_days else "under a year" if days < 365 else "a year or more"
