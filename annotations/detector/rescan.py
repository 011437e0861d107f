"""Scanning a study again with a newer detector: a version is added, nothing that a coder decided changes.

A background job in portions: each is stored by itself, so that nobody waits for the study, and one that was
interrupted or failed goes on where it was.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_tasks import task

from ..common.bulk import update_statistics_after
from ..common.jobs import Claim, Kind
from ..common.masking import BULLET
from ..importing.store.detection import Detection, Found
from ..importing.store.scanning import Scanner
from ..importing.store.study_rules import rules_of, version_now
from ..models import Candidate, Event, Message, Rescan, Study

PORTION = 1_000

State = Rescan.State


def needs_rescan(study: Study) -> bool:
    """Whether any message of the study was not read by today's detector and rules."""
    return bool(study.earlier_detector_version) or study.detector_version != version_now(study)


@task()
def run_rescan(pk: int) -> None:
    RESCANS.run(pk)


@transaction.atomic
def ask(study_id: int, *, actor_id: int | None) -> Rescan:
    """Have the candidates of today's detector, rules and handles added; who asks again gets the same scan.

    Candidates of earlier versions and every decision on them stay. In a strict study the texts are masked
    already, so what was masked is not found again; those candidates are carried over from before. A scan that
    failed goes on where it stopped.
    """
    study = Study.objects.select_for_update(of=("self",)).get(pk=study_id)
    handles = sorted(study.handles.values_list("handle", flat=True))
    others = Rescan.objects.filter(study=study).exclude(state__in=[State.DONE, State.CANCELLED])
    version = version_now(study)
    row = others.filter(version=version, handles=handles).first()
    if row and row.state != State.FAILED and not RESCANS.standing(row).is_stuck:
        return row
    if row is None:
        others.exclude(state=State.RUNNING).update(state=State.CANCELLED)
        row = Rescan.objects.create(
            study=study,
            asked_by_id=actor_id,
            version=version,
            handles=handles,
            version_before=study.earlier_detector_version or study.detector_version,
            known=_found_with(study, version).count(),
        )
    RESCANS.ask(row)
    return row


def unfinished(study: Study) -> Rescan | None:
    """The scan of a study that is under way, or failed."""
    return Rescan.objects.filter(study=study).exclude(state__in=[State.DONE, State.CANCELLED]).first()


def _work(row: Rescan, claim: Claim[Rescan]) -> None:
    messages = Message.objects.filter(study=row.study, state=Message.State.PRESENT)
    total = messages.count()
    done = messages.filter(pk__lte=row.last_message).count()
    how = Detection(
        handles=tuple(row.handles), strict=False, version=row.version, rules=rules_of(row.study, row.version)
    )
    waiting: deque[tuple[list[Message], Callable[[], list[Found]]]] = deque()

    def store_first() -> None:
        nonlocal done
        chunk, fetch = waiting.popleft()
        scanned = fetch()
        with transaction.atomic():
            claim.locked()
            _store(chunk, scanned)
            claim.rows.update(last_message=chunk[-1].pk)
        done += len(chunk)
        claim.tell(min(done / total, 1.0), messages=min(done, total), total=total)

    with Scanner(how, total - done) as scanner:
        for chunk in _portions(row):
            waiting.append(
                (chunk, scanner.submit([(message.text, message.author_role) for message in chunk]))
            )
            if len(waiting) > scanner.ahead:
                store_first()
        while waiting:
            store_first()
    _finish(row, claim)


def _portions(row: Rescan) -> Iterator[list[Message]]:
    """Messages in the order of their keys, after those that are done; no query is kept open meanwhile."""
    last = row.last_message
    messages = Message.objects.filter(study=row.study, state=Message.State.PRESENT).select_related("account")
    while chunk := list(
        messages.only("id", "text", "account__role").filter(pk__gt=last).order_by("pk")[:PORTION]
    ):
        yield chunk
        last = chunk[-1].pk


@transaction.atomic
def _finish(row: Rescan, claim: Claim[Rescan]) -> None:
    study = Study.objects.select_for_update(of=("self",)).get(pk=row.study_id)
    before = row.version_before
    if study.privacy == Study.Privacy.STRICT and before != row.version:
        _carry_over(study, before, row.version)
    added = _found_with(study, row.version).count() - row.known
    update_statistics_after(Candidate)
    claim.done(added=added)
    if before == row.version and not added:
        return
    study.detector_version, study.earlier_detector_version = row.version, ""
    study.save(update_fields=["detector_version", "earlier_detector_version"])
    Event.objects.record(
        "study.rescanned",
        actor_id=row.asked_by_id,
        study_id=study.pk,
        subject=study,
        before={"version": before},
        after={"version": row.version, "candidates": added},
    )


RESCANS = Kind(
    "rescan",
    Rescan,
    _work,
    task=lambda: run_rescan,
    failed=lambda: _("Looking for candidates stopped by an error in the program; what was found is kept."),
)


def _found_with(study: Study, version: str) -> QuerySet[Candidate]:
    return Candidate.objects.filter(message__study=study, version=version)


def _store(chunk: Sequence[Message], scanned: Sequence[Found]) -> None:
    rows = [
        Candidate(
            message=message,
            start=start,
            end=end,
            info_type=info_type,
            subtype=subtype,
            confidence=confidence,
            completeness=completeness,
            subject=subject,
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
            subject,
            detector,
            version,
            reason,
            alternatives,
        ) in found
    ]
    Candidate.objects.bulk_create(rows, ignore_conflicts=True, batch_size=PORTION)


def _carry_over(study: Study, before: str, version: str) -> None:
    """Candidates whose text is masked cannot be found again; they get a row of the new version."""
    rows = Candidate.objects.filter(message__study=study, version=before).select_related("message")
    kept = []
    for candidate in rows.iterator():
        if set(candidate.message.text[candidate.start : candidate.end]) == {BULLET}:
            candidate.pk = None
            candidate.version = version
            kept.append(candidate)
    Candidate.objects.bulk_create(kept, ignore_conflicts=True, batch_size=PORTION)
