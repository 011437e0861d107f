"""Rounds that code again what a change of the codebook touched: made and assigned here."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from ..common.bulk import update_statistics_after
from ..models import Assignment, Event, Round
from .assign import BATCH, last_position


@transaction.atomic
def recode_round(source: Round, *, name: str, shows_old: bool, actor_id: int | None) -> Round:
    """The round that codes `source` again with the study's version; made where there is none yet."""
    study = source.study
    known = study.rounds.filter(recodes=source, codebook_version=study.codebook_version).first()
    if known is not None:
        return known
    # A pilot counts nowhere, and neither does what is coded again of it.
    is_pilot = source.kind == Round.Kind.PILOT
    new = Round.objects.create(
        study=study,
        name=_free_name(study.pk, name),
        kind=Round.Kind.PILOT if is_pilot else Round.Kind.RECODE,
        codebook_version_id=study.codebook_version_id,
        modules=study.modules,
        seed=source.seed,
        recodes=source,
        shows_old=shows_old,
    )
    Event.objects.record(
        "round.recoding", actor_id=actor_id, study_id=study.pk, subject=new, after={"name": new.name}
    )
    return new


@transaction.atomic
def assign_again(of_round: Round, earlier: Sequence[Assignment], *, actor_id: int | None) -> list[Assignment]:
    """The same conversations to the same coders, in the order that they had; those there are not again."""
    known = set(of_round.assignments.values_list("coder_id", "conversation_id"))
    places: dict[int, int] = {}
    new = []
    for row in sorted(earlier, key=lambda row: (row.coder_id, row.position)):
        if (row.coder_id, row.conversation_id) in known:
            continue
        place = places.get(row.coder_id) or last_position(of_round.pk, row.coder_id)
        places[row.coder_id] = place + 1
        new.append(
            Assignment(
                round=of_round,
                conversation_id=row.conversation_id,
                coder_id=row.coder_id,
                position=place + 1,
                is_shared=row.is_shared,
                highlights=row.highlights,
            )
        )
    Assignment.objects.bulk_create(new, batch_size=BATCH)
    update_statistics_after(Assignment)
    record = {
        "recoded": len({row.conversation_id for row in new}),
        "coders": {str(coder): place for coder, place in places.items()},
        "at": timezone.now().isoformat(timespec="seconds"),
        "by": actor_id,
    }
    Event.objects.record(
        "conversations.assigned",
        actor_id=actor_id,
        study_id=of_round.study_id,
        subject=of_round,
        after=record,
    )
    return new


def _free_name(study_id: int, name: str) -> str:
    taken = {each.lower() for each in Round.objects.filter(study=study_id).values_list("name", flat=True)}
    wanted, number = name[:80], 2
    while wanted.lower() in taken:
        wanted, number = f"{name[:75]} {number}", number + 1
    return wanted
