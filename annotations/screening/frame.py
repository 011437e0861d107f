"""Makes the frame of a search in the background: every message that may be screened, in its strict order.

The order is by time, the newest first, and by key where two came at the same second. A frame is made once, in
portions; one that was interrupted is begun anew, for nobody screens before it is whole.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Count, Exists, Max, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from ..common.bulk import Table, roomy, update_statistics
from ..common.jobs import Claim, JobStatus, Kind
from ..common.portions import portions
from ..conversations.filters import from_plain, matching
from ..errors import BadInput
from ..models import (
    Candidate,
    Event,
    Message,
    Screening,
    ScreeningTrack,
    ScreeningUnit,
)
from ..models.corpus import AuthorRole
from ..sampling.draw import shuffled
from .decide import end_screening
from .stop import WITHOUT
from .strip import bin_days

BATCH = 5_000
COLUMNS = (
    *("track_id", "position", "message_id", "is_double"),
    *("state", "answer", "reason", "is_unfinished", "is_find"),
)
Part, Design, Stop = ScreeningTrack.Part, Screening.Design, ScreeningTrack.Stop
Row = tuple[int, datetime]


def window_of(track: ScreeningTrack) -> QuerySet[Message]:
    """Consumer messages of the organisation in the window whose text is there, unordered."""
    messages = Message.objects.filter(
        study_id=track.screening.study_id,
        conversation__organisation_id=track.organisation_id,
        state=Message.State.PRESENT,
        account__role=AuthorRole.CONSUMER,
        created_at__lt=_midnight(track.screening.starts_on + timedelta(days=1)),
    )
    if track.until is not None:
        messages = messages.filter(created_at__gte=_midnight(track.until))
    return messages


def eligible(track: ScreeningTrack) -> QuerySet[Message]:
    """Those of the window that the design has screened."""
    screening, messages = track.screening, window_of(track)
    if screening.design == Design.DETECTOR:
        return messages.filter(has_candidate(screening))
    if screening.design == Design.SELECTION:
        asked = matching(screening.study, from_plain(screening.filters))
        return messages.filter(conversation__in=asked)
    return messages


def has_candidate(screening: Screening) -> Exists:
    return Exists(Candidate.objects.filter(message=OuterRef("pk"), version=screening.detector_version))


def passed_over(search: ScreeningTrack) -> QuerySet[Message]:
    """Messages without a candidate in the stretch of time that a search covered."""
    messages = window_of(search).filter(~has_candidate(search.screening))
    last = last_screened_at(search)
    return messages if last is None else messages.filter(created_at__gte=last)


def last_screened_at(search: ScreeningTrack) -> datetime | None:
    """When the message was posted at which the search ended; None where it went through its whole frame."""
    if search.stop_position is None:
        return None
    unit = ScreeningUnit.objects.select_related("message").get(track=search, position=search.stop_position)
    return unit.message.created_at


@transaction.atomic
def ask_elusion_sample(search_id: int, *, actor_id: int | None) -> ScreeningTrack:
    """Have the sample without candidates drawn for a search that ended. Raises BadInput."""
    search = (
        ScreeningTrack.objects.select_for_update(of=("self",)).select_related("screening").get(pk=search_id)
    )
    screening = search.screening
    if search.part != Part.SEARCH or not screening.elusion_size:
        raise BadInput(_("This screening has no sample without candidates."))
    if search.ended_at is None:
        raise BadInput(_("The search has not ended yet."))
    sample, is_new = ScreeningTrack.objects.get_or_create(
        screening=screening,
        organisation_id=search.organisation_id,
        part=Part.ELUSION,
        defaults={"stop_rule": Stop.SCREENED, "target": screening.elusion_size},
    )
    if not is_new and not _may_ask(sample):
        raise BadInput(_("This sample is drawn already."))
    FRAMES.ask(sample)
    Event.objects.record(
        "screening.sample_asked", actor_id=actor_id, study_id=screening.study_id, subject=sample
    )
    return sample


@transaction.atomic
def ask_again(track_id: int) -> None:
    """Have a frame made that failed. Raises BadInput when it is made, or being made."""
    track = ScreeningTrack.objects.select_for_update(of=("self",)).get(pk=track_id)
    if not _may_ask(track):
        raise BadInput(_("The messages are put in order already."))
    FRAMES.ask(track)


def standing_of(track: ScreeningTrack) -> JobStatus:
    return FRAMES.standing(track)


@task()
def make_frame(pk: int) -> None:
    FRAMES.run(pk)


def _may_ask(track: ScreeningTrack) -> bool:
    return track.state in {ScreeningTrack.State.FAILED, ScreeningTrack.State.CANCELLED} or (
        track.state != ScreeningTrack.State.DONE and standing_of(track).is_stuck
    )


def _make(row: ScreeningTrack, claim: Claim[ScreeningTrack]) -> None:
    track = ScreeningTrack.objects.select_related("screening__study", "organisation").get(pk=row.pk)
    ScreeningUnit.objects.filter(track=track).delete()  # of one that was interrupted; nobody saw them
    newest = Message.objects.filter(study_id=track.screening.study_id).aggregate(last=Max("id"))["last"]
    counts = archive_counts(track)
    if track.part == Part.ELUSION:
        rows, population = _drawn(track)
        counts |= {"population": population}
    else:
        rows = _in_order(eligible(track))
        counts |= {"eligible": len(rows)}
        if track.stop_rule == Stop.SCREENED:
            rows = rows[: track.target]
    claim.tell(0.2)
    _write(track, rows, claim)
    update_statistics(ScreeningUnit)
    stop = min(track.target or 0, len(rows)) if track.stop_rule == WITHOUT else None
    with transaction.atomic():
        claim.done(
            counts=counts,
            timeline=_timeline(rows),
            last_message=newest or 0,
            size=len(rows),
            stop_position=stop,
            ended_at=None if rows else timezone.now(),
        )
        if not rows:
            end_screening(track.screening_id)


def _in_order(messages: QuerySet[Message]) -> list[Row]:
    rows = messages.order_by("-created_at", "-id").values_list("id", "created_at")
    return [(pk, at) for pk, at in rows.iterator(20_000) if at is not None]


def _drawn(track: ScreeningTrack) -> tuple[list[Row], int]:
    search = ScreeningTrack.objects.select_related("screening").get(
        screening=track.screening, organisation=track.organisation, part=Part.SEARCH
    )
    everything = _in_order(passed_over(search))
    order = shuffled(
        (pk for pk, _at in everything), track.screening.seed, f"elusion:{track.organisation.name}"
    )
    chosen = set(order[: track.target])
    return [row for row in everything if row[0] in chosen], len(everything)


def _write(track: ScreeningTrack, rows: list[Row], claim: Claim[ScreeningTrack]) -> None:
    share = float(track.screening.double_share)
    dice = random.Random(f"{track.screening.seed}:double:{track.organisation.name}:{track.part}")  # noqa: S311
    units = (
        (track.pk, position, pk, int(dice.random() < share), ScreeningUnit.State.NEW.value, "", "", 0, 0)
        for position, (pk, _at) in enumerate(rows, 1)
    )
    table, done = Table(ScreeningUnit, COLUMNS), 0
    with roomy():
        for some in portions(units, BATCH):
            with transaction.atomic():
                table.insert(some)
            done += len(some)
            claim.tell(0.2 + 0.8 * done / len(rows))


def _timeline(rows: list[Row]) -> list[list[Any]]:
    """[first day, messages] of each day or week, the newest first; those without messages are left out."""
    if not rows:
        return []
    span = bin_days(timezone.localdate(rows[0][1]), timezone.localdate(rows[-1][1]))
    bins: list[list[Any]] = []
    for _pk, at in rows:
        day = timezone.localdate(at)
        first = (day - timedelta(days=day.weekday() if span == 7 else 0)).isoformat()
        if not bins or bins[-1][0] != first:
            bins.append([first, 0])
        bins[-1][1] += 1
    return bins


def archive_counts(track: ScreeningTrack) -> dict[str, int]:
    """Every message of the organisation's conversations by where it went, in one query.

    others: not by a consumer. undated, unknown (author), unavailable (text): lost to screening. newer and
    older: outside the window. window: may be screened.
    """
    screening = track.screening
    first = _midnight(screening.starts_on + timedelta(days=1))
    older = Q(created_at__lt=_midnight(track.until)) if track.until else Q(pk__lt=0)
    place = Case(
        When(account__role__in=[AuthorRole.ORGANISATION, AuthorRole.THIRD_PARTY], then=Value("others")),
        When(created_at=None, then=Value("undated")),
        When(created_at__gte=first, then=Value("newer")),
        When(older, then=Value("older")),
        When(~Q(state=Message.State.PRESENT), then=Value("unavailable")),
        When(account__role=AuthorRole.CONSUMER, then=Value("window")),
        default=Value("unknown"),
        output_field=CharField(),
    )
    rows = (
        Message.objects.filter(
            study_id=screening.study_id, conversation__organisation_id=track.organisation_id
        )
        .annotate(place=place)
        .order_by()
        .values_list("place")
        .annotate(n=Count("pk"))
    )
    found = dict(rows)
    return {"archive": sum(found.values()), **found}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


FRAMES = Kind(
    "screening-frame",
    ScreeningTrack,
    _make,
    task=lambda: make_frame,
    failed=lambda: _("The messages could not be put in order. Start it again on this page."),
)
