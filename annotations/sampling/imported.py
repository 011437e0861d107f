"""Assignments of work that was done elsewhere: an import of codings says who coded what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count

from ..common.bulk import update_statistics_after
from ..models import Assignment, Event, Round, Study
from .assign import BATCH, last_position


def round_planned(study: Study, name: str, *, modules: Sequence[str] | None = None) -> Round:
    """The round of this name, or one that is not stored yet: with the study's codebook version, and its
    modules where none are named.
    """
    return study.rounds.filter(name=name).first() or Round(
        study=study,
        name=name,
        codebook_version_id=study.codebook_version_id,
        modules=study.modules if modules is None else list(modules),
    )


@transaction.atomic
def round_for_import(
    study: Study, name: str, *, actor_id: int | None, modules: Sequence[str] | None = None
) -> Round:
    """As `round_planned`, stored."""
    study = Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
    found = round_planned(study, name, modules=modules)
    if found.pk is None:
        found.save(force_insert=True)
        Event.objects.record(
            "round.created", actor_id=actor_id, study_id=study.pk, subject=found, after={"name": name}
        )
    return found


@transaction.atomic
def assign_imported(
    of_round: Round, pairs: Iterable[tuple[int, int]], *, actor_id: int | None
) -> dict[tuple[int, int], Assignment]:
    """Assignments for (coder id, conversation id) pairs; those that exist are kept.

    A conversation of several coders counts as shared. Gives all of the round's assignments by pair.
    """
    known = {(row.coder_id, row.conversation_id): row for row in of_round.assignments.all()}
    new = []
    positions: dict[int, int] = {}
    for coder_id, conversation_id in pairs:
        if (coder_id, conversation_id) in known:
            continue
        last = positions.get(coder_id) or last_position(of_round.pk, coder_id)
        positions[coder_id] = last + 1
        row = Assignment(
            round=of_round, coder_id=coder_id, conversation_id=conversation_id, position=last + 1
        )
        new.append(row)
        known[coder_id, conversation_id] = row
    Assignment.objects.bulk_create(new, batch_size=BATCH)
    update_statistics_after(Assignment)
    several = (
        of_round.assignments.order_by()
        .values("conversation_id")
        .annotate(coders=Count("coder_id"))
        .filter(coders__gt=1)
    )
    of_round.assignments.filter(conversation_id__in=several.values("conversation_id")).update(is_shared=True)
    Event.objects.record(
        "conversations.assigned",
        actor_id=actor_id,
        study_id=of_round.study_id,
        subject=of_round,
        after={"imported": len(new)},
    )
    return known
