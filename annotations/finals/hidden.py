"""Answers that a later condition hides: given when the question was asked, and not asked by now. Reads only.

They stay as they were given, in their own version. Figures in the words of the study's version count them as
not applicable, and files hold them as such, with what was given in a column of its own. Only a condition on
the same unit can hide: the parts of a unit may still be coded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..codebooks.carrying import carrier
from ..codebooks.conversion import from_plain
from ..codebooks.lookup import lookup
from ..codebooks.schema import ANY_VALUE, CodebookSpec, VariableSpec
from ..codebooks.values import Missing, Value, plain
from ..coding.coded import CodedValue, coded_values
from ..models import Round, Study
from .carried import carried_value
from .of_round import FinalValue, Unit
from .settled import SpanValue


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


def without_hidden(
    round_: Round, target: int, rows: Iterable[CodedValue]
) -> Iterator[tuple[CodedValue, Value | None]]:
    """A round's answers, those that the version `target` hides as not applicable; each with what was given.

    That is None where nothing is hidden. `rows`: all answers about a unit together, those to the questions
    that conditions look at among them.
    """
    hide = _Hiding(round_, target)
    if not hide.changed:
        yield from ((row, None) for row in rows)
        return
    found = list(rows)
    units: dict[tuple[object, ...], dict[str, Value]] = defaultdict(dict)
    for row in found:
        units[_unit(row)][row.variable] = row.value
    answers = {unit: hide.carried(given) for unit, given in units.items()}
    for row in found:
        if hide.hides(row.variable, row.value, answers[_unit(row)]):
            yield row._replace(value=Missing.NOT_APPLICABLE), row.value
        else:
            yield row, None


def finals_without_hidden(
    round_: Round, target: int, finals: Iterable[FinalValue]
) -> Iterator[tuple[FinalValue, Value | None]]:
    """As `without_hidden`, of final values; within a final fragment its answers are hidden too."""
    hide = _Hiding(round_, target)
    if not hide.changed:
        yield from ((final, None) for final in finals)
        return
    found = list(finals)
    units: dict[Unit, dict[str, Value]] = defaultdict(dict)
    for final in found:
        if final.value is not None and not isinstance(final.value, tuple):
            units[final.conversation_id, final.message_id][final.variable] = final.value
    answers = {unit: hide.carried(given) for unit, given in units.items()}
    for final in found:
        if isinstance(final.value, tuple):
            yield replace(final, value=tuple(hide.within(final.variable, span) for span in final.value)), None
        elif final.value is not None and hide.hides(
            final.variable, final.value, answers[final.conversation_id, final.message_id]
        ):
            yield replace(final, value=Missing.NOT_APPLICABLE), final.value
        else:
            yield final, None


class _Hiding:
    """What of a round's answers the conditions of a later version hide. Keys are those of the round."""

    def __init__(self, round_: Round, target: int) -> None:
        self.changed = newly_conditioned(round_, target)
        self.book, self.spec = lookup(round_.codebook_version_id).spec, lookup(target).spec
        self._carrier = carrier(round_.codebook_version_id, target)

    def carried(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """Answers about one unit in the words of the later version."""
        assert self._carrier is not None
        found = {}
        for key, value in given.items():
            carried = carried_value(self._carrier, self.spec, key, value)
            if carried is not None:
                found[self._carrier.key(key)] = carried
        return found

    def hides(self, variable: str, value: Value, answers: Mapping[str, Value]) -> bool:
        assert self._carrier is not None
        key = self._carrier.key(variable)
        if key not in self.changed or isinstance(value, Missing):
            return False
        return is_hidden(self.spec, self.spec.by_key[key], answers.get)

    def within(self, kind: str, span: SpanValue) -> SpanValue:
        given = {name: from_plain(self.book.by_key[name], value) for name, value in span.answers}
        answers = self.carried({**given, kind: span.category})
        kept = tuple(
            (name, plain(Missing.NOT_APPLICABLE) if self.hides(name, given[name], answers) else value)
            for name, value in span.answers
        )
        return span._replace(answers=kept)


def _unit(row: CodedValue) -> tuple[object, ...]:
    return row.coding_id, row.message_id, row.span_id


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
        hits: dict[str, list[int]] = defaultdict(list)
        for row, given in without_hidden(round_, target, coded_values(round_, variables=old)):
            if given is not None:
                hits[carried.key(row.variable)].append(row.conversation_id)
        for name, ids in sorted(hits.items()):
            found.append(HiddenAnswers(round_, spec.by_key[name], len(ids), tuple(dict.fromkeys(ids))))
    return found
