"""The one writer of what screeners and supervisors decide, and of all that follows from it.

Every write locks the track first, so that its counters, its end and the answers stand for the same moment.
An answer is a row with a revision; undoing leaves the row without an answer, and the log holds what was.
Where the search ends follows from the order of the messages alone: a find may turn out to lie after the end,
however quick its finder was; then it is kept but does not count. So is the answer of one who had a message
on screen when the search ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput, NotAllowed, StaleWrite
from ..models import (
    Event,
    Screening,
    ScreeningAnswer,
    ScreeningDecision,
    ScreeningLease,
    ScreeningScreener,
    ScreeningTrack,
    ScreeningUnit,
)
from ..models.adjudication import Cause
from .queue import is_free, lease_to
from .stop import FOUND, WITHOUT, stop_position

LONGEST_NOTE = 2_000
State = ScreeningUnit.State
UNFINISHED = (State.OPEN, State.DOUBT, State.DIFFERS)
UNIT = tuple(field.name for field in ScreeningUnit._meta.concrete_fields)


@dataclass(frozen=True)
class Given:
    """What a person says of a message: an answer, with its reason where it is a no, or a doubt.

    `cause`: of a settling, why it differed.
    """

    answer: str = ""
    reason: str = ""
    is_doubt: bool = False
    note: str = ""
    cause: str = ""


@transaction.atomic
def decide(
    unit_id: int, given: Given, *, coder_id: int, revision: int, track_id: int | None = None
) -> ScreeningDecision:
    """Store what a screener says of the message on screen.

    `track_id`: of the unit, where it is known. `revision` is that of the decision the screener saw, 0 where
    there was none. The same once more changes nothing. Raises NotAllowed, BadInput, and StaleWrite when
    something else stands there.
    """
    unit, track, screening = _locked(unit_id, track_id)
    if not ScreeningScreener.objects.filter(screening=screening, user_id=coder_id).exists():
        raise NotAllowed(_("You do not screen here."))
    given = replace(_checked(given, screening), cause="")
    row = ScreeningDecision.objects.filter(unit=unit, coder_id=coder_id, is_settling=False).first()
    if row is not None and row.revision == revision + 1 and _same(row, given):
        return row
    if (row.revision if row else 0) != revision:
        raise StaleWrite(row, row.revision if row else 0)
    has_it = ScreeningLease.objects.filter(unit=unit, coder_id=coder_id).exists()
    if not has_it and not is_free(unit, coder_id):
        raise BadInput(_("This message went to a colleague while you were away. The next one is on screen."))
    if unit.state != State.OPEN:
        raise BadInput(_("This message is decided already. The next one is on screen."))
    row = _write(unit, row, given, coder_id=coder_id, study_id=screening.study_id)
    ScreeningLease.objects.filter(unit=unit, coder_id=coder_id).delete()
    _follow(track, unit, actor_id=coder_id, study_id=screening.study_id)
    return row


@transaction.atomic
def undo(track_id: int, *, coder_id: int) -> ScreeningUnit:
    """Take back this screener's last decision here and put that message on screen again.

    Raises BadInput when there is nothing to take back, or others went on from it.
    """
    track = ScreeningTrack.objects.select_for_update().select_related("screening").get(pk=track_id)
    _check_not_built_on(track)
    mine = ScreeningDecision.objects.filter(unit__track=track, coder_id=coder_id, is_settling=False)
    row = mine.exclude(answer="", is_doubt=False).order_by("-decided_at", "-id").first()
    if row is None:
        raise BadInput(_("There is nothing to take back."))
    unit = ScreeningUnit.objects.get(pk=row.unit_id)
    if ScreeningDecision.objects.filter(unit=unit, is_settling=True).exists():
        raise BadInput(_("The supervisor has settled your last message; it cannot be taken back."))
    study_id = track.screening.study_id
    _write(unit, row, Given(note=row.note), coder_id=coder_id, study_id=study_id, action="undone")
    _follow(track, unit, actor_id=coder_id, study_id=study_id)
    lease_to(unit, coder_id)
    return unit


@transaction.atomic
def settle(unit_id: int, given: Given, *, actor_id: int, revision: int) -> ScreeningDecision:
    """The supervisor's answer where a screener doubts or two differ; it can be changed in the same way.

    Raises BadInput and StaleWrite, as `decide`.
    """
    unit, track, screening = _locked(unit_id)
    _check_not_built_on(track)
    if given.is_doubt:
        raise BadInput(_("Choose an answer."))
    given = _checked(given, screening)
    row = ScreeningDecision.objects.filter(unit=unit, is_settling=True).first()
    if row is not None and row.revision == revision + 1 and _same(row, given):
        return row
    if (row.revision if row else 0) != revision:
        raise StaleWrite(row, row.revision if row else 0)
    if row is None and unit.state not in {State.DOUBT, State.DIFFERS}:
        raise BadInput(_("There is nothing to settle about this message."))
    row = _write(unit, row, given, coder_id=actor_id, study_id=screening.study_id, is_settling=True)
    _follow(track, unit, actor_id=actor_id, study_id=screening.study_id)
    return row


def _locked(unit_id: int, track_id: int | None = None) -> tuple[ScreeningUnit, ScreeningTrack, Screening]:
    """Raises DoesNotExist for a unit of another track."""
    if track_id is None:
        track_id = ScreeningUnit.objects.values_list("track_id", flat=True).get(pk=unit_id)
    track = ScreeningTrack.objects.select_for_update().select_related("screening").get(pk=track_id)
    units = ScreeningUnit.objects.select_related("message").only(*UNIT, "message__created_at")
    return units.get(pk=unit_id, track_id=track_id), track, track.screening


def _check_not_built_on(track: ScreeningTrack) -> None:
    """What was drawn or coded from a search that ended would no longer be what the search found."""
    if track.screening.round_id is not None:
        raise BadInput(_("The coding round is made of what was found; the search can no longer be changed."))
    is_search = track.part == ScreeningTrack.Part.SEARCH
    if is_search and ScreeningTrack.objects.filter(
        screening_id=track.screening_id,
        organisation_id=track.organisation_id,
        part=ScreeningTrack.Part.ELUSION,
    ):
        raise BadInput(_("The sample without candidates is drawn; this search can no longer be changed."))


def _checked(given: Given, screening: Screening) -> Given:
    note = given.note.replace("\x00", "").strip()
    if len(note) > LONGEST_NOTE:
        raise BadInput(_("A note has at most %(most)d characters.") % {"most": LONGEST_NOTE})
    if given.is_doubt:
        return Given(is_doubt=True, note=note)
    if given.answer not in ScreeningAnswer.values:
        raise BadInput(_("Choose an answer."))
    if given.cause not in {"", *Cause.values}:
        raise BadInput(_("Choose why it differed from the list."))
    if given.answer != ScreeningAnswer.NO:
        return Given(given.answer, note=note, cause=given.cause)
    if given.reason not in screening.reasons:
        raise BadInput(_("Choose why it is a no."))
    return Given(given.answer, given.reason, note=note, cause=given.cause)


def _same(row: ScreeningDecision, given: Given) -> bool:
    return _content(row) == given


def _content(row: ScreeningDecision) -> Given:
    return Given(row.answer, row.reason, row.is_doubt, row.note, row.cause)


def _write(
    unit: ScreeningUnit,
    row: ScreeningDecision | None,
    given: Given,
    *,
    coder_id: int,
    study_id: int,
    is_settling: bool = False,
    action: str = "",
) -> ScreeningDecision:
    before = None if row is None else _for_log(_content(row))
    if row is None:
        row = ScreeningDecision(unit=unit, is_settling=is_settling, revision=0)
    row.coder_id = coder_id
    row.answer, row.reason, row.is_doubt = given.answer, given.reason, given.is_doubt
    row.note, row.cause = given.note, given.cause
    row.revision += 1
    row.decided_at = timezone.now()
    row.save()
    action = action or ("settled" if is_settling else "decided")
    after = _for_log(given) | {"unit": unit.pk, "position": unit.position, "message": unit.message_id}
    Event.objects.record(
        f"screening.{action}",
        actor_id=coder_id,
        study_id=study_id,
        subject=row,
        before=before,
        after=after,
    )
    return row


def _for_log(given: Given) -> dict[str, object]:
    """Without the note: it may quote the message."""
    said: dict[str, object] = {"answer": given.answer, "reason": given.reason, "doubt": given.is_doubt}
    return said | ({"cause": given.cause} if given.cause else {})


def _follow(track: ScreeningTrack, unit: ScreeningUnit, *, actor_id: int, study_id: int) -> None:
    """The unit's own state, the counters, where the search ends and whether it has ended."""
    before = _tally(unit)
    decisions = list(ScreeningDecision.objects.filter(unit=unit).order_by("decided_at", "id"))
    unit.state, unit.answer, unit.reason = standing(unit, decisions)
    unit.is_unfinished, unit.is_find = unit.state in UNFINISHED, unit.answer == ScreeningAnswer.YES
    unit.save(update_fields=["state", "answer", "reason", "is_unfinished", "is_find"])
    after = _tally(unit)
    track.found += after[0] - before[0]
    track.screened += after[1] - before[1]
    track.with_supervisor += after[2] - before[2]
    at = unit.message.created_at
    if at is not None and (track.reached_at is None or at < track.reached_at):
        track.reached_at = at
    if after[0] != before[0] or track.stop_rule == WITHOUT:
        track.stop_position = _stop(track)
    _end_or_reopen(track, actor_id=actor_id, study_id=study_id)
    track.save(
        update_fields=[
            "found",
            "screened",
            "with_supervisor",
            "reached_at",
            "stop_position",
            "ended_at",
        ]
    )


