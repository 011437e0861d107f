"""A codebook's conditions and proposals as data, so that the page can decide for itself what is asked.

`static/annotations/js/coding/rules.js` reads what `rules_json` writes and decides as
`annotations.codebooks.conditions` does; `tests/files/conditions.json` holds both to the same cases.
"""

from __future__ import annotations

from typing import Any

from ..codebooks.conditions import Rules, Test, TestsByLevel
from ..codebooks.consistency import Consistency
from ..codebooks.language import in_language
from ..codebooks.schema import LEVELS, CodebookSpec, VariableSpec

Json = dict[str, Any]
REPLY_IN_THREAD = "reply_in_thread"
SUBJECT, OTHER = "info_subject", "other_person"


def rules_json(rules: Rules) -> Json:
    """Level -> its questions in order: `key`, `role`, `required`, and the tests of `show` and `needs`.

    `here` are tests on the unit itself, [variable, values]; `below` [level, tests] on the units below.
    """
    return {
        level: [
            {
                "key": rule.variable.key,
                "role": rule.variable.applies_to,
                "required": rule.variable.required,
                "show": _tests(rule.here, rule.below),
                "needs": _tests(rule.required_here, rule.required_below),
            }
            for rule in rules.by_level[level]
        ]
        for level in LEVELS
    }


def consistency_json(consistency: Consistency, language: str) -> list[Json]:
    """The contradictions in order: `key`, `level`, `kind`, `fragments`, the tests of `when`, and `text`."""
    return [
        {
            "key": rule.spec.key,
            "level": rule.spec.level,
            "kind": rule.spec.kind,
            "fragments": rule.spec.fragments,
            "when": _tests(rule.here, rule.below),
            "text": in_language(rule.spec.text, language),
        }
        for rule in consistency.compiled
    ]


def proposals_json(codebook: CodebookSpec, rules: Rules) -> dict[str, Json]:
    """Questions whose answer can be proposed: variable -> `rule` and what it needs.

    - `union_of_spans`: the kinds of the fragments (`from`), as far as the question has them (`among`);
    - `marked`: the question that must be answered with `yes` before kinds are asked; a fragment proposes
      that, and `no` is proposed where the coder says that the rest of the thread has nothing;
    - `reply_in_thread`: `yes` where the organisation replied;
    - `subject`: of a fragment, whose it is, where the detector read that it is somebody else's (`among`).
    """
    asked = [rule.variable for rule in rules.by_level["message"]]
    found: dict[str, Json] = {}
    for variable in asked:
        if variable.derive is not None and variable.derive.rule == "union_of_spans":
            found[variable.key] = {
                "rule": "union_of_spans",
                "from": variable.derive.source,
                "among": list(variable.values),
            }
            for key, values in variable.show_if.items():
                parent = codebook.by_key[key]
                if (
                    parent in asked
                    and not parent.of_kind.takes_several
                    and parent.categories
                    and len(values) == 1
                ):
                    found[key] = {"rule": "marked", "yes": values[0], "no": _opposite(parent, values[0])}
        if variable.suggest is not None and variable.suggest.rule == REPLY_IN_THREAD:
            wanted = _wanted(asked, variable)
            if wanted:
                found[variable.key] = {"rule": REPLY_IN_THREAD, "yes": wanted}
    if any(rule.variable.key == SUBJECT for rule in rules.by_level["span"]):
        found[SUBJECT] = {
            "rule": "subject",
            "among": [v for v in codebook.by_key[SUBJECT].values if v == OTHER],
        }
    return found


def _opposite(variable: VariableSpec, value: str) -> str | None:
    """The one other answer that is no missing value, or None."""
    missing = {category.key for category in variable.categories if category.is_missing}
    others = [other for other in variable.values if other != value and other not in missing]
    return others[0] if len(others) == 1 else None


def _wanted(asked: list[VariableSpec], variable: VariableSpec) -> str | None:
    """The answer that later questions ask for; `yes` if none does."""
    named = {value for other in asked for value in other.show_if.get(variable.key, ())}
    if len(named) == 1:
        return named.pop()
    return "yes" if "yes" in variable.values else None


def _tests(here: tuple[Test, ...], below: TestsByLevel) -> Json:
    return {"here": _written(here), "below": [[level, _written(tests)] for level, tests in below]}


def _written(tests: tuple[Test, ...]) -> list[list[Any]]:
    return [[key, sorted(values)] for key, values in tests]
