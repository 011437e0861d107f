"""What a coder is told after a unit, and of all attempts together. Reads only.

Only of units that were compared: then the own answer stands, and the key can give nothing away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..codebooks.language import in_language
from ..codebooks.lookup import Lookup, lookup
from ..codebooks.schema import VariableSpec
from ..finals.of_round import Key
from ..finals.settled import Settlement
from ..finals.wording import settlement_label
from ..models import Assignment, Attempt, Message, Training, TrainingUnit
from .attempts import shares
from .key import given_values, is_same, judged, key_values, reasons


@dataclass(frozen=True)
class Difference:
    """One variable of one unit on which the coder and the key differ."""

    variable: str
    label: str
    message_id: int | None
    place: int | None
    given: str
    key: str
    reason: str
    definition: str
    category: str = ""


@dataclass(frozen=True)
class Course:
    """A variable over the units of an attempt: `marks` in their order (None: not compared there)."""

    variable: str
    label: str
    marks: list[bool | None]
    right: int
    of: int
    left: int
    is_low: bool
    best: int

    @property
    def is_out_of_reach(self) -> bool:
        return self.is_low and self.left == 0


@dataclass
class OfVariable:
    """A variable over all attempts: how often right, and what was taken for what."""

    label: str
    right: int = 0
    of: int = 0
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def common(self) -> list[tuple[tuple[str, str], int]]:
        return self.confusions.most_common(4)


def unit_of(assignment_id: int, coder_id: int) -> TrainingUnit | None:
    """A coder's own unit that was compared; None for every other."""
    own = Assignment.objects.filter(pk=assignment_id, coder_id=coder_id)
    return (
        TrainingUnit.objects.select_related(
            "attempt__training__round__study",
            "attempt__training__key_round",
            "attempt__training__next_round",
            "assignment__conversation__organisation",
            "assignment__round__study",
        )
        .filter(assignment__in=own, right__isnull=False)
        .first()
    )


def differences(training: Training, unit: TrainingUnit, language: str) -> list[Difference]:
    """What differs from the key, in the order of the codebook."""
    assignment = unit.assignment
    return _differences(training, assignment.coder_id, [assignment.conversation_id], language)


def _differences(
    training: Training, coder_id: int, conversation_ids: Sequence[int], language: str
) -> list[Difference]:
    codebook = lookup(training.round.codebook_version_id)
    key = key_values(training, conversation_ids)
    given = given_values(training.round, coder_id, conversation_ids)
    why = reasons(training, conversation_ids)
    positions = dict(
        Message.objects.filter(conversation_id__in=conversation_ids).values_list("pk", "position")
    )
    order = {variable.key: place for place, variable in enumerate(judged(training.round))}
    places = [place for place in {*key, *given} if is_same(given.get(place), key.get(place)) is False]
    places.sort(key=lambda place: (order[place[0]], place[1], positions.get(place[2] or 0, -1)))
    return [
        _difference(codebook, place, given.get(place), key.get(place), why, positions, language)
        for place in places
    ]


def _difference(
    codebook: Lookup,
    place: Key,
    given: Settlement | None,
    key: Settlement | None,
    why: dict[Key, str],
    positions: dict[int, int],
    language: str,
) -> Difference:
    variable = codebook.spec.by_key[place[0]]
    message = place[2]
    category = variable.by_key.get(key) if isinstance(key, str) else None
    return Difference(
        variable.key,
        in_language(variable.label, language),
        message,
        positions[message] + 1 if message in positions else None,
        _words(codebook, variable, given, language),
        _words(codebook, variable, key, language),
        why.get(place, ""),
        in_language(variable.definition, language),
        in_language(category.definition, language) if category else "",
    )


def _words(codebook: Lookup, variable: VariableSpec, value: Settlement | None, language: str) -> str:
    if value is None:
        value = () if variable.level == "span" else None
    return "–" if value is None else settlement_label(codebook, variable, value, language)


def course(training: Training, attempt: Attempt, language: str) -> list[Course]:
    """How each variable stands in an attempt."""
    units = list(attempt.units.select_related("assignment"))
    by_variable = shares(units)
    left = sum(unit.right is None for unit in units)
    rows = []
    for variable in judged(training.round):
        right, of = by_variable.get(variable.key, (0, 0))
        if not of:
            continue
        marks = [None if unit.right is None else unit.right.get(variable.key) for unit in units]
        best = right + left
        low = best < training.least * (of + left)
        label = in_language(variable.label, language)
        rows.append(Course(variable.key, label, marks, right, of, left, low, best))
    return rows


def attempts_left(attempt: Attempt) -> int:
    """Attempts that follow by themselves if this one, under way, is not enough."""
    if attempt.state != Attempt.State.UNDER_WAY:
        return 0
    return max(0, attempt.training.attempts_allowed - attempt.number)


def overview(training: Training, coder_id: int, language: str) -> list[OfVariable]:
    """Per variable how often right over all attempts, and with which answer it was confused."""
    units = list(TrainingUnit.objects.filter(attempt__training=training, assignment__coder_id=coder_id))
    rows: dict[str, OfVariable] = {}
    labels = {variable.key: in_language(variable.label, language) for variable in judged(training.round)}
    for key, (right, of) in shares(units).items():
        rows[key] = OfVariable(labels[key], right, of)
    for row in all_differences(training, coder_id, language):
        if row.variable in rows:
            rows[row.variable].confusions[row.given, row.key] += 1
    return [rows[key] for key in labels if key in rows]


def all_differences(training: Training, coder_id: int, language: str) -> list[Difference]:
    scored = TrainingUnit.objects.filter(
        attempt__training=training, assignment__coder_id=coder_id, right__isnull=False
    )
    ids = list(scored.values_list("assignment__conversation_id", flat=True))
    return _differences(training, coder_id, ids, language) if ids else []
