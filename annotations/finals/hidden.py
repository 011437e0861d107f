"""Answers that a later condition hides: given when the question was asked, and not asked by now. Reads only.

They stay as they were given, in their own version. Figures in the words of the study's version count them as
not applicable. Only a condition on the same unit can hide: the parts of a unit may still be coded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..codebooks.carrying import carrier
from ..codebooks.lookup import lookup
from ..codebooks.schema import ANY_VALUE, CodebookSpec, VariableSpec
from ..codebooks.values import Missing, Value
from ..coding.coded import coded_values
from ..models import Round, Study
from .carried import carried_value


@dataclass(frozen=True)
class HiddenAnswers:
    """Of one variable in one round; `conversations` are their numbers' ids, in order."""

    round: Round
    variable: VariableSpec
    answers: int
    conversations: tuple[int, ...]


def newly_conditioned(round_: Round, target: int) -> set[str]:
    """Variables of the version `target` with another condition than the round asked them under."""
    carried = carrier(round_.codebook_version_id, target)
    if carried is None:
        return set()
    book, spec = lookup(round_.codebook_version_id).spec, lookup(target).spec
    found = set()
    for was in book.variables:
        now = spec.by_key.get(carried.key(was.key))
        if now is None or not now.show_if:
            continue
        before = {
            carried.key(key): {carried.category(key, value) or value for value in values}
            for key, values in was.show_if.items()
        }
        if before != {key: set(values) for key, values in now.show_if.items()}:
            found.add(now.key)
    return found


def is_hidden(spec: CodebookSpec, variable: VariableSpec, given: Callable[[str], object]) -> bool:
    """Whether a condition on the unit itself fails. `given`: key -> the value there, None where unknown."""
    for key, wanted in variable.show_if.items():
        if spec.by_key[key].level != variable.level or ANY_VALUE in wanted:
            continue
        value = given(key)
        if isinstance(value, frozenset):
            if not value & set(wanted):
                return True
        elif isinstance(value, str) and value not in wanted:
            return True
    return False


def hidden_answers(study: Study) -> list[HiddenAnswers]:
    """What the conditions of the study's version hide of what was given with earlier ones."""
    target, found = study.codebook_version_id, []
    spec = lookup(target).spec
    for round_ in study.rounds.exclude(kind=Round.Kind.TRAINING):
        changed = newly_conditioned(round_, target)
        carried = carrier(round_.codebook_version_id, target)
        if carried is None or not changed:
            continue
        asked = {key for name in changed for key in (name, *spec.by_key[name].show_if)}
        old = [key for key in lookup(round_.codebook_version_id).spec.by_key if carried.key(key) in asked]
        units: dict[tuple[object, ...], dict[str, Value]] = {}
        for row in coded_values(round_, variables=old):
            value = carried_value(carried, spec, row.variable, row.value)
            if value is not None:
                unit = (row.coding_id, row.conversation_id, row.message_id, row.span_id)
                units.setdefault(unit, {})[carried.key(row.variable)] = value
        for name in sorted(changed):
            variable = spec.by_key[name]
            hits = [
                unit
                for unit, given in units.items()
                if name in given
                and not isinstance(given[name], Missing)
                and is_hidden(spec, variable, given.get)
            ]
            if hits:
                ids = tuple(dict.fromkeys(int(str(unit[1])) for unit in hits))
                found.append(HiddenAnswers(round_, variable, len(hits), ids))
    return found
