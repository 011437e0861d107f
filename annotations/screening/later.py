"""What imports brought after a screening had begun: told apart from what was screened. Reads only.

A frame is never extended, as its order would no longer be the one that was screened. What came later is
counted by where it would have been, and screened in another screening.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ..models import ImportBatch, Message, Screening, ScreeningTrack, ScreeningUnit
from ..models.corpus import AuthorRole
from .frame import window_of

REMEMBER = 24 * 60 * 60
NEWER, WITHIN, OLDER = PLACES = ("newer", "within", "older")
FILLED = "placeholder_filled"


def later_messages(screening: Screening, tracks: Sequence[ScreeningTrack]) -> dict[int, dict[str, int]]:
    """Organisation -> consumer messages newer than the start, within the stretch screened, and older.

    Costs nothing as long as nothing was imported since; what was counted is remembered until the next import.
    """
    searches = [track for track in tracks if track.part == ScreeningTrack.Part.SEARCH and track.last_message]
    imports = ImportBatch.objects.filter(
        study_id=screening.study_id, state=ImportBatch.State.DONE, finished_at__gt=screening.started_at
    )
    reports = dict(imports.order_by("id").values_list("id", "report"))
    if not searches or not reports:
        return {}
    reached = [track.reached_at and track.reached_at.isoformat() for track in searches]
    key = f"screening-later:{screening.pk}:{max(reports)}:{len(reports)}:{'/'.join(map(str, reached))}"
    known: dict[int, dict[str, int]] | None = cache.get(key)
    if known is None:
        were_filled = any(report.get("repairs", {}).get(FILLED) for report in reports.values())
        known = _counted(screening, searches, were_filled=were_filled)
        cache.set(key, known, REMEMBER)
    return known


def _counted(
    screening: Screening, searches: Sequence[ScreeningTrack], *, were_filled: bool
) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {}
    by_organisation = {track.organisation_id: track for track in searches}
    new: Any = (
        Message.objects.filter(
            pk__gt=min(track.last_message for track in searches),
            study_id=screening.study_id,
            state=Message.State.PRESENT,
            account__role=AuthorRole.CONSUMER,
        )
        .exclude(created_at=None)
        .order_by()
        .values_list("pk", "conversation__organisation_id", "created_at")
    )
    for pk, organisation, at in new.iterator(5_000):
        track = by_organisation.get(organisation)
        if track is not None and pk > track.last_message:
            _add(counts, track, at)
    for track in searches if were_filled else ():
        for at in _filled(track):
            _add(counts, track, at)
    return counts


def _filled(track: ScreeningTrack) -> list[datetime]:
    """Messages that were lost when the frame was made, as only their place was known, and are there now."""
    if (
        track.screening.design != Screening.Design.STRICT
        or track.stop_rule == ScreeningTrack.Stop.SCREENED
        or not track.counts.get("unavailable", 0)
        + track.counts.get("unknown", 0)
        + track.counts.get("undated", 0)
    ):
        return []  # a message may be missing from the frame for other reasons, or none was lost
    there = ScreeningUnit.objects.filter(track=track, message=OuterRef("pk"))
    rows = window_of(track).filter(~Exists(there), pk__lte=track.last_message).order_by()
    return [at for at in rows.values_list("created_at", flat=True) if at]


def _add(counts: dict[int, dict[str, int]], track: ScreeningTrack, at: datetime) -> None:
    row = counts.setdefault(track.organisation_id, dict.fromkeys(PLACES, 0))
    if timezone.localdate(at) > track.screening.starts_on:
        row[NEWER] += 1
    elif track.reached_at is None or at < track.reached_at:
        row[OLDER] += 1
    else:
        row[WITHIN] += 1
