"""Settled values that were made elsewhere, row by row of a file; they are written through `resolve`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from ..codebooks.values import InvalidValue, parse_value
from ..errors import BadInput, StaleWrite, WebcareError
from ..models import Coding, Round, Study
from .final import SpanValue
from .resolve import Ruling, find_unit, settle
from .stored import Settlement

COLUMNS = ("conversation_id", "message_id", "variable", "value", "start", "end", "cause", "reason")
MOST_PROBLEMS = 20

Row = Mapping[str, str]


@dataclass
class _Group:
    """The rows about one variable of one unit; a multi answer and a set of fragments have several."""

    line: int
    conversation: str
    message: str
    variable: str
    rows: list[Row] = field(default_factory=list)


@transaction.atomic
def import_settled(study: Study, rows: Iterable[Row], actor: User, *, round_: Round | None = None) -> int:
    """Settle what the rows say (COLUMNS; keys as in the files of `export`); gives the number of units.

    Without `round_` it is the newest round in which the conversation was finished by two coders or more, else
    by anybody. All or nothing: raises BadInput with a sentence per faulty row (row 2 is the first below the
    header).
    """
    groups = _grouped(rows)
    conversations = dict(study.conversations.values_list("key", "id"))
    messages = dict(
        study.messages.filter(
            external_id__in={group.message for group in groups if group.message}
        ).values_list("external_id", "id")
    )
    rounds = _rounds(study)
    problems: list[str] = []
    for group in groups:
        try:
            conversation_id = conversations.get(group.conversation)
            if conversation_id is None:
                raise BadInput(_("conversation %(key)s is not in this study") % {"key": group.conversation})
            message_id = messages.get(group.message)
            if group.message and message_id is None:
                raise BadInput(_("message %(key)s is not in this study") % {"key": group.message})
            where = round_ or rounds.get(conversation_id)
            if where is None:
                raise BadInput(_("nobody has finished this conversation yet"))
            _settle(where, conversation_id, message_id, group, actor)
        except WebcareError as problem:
            problems.append(_("Row %(line)d: %(problem)s") % {"line": group.line, "problem": problem})
    if problems:
        raise BadInput(problems[:MOST_PROBLEMS])
    return len(groups)


def _grouped(rows: Iterable[Row]) -> list[_Group]:
    groups: dict[tuple[str, str, str], _Group] = {}
    for line, row in enumerate(rows, start=2):
        absent = [column for column in COLUMNS if row.get(column) is None]
        if absent:
            raise BadInput(_("The column %(column)s is missing.") % {"column": absent[0]})
        key = (row["conversation_id"].strip(), row["message_id"].strip(), row["variable"].strip())
        groups.setdefault(key, _Group(line, *key)).rows.append(row)
    return list(groups.values())


def _settle(round_: Round, conversation_id: int, message_id: int | None, group: _Group, actor: User) -> None:
    unit = find_unit(round_, group.variable, conversation_id, message_id)
    settlement: Settlement
    if unit.variable.level == "span":
        settlement = tuple(_span(row) for row in group.rows if row["value"].strip())
    else:
        try:
            settlement = parse_value(unit.variable, [row["value"] for row in group.rows])
        except InvalidValue as problem:
            raise BadInput(_(problem.sentence) % problem.params) from None
    first = group.rows[0]
    ruling = Ruling(settlement, cause=first["cause"].strip(), reason=first["reason"])
    try:
        settle(unit, ruling, revision=0, actor_id=actor.pk)
    except StaleWrite:
        raise BadInput(_("this was decided otherwise before; nothing is overwritten")) from None


def _span(row: Row) -> SpanValue:
    try:
        return SpanValue(int(row["start"]), int(row["end"]), row["value"].strip())
    except ValueError:
        raise BadInput(_("start and end of a fragment must be whole numbers")) from None


def _rounds(study: Study) -> dict[int, Round]:
    """Conversation id -> the round in which it is settled."""
    finished: dict[tuple[int, int], int] = {}
    for pair in Coding.objects.filter(
        assignment__round__study=study, state=Coding.State.FINISHED
    ).values_list("assignment__conversation_id", "assignment__round_id"):
        finished[pair] = finished.get(pair, 0) + 1
    rounds = {round_.pk: round_ for round_ in study.rounds.all()}
    order = {pk: place for place, pk in enumerate(rounds)}
    best: dict[int, tuple[bool, int]] = {}
    chosen: dict[int, Round] = {}
    for (conversation_id, round_id), coders in finished.items():
        worth = (coders > 1, order[round_id])
        if conversation_id not in best or worth > best[conversation_id]:
            best[conversation_id] = worth
            chosen[conversation_id] = rounds[round_id]
    return chosen
