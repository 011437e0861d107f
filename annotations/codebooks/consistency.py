"""Which answers contradict each other, by the rules of the codebook.

A contradiction holds where all of ``when`` holds, read as in ``show_if``, and the fragments marked there are
as it says. Only questions that are asked count, and fragments say nothing where the study codes none.
"""

from __future__ import annotations

from dataclasses import dataclass

from .conditions import Below, CodedUnit, Rules, Test, TestsByLevel, all_hold, parts_at, sorted_tests
from .schema import SOME, CodebookSpec, ConsistencySpec


@dataclass(frozen=True)
class CompiledRule:
    """A contradiction with its tests: on the unit itself, and on its parts by level."""

    spec: ConsistencySpec
    here: tuple[Test, ...]
    below: TestsByLevel


class Consistency:
    """The contradictions of a codebook, compiled for the modules that are switched on in ``rules``."""

    def __init__(self, spec: CodebookSpec, rules: Rules) -> None:
        self._rules = rules
        codes_fragments = bool(rules.by_level["span"])
        self.compiled = tuple(
            CompiledRule(item, *sorted_tests(spec, item.level, item.when))
            for item in spec.consistency
            if codes_fragments or not item.fragments
        )

    def contradictions(self, unit: CodedUnit) -> list[ConsistencySpec]:
        """The contradictions in this unit, in the order of the codebook."""
        mine = [rule for rule in self.compiled if rule.spec.level == unit.level]
        if not mine:
            return []
        answers = {variable.key: unit.answers.get(variable.key) for variable in self._rules.visible(unit)}
        below = Below(self._rules, unit)
        has_fragments = any(True for _span in parts_at(unit, "span"))
        return [
            rule.spec
            for rule in mine
            if (not rule.spec.fragments or has_fragments == (rule.spec.fragments == SOME))
            and all_hold(rule.here, answers)
            and below.satisfies(rule.below)
        ]
