"""Hands out the next message to a screener: the oldest one that still needs somebody, else the next in order.

Whatever is handed out is a lease. The same screener gets the same message again until it is decided, in every
tab; a lease of which nothing was heard passes to the next who asks, so that no message is left behind. All of
it happens under a lock on the track: no two people get the same message unless two are to screen it, and
nothing after the end of the search is ever handed out.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Screening, ScreeningDecision, ScreeningLease, ScreeningTrack, ScreeningUnit

LEASE = timedelta(minutes=15)
State = ScreeningUnit.State
ANSWERED = ~Q(answer="") | Q(is_doubt=True)


@transaction.atomic
def hand_out(track_id: int, coder_id: int) -> ScreeningUnit | None:
    """The message that this screener has, or gets now; None where nothing is left to hand out."""
    track = ScreeningTrack.objects.select_for_update().get(pk=track_id)
    if track.state != ScreeningTrack.State.DONE:
        return None
    leases = ScreeningLease.objects.filter(track=track, coder_id=coder_id)
    held = leases.select_related("unit__message").first()
    if held is not None:
        if held.unit.state == State.OPEN and _counts(track, held.unit.position):
            ScreeningLease.objects.filter(pk=held.pk).update(until=timezone.now() + LEASE)
            return held.unit
        ScreeningLease.objects.filter(pk=held.pk).delete()
    if track.ended_at is not None:
        return None
    unit = _waiting(track, coder_id) or _next(track)
    if unit is not None:
        _lease(unit, coder_id)
    return unit


def lease_to(unit: ScreeningUnit, coder_id: int) -> None:
    """Give a unit to a screener, who has no other of this track then. The track is locked."""
    ScreeningLease.objects.filter(track_id=unit.track_id, coder_id=coder_id).delete()
    _lease(unit, coder_id)


def _lease(unit: ScreeningUnit, coder_id: int) -> None:
    until = timezone.now() + LEASE
    ScreeningLease.objects.create(unit=unit, track_id=unit.track_id, coder_id=coder_id, until=until)


def lease_of(track_id: int, coder_id: int) -> str:
    """Names the lease that a screener has now, "" for none; handed out once more it has another name."""
    lease = ScreeningLease.objects.filter(track_id=track_id, coder_id=coder_id).first()
    return lease.until.isoformat() if lease else ""


@transaction.atomic
def let_go(track_id: int, coder_id: int, lease: str) -> None:
    """Give back what a screener has on screen, for one who leaves the page that `lease` was given to.

    A page that is loaded again may ask for its message before the old one's farewell is here, and keeps it.
    """
    ScreeningTrack.objects.select_for_update().get(pk=track_id)
    if lease and lease == lease_of(track_id, coder_id):
        ScreeningLease.objects.filter(track_id=track_id, coder_id=coder_id).delete()


def open_tracks(study_id: int, coder_id: int) -> list[ScreeningTrack]:
    """Where this person screens: tracks of screenings under way, oldest first, with their organisation."""
    mine = Screening.objects.filter(
        study_id=study_id, state=Screening.State.OPEN, screeners__user_id=coder_id
    )
    rows = ScreeningTrack.objects.filter(screening__in=mine, state=ScreeningTrack.State.DONE)
    return list(rows.select_related("organisation", "screening").order_by("screening_id", "id"))


def _counts(track: ScreeningTrack, position: int) -> bool:
    return track.stop_position is None or position <= track.stop_position


def is_free(unit: ScreeningUnit, coder_id: int) -> bool:
    """Whether a unit that was handed out needs this person still. The track is locked."""
    return _unanswered(unit.track_id, coder_id).filter(pk=unit.pk).exists()


def _waiting(track: ScreeningTrack, coder_id: int) -> ScreeningUnit | None:
    """The first one that was handed out before and still needs a person who has not answered it."""
    now = timezone.now()
    ScreeningLease.objects.filter(track=track, until__lt=now).exclude(coder_id=coder_id).delete()
    units = _unanswered(track.pk, coder_id)
    if track.stop_position is not None:
        units = units.filter(position__lte=track.stop_position)
    return units.select_related("message").order_by("position").first()


def _unanswered(track_id: int, coder_id: int) -> QuerySet[ScreeningUnit]:
    """Units that need more people than answered them or have them on screen; none of this person's."""
    answers = ScreeningDecision.objects.filter(ANSWERED, unit=OuterRef("pk"), is_settling=False)
    number = answers.order_by().values("unit").annotate(n=Count("pk")).values("n")
    leases = ScreeningLease.objects.filter(unit=OuterRef("pk")).exclude(coder_id=coder_id)
    held = leases.order_by().values("unit").annotate(n=Count("pk")).values("n")
    units = ScreeningUnit.objects.filter(track_id=track_id, is_unfinished=True, state=State.OPEN)
    return (
        units.filter(~Exists(answers.filter(coder_id=coder_id)))
        .annotate(
            taken=Coalesce(Subquery(number), 0) + Coalesce(Subquery(held), 0),
            needed=Case(When(is_double=True, then=Value(2)), default=Value(1), output_field=IntegerField()),
        )
        .filter(taken__lt=F("needed"))
    )


def _next(track: ScreeningTrack) -> ScreeningUnit | None:
    """The next one in order, unless the search has come to its end."""
    if track.frontier > track.size or not _counts(track, track.frontier):
        return None
    unit = ScreeningUnit.objects.select_related("message").get(track=track, position=track.frontier)
    unit.state, unit.is_unfinished = State.OPEN, True
    unit.save(update_fields=["state", "is_unfinished"])
    track.frontier += 1
    track.save(update_fields=["frontier"])
    return unit
