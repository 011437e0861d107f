"""The search that gave the demo study its hundred messages: two screeners, their log, a comparison sample."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from ..models import Membership, Message, Round, Screening, ScreeningTrack, Study
from ..screening.coding_round import adopt_round
from ..screening.comparison import draw_comparison
from ..screening.decide import Given, decide, settle
from ..screening.frame import FRAMES
from ..screening.queue import hand_out
from ..screening.setup import Plan, StopRule, make_screening, start

NAME = "Terugzoeken vanaf mei 2019"
STARTS_ON = date(2019, 5, 31)
SEED = 20190531
DOUBLE = Decimal(20)
SAID_ONLY = re.compile(r"\b(gestuurd|verstuurd|doorgestuurd|dm|pb|privébericht)\b", re.IGNORECASE)
OVERLOOKED = 17
"""Of the messages that two people screen, every so many-th find is overlooked by the second."""


def screen_demo(
    study: Study, of_round: Round, *, truth: dict[str, str], quota: int, actor_id: int
) -> Screening:
    """`truth`: key of a message -> yes or no; what is not named is a no. `quota`: finds per organisation."""
    coders = list(
        Membership.objects.filter(study=study, role=Membership.Role.CODER)
        .order_by("pseudonym")
        .values_list("user_id", flat=True)
    )
    plan = Plan(
        name=NAME,
        variable="contains_pii",
        starts_on=STARTS_ON,
        stops=[StopRule(pk, target=quota) for pk in study.organisations.values_list("pk", flat=True)],
        screeners=coders,
        double_percent=DOUBLE,
        seed=SEED,
    )
    screening = make_screening(study.pk, plan, actor_id=actor_id)
    for track in start(screening.pk, actor_id=actor_id).tracks.all():
        FRAMES.run(track.pk)
        for turn, coder in enumerate(coders):
            _screen(track, coder, truth, overlooks=turn > 0)
        _settle(track, truth, actor_id)
        _screen(track, coders[0], truth, overlooks=False)
    adopt_round(screening.pk, of_round.pk, actor_id=actor_id)
    draw_comparison(screening.pk, design="random", per_find=1, seed=SEED, actor_id=actor_id)
    screening.refresh_from_db()
    return screening


def _screen(track: ScreeningTrack, coder: int, truth: dict[str, str], *, overlooks: bool) -> None:
    while (unit := hand_out(track.pk, coder)) is not None:
        given = _given(unit.message, truth)
        if overlooks and given.answer == "yes" and unit.position % OVERLOOKED == 0:
            given = Given("no", "nothing_visible")
        decide(unit.pk, given, coder_id=coder, revision=0)


def _settle(track: ScreeningTrack, truth: dict[str, str], actor_id: int) -> None:
    for unit in track.units.filter(state="differs").select_related("message"):
        settle(unit.pk, _given(unit.message, truth), actor_id=actor_id, revision=0)


def _given(message: Message, truth: dict[str, str]) -> Given:
    if truth.get(message.external_id) == "yes":
        return Given("yes")
    if message.candidates.exists():
        return Given("no", "other_kind")
    return Given("no", "said_only" if SAID_ONLY.search(message.text) else "nothing_visible")
