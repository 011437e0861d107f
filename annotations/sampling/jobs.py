"""Draws too large for a request: confirmed, waiting, running, done or stopped.

The conversations are assigned in one transaction: all of them or none.
"""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_tasks import task

from ..common.jobs import Claim, JobStatus, Kind
from ..conversations.selections import find_selection
from ..errors import BadInput, StaleWrite
from ..models import DrawUnderWay, Round, Study
from .assign import add_to_round, empty_round, lock_round
from .plan import Wish, pool_sizes, shared_number

MOST_IN_A_REQUEST = 50_000
"""Up to so many assignments are written within the request, in a second or two; more in the background."""

State = DrawUnderWay.State


def is_large(study_id: int, round_id: int | None, wish: Wish) -> bool:
    """Whether the draw is made in the background."""
    selection = None if wish.selection is None else find_selection(study_id, wish.selection)
    sizes = pool_sizes(study_id, round_id, wish.scope, selection)
    available = sum(
        size for name, size in sizes.items() if not wish.organisations or name in wish.organisations
    )
    number = available if wish.number is None else wish.number
    return number + shared_number(wish, number) * (len(wish.coder_ids) - 1) > MOST_IN_A_REQUEST


@transaction.atomic
def draw_new(study_id: int, wish: Wish, *, name: str, kind: str, actor_id: int, fingerprint: str) -> Round:
    """A new round whose conversations are assigned in the background. Raises BadInput."""
    study = Study.objects.select_for_update().get(pk=study_id)
    new = empty_round(study, name=name, kind=kind, seed=wish.seed, actor_id=actor_id)
    _ask(new, wish, actor_id, fingerprint)
    return new


@transaction.atomic
def draw_more(round_id: int, wish: Wish, *, actor_id: int, fingerprint: str) -> None:
    """Another draw in a round, in the background. Raises BadInput while one is under way."""
    of_round, _study = lock_round(round_id)
    _ask(of_round, wish, actor_id, fingerprint)


def _ask(of_round: Round, wish: Wish, actor_id: int, fingerprint: str) -> None:
    known = under_way(of_round.pk)
    if known and known.state in {State.WAITING, State.RUNNING} and not standing_of(known).is_stuck:
        raise BadInput(_("Conversations are being assigned in this round; wait until that is done."))
    DrawUnderWay.objects.filter(round=of_round).delete()
    try:
        with transaction.atomic():
            row = DrawUnderWay.objects.create(
                round=of_round, wish=_plain(wish), fingerprint=fingerprint, asked_by_id=actor_id
            )
            DRAWS.ask(row)
    except IntegrityError:  # asked twice at the same moment
        raise BadInput(
            _("Conversations are being assigned in this round; wait until that is done.")
        ) from None


def under_way(round_id: int) -> DrawUnderWay | None:
    return DrawUnderWay.objects.filter(round_id=round_id).first()


def standing_of(row: DrawUnderWay) -> JobStatus:
    return DRAWS.standing(row)


@task()
def run_draw(pk: int) -> None:
    DRAWS.run(pk)


@transaction.atomic
def _assign(row: DrawUnderWay, claim: Claim[DrawUnderWay]) -> None:
    try:
        add_to_round(
            row.round_id,
            _wish(row.wish),
            actor_id=row.asked_by_id,
            fingerprint=row.fingerprint or None,
            on_share=claim.tell,
        )
    except StaleWrite:
        why = _("Conversations came in or were assigned meanwhile, so nothing was assigned.")
        raise BadInput(why) from None
    claim.locked().delete()


DRAWS = Kind(
    "draw",
    DrawUnderWay,
    _assign,
    task=lambda: run_draw,
    failed=lambda: _("It stopped by an error in the program; nothing was assigned."),
)


def _plain(wish: Wish) -> dict[str, Any]:
    return asdict(wish) | {"shared_percent": str(wish.shared_percent)}


def _wish(written: dict[str, Any]) -> Wish:
    return Wish(
        **written
        | {
            "coder_ids": tuple(written["coder_ids"]),
            "organisations": tuple(written["organisations"]),
            "shared_percent": Decimal(written["shared_percent"]),
        }
    )
