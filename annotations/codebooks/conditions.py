"""Which questions are asked of a unit, which must be answered, and which are still open.

The rules, in the order in which they are applied to a variable of the unit's level:

1. its module is switched on in the study;
2. ``applies_to`` is any, or the role of the message's author (a third party is neither consumer nor
   organisation);
3. ``show_if``: AND over variables, OR within the list, "*" is any value. Variables of the same level are
   looked up in the same unit. Variables of an earlier level must hold together in ANY one of the units
   below: a message's spans, a conversation's messages;
4. an answer counts only while its question is shown, so what depends on a hidden question is hidden too.

A book is compiled once (``Rules``) and then asked at every save.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .schema import ANY_VALUE, LEVELS, CodebookSpec, Condition, VariableSpec
from .values import Missing, Value, is_answer

Answers = Mapping[str, Value]
Test = tuple[str, frozenset[str]]
TestsByLevel = tuple[tuple[str, tuple[Test, ...]], ...]


@dataclass(frozen=True)
class CodedUnit:
    """What is coded: a span, a message or a conversation.

    ``role`` is the author's, for spans that of the message around them; ``parts`` are the units of the
    level below: a message's spans, a conversation's messages.
    """

    level: str
    answers: Answers = field(default_factory=dict)
    role: str = ""
    parts: Sequence[CodedUnit] = ()


@dataclass(frozen=True)
class _Rule:
    """A variable with its conditions sorted: tests on the unit itself, and on its parts by level."""

    variable: VariableSpec
    here: tuple[Test, ...]
    below: TestsByLevel
    required_here: tuple[Test, ...]
    required_below: TestsByLevel


class Rules:
    """The conditions of a codebook, compiled for the modules that are switched on."""

    def __init__(self, spec: CodebookSpec, modules: Iterable[str] | None = None) -> None:
        on = spec.default_modules if modules is None else frozenset(modules)
        self.by_level: dict[str, tuple[_Rule, ...]] = {
            level: tuple(
                _compile(spec, variable)
                for variable in spec.variables
                if variable.level == level and variable.module in on
            )
            for level in LEVELS
        }
        self._asked_from_above = _asked_from_above(spec)

    def visible(self, unit: CodedUnit) -> list[VariableSpec]:
        """The variables asked of this unit, in the order of the codebook."""
        return [rule.variable for rule in self._shown(unit)]

    def hidden(self, unit: CodedUnit) -> list[VariableSpec]:
        """The variables of this level that are not asked of this unit: they are stored as 97."""
        shown = {rule.variable.key for rule in self._shown(unit)}
        level = self.by_level[unit.level]
        return [rule.variable for rule in level if rule.variable.key not in shown]

    def required(self, unit: CodedUnit) -> list[VariableSpec]:
        """The visible variables that must be answered before the unit can be finished."""
        shown = self._shown(unit)
        answers = {rule.variable.key: unit.answers.get(rule.variable.key) for rule in shown}
        below = Below(self, unit)
        return [rule.variable for rule in shown if _is_required(rule, answers, below)]

    def open(self, unit: CodedUnit) -> list[VariableSpec]:
        """The required variables that have no answer yet; none: the unit can be finished."""
        return [variable for variable in self.required(unit) if not is_answer(unit.answers.get(variable.key))]

    def stale(self, unit: CodedUnit) -> list[str]:
        """Keys that hold an answer although they are not asked (any more) of this unit."""
        visible = {variable.key for variable in self.visible(unit)}
        return [key for key, value in unit.answers.items() if key not in visible and _is_given(value)]

    def _shown(self, unit: CodedUnit, only: frozenset[str] | None = None) -> list[_Rule]:
        """One pass suffices: a condition never refers to a later variable."""
        below = Below(self, unit)
        effective: dict[str, Value | None] = {}
        shown = []
        for rule in self.by_level[unit.level]:
            key = rule.variable.key
            if only is not None and key not in only:
                continue
            if rule.variable.applies_to not in {"any", unit.role}:
                continue
            if all_hold(rule.here, effective) and below.satisfies(rule.below):
                effective[key] = unit.answers.get(key)
                shown.append(rule)
        return shown

    def effective(self, unit: CodedUnit) -> Answers:
        """The answers of a part that count, as far as units above it ask for them."""
        shown = self._shown(unit, self._asked_from_above[unit.level])
        given = ((rule.variable.key, unit.answers.get(rule.variable.key)) for rule in shown)
        return {key: value for key, value in given if value is not None}


class Below:
    """The parts of one unit; what counts in them is worked out once, and only if a condition asks."""

    def __init__(self, rules: Rules, unit: CodedUnit) -> None:
        self._rules, self._unit = rules, unit
        self._answers: dict[str, list[Answers]] = {}

    def satisfies(self, below: TestsByLevel) -> bool:
        return all(any(all_hold(tests, answers) for answers in self._at(level)) for level, tests in below)

    def _at(self, level: str) -> list[Answers]:
        if level not in self._answers:
            parts = parts_at(self._unit, level)
            self._answers[level] = [self._rules.effective(part) for part in parts]
        return self._answers[level]


def _is_required(rule: _Rule, answers: Mapping[str, Value | None], below: Below) -> bool:
    if not (rule.required_here or rule.required_below):
        return rule.variable.required
    return all_hold(rule.required_here, answers) and below.satisfies(rule.required_below)


def _compile(spec: CodebookSpec, variable: VariableSpec) -> _Rule:
    here, below = sorted_tests(spec, variable.level, variable.show_if)
    required_here, required_below = sorted_tests(spec, variable.level, variable.required_if)
    return _Rule(variable, here, below, required_here, required_below)


def sorted_tests(
    spec: CodebookSpec, level: str, condition: Condition
) -> tuple[tuple[Test, ...], TestsByLevel]:
    """The tests of a condition on a unit of this level: on the unit itself, and on its parts by level."""
    by_level: dict[str, list[Test]] = {}
    for key, values in condition.items():
        by_level.setdefault(spec.by_key[key].level, []).append((key, frozenset(values)))
    here = tuple(by_level.pop(level, ()))
    return here, tuple((below, tuple(tests)) for below, tests in by_level.items())


def looked_at(spec: CodebookSpec, condition: Condition) -> set[str]:
    """The variables that a condition looks at, with everything that those depend on."""
    found: set[str] = set()
    waiting = [*condition]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += spec.by_key[key].show_if
    return found


def _asked_from_above(spec: CodebookSpec) -> dict[str, frozenset[str]]:
    """Per level the variables that units above look at, with everything those depend on."""
    asked = {
        key
        for variable in spec.variables
        for key in (*variable.show_if, *variable.required_if)
        if spec.by_key[key].level != variable.level
    }
    asked |= {key for item in spec.consistency for key in item.when if spec.by_key[key].level != item.level}
    while more := {key for name in asked for key in spec.by_key[name].show_if} - asked:
        asked |= more
    return {level: frozenset(key for key in asked if spec.by_key[key].level == level) for level in LEVELS}


def parts_at(unit: CodedUnit, level: str) -> Iterable[CodedUnit]:
    for part in unit.parts:
        if part.level == level:
            yield part
        else:
            yield from parts_at(part, level)


def all_hold(tests: tuple[Test, ...], answers: Mapping[str, Value | None]) -> bool:
    return all(_holds(answers.get(key), values) for key, values in tests)


def _holds(value: Value | None, wanted: frozenset[str]) -> bool:
    if isinstance(value, Missing):
        return ANY_VALUE in wanted and value is Missing.UNDETERMINED
    if not is_answer(value):
        return False
    if ANY_VALUE in wanted:
        return True
    return bool(wanted & value) if isinstance(value, frozenset) else value in wanted


def _is_given(value: Value | None) -> bool:
    return value is not None and not isinstance(value, Missing)
