"""Recode rounds too large for a request: asked for, waiting, running, done. All of it is stored, or none."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_tasks import task

from ..common.jobs import Claim, JobStatus, Kind
from ..errors import BadInput
from ..models import RecodingUnderWay, Round, Study
from .recode import RoundPlan, recode

MOST_IN_A_REQUEST = 400
"""Up to so many codings are taken along within the request, in some seconds; more in the background."""

State = RecodingUnderWay.State


def is_large(plans: Sequence[RoundPlan]) -> bool:
    """Whether the rounds are made in the background."""
    return sum(plan.codings for plan in plans) > MOST_IN_A_REQUEST


@transaction.atomic
def recode_now(study_id: int, *, shows_old: bool, actor_id: int) -> list[Round]:
    """As `recode`; an earlier try that failed is forgotten."""
    made = recode(study_id, shows_old=shows_old, actor_id=actor_id)
    RecodingUnderWay.objects.filter(study=study_id).delete()
    return made


@transaction.atomic
def recode_later(study_id: int, *, shows_old: bool, actor_id: int) -> None:
    """Have the recode rounds made in the background. Raises BadInput while that is being done."""
    Study.objects.select_for_update(of=("self",)).get(pk=study_id)
    busy = BadInput(_("This is being assigned; wait until that is done."))
    known = under_way(study_id)
    if known and known.state in {State.WAITING, State.RUNNING} and not standing_of(known).is_stuck:
        raise busy
    RecodingUnderWay.objects.filter(study=study_id).delete()
    try:
        with transaction.atomic():
            row = RecodingUnderWay.objects.create(
                study_id=study_id, shows_old=shows_old, asked_by_id=actor_id
            )
            RECODINGS.ask(row)
    except IntegrityError:  # asked twice at the same moment
        raise busy from None


def under_way(study_id: int) -> RecodingUnderWay | None:
    return RecodingUnderWay.objects.filter(study_id=study_id).first()


def standing_of(row: RecodingUnderWay) -> JobStatus:
    return RECODINGS.standing(row)


@task()
def run_recoding(pk: int) -> None:
    RECODINGS.run(pk)


@transaction.atomic
def _recode(row: RecodingUnderWay, claim: Claim[RecodingUnderWay]) -> None:
    recode(row.study_id, shows_old=row.shows_old, actor_id=row.asked_by_id, on_share=claim.tell)
    claim.locked().delete()


RECODINGS = Kind(
    "recoding",
    RecodingUnderWay,
    _recode,
    task=lambda: run_recoding,
    failed=lambda: _("It stopped by an error in the program; nothing was assigned."),
)
