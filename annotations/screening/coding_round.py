"""From found to coded: the round in which the finds are coded, and which messages are meant there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput
from ..models import ComparisonUnit, Round, Screening, Study
from ..sampling.assign import assign_found, empty_round
from .found import check_ended, conversations_of, finds

FIND, COMPARISON = "find", "comparison"


@dataclass(frozen=True)
class Meant:
    """A message that is meant in the round. `stratum`: find or comparison. `match`: key of the find that a
    comparison is matched to, or of the find itself; None where comparisons were drawn at random.
    """

    conversation: int
    message: int
    organisation: int
    stratum: str
    match: int | None


@transaction.atomic
def make_coding_round(
    screening_id: int,
    *,
    name: str,
    coder_ids: Sequence[int],
    shared_percent: Decimal = Decimal(0),
    actor_id: int | None,
) -> Round:
    """A round of main coding with every conversation that holds a find, the comparison sample among them.

    Finds and comparisons come in one random order, so that the order does not tell which is which. Raises
    BadInput.
    """
    screening = Screening.objects.select_for_update().get(pk=screening_id)
    if screening.round_id is not None:
        raise BadInput(_("The round of these finds is made already."))
    check_ended(screening, _("Not every search has ended yet."))
    chosen = conversations_of(finds(screening_id))
    if not chosen:
        raise BadInput(_("Nothing was found, so there is nothing to code."))
    for organisation, ids in _compared(screening_id).items():
        chosen[organisation] = [*chosen.get(organisation, []), *ids]
    study = Study.objects.select_for_update().get(pk=screening.study_id)
    of_round = empty_round(study, name=name, kind=Round.Kind.MAIN, seed=screening.seed, actor_id=actor_id)
    give(of_round, screening, chosen, coder_ids, shared_percent, actor_id)
    screening.round = of_round
    screening.save(update_fields=["round"])
    return of_round


def give(
    of_round: Round,
    screening: Screening,
    chosen: dict[str, list[int]],
    coder_ids: Sequence[int],
    shared_percent: Decimal,
    actor_id: int | None,
) -> None:
    assign_found(
        of_round,
        chosen,
        coder_ids,
        screening=screening.name,
        seed=screening.seed,
        shared_percent=shared_percent,
        actor_id=actor_id,
    )


@transaction.atomic
def adopt_round(screening_id: int, round_id: int, *, actor_id: int | None) -> None:
    """Say that an existing round codes the finds, where they were coded outside this program first.

    Raises BadInput when the round does not hold every conversation with a find.
    """
    screening = Screening.objects.select_for_update().get(pk=screening_id)
    of_round = Round.objects.get(pk=round_id, study_id=screening.study_id)
    check_ended(screening, _("Not every search has ended yet."))
    found = {pk for ids in conversations_of(finds(screening_id)).values() for pk in ids}
    missing = found - set(of_round.assignments.values_list("conversation_id", flat=True))
    if missing:
        raise BadInput(_("This round lacks %(n)d conversations with a find.") % {"n": len(missing)})
    screening.round = of_round
    screening.save(update_fields=["round"])


def meant_in_round(round_id: int) -> list[Meant]:
    """Every message that is meant in a round made of finds, with its stratum; empty for other rounds."""
    screening_id = Screening.objects.filter(round_id=round_id).values_list("pk", flat=True).first()
    if screening_id is None:
        return []
    found = finds(screening_id).values_list(
        "message__conversation_id", "message_id", "track__organisation_id", "pk"
    )
    compared = ComparisonUnit.objects.filter(sample__screening_id=screening_id).values_list(
        "conversation_id", "unit__message_id", "unit__track__organisation_id", "find_id"
    )
    return [Meant(*row[:3], FIND, row[3]) for row in found] + [
        Meant(*row[:3], COMPARISON, row[3]) for row in compared
    ]


def _compared(screening_id: int) -> dict[str, list[int]]:
    rows = ComparisonUnit.objects.filter(sample__screening_id=screening_id).order_by("conversation_id")
    found: dict[str, list[int]] = {}
    for name, conversation in rows.values_list("unit__track__organisation__name", "conversation_id"):
        found.setdefault(name, []).append(conversation)
    return found