def standing(unit: ScreeningUnit, decisions: Sequence[ScreeningDecision]) -> tuple[str, str, str]:
    """(state, answer, reason) of a unit from its decisions in the order in which they were made."""
    settled = next((row for row in decisions if row.is_settling), None)
    if settled is not None:
        return State.DONE, settled.answer, settled.reason
    given = [row for row in decisions if row.answer or row.is_doubt]
    if any(row.is_doubt for row in given):
        return State.DOUBT, "", ""
    if not given:
        return State.OPEN, "", ""
    first = given[0]
    if len(given) < (2 if unit.is_double else 1):
        return State.OPEN, first.answer, first.reason
    if len({row.answer for row in given}) > 1:
        return State.DIFFERS, first.answer, first.reason
    return State.DONE, first.answer, first.reason


def _tally(unit: ScreeningUnit) -> tuple[int, int, int]:
    """(found, screened, with the supervisor), each 0 or 1."""
    is_doubt = unit.state == State.DOUBT
    return int(unit.answer == ScreeningAnswer.YES), int(is_doubt or bool(unit.answer)), int(is_doubt)


def _stop(track: ScreeningTrack) -> int | None:
    if track.stop_rule == FOUND and track.found < (track.target or 0):
        return None
    finds = ScreeningUnit.objects.filter(track=track, is_find=True).order_by("position")
    if track.stop_rule == FOUND:
        finds = finds[: track.target]
    stop = stop_position(track.stop_rule, track.target, list(finds.values_list("position", flat=True)))
    return None if stop is None else min(stop, track.size)


