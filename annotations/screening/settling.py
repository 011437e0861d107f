"""What the supervisor settles: doubts of a screener, and answers that differ. Reads only.

It is shown on a desk like that of disagreements between coders, with the same keys. It is a desk of its own,
as a decision here is about the search: it moves the counters and the end of the queue, has the reason for a
no, and rests on no coding and no round.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..errors import BadInput
from ..finals.given import Coder, shown_coders, shown_order
from ..finals.of_round import Unit
from ..models import Event, Screening, ScreeningDecision, ScreeningUnit
from .decide import Given
from .page import Choice, Line, choices_of, lines_of

State = ScreeningUnit.State
OPEN, SETTLED, ALL = STATES = ("open", "settled", "all")
SHOWN = 60
"""Entries of the queue around the one on the desk."""


@dataclass(frozen=True)
class Value:
    """An answer to choose, and who gave it. `key`: the digit that chooses it, as far as there are digits."""

    sent: str
    label: str
    key: int | None
    coders: tuple[Coder, ...]
    checked: bool


@dataclass(frozen=True)
class Past:
    """A decision of the log: keys and a person."""

    label: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Entry:
    """A message in the queue. `difference`: why it waits, in a few words."""

    unit: int
    organisation: str
    position: int
    difference: str
    is_settled: bool
    is_current: bool


@dataclass(frozen=True)
class Queue:
    """`total`: all that ever waited, `open` of them still do. `entries`: those around the one on the desk."""

    entries: list[Entry]
    total: int
    open: int
    previous: int | None
    following: int | None
    next_open: int | None

    @property
    def done(self) -> int:
        return self.total - self.open


@dataclass
class Case:
    """`values`: what was given, then every other answer. `doubts`: who sent it on without an answer; `notes`:
    (coder, note). `decision`: what stands."""

    unit: ScreeningUnit
    question: str
    definition: str
    values: list[Value]
    doubts: list[Coder]
    notes: list[tuple[Coder, str]]
    lines: list[Line]
    decision: ScreeningDecision | None
    history: list[Past] = field(default_factory=list)

    @property
    def revision(self) -> int:
        return self.decision.revision if self.decision else 0

    @property
    def is_settled(self) -> bool:
        return self.decision is not None


def to_settle(screening: Screening, state: str = ALL) -> QuerySet[ScreeningUnit]:
    """What waits, what was settled, or both, in the order of the search."""
    units = ScreeningUnit.objects.filter(track__screening=screening)
    keys: list[int] = []  # in two steps, each of which has an index of its own
    if state != SETTLED:
        waits = units.filter(is_unfinished=True, state__in=[State.DOUBT, State.DIFFERS])
        keys += waits.order_by().values_list("pk", flat=True)
    if state != OPEN:
        settled = ScreeningDecision.objects.filter(is_settling=True, unit__track__screening=screening)
        keys += settled.order_by().values_list("unit_id", flat=True)
    return ScreeningUnit.objects.filter(pk__in=keys).order_by("track_id", "position")


def unit_of(screening: Screening, unit: Unit) -> int | None:
    """The key of a message in this screening, where it waits or was settled."""
    return to_settle(screening).filter(message=unit[1] or 0).values_list("pk", flat=True).first()


def load_queue(screening: Screening, state: str, current: int | None) -> Queue:
    """In a fixed number of queries, whatever waits."""
    every = list(to_settle(screening).values_list("pk", "track__organisation__name", "position", "state"))
    waiting = {pk for pk, _name, _position, where in every if where in (State.DOUBT, State.DIFFERS)}
    units = [unit for unit in every if state == ALL or (unit[0] in waiting) == (state == OPEN)]
    keys = [pk for pk, *_rest in units]
    place = keys.index(current) if current in keys else None
    around = 0 if place is None else max(0, min(place - SHOWN // 2, len(units) - SHOWN))
    shown = units[around : around + SHOWN]
    told = _differences([pk for pk, *_rest in shown])
    after = keys if place is None else keys[place + 1 :] + keys[:place]
    return Queue(
        entries=[
            Entry(pk, name, position, told.get(pk, ""), pk not in waiting, pk == current)
            for pk, name, position, _where in shown
        ],
        total=len(every),
        open=len(waiting),
        previous=keys[place - 1] if place else None,
        following=keys[place + 1] if place is not None and place + 1 < len(keys) else None,
        next_open=next((pk for pk in after if pk in waiting), None),
    )


def load_case(
    screening: Screening, unit: ScreeningUnit, language: str, *, revealed: bool = False, sent: str = ""
) -> Case:
    """One message on the desk; `sent`: a choice that was refused."""
    spec = lookup(screening.codebook_version_id).spec.by_key[screening.variable.key]
    rows = list(ScreeningDecision.objects.filter(unit=unit).order_by("id"))
    decision = next((row for row in rows if row.is_settling), None)
    given = {row.coder_id: row for row in rows if not row.is_settling and (row.answer or row.is_doubt)}
    key = (spec.key, unit.message.conversation_id, unit.message_id)
    order = shown_order(f"screening:{screening.pk}", key, list(given))
    coders = shown_coders(screening.study_id, order)
    gave: dict[str, list[Coder]] = defaultdict(list)
    for pk in order:
        if not given[pk].is_doubt:
            gave[_sent(given[pk].answer, given[pk].reason)].append(coders[pk])
    choices = {
        _sent(choice.answer, choice.reason): choice for choice in choices_of(screening, spec, language)
    }
    chosen = sent or (_sent(decision.answer, decision.reason) if decision else "")
    ordered = sorted(choices, key=lambda one: one not in gave)
    return Case(
        unit=unit,
        question=in_language(spec.label, language),
        definition=in_language(spec.definition, language),
        values=[
            Value(one, _label(choices[one]), number if number < 10 else None, tuple(gave[one]), one == chosen)
            for number, one in enumerate(ordered, 1)
        ],
        doubts=[coders[pk] for pk in order if given[pk].is_doubt],
        notes=[(coders[pk], given[pk].note) for pk in order if given[pk].note],
        lines=lines_of(screening, unit.message.conversation_id, unit.message_id, revealed=revealed),
        decision=decision,
        history=_history(decision, {one: _label(choice) for one, choice in choices.items()}),
    )


def read_given(settlement: str, *, note: str, cause: str) -> Given:
    """What the form of the desk sends. Raises BadInput."""
    if not settlement:
        raise BadInput(_("Choose a value first."))
    answer, _colon, reason = settlement.partition(":")
    return Given(answer, reason, note=note, cause=cause)


def _sent(answer: str, reason: str) -> str:
    return f"{answer}:{reason}" if reason else answer


def _label(choice: Choice) -> str:
    return f"{choice.label}, {choice.note}" if choice.note else choice.label


def _differences(units: list[int]) -> dict[int, str]:
    """Why each of these waits, or waited."""
    given: dict[int, list[ScreeningDecision]] = defaultdict(list)
    rows = ScreeningDecision.objects.filter(unit__in=units, is_settling=False).exclude(
        answer="", is_doubt=False
    )
    for row in rows.order_by("answer", "id"):
        given[row.unit_id].append(row)
    return {
        unit: " · ".join(
            dict.fromkeys(_("doubt") if row.is_doubt else row.get_answer_display() for row in answers)
        )
        for unit, answers in given.items()
    }


def _history(decision: ScreeningDecision | None, labels: dict[str, str]) -> list[Past]:
    """From the log, the last one first."""
    if decision is None:
        return []
    events = Event.objects.filter(
        subject_type=decision._meta.model_name, subject_id=decision.pk, action="screening.settled"
    ).select_related("actor")
    return [_past(event.after or {}, event, labels) for event in events]


def _past(after: dict[str, Any], event: Event, labels: dict[str, str]) -> Past:
    sent = _sent(after.get("answer", ""), after.get("reason", ""))
    who = (event.actor.get_full_name() or event.actor.get_username()) if event.actor else "–"
    return Past(labels.get(sent, sent), who, event.at)
