"""From what a supervisor asks for to a plan: conversations drawn and divided over coders. Reads only."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..conversations.filters import Filters, from_plain, matching
from ..conversations.selections import find_selection
from ..errors import BadInput
from ..models import Assignment, Membership, Selection, Study
from .draw import SEED_LIMIT, Plan, assign, draw_simple, draw_stratified

NEW = "new"
"""Conversations that are in no round of the study yet."""
OUTSIDE = "outside"
"""Conversations that are not in this round yet, also when they were coded in another one."""

NO_ORGANISATION = ""

Strata = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Wish:
    """What a supervisor asks for.

    `selection`: the saved selection to draw from, None for all conversations. `organisations`: names, `""`
    for conversations of no organisation; empty: all. `number`: how many conversations, None for all there
    are. Coded by everybody: `shared` conversations, or where that is None `shared_percent` of those drawn.
    `stratified`: from every organisation in proportion.
    """

    coder_ids: tuple[int, ...]
    seed: int
    scope: str = NEW
    selection: int | None = None
    organisations: tuple[str, ...] = ()
    number: int | None = None
    shared: int | None = None
    shared_percent: Decimal = Decimal(0)
    stratified: bool = True


@dataclass(frozen=True)
class Outcome:
    """A plan with what is needed to show it. `fingerprint` tells whether it was made from the same pool."""

    wish: Wish
    plan: Plan
    organisation_of: Mapping[int, str]
    pool: Mapping[str, int]
    fingerprint: str
    selection: Selection | None = None

    @property
    def drawn(self) -> int:
        return len(self.plan.conversations)

    def table(self) -> list[tuple[int, dict[str, int], int]]:
        """Per coder: organisation -> conversations, and how many of them are coded by everybody."""
        return [
            (coder, dict(Counter(map(self.organisation_of.__getitem__, order))), len(self.plan.shared))
            for coder, order in self.plan.by_coder.items()
        ]

    @property
    def one_sided(self) -> list[int]:
        """Coders who would see one organisation only, though more are drawn."""
        if len({self.organisation_of[conversation] for conversation in self.plan.conversations}) < 2:
            return []
        return [coder for coder, counts, _shared in self.table() if len(counts) == 1]


def pool_sizes(
    study_id: int, round_id: int | None, scope: str, selection: Selection | None = None
) -> dict[str, int]:
    """Conversations to draw from, per organisation (all of the study's, also without any)."""
    conversations = _pool(study_id, round_id, scope, selection)
    counts = conversations.order_by().values_list("name").annotate(size=Count("id"))
    return dict(sorted(counts, key=lambda pair: (pair[0] == NO_ORGANISATION, pair[0])))


def pool(study_id: int, round_id: int | None, wish: Wish, selection: Selection | None = None) -> Strata:
    """Conversation ids to draw from, per organisation. `selection`: the one that the wish names."""
    conversations = _pool(study_id, round_id, wish.scope, selection)
    if wish.organisations:
        conversations = conversations.filter(name__in=wish.organisations)
    strata: dict[str, list[int]] = {}
    for conversation, name in conversations.order_by("id").values_list("id", "name").iterator(10_000):
        strata.setdefault(name, []).append(conversation)
    return strata


def make_plan(study_id: int, wish: Wish, *, round_id: int | None = None) -> Outcome:
    """What would be assigned; the same for the same wish and the same pool. Raises BadInput."""
    selection = None if wish.selection is None else find_selection(study_id, wish.selection)
    strata = pool(study_id, round_id, wish, selection)
    available = sum(map(len, strata.values()))
    _check(study_id, wish, available)
    number = available if wish.number is None else wish.number
    organisation_of = {conversation: name for name, ids in strata.items() for conversation in ids}
    drawn = (
        draw_stratified(strata, number, wish.seed)
        if wish.stratified
        else draw_simple(organisation_of, number, wish.seed)
    )
    by_organisation: dict[str, list[int]] = {}
    for conversation in drawn:
        by_organisation.setdefault(organisation_of[conversation], []).append(conversation)
    return Outcome(
        wish=wish,
        plan=assign(
            by_organisation,
            wish.coder_ids,
            shared=shared_number(wish, number),
            seed=wish.seed,
            load=_load(round_id),
        ),
        organisation_of=organisation_of,
        pool={name: len(ids) for name, ids in strata.items()},
        fingerprint=_fingerprint(strata),
        selection=selection,
    )


def shared_number(wish: Wish, number: int) -> int:
    """How many of `number` conversations everybody codes; a percentage is rounded up, never to none."""
    if len(wish.coder_ids) < 2:
        return 0
    if wish.shared is not None:
        return wish.shared
    return math.ceil(number * Decimal(wish.shared_percent) / 100)


def _pool(study_id: int, round_id: int | None, scope: str, selection: Selection | None) -> QuerySet[Any]:
    """Conversations to draw from; `name` is their organisation's. A selection is asked anew."""
    filters = Filters() if selection is None else from_plain(selection.filters)
    given = Assignment.objects.filter(conversation=OuterRef("pk"))
    if scope == OUTSIDE:
        given = given.filter(round_id=round_id) if round_id else given.none()
    return (
        matching(Study.objects.get(pk=study_id), filters)
        .annotate(name=Coalesce("organisation__name", Value(NO_ORGANISATION)))
        .filter(~Exists(given))
    )


def _check(study_id: int, wish: Wish, available: int) -> None:
    problems = []
    if wish.scope not in (NEW, OUTSIDE):
        problems.append(_("Choose which conversations to draw from."))
    if not wish.coder_ids:
        problems.append(_("Choose at least one coder."))
    elif len(set(wish.coder_ids)) != len(wish.coder_ids):
        problems.append(_("A coder is chosen twice."))
    elif _members(study_id, wish.coder_ids) != len(wish.coder_ids):
        problems.append(_("A chosen coder is not an active member of this study. Choose again."))
    if not 0 <= wish.seed < SEED_LIMIT:
        problems.append(_("The seed is a whole number from 0 to 9,223,372,036,854,775,807."))
    if not available:
        problems.append(_("There are no conversations left to draw from with this choice."))
    elif wish.number is not None and not 1 <= wish.number <= available:
        problems.append(
            ngettext(
                "There is %(available)d conversation to draw from: ask for 1.",
                "There are %(available)d conversations to draw from: ask for 1 to %(available)d.",
                available,
            )
            % {"available": available}
        )
    elif wish.shared is not None and not 0 <= wish.shared <= (wish.number or available):
        problems.append(
            _("At most %(number)d conversations can be coded by everybody, as many as are drawn.")
            % {"number": wish.number or available}
        )
    if wish.shared is None and not 0 <= wish.shared_percent <= 100:
        problems.append(_("The share that everybody codes lies between 0 and 100 percent."))
    if problems:
        raise BadInput(problems)


def _members(study_id: int, coder_ids: Iterable[int]) -> int:
    return Membership.objects.filter(study_id=study_id, user_id__in=coder_ids, is_active=True).count()


def _load(round_id: int | None) -> dict[int, int]:
    if round_id is None:
        return {}
    counts = Assignment.objects.filter(round_id=round_id).order_by().values_list("coder_id")
    return dict(counts.annotate(size=Count("id")))


def _fingerprint(strata: Strata) -> str:
    """Of the pool: the ids per organisation, in order."""
    digest = hashlib.sha256()
    for name in sorted(strata):
        digest.update(f"{name}\n{','.join(map(str, strata[name]))}\n".encode())
    return digest.hexdigest()
