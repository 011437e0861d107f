"""Takes back what a coder has not touched yet, or gives it to another coder.

Assignments in which a coder has coded something stay with that coder for good.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ..coding.save import discard_untouched, touched_codings
from ..common.portions import portions
from ..errors import BadInput
from ..models import Assignment, Event
from .assign import BATCH, check_member, last_position, lock_round


@transaction.atomic
def take_back(round_id: int, coder_id: int, *, number: int | None = None, actor_id: int | None) -> int:
    """Removes a coder's untouched assignments, the last in the order first; all when `number` is None.

    Conversations that everybody codes are left, unless all are taken back. Returns how many were removed.
    Raises BadInput.
    """
    of_round, study = lock_round(round_id, must_be_open=False)
    ids = _untouched(of_round.pk, coder_id, number, keep_shared=number is not None)
    for some in portions(ids, BATCH):
        discard_untouched(some)
        Assignment.objects.filter(pk__in=some).delete()
    after = {"coder": coder_id, "conversations": len(ids)}
    Event.objects.record(
        "assignments.taken_back", actor_id=actor_id, study_id=study.pk, subject=of_round, after=after
    )
    return len(ids)


@transaction.atomic
def give_to(
    round_id: int, from_coder_id: int, to_coder_id: int, *, number: int | None = None, actor_id: int | None
) -> int:
    """Gives a coder's untouched assignments to another, who finds them after their own, in the same order.

    Conversations that the other codes already (so those coded by everybody) stay. Returns how many moved.
    Raises BadInput.
    """
    of_round, study = lock_round(round_id)
    if from_coder_id == to_coder_id:
        raise BadInput(_("Choose another coder than the one who has them now."))
    check_member(study.pk, to_coder_id)
    ids = _untouched(of_round.pk, from_coder_id, number, keep_shared=True, not_with=to_coder_id)
    # Positions are unique per coder: shifted past the last one of the receiver they stay so.
    shift = last_position(of_round.pk, to_coder_id)
    for some in portions(ids, BATCH):
        discard_untouched(some)
        Assignment.objects.filter(pk__in=some).update(coder=to_coder_id, position=F("position") + shift)
    after = {"from": from_coder_id, "to": to_coder_id, "conversations": len(ids)}
    Event.objects.record(
        "assignments.moved", actor_id=actor_id, study_id=study.pk, subject=of_round, after=after
    )
    return len(ids)


def _untouched(
    round_id: int, coder_id: int, number: int | None, *, keep_shared: bool, not_with: int | None = None
) -> list[int]:
    """Ids of a coder's assignments in which nothing was coded, locked, the last in the order first.

    Several queries on purpose: a coder who begins with one meanwhile is waited for and then seen.
    """
    mine = Assignment.objects.filter(round_id=round_id, coder_id=coder_id)
    if keep_shared:
        mine = mine.filter(is_shared=False)
    if not_with is not None:
        theirs = Assignment.objects.filter(round_id=round_id, coder_id=not_with)
        mine = mine.exclude(conversation__in=theirs.values("conversation_id"))
    locked = list(mine.select_for_update().order_by("-position").values_list("pk", flat=True))
    touched = set(touched_codings(mine.values("pk")).values_list("assignment_id", flat=True))
    ids = [pk for pk in locked if pk not in touched]
    if not ids:
        raise BadInput(
            _("There is nothing untouched to take: every conversation was begun or is coded by everybody.")
        )
    if number is not None and not 1 <= number <= len(ids):
        raise BadInput(
            _("%(count)d conversations are untouched: choose a number from 1 to %(count)d.")
            % {"count": len(ids)}
        )
    return ids[:number]
