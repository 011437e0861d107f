"""Takes back what a coder cannot finish, or gives it to another coder.

What a coder finished stays for good. What was begun stays as it is too, unfinished and with its maker: the
conversation goes on in an assignment of its own, and the first one is released (`Assignment.released_at`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from ..coding.save import discard_untouched
from ..common.portions import portions
from ..errors import BadInput, StaleWrite
from ..models import Assignment, Coding, Event, Round, Training
from .assign import BATCH, check_member, last_position, lock_round
from .begun import begun as begun_of

MOVABLE = [Round.Kind.PILOT, Round.Kind.RELIABILITY, Round.Kind.MAIN, Round.Kind.DRIFT]


@dataclass(frozen=True)
class Move:
    """What moves (ids of assignments), and how many stay.

    `finished` stay for good; `shared` as everybody codes them; `theirs` as the receiver codes them too;
    `decided`: reopened after a decision, so that agreement still counts what was given; `left`: begun, or
    more than was asked for.
    """

    untouched: tuple[int, ...]
    begun: tuple[int, ...]
    finished: int
    shared: int
    theirs: int
    decided: int
    left: int
    to: int | None

    @property
    def total(self) -> int:
        return len(self.untouched) + len(self.begun)

    @property
    def fingerprint(self) -> str:
        """Of exactly this move: what was shown is what is confirmed."""
        facts = (sorted(self.untouched), sorted(self.begun), self.to)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


@transaction.atomic
def plan_move(
    round_id: int, coder_id: int, *, to: int | None, number: int | None = None, begun: bool = False
) -> Move:
    """What `give_to`, or without `to` `take_back`, would do. Raises BadInput."""
    of_round, study = lock_round(round_id, must_be_open=to is not None)
    return _checked(of_round, study.pk, coder_id, to, number, begun)


@transaction.atomic
def take_back(
    round_id: int,
    coder_id: int,
    *,
    number: int | None = None,
    begun: bool = False,
    expected: str | None = None,
    actor_id: int | None,
) -> int:
    """Takes a coder's untouched conversations away, the last in the order first; all when `number` is None.
    With `begun` also those that were begun; what was begun is kept.

    Conversations that everybody codes are left, unless all are taken back. Returns how many were taken.
    Raises BadInput, or StaleWrite with the move when it is not the one `expected`.
    """
    of_round, study = lock_round(round_id, must_be_open=False)
    move = _as_expected(_checked(of_round, study.pk, coder_id, None, number, begun), expected)
    for some in portions(move.untouched, BATCH):
        discard_untouched(some)
        Assignment.objects.filter(pk__in=some).delete()
    _release(move.begun, timezone.now())
    after = {"coder": coder_id, "conversations": move.total} | _begun(move)
    Event.objects.record(
        "assignments.taken_back", actor_id=actor_id, study_id=study.pk, subject=of_round, after=after
    )
    return move.total


@transaction.atomic
def give_to(
    round_id: int,
    from_coder_id: int,
    to_coder_id: int,
    *,
    number: int | None = None,
    begun: bool = False,
    expected: str | None = None,
    actor_id: int | None,
) -> int:
    """Gives a coder's untouched conversations to another, who finds them after their own, in the same order.
    With `begun` also those that were begun: the other starts afresh, and what was begun is kept.

    Conversations that the other codes already (so those coded by everybody) stay. Returns how many moved.
    Raises BadInput, or StaleWrite with the move when it is not the one `expected`.
    """
    of_round, study = lock_round(round_id)
    move = _as_expected(_checked(of_round, study.pk, from_coder_id, to_coder_id, number, begun), expected)
    # Positions are unique per coder: shifted past the last one of the receiver they stay so.
    shift = last_position(of_round.pk, to_coder_id)
    for some in portions(move.untouched, BATCH):
        discard_untouched(some)
        Assignment.objects.filter(pk__in=some).update(coder=to_coder_id, position=F("position") + shift)
    released = list(Assignment.objects.filter(pk__in=move.begun))
    _release(move.begun, timezone.now())
    Assignment.objects.bulk_create(
        Assignment(
            round=of_round,
            conversation_id=row.conversation_id,
            coder_id=to_coder_id,
            position=row.position + shift,
            highlights=row.highlights,
        )
        for row in released
    )
    after = {"from": from_coder_id, "to": to_coder_id, "conversations": move.total} | _begun(move)
    Event.objects.record(
        "assignments.moved", actor_id=actor_id, study_id=study.pk, subject=of_round, after=after
    )
    return move.total


def _release(ids: Collection[int], now: datetime) -> None:
    Assignment.objects.filter(pk__in=ids).update(released_at=now)


def _begun(move: Move) -> dict[str, int]:
    return {"begun": len(move.begun)} if move.begun else {}


def _as_expected(move: Move, expected: str | None) -> Move:
    if expected is not None and expected != move.fingerprint:
        raise StaleWrite(move, 0)
    return move


def _checked(
    of_round: Round, study_id: int, coder_id: int, to: int | None, number: int | None, begun: bool
) -> Move:
    """The move, with all it takes locked. Raises BadInput."""
    if of_round.kind not in MOVABLE or Training.objects.filter(round=of_round).exists():
        raise BadInput(_("The conversations of this round belong to their coder: they are not moved."))
    if to is not None:
        if to == coder_id:
            raise BadInput(_("Choose another coder than the one who has them now."))
        check_member(study_id, to)
    move = _move(of_round.pk, coder_id, to, number, begun)
    if not move.total:
        raise BadInput(
            _("There is nothing untouched to take: every conversation was begun or is coded by everybody.")
        )
    if number is not None and not 1 <= number <= move.total:
        raise BadInput(
            _("%(count)d conversations are untouched: choose a number from 1 to %(count)d.")
            % {"count": move.total}
        )
    return move


def _move(round_id: int, coder_id: int, to: int | None, number: int | None, begun: bool) -> Move:
    """Several queries on purpose: a coder who begins with one meanwhile is waited for and then seen."""
    mine = Assignment.objects.filter(round_id=round_id, coder_id=coder_id)
    locked = list(mine.select_for_update().order_by("-position"))
    touched = begun_of(mine.values("pk"))
    frozen = set(mine.filter(coding__frozen__isnull=False).values_list("pk", flat=True))
    theirs: set[int] = set()
    if to is not None:
        others = Assignment.objects.filter(round_id=round_id, coder_id=to)
        theirs = set(others.values_list("conversation_id", flat=True))
    keep_shared = to is not None or number is not None
    free: list[int] = []
    started: list[int] = []
    stays = dict.fromkeys(("finished", "shared", "theirs", "decided"), 0)
    for row in locked:
        if touched.get(row.pk) == Coding.State.FINISHED:
            stays["finished"] += 1
        elif row.is_shared and keep_shared:
            stays["shared"] += 1
        elif row.conversation_id in theirs:
            stays["theirs"] += 1
        elif row.pk in frozen:
            stays["decided"] += 1
        else:
            (started if row.pk in touched else free).append(row.pk)
    chosen, also = free[:number], started if begun else []
    if number is not None and len(free) + len(also) >= number:
        also = also[: number - len(chosen)]
    left = len(free) - len(chosen) + len(started) - len(also)
    return Move(tuple(chosen), tuple(also), left=left, to=to, **stays)