def _end_or_reopen(track: ScreeningTrack, *, actor_id: int, study_id: int) -> None:
    last = track.size if track.stop_position is None else track.stop_position
    is_ended = (
        track.frontier > last
        and not ScreeningUnit.objects.filter(track=track, is_unfinished=True, position__lte=last).exists()
    )
    if is_ended == (track.ended_at is not None):
        return
    track.ended_at = timezone.now() if is_ended else None
    Event.objects.record(
        "screening.ended" if is_ended else "screening.reopened",
        actor_id=actor_id,
        study_id=study_id,
        subject=track,
        after={"found": track.found, "position": last},
    )
    track.save(update_fields=["ended_at"])
    end_screening(track.screening_id)


def end_screening(screening_id: int) -> None:
    """A screening is finished when all its tracks are, the samples without candidates drawn included."""
    screening = Screening.objects.select_for_update().get(pk=screening_id)
    tracks = list(ScreeningTrack.objects.filter(screening=screening).values_list("part", "ended_at"))
    searches = [ended for part, ended in tracks if part == ScreeningTrack.Part.SEARCH]
    samples = len(tracks) - len(searches)
    is_done = all(ended for _part, ended in tracks) and (
        not screening.elusion_size or samples == len(searches)
    )
    state = Screening.State.DONE if is_done else Screening.State.OPEN
    if screening.state != state:
        screening.state = state
        screening.save(update_fields=["state"])
