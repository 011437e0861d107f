"""A new training: its round, its conversations and its key together."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from ..models import Round, Study, Training
from ..sampling.assign import create_round, empty_round
from ..sampling.plan import NEW, Wish
from .attempts import set_up


@transaction.atomic
def make_training(
    study_id: int,
    *,
    name: str,
    seed: int,
    key_round_id: int | None,
    number: int | None,
    next_round_id: int | None,
    units: int,
    attempts: int,
    least: Decimal,
    per_variable: bool,
    actor_id: int,
) -> Training:
    """With a key of one's own, `number` conversations are drawn and given to the actor to code first.

    Raises BadInput; then nothing is made.
    """
    kind = Round.Kind.TRAINING
    if key_round_id is None:
        wish = Wish(coder_ids=(actor_id,), seed=seed, scope=NEW, number=number, shared_percent=Decimal(0))
        round_ = create_round(study_id, wish, name=name, kind=kind, actor_id=actor_id)
    else:
        study = Study.objects.select_for_update().get(pk=study_id)
        round_ = empty_round(study, name=name, kind=kind, seed=seed, actor_id=actor_id)
    return set_up(
        round_.pk,
        key_round_id=key_round_id,
        next_round_id=next_round_id,
        units=units,
        attempts=attempts,
        least=least,
        per_variable=per_variable,
        actor_id=actor_id,
    )
