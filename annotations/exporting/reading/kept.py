"""Contradictions that coders kept, from a contradictions.csv that `export` wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ...codebooks.schema import SOFT
from ...coding.answers import load_state
from ...coding.save import ImportedKept, count_new_kept, store_imported_kept
from ...common.portions import portions
from ...errors import BadInput
from ...models import Coding, Study
from .lines import CodingLine
from .settled import Report, empty_report

MOST_PROBLEMS = 50
PORTION = 1_000
Place = tuple[str, int, str]
"""Round, coder and conversation."""


def import_kept_lines(
    study: Study,
    lines: Sequence[CodingLine],
    coders: dict[str, int],
    *,
    file_name: str,
    round_name: str | None = None,
    actor_id: int | None = None,
    dry_run: bool = False,
) -> Report:
    """Store that coders kept these, in codings that were read before; again adds nothing.

    `coders`: name in the file -> user id. Raises BadInput where a coding has no such contradiction that may
    be kept.
    """
    places = [
        (round_name or line["round"] or "main", coders[line["coder"]], line["conversation_id"])
        for line in lines
    ]
    codings = _codings(study, places)
    found = {place: _contradictions(coding) for place, coding in codings.items()}
    kept, problems = [], []
    for line, place in zip(lines, places, strict=True):
        what = (line["rule"], line["message_id"])
        if what in found.get(place, {}):
            message_id = found[place][what]
            kept.append(ImportedKept(codings[place], line["rule"], message_id, _time(line["kept_at"])))
        else:
            unit = f"message {line['message_id']}" if line["message_id"] else "the conversation"
            problems.append(
                f"{file_name}, line {line.number}: what {line['coder']} gave in conversation "
                f"{line['conversation_id']} holds no contradiction {line['rule']} about {unit} that may be "
                "kept; read codings_long.csv first."
            )
    if problems:
        raise BadInput(problems[:MOST_PROBLEMS])
    new = count_new_kept(kept) if dry_run else store_imported_kept(study, kept, actor_id=actor_id)
    return empty_report(lines) | {"kept_new": new, "kept_known": len(lines) - new}


def _codings(study: Study, places: Sequence[Place]) -> dict[Place, Coding]:
    """The finished codings that the file names."""
    wanted, found = set(places), {}
    for some in portions(sorted({conversation for _round, _coder, conversation in places}), PORTION):
        rows = Coding.objects.filter(
            state=Coding.State.FINISHED,
            assignment__round__study=study,
            assignment__conversation__key__in=some,
        )
        for coding in rows.select_related("assignment__round", "assignment__conversation"):
            own = coding.assignment
            place = (own.round.name, own.coder_id, own.conversation.key)
            if place in wanted:
                found[place] = coding
    return found


def _contradictions(coding: Coding) -> dict[tuple[str, str], int | None]:
    """(rule, the message's own id or empty) -> message id, of those that may be kept."""
    conversation = coding.assignment.conversation
    names = dict(conversation.messages.values_list("pk", "external_id"))
    return {
        (item.key, names[key[1]] if key[1] else ""): key[1]
        for key, item in load_state(coding).contradictions()
        if item.kind == SOFT
    }


def _time(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else None
