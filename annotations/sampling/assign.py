"""Writes rounds and assignments. What was assigned is never moved by a later draw.

Changes to the assignments of one study wait for each other: its row is locked first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from ..common.bulk import Table, roomy, stored_time, update_statistics_after
from ..common.portions import portions
from ..common.progress import Tell
from ..errors import BadInput, StaleWrite
from ..models import Assignment, Event, Gate, Membership, Organisation, Round, Selection, Study
from .draw import assign, shuffled, withhold
from .plan import Outcome, Wish, make_plan

BATCH = 5_000
COLUMNS = (
    "round_id",
    "conversation_id",
    "coder_id",
    "position",
    "is_shared",
    "highlights",
    "created_at",
)


@transaction.atomic
def create_round(
    study_id: int,
    wish: Wish,
    *,
    name: str,
    kind: str,
    actor_id: int | None,
    fingerprint: str | None = None,
) -> Round:
    """A new round with its first draw, on the study's codebook version and modules of this moment.

    `fingerprint` of the outcome that was shown: raises StaleWrite when the conversations to draw from are
    others by now. Raises BadInput.
    """
    study = Study.objects.select_for_update().get(pk=study_id)
    new = empty_round(study, name=name, kind=kind, seed=wish.seed, actor_id=actor_id)
    outcome = _same_pool(make_plan(study_id, wish), fingerprint)
    _write(new, outcome, study.withheld_share, actor_id)
    return new


def empty_round(study: Study, *, name: str, kind: str, seed: int, actor_id: int | None) -> Round:
    """A round without conversations as yet. Raises BadInput."""
    name = " ".join(name.split())
    _check_name(study.pk, name)
    if kind not in Round.Kind.values:
        raise BadInput(_("Choose what kind of round this is."))
    new = Round.objects.create(
        study=study,
        name=name,
        kind=kind,
        codebook_version_id=study.codebook_version_id,
        modules=study.modules,
        seed=seed,
    )
    Event.objects.record(
        "round.created",
        actor_id=actor_id,
        study_id=study.pk,
        subject=new,
        after={"name": name, "kind": kind},
    )
    return new


@transaction.atomic
def add_to_round(
    round_id: int,
    wish: Wish,
    *,
    actor_id: int | None,
    fingerprint: str | None = None,
    on_share: Tell | None = None,
) -> Outcome:
    """Another draw in a round; earlier assignments stay where they are, coders find the new ones after them.

    Raises BadInput, or StaleWrite as `create_round`.
    """
    of_round, study = lock_round(round_id)
    outcome = _same_pool(make_plan(study.pk, wish, round_id=round_id), fingerprint)
    _write(of_round, outcome, study.withheld_share, actor_id, on_share)
    return outcome


@transaction.atomic
def assign_found(
    of_round: Round,
    by_organisation: Mapping[str, Sequence[int]],
    coder_ids: Sequence[int],
    *,
    screening: str,
    seed: int,
    shared_percent: Decimal,
    actor_id: int | None,
) -> None:
    """Divide conversations that a screening chose over coders; what a coder has in the round already stays.

    by_organisation: name -> conversation ids. screening: its name, for the record. Raises BadInput.
    """
    study = Study.objects.select_for_update().get(pk=of_round.study_id)
    if not coder_ids:
        raise BadInput(_("Choose at least one coder."))
    for coder_id in coder_ids:
        check_member(study.pk, coder_id)
    total = sum(map(len, by_organisation.values()))
    shared = math.ceil(total * shared_percent / 100) if len(coder_ids) > 1 else 0
    plan = assign(by_organisation, coder_ids, shared=shared, seed=seed)
    for coder_id, order in plan.by_coder.items():
        unlit = withhold(order, float(study.withheld_share), seed, coder_id)
        _insert(of_round.pk, coder_id, order, plan.shared, unlit)
    update_statistics_after(Assignment)
    sizes = {name: len(ids) for name, ids in sorted(by_organisation.items())}
    record = {
        "seed": seed,
        "design": "screening",
        "scope": "new",
        "screening": screening,
        "pool": sizes,
        "drawn": sizes,
        "shared": len(plan.shared),
        "coders": {str(coder): len(order) for coder, order in plan.by_coder.items()},
        "withheld_share": float(study.withheld_share),
        "at": timezone.now().isoformat(timespec="seconds"),
        "by": actor_id,
    }
    of_round.draw = [*of_round.draw, record]
    of_round.save(update_fields=["draw"])
    Event.objects.record(
        "conversations.assigned", actor_id=actor_id, study_id=study.pk, subject=of_round, after=record
    )


@transaction.atomic
def share_with(round_id: int, coder_id: int, *, actor_id: int | None) -> int:
    """Gives a coder the conversations of the round that everybody codes, for one who joins later.

    Returns how many were new to the coder. Raises BadInput.
    """
    of_round, study = lock_round(round_id)
    check_member(study.pk, coder_id)
    everybodys = Assignment.objects.filter(round=of_round, is_shared=True)
    mine = Assignment.objects.filter(round=of_round, coder_id=coder_id).values("conversation_id")
    ids = set(everybodys.exclude(conversation__in=mine).values_list("conversation_id", flat=True))
    order = shuffled(ids, of_round.seed, f"order:{coder_id}")
    unlit = withhold(order, float(study.withheld_share), of_round.seed, coder_id)
    _insert(of_round.pk, coder_id, order, frozenset(order), unlit)
    after = {"coder": coder_id, "conversations": len(order)}
    Event.objects.record(
        "assignments.shared", actor_id=actor_id, study_id=study.pk, subject=of_round, after=after
    )
    return len(order)


@transaction.atomic
def open_or_close(round_id: int, is_open: bool, *, actor_id: int | None) -> None:
    """Nobody codes in a closed round; it can be opened again, unless its gate is shut: then BadInput."""
    of_round = Round.objects.select_for_update().get(pk=round_id)
    if of_round.is_open == is_open:
        return
    if is_open and Gate.objects.filter(round=of_round, opened_at__isnull=True).exists():
        raise BadInput(
            _("This round waits for agreement in an earlier round, or for your reason to open it.")
        )
    of_round.is_open = is_open
    of_round.save(update_fields=["is_open"])
    action = "round.opened" if is_open else "round.closed"
    Event.objects.record(action, actor_id=actor_id, study_id=of_round.study_id, subject=of_round)


def lock_round(round_id: int, *, must_be_open: bool = True) -> tuple[Round, Study]:
    study_id = Round.objects.values_list("study_id", flat=True).get(pk=round_id)
    study = Study.objects.select_for_update().get(pk=study_id)
    of_round = Round.objects.get(pk=round_id)
    if must_be_open and not of_round.is_open:
        raise BadInput(_("This round is closed. Open it first."))
    return of_round, study


def _check_name(study_id: int, name: str) -> None:
    if not 1 <= len(name) <= 80:
        raise BadInput(_("Give the round a name of 1 to 80 characters."))
    if Round.objects.filter(study_id=study_id, name__iexact=name).exists():
        raise BadInput(_("There is a round of this name already. Choose another name."))


def check_member(study_id: int, coder_id: int) -> None:
    if not Membership.objects.filter(study_id=study_id, user_id=coder_id, is_active=True).exists():
        raise BadInput(_("That person is not an active member of this study."))


def _same_pool(outcome: Outcome, fingerprint: str | None) -> Outcome:
    if fingerprint is not None and fingerprint != outcome.fingerprint:
        raise StaleWrite(outcome, 0)
    return outcome


def _write(
    of_round: Round,
    outcome: Outcome,
    withheld_share: Decimal,
    actor_id: int | None,
    on_share: Tell | None = None,
) -> None:
    seed, plan = outcome.wish.seed, outcome.plan
    total, done = sum(map(len, plan.by_coder.values())), 0

    def tell(written: int) -> None:
        nonlocal done
        done += written
        if on_share:
            on_share(done / total)

    for coder_id, order in plan.by_coder.items():
        unlit = withhold(order, float(withheld_share), seed, coder_id)
        _insert(of_round.pk, coder_id, order, plan.shared, unlit, tell)
    update_statistics_after(Assignment)
    record = _record(outcome, withheld_share, actor_id)
    of_round.draw = [*of_round.draw, record]
    of_round.save(update_fields=["draw"])
    # Without the filters: what was searched for may be personal, and the log cannot be cleared.
    selection = {"selection": outcome.selection.name} if outcome.selection else {}
    Event.objects.record(
        "conversations.assigned",
        actor_id=actor_id,
        study_id=of_round.study_id,
        subject=of_round,
        after=record | selection,
    )


def _record(outcome: Outcome, withheld_share: Decimal, actor_id: int | None) -> dict[str, Any]:
    """What a methods section needs to describe the draw, and a reader to repeat it."""
    wish = outcome.wish
    drawn: dict[str, int] = {}
    for conversation in outcome.plan.conversations:
        name = outcome.organisation_of[conversation]
        drawn[name] = drawn.get(name, 0) + 1
    return {
        "seed": wish.seed,
        "design": "stratified" if wish.stratified else "simple",
        "scope": wish.scope,
        **({"selection": _selection(outcome.selection)} if outcome.selection else {}),
        "pool": dict(outcome.pool),
        "drawn": dict(sorted(drawn.items())),
        "shared": len(outcome.plan.shared),
        "coders": {str(coder): len(order) for coder, order in outcome.plan.by_coder.items()},
        "withheld_share": float(withheld_share),
        "fingerprint": outcome.fingerprint,
        "at": timezone.now().isoformat(timespec="seconds"),
        "by": actor_id,
    }


def _selection(selection: Selection) -> dict[str, Any]:
    """As it was at the draw, for it may be changed or deleted; the name of its organisation likewise."""
    key = selection.filters.get("organisation")
    organisation = Organisation.objects.filter(pk=key).values_list("name", flat=True).first() if key else None
    return {"name": selection.name, "filters": selection.filters, "organisation": organisation}


def _insert(
    round_id: int,
    coder_id: int,
    order: Sequence[int],
    shared: Collection[int],
    unlit: Collection[int],
    tell: Callable[[int], None] = lambda written: None,
) -> None:
    """A coder's conversations, after those the coder has."""
    first, now = last_position(round_id, coder_id) + 1, stored_time(timezone.now())
    rows = (
        (
            round_id,
            conversation_id,
            coder_id,
            position,
            int(conversation_id in shared),
            int(conversation_id not in unlit),
            now,
        )
        for position, conversation_id in enumerate(order, start=first)
    )
    table = Table(Assignment, COLUMNS)
    with roomy():
        for some in portions(rows, BATCH):
            table.insert(some)
            tell(len(some))


def last_position(round_id: int, coder_id: int) -> int:
    of_coder = Assignment.objects.filter(round_id=round_id, coder_id=coder_id)
    return of_coder.aggregate(last=Max("position"))["last"] or 0
