"""Settled values from a consensus.csv that `export` wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...adjudication.imported import import_settled
from ...errors import BadInput
from ...finals.of_round import SETTLED
from ...models import Membership, Study
from .lines import CodingLine

Report = dict[str, Any]


def import_settled_lines(
    study: Study,
    lines: Sequence[CodingLine],
    *,
    file_name: str,
    round_name: str | None = None,
    actor_id: int | None = None,
    dry_run: bool = False,
) -> Report:
    """The settled values of a consensus.csv, beside the codings that were read before it.

    The other rows follow from the codings. The file does not say who decided: `actor_id`, by default the
    study's one supervisor, stands for the decisions.
    """
    if actor_id is None and any(line["source"] == SETTLED for line in lines):
        actor_id = _the_supervisor(study)
    loaded = import_settled(
        study,
        [line.cells for line in lines],
        actor_id=actor_id or 0,
        round_name=round_name,
        place_of=lambda index: f"{file_name}, line {lines[index].number}",
        dry_run=dry_run,
    )
    return empty_report(lines) | {"settled_new": loaded.new, "settled_known": loaded.known}


def _the_supervisor(study: Study) -> int:
    supervisors = study.memberships.filter(role=Membership.Role.SUPERVISOR, is_active=True)
    ids = list(supervisors.values_list("user_id", flat=True)[:2])
    if len(ids) != 1:
        how_many = "no supervisor" if not ids else "several supervisors"
        raise BadInput(
            f"The study has {how_many}; say with --settled-by USERNAME who stands for the decisions."
        )
    return ids[0]


def empty_report(lines: Sequence[CodingLine]) -> Report:
    return {
        "rows": len(lines),
        "codings_new": 0,
        "codings_added_to": 0,
        "codings_known": 0,
        "answers": 0,
        "spans": 0,
        "settled_new": 0,
        "settled_known": 0,
        "kept_new": 0,
        "kept_known": 0,
        "coders_created": [],
        "warnings": [],
    }
