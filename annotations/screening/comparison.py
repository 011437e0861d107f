"""Draws conversations without a find to compare the finds with: a case-control design.

Controls are drawn from what was screened and turned down, per organisation, one to four for each find: at
random, or each from the month of its find and with the same standing in the conversation (the consumer's
first contact or not). A draw depends on the seed and on the keys of the units alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput
from ..models import (
    ComparisonSample,
    ComparisonUnit,
    ContextSuggestion,
    Event,
    Screening,
    ScreeningTrack,
    ScreeningUnit,
)
from ..sampling.draw import SEED_LIMIT, shuffled
from .coding_round import give
from .found import check_ended, finds, negatives

Design = ComparisonSample.Design
Part = ScreeningTrack.Part


@dataclass(frozen=True)
class Member:
    """A unit that may be drawn, or a find to draw for. `stratum`: month and first contact."""

    unit: int
    conversation: int
    stratum: tuple[str, bool]


@transaction.atomic
def draw_comparison(
    screening_id: int, *, design: str, per_find: int, seed: int, actor_id: int | None
) -> ComparisonSample:
    """Draw once; where there are too few, all there are. Raises BadInput.

    Where the round of the finds is made already, its coders get the new conversations too, shared as before.
    """
    screening = Screening.objects.select_for_update().get(pk=screening_id)
    _check(screening, design, per_find, seed)
    sample = ComparisonSample.objects.create(
        screening=screening, design=design, per_find=per_find, seed=seed, drawn_by_id=actor_id
    )
    chosen: dict[str, list[int]] = {}
    for organisation, found, pool in _by_organisation(screening):
        pairs = draw(found, pool, design=design, per_find=per_find, seed=seed)
        ComparisonUnit.objects.bulk_create(
            ComparisonUnit(
                sample=sample,
                unit_id=control.unit,
                conversation_id=control.conversation,
                find_id=find.unit if find else None,
            )
            for find, control in pairs
        )
        chosen[organisation] = [control.conversation for _find, control in pairs]
        sample.counts[organisation] = {
            "finds": len(found),
            "wanted": per_find * len(found),
            "available": len({member.conversation for member in pool}),
            "drawn": len(pairs),
        }
    if not any(chosen.values()):
        raise BadInput(_("There are no conversations without a find to draw from."))
    sample.save(update_fields=["counts"])
    Event.objects.record(
        "comparison.drawn",
        actor_id=actor_id,
        study_id=screening.study_id,
        subject=sample,
        after={"design": design, "per_find": per_find, "seed": seed, "counts": sample.counts},
    )
    _into_round(screening, chosen, actor_id)
    return sample


def draw(
    found: Sequence[Member], pool: Sequence[Member], *, design: str, per_find: int, seed: int
) -> list[tuple[Member | None, Member]]:
    """(find, control) pairs; the find is None where controls are drawn at random.

    A conversation is drawn once; which of its negatives stands for it is drawn too. Matched: finds take
    turns, so that one with few candidates to choose from is not passed over by one with many.
    """
    order = _once(shuffled((member.unit for member in pool), seed, "comparison"), pool)
    if design == Design.RANDOM:
        return [(None, member) for member in order[: per_find * len(found)]]
    by_stratum: dict[tuple[str, bool], list[Member]] = defaultdict(list)
    for member in reversed(order):
        by_stratum[member.stratum].append(member)
    by_unit = {member.unit: member for member in found}
    turns = [by_unit[unit] for unit in shuffled(by_unit, seed, "comparison:turns")]
    pairs: list[tuple[Member | None, Member]] = []
    for _turn in range(per_find):
        for find in turns:
            if left := by_stratum[find.stratum]:
                pairs.append((find, left.pop()))
    return pairs


def _once(order: Iterable[int], pool: Sequence[Member]) -> list[Member]:
    by_unit = {member.unit: member for member in pool}
    chosen: dict[int, Member] = {}
    for unit in order:
        chosen.setdefault(by_unit[unit].conversation, by_unit[unit])
    return list(chosen.values())


def _by_organisation(screening: Screening) -> list[tuple[str, list[Member], list[Member]]]:
    """(organisation, finds, negatives), in two queries."""
    found, pool = _members(finds(screening.pk)), _members(negatives(screening))
    return [(name, members, pool.get(name, [])) for name, members in sorted(found.items())]


def _members(units: QuerySet[ScreeningUnit]) -> dict[str, list[Member]]:
    first = ContextSuggestion.objects.filter(message=OuterRef("message"), kind="first_contact")
    rows: Any = units.annotate(is_first=Exists(first)).values_list(
        "track__organisation__name", "pk", "message__conversation_id", "message__created_at", "is_first"
    )
    members: dict[str, list[Member]] = defaultdict(list)
    for name, unit, conversation, at, is_first in rows:
        month = timezone.localtime(at).strftime("%Y-%m")
        members[name].append(Member(unit, conversation, (month, is_first)))
    return members


def _into_round(screening: Screening, chosen: dict[str, list[int]], actor_id: int | None) -> None:
    """Where the finds are with coders already; those who code them get the controls as well."""
    if screening.round is None:
        return
    known = screening.round.assignments
    coders = list(known.order_by("coder_id").values_list("coder_id", flat=True).distinct())
    total = known.values("conversation_id").distinct().count()
    shared = known.filter(is_shared=True).values("conversation_id").distinct().count()
    have = set(known.values_list("conversation_id", flat=True))
    new = {name: [pk for pk in ids if pk not in have] for name, ids in chosen.items()}
    if coders and any(new.values()):
        percent = Decimal(100 * shared) / total
        give(screening.round, screening, {k: v for k, v in new.items() if v}, coders, percent, actor_id)


def _check(screening: Screening, design: str, per_find: int, seed: int) -> None:
    problems = []
    if design not in Design.values:
        problems.append(_("Choose how the comparison sample is drawn."))
    if not 1 <= per_find <= 4:
        problems.append(_("Draw one to four conversations for each find."))
    if not 0 <= seed < SEED_LIMIT:
        problems.append(_("The seed is a whole number from 0 to 9,223,372,036,854,775,807."))
    if problems:
        raise BadInput(problems)
    if ComparisonSample.objects.filter(screening=screening).exists():
        raise BadInput(_("The comparison sample is drawn already."))
    parts = [Part.SEARCH]
    if screening.design == Screening.Design.DETECTOR:
        parts.append(Part.ELUSION)
        if not screening.tracks.filter(part=Part.ELUSION).exists():
            raise BadInput(_("Draw and screen the sample without candidates first."))
    check_ended(screening, _("Not every search has ended yet."), parts)
