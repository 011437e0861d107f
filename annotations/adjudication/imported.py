"""Settled values that were made elsewhere, row by row of a file; they are written through `resolve`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from ..codebooks.conversion import parse_value
from ..codebooks.lookup import Lookup, lookup
from ..codebooks.values import InvalidValue, Value, plain
from ..common.portions import portions
from ..errors import BadInput, WebcareError
from ..finals.of_round import SETTLED, SINGLE, UNANIMOUS, UNRESOLVED
from ..finals.settled import Settlement, SpanValue, settlements
from ..models import Coding, Consensus, Conversation, Message, Round, Study
from .resolve import Imported, settle_imported
from .units import DecisionUnit, Ruling, checked_ruling, checked_unit

COLUMNS = ("conversation_id", "message_id", "variable", "value", "start", "end", "cause", "reason")
"""What a row must hold. It may also hold `round`, `decided_at`, and `source`: of the rows of an export only
those that somebody settled count, the others follow from the codings."""
SOURCES = {SETTLED, UNANIMOUS, SINGLE, UNRESOLVED}
MOST_PROBLEMS = 20
BATCH_SIZE = 5_000

Row = Mapping[str, str]
Key = tuple[int, int, int | None, int]
"""Ids of round, conversation, message and variable."""


class Loaded(NamedTuple):
    """Units that were settled, and units that were settled so already."""

    new: int
    known: int


@dataclass
class _Group:
    """The rows about one variable of one unit; a multi answer and a set of fragments have several."""

    place: str
    unit: DecisionUnit
    rows: list[Row] = field(default_factory=list)

    @property
    def key(self) -> Key:
        message = self.unit.message
        return (
            self.unit.round.pk,
            self.unit.conversation.pk,
            message.pk if message else None,
            self.unit.variable_id,
        )


def row_below_header(index: int) -> str:
    return _("Row %(line)d") % {"line": index + 2}


def import_settled(
    study: Study,
    rows: Iterable[Row],
    *,
    actor_id: int,
    round_name: str | None = None,
    place_of: Callable[[int], str] = row_below_header,
    dry_run: bool = False,
) -> Loaded:
    """Settle what the rows say (COLUMNS; keys as in the files of `export`).

    A row's round is `round_name`, else the one it names, else the newest in which the conversation was
    finished by two coders or more, else by anybody. All or nothing: raises BadInput with a sentence per
    faulty row, which `place_of` its index names. What was decided or taken back before is not overwritten
    (the database refuses a second decision). `dry_run`: only check and count.
    """
    reader = _Reader(study, list(rows), round_name)
    problems: list[str] = []
    groups: dict[Key, _Group] = {}
    for index, row in enumerate(reader.rows):
        try:
            if _counts(row):
                group = _Group(place_of(index), reader.unit_of(row))
                groups.setdefault(group.key, group).rows.append(row)
        except WebcareError as problem:
            problems.append(f"{place_of(index)}: {problem}")
    decided_before = _decided_before({group.unit.round for group in groups.values()}) if groups else {}
    new: list[Imported] = []
    for key, group in groups.items():
        try:
            decided = _decided(group)
            if key not in decided_before:
                new.append(decided)
            elif not _is_same(decided.ruling, *decided_before[key]):
                raise BadInput(_("this was decided otherwise before; nothing is overwritten"))
        except WebcareError as problem:
            problems.append(f"{group.place}: {problem}")
    if problems:
        raise BadInput(problems[:MOST_PROBLEMS])
    if not dry_run:
        settle_imported(study.pk, new, actor_id=actor_id)
    return Loaded(len(new), len(groups) - len(new))


def _counts(row: Row) -> bool:
    absent = [column for column in COLUMNS if row.get(column) is None]
    if absent:
        raise BadInput(_("The column %(column)s is missing.") % {"column": absent[0]})
    source = row.get("source", SETTLED).strip()
    if source not in SOURCES:
        raise BadInput(
            _("source must be one of %(sources)s, not %(source)s")
            % {"sources": ", ".join(sorted(SOURCES)), "source": source[:40] or "–"}
        )
    return source == SETTLED


class _Reader:
    """Finds the units that rows are about: everything in a few queries, a few thousand keys at a time."""

    def __init__(self, study: Study, rows: Sequence[Row], round_name: str | None) -> None:
        self.rows, self.round_name = rows, round_name
        self.conversations: dict[str, Conversation] = {}
        for keys in _some(row.get("conversation_id") for row in rows):
            self.conversations |= {row.key: row for row in study.conversations.filter(key__in=keys)}
        self.messages: dict[str, Message] = {}
        for keys in _some(row.get("message_id") for row in rows):
            found = study.messages.filter(external_id__in=keys)
            self.messages |= {row.external_id: row for row in found}
        self.rounds = {row.name: row for row in study.rounds.all()}
        self.chosen = _rounds(study)

    def unit_of(self, row: Row) -> DecisionUnit:
        key, message_key = row["conversation_id"].strip(), row["message_id"].strip()
        conversation, message = self.conversations.get(key), self.messages.get(message_key)
        if conversation is None:
            raise BadInput(_("conversation %(key)s is not in this study") % {"key": key})
        if message_key and message is None:
            raise BadInput(_("message %(key)s is not in this study") % {"key": message_key})
        round_ = self._round_of(row, conversation)
        return checked_unit(round_, _settled_as(round_, row["variable"].strip()), conversation, message)

    def _round_of(self, row: Row, conversation: Conversation) -> Round:
        name = self.round_name or row.get("round", "").strip()
        round_ = self.rounds.get(name) if name else self.chosen.get(conversation.pk)
        if round_ is None and name:
            raise BadInput(_("there is no round %(name)s; import its codings first") % {"name": name})
        if round_ is None:
            raise BadInput(_("nobody has finished this conversation yet"))
        return round_


def _some(keys: Iterable[str | None]) -> Iterator[list[str]]:
    return portions(sorted({key.strip() for key in keys if key}), BATCH_SIZE)


def _settled_as(round_: Round, variable: str) -> str:
    """Fragments are settled as a set, under the variable that gives their type."""
    codebook = lookup(round_.codebook_version_id)
    spec = codebook.spec.by_key.get(variable)
    return (
        codebook.type_variable.key if spec and spec.level == "span" and codebook.type_variable else variable
    )


def _decided(group: _Group) -> Imported:
    unit, first = group.unit, group.rows[0]
    settlement: Settlement
    if unit.variable.level == "span":
        settlement = tuple(_spans(unit.codebook, group.rows))
    else:
        settlement = _value(unit.codebook, unit.variable.key, [_given(row) for row in group.rows])
    ruling = Ruling(settlement, cause=first["cause"].strip(), reason=first["reason"])
    return Imported(unit, checked_ruling(unit, ruling), _moment(first.get("decided_at", "")))


def _spans(codebook: Lookup, rows: Sequence[Row]) -> Iterator[SpanValue]:
    """The fragments; rows with further answers about one follow the row with its type."""
    assert codebook.type_variable
    answers: list[tuple[SpanValue, dict[str, list[str]]]] = []
    for row in rows:
        variable, value = row["variable"].strip(), _given(row).strip()
        if variable == codebook.type_variable.key:
            if value:
                answers.append((_span(row, value), defaultdict(list)))
            continue
        place = _span(row, "")[:2]
        about = next((given for span, given in reversed(answers) if span[:2] == place), None)
        if about is None:
            raise BadInput(_("the fragment %(start)d–%(end)d has no type above this row") % _named(place))
        about[variable].append(_given(row))
    for span, given in answers:
        further = {key: plain(_value(codebook, key, written)) for key, written in given.items()}
        yield span._replace(answers=tuple(sorted(further.items())))


def _named(place: tuple[int, ...]) -> dict[str, int]:
    return {"start": place[0], "end": place[1]}


def _span(row: Row, category: str) -> SpanValue:
    try:
        return SpanValue(int(row["start"]), int(row["end"]), category)
    except ValueError:
        raise BadInput(_("start and end of a fragment must be whole numbers")) from None


def _value(codebook: Lookup, variable: str, written: Sequence[str]) -> Value:
    try:
        return parse_value(codebook.spec.by_key[variable], written)
    except InvalidValue as problem:
        raise BadInput(_(problem.sentence) % problem.params) from None


def _moment(written: str) -> datetime | None:
    """A moment with its zone, or nothing where the file does not say when."""
    try:
        moment = datetime.fromisoformat(written.strip()) if written.strip() else None
    except ValueError:
        raise BadInput(_("decided_at must be a date and time, such as 2024-05-01T09:30:00+00:00")) from None
    return moment if moment and moment.tzinfo else None


def _decided_before(rounds: Iterable[Round]) -> dict[Key, tuple[Consensus, Settlement]]:
    """What was decided in these rounds before, also what was taken back."""
    found: dict[Key, tuple[Consensus, Settlement]] = {}
    for round_ in rounds:
        codebook = lookup(round_.codebook_version_id)
        for some in portions(Consensus.every.filter(round=round_).iterator(BATCH_SIZE), BATCH_SIZE):
            values = settlements(some, codebook)
            for row in some:
                key = (round_.pk, row.conversation_id, row.message_id, row.variable_id)
                found[key] = (row, values[row.pk])
    return found


def _is_same(ruling: Ruling, known: Consensus, value: Settlement) -> bool:
    """A file without reasons (they stand in restricted exports only) says nothing against the one given."""
    return (
        known.withdrawn_at is None
        and ruling.settlement == value
        and ruling.cause in ("", known.cause)
        and ruling.reason in ("", known.reason)
    )


def _rounds(study: Study) -> dict[int, Round]:
    """Conversation id -> the round in which it is settled."""
    finished: dict[tuple[int, int], int] = defaultdict(int)
    for pair in Coding.objects.filter(
        assignment__round__study=study, state=Coding.State.FINISHED
    ).values_list("assignment__conversation_id", "assignment__round_id"):
        finished[pair] += 1
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


def _given(row: Row) -> str:
    """What was decided; the cell with the value says 97 where a later version of the codebook hides it."""
    return row.get("hidden_value") or row["value"]
