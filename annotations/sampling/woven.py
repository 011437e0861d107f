"""Units that are woven into a round's queue: shared ones that follow agreement, and own ones that come back.

They stand in a round of their own that coders never see by name: in the queue it goes by the round it is
woven into, at places drawn by chance. A shared unit is taken from what nobody has touched yet, so that
nothing is coded more often than needed; what comes back is never counted in results.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..coding.save import discard_untouched
from ..errors import BadInput
from ..models import Assignment, Coding, Event, Round
from .assign import last_position, lock_round
from .begun import begun
from .draw import shuffled

USUAL = 20
LEAST_DAYS = 14
FEWEST_CODERS = 2


@dataclass(frozen=True)
class Woven:
    """How much there is: conversations, and how many codings of them are finished."""

    round: Round
    conversations: int
    codings: int
    finished: int


@transaction.atomic
def weave_shared(round_id: int, *, one_in: int, actor_id: int | None) -> int:
    """Let every coder with untouched work code the same units, about one in so many of the own ones.

    Gives how many conversations are shared from now on. Raises BadInput.
    """
    base = _base(round_id, one_in)
    left = _untouched(base)
    coders = [coder for coder, rows in left.items() if rows]
    if len(coders) < FEWEST_CODERS:
        raise BadInput(_("Two coders or more need untouched conversations to share some."))
    mean = sum(len(left[coder]) for coder in coders) / len(coders)
    number = max(1, round(mean / one_in))
    woven = _woven_round(base, Round.Kind.DRIFT)
    seed = f"{woven.seed}:{woven.assignments.count()}"
    pool = {row.conversation_id: row for coder in coders for row in left[coder]}
    chosen = [pool[pk] for pk in _shuffled(sorted(pool), seed)[:number]]
    ids = [row.conversation_id for row in chosen]
    discard_untouched([row.pk for row in chosen])
    places = {
        coder: _places(woven, [row.position for row in left[coder]], number, coder, f"{seed}:{coder}")
        for coder in coders
    }
    Assignment.objects.filter(pk__in=[row.pk for row in chosen]).delete()
    Assignment.objects.bulk_create(
        Assignment(
            round=woven, conversation_id=pk, coder_id=coder, position=place, is_shared=True, highlights=True
        )
        for coder in coders
        for pk, place in zip(_shuffled(ids, f"{seed}:order:{coder}"), places[coder], strict=True)
    )
    _record(woven, actor_id, {"conversations": number, "one_in": one_in, "shared": number})
    return number


@transaction.atomic
def weave_repeats(
    round_id: int, *, one_in: int, actor_id: int | None, now: datetime | None = None
) -> dict[int, int]:
    """Let units come back to the coder who finished them 14 days ago or longer, unmarked.

    Gives how many per coder, about one in so many of what that coder still has. Raises BadInput.
    """
    base = _base(round_id, one_in)
    until = (now or timezone.now()) - timedelta(days=LEAST_DAYS)
    woven = _woven_round(base, Round.Kind.REPEAT)
    given: dict[int, int] = {}
    for coder, rows in _untouched(base).items():
        again = Assignment.objects.filter(round=woven, coder_id=coder)
        old = Assignment.objects.filter(
            round=base, coder_id=coder, coding__state=Coding.State.FINISHED, coding__finished_at__lte=until
        ).exclude(conversation__in=again.values("conversation_id"))
        ids = list(old.order_by("pk").values_list("conversation_id", flat=True))
        number = min(len(ids), max(1, round(len(rows) / one_in)) if rows else 0)
        if not number:
            continue
        seed = f"{woven.seed}:{again.count()}:{coder}"
        places = _places(woven, [row.position for row in rows], number, coder, seed)
        Assignment.objects.bulk_create(
            Assignment(round=woven, conversation_id=pk, coder_id=coder, position=place)
            for pk, place in zip(_shuffled(ids, seed)[:number], places, strict=True)
        )
        given[coder] = number
    if not given:
        raise BadInput(
            _("Nobody with work left has finished anything in this round %(days)d days ago or longer.")
            % {"days": LEAST_DAYS}
        )
    _record(woven, actor_id, {"conversations": sum(given.values()), "one_in": one_in})
    return given


def woven_into(base: Round) -> list[Woven]:
    """What is woven into a round, for its supervisor."""
    found = []
    for row in Round.objects.filter(woven_into=base).order_by("pk"):
        codings = row.assignments.all()
        found.append(
            Woven(
                row,
                codings.values("conversation_id").distinct().count(),
                codings.count(),
                codings.filter(coding__state=Coding.State.FINISHED).count(),
            )
        )
    return found


def _base(round_id: int, one_in: int) -> Round:
    base, _study = lock_round(round_id)
    if base.kind == Round.Kind.TRAINING or base.woven_into_id is not None:
        raise BadInput(_("Units are woven into a round of coding, not into this one."))
    if not 2 <= one_in <= 1000:
        raise BadInput(_("Give a number from 2 to 1,000: one in so many."))
    return base


def _untouched(base: Round) -> dict[int, list[Assignment]]:
    """Coder -> unshared assignments in which nothing was coded, locked, in the coder's order."""
    rows = base.assignments.filter(is_shared=False).select_for_update(of=("self",)).order_by("position")
    everything = list(rows)
    touched = begun([row.pk for row in everything])
    found: dict[int, list[Assignment]] = {}
    for row in everything:
        found.setdefault(row.coder_id, [])
        if row.pk not in touched:
            found[row.coder_id].append(row)
    return found


def _places(woven: Round, positions: Sequence[int], number: int, coder: int, seed: str) -> list[int]:
    """Places in the coder's queue: one drawn in each of `number` equal stretches, none taken before."""
    taken = set(woven.assignments.filter(coder_id=coder).values_list("position", flat=True))
    free = [place for place in positions if place not in taken]
    places = []
    for stretch in range(number):
        low, high = (len(free) * part // number for part in (stretch, stretch + 1))
        if low < high:
            places.append(_shuffled(free[low:high], f"{seed}:{stretch}")[0])
    missing = number - len(places)
    last = max([last_position(woven.pk, coder), *positions, *places], default=0)
    return places + [last + step for step in range(1, missing + 1)]


def _shuffled(ids: Sequence[int], seed: str) -> list[int]:
    return shuffled(ids, 0, seed)


def _woven_round(base: Round, kind: str) -> Round:
    known = Round.objects.filter(woven_into=base, kind=kind).first()
    if known is not None:
        if not known.is_open:
            Round.objects.filter(pk=known.pk).update(is_open=True)
        return known
    label = Round.Kind(kind).label
    name = f"{base.name[: 78 - len(label)]} · {label}"[:80]
    new = Round.objects.create(
        study=base.study,
        name=name,
        kind=kind,
        codebook_version_id=base.codebook_version_id,
        modules=base.modules,
        seed=base.seed + math.floor(timezone.now().timestamp()) % 1000,
        woven_into=base,
    )
    return new


def _record(woven: Round, actor_id: int | None, after: dict[str, object]) -> None:
    Event.objects.record(
        "round.woven", actor_id=actor_id, study_id=woven.study_id, subject=woven, after=after
    )
