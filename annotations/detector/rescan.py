"""Scanning a study again with a newer detector: a version is added, nothing that a coder decided changes."""

from __future__ import annotations

import json
from itertools import islice

from django.db import transaction
from django_tasks import task

from ..importing.store.detection import Detection, scan
from ..models import Candidate, Event, Message, Study
from ..pii import DETECTOR_VERSION

PORTION = 2_000


def needs_rescan(study: Study) -> bool:
    return study.detector_version != DETECTOR_VERSION


@task()
def rescan_in_background(study_id: int, actor_id: int | None) -> int:
    return rescan(study_id, actor_id=actor_id)


@transaction.atomic
def rescan(study_id: int, *, actor_id: int | None) -> int:
    """Add the candidates of the detector and the handles of today; gives how many. Again, it adds nothing.

    Candidates of earlier versions and every decision on them stay. In a strict study the texts are masked
    already, so what was masked is not found again; those candidates are carried over from before.
    """
    study = Study.objects.select_for_update().get(pk=study_id)
    before = study.detector_version
    how = Detection(
        handles=tuple(study.handles.values_list("handle", flat=True)), strict=False, version=DETECTOR_VERSION
    )
    today = Candidate.objects.filter(message__study=study, version=DETECTOR_VERSION)
    count = today.count()
    messages = (
        Message.objects.filter(study=study, state=Message.State.PRESENT)
        .select_related("account")
        .only("id", "text", "account__role")
        .order_by("id")
        .iterator(chunk_size=PORTION)
    )
    while chunk := list(islice(messages, PORTION)):
        _store(chunk, how)
    if study.privacy == Study.Privacy.STRICT and before != DETECTOR_VERSION:
        _carry_over(study, before)
    added = today.count() - count
    if before == DETECTOR_VERSION and not added:
        return 0
    study.detector_version = DETECTOR_VERSION
    study.save(update_fields=["detector_version"])
    Event.objects.record(
        "study.rescanned",
        actor_id=actor_id,
        study_id=study.pk,
        subject=study,
        before={"version": before},
        after={"version": DETECTOR_VERSION, "candidates": added},
    )
    return added


def _store(chunk: list[Message], how: Detection) -> None:
    scanned = scan([(message.text, message.author_role) for message in chunk], how)
    rows = [
        Candidate(
            message=message,
            start=start,
            end=end,
            info_type=info_type,
            subtype=subtype,
            confidence=confidence,
            completeness=completeness,
            detector=detector,
            version=version,
            reason=json.loads(reason),
            alternatives=json.loads(alternatives),
        )
        for message, (_text, found, _request) in zip(chunk, scanned, strict=True)
        for (
            start,
            end,
            info_type,
            subtype,
            confidence,
            completeness,
            detector,
            version,
            reason,
            alternatives,
        ) in found
    ]
    Candidate.objects.bulk_create(rows, ignore_conflicts=True)


def _carry_over(study: Study, version: str) -> None:
    """Candidates whose text is masked cannot be found again; they get a row of the new version."""
    rows = Candidate.objects.filter(message__study=study, version=version).select_related("message")
    kept = []
    for candidate in rows.iterator():
        if set(candidate.message.text[candidate.start : candidate.end]) == {"•"}:
            candidate.pk = None
            candidate.version = DETECTOR_VERSION
            kept.append(candidate)
    Candidate.objects.bulk_create(kept, ignore_conflicts=True)
