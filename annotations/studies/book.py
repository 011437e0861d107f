"""The codebook for readers: modules with their variables, conditions put into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.schema import (
    ANY_VALUE,
    HARD,
    SOME,
    CodebookSpec,
    Condition,
    ConsistencySpec,
    VariableSpec,
)
from ..models import CodebookVersion, Study

LEVELS = {
    "span": gettext_lazy("per fragment"),
    "message": gettext_lazy("per message"),
    "conversation": gettext_lazy("per conversation"),
}
SCALES = {
    "ordinal": gettext_lazy("ordinal"),
    "interval": gettext_lazy("interval"),
    "ratio": gettext_lazy("ratio"),
}
ROLES = {
    "consumer": gettext_lazy("for messages of consumers"),
    "organisation": gettext_lazy("for messages of the organisation"),
}


@dataclass(frozen=True)
class ReadableCategory:
    key: str
    code: int
    shortcut: str
    exclusive: bool
    label: str
    definition: str
    include: str
    exclude: str
    example: str


@dataclass(frozen=True)
class ReadableVariable:
    key: str
    label: str
    definition: str
    include: str
    exclude: str
    example: str
    facts: list[str]
    conditions: list[str]
    anchor: str
    categories: list[ReadableCategory]


@dataclass(frozen=True)
class ReadableModule:
    key: str
    label: str
    is_on: bool
    variables: list[ReadableVariable]


@dataclass(frozen=True)
class ReadableContradiction:
    key: str
    level: str
    is_hard: bool
    text: str
    condition: str


@dataclass(frozen=True)
class ReadableBook:
    title: str
    description: str
    version: str
    missing: list[tuple[int, str]]
    rules: list[str]
    modules: list[ReadableModule]
    contradictions: list[ReadableContradiction]

    @property
    def variable_count(self) -> int:
        return sum(len(module.variables) for module in self.modules if module.is_on)


def versions_in_use(study: Study) -> list[CodebookVersion]:
    """The study's version first, then those of its rounds, the latest first."""
    versions = CodebookVersion.objects.filter(Q(pk=study.codebook_version_id) | Q(rounds__study=study))
    rows = list(versions.select_related("codebook").distinct().order_by("-loaded_at", "-pk"))
    return sorted(rows, key=lambda row: row.pk != study.codebook_version_id)


def readable(version_id: int, modules: Iterable[str]) -> ReadableBook:
    """The book in the reader's language; modules that are switched off come last."""
    spec, on = lookup(version_id).spec, set(modules)
    parts = [
        ReadableModule(
            key=module.key,
            label=in_language(module.label),
            is_on=module.key in on,
            variables=[_variable(spec, row) for row in spec.variables if row.module == module.key],
        )
        for module in spec.modules
    ]
    return ReadableBook(
        title=in_language(spec.title),
        description=in_language(spec.description),
        version=spec.version,
        missing=[(code, in_language(text)) for code, text in spec.missing_codes.items()],
        rules=[in_language(text) for text in spec.rules.values()],
        modules=sorted(parts, key=lambda part: not part.is_on),
        contradictions=[_contradiction(spec, row) for row in spec.consistency],
    )


def _variable(spec: CodebookSpec, variable: VariableSpec) -> ReadableVariable:
    return ReadableVariable(
        key=variable.key,
        label=in_language(variable.label),
        facts=_facts(variable),
        conditions=_conditions(spec, variable),
        anchor=variable.anchor,
        categories=[
            ReadableCategory(
                key=row.key,
                code=row.code,
                shortcut=row.shortcut,
                exclusive=row.exclusive,
                label=in_language(row.label),
                **_guidance(row),
            )
            for row in variable.categories
        ],
        **_guidance(variable),
    )


def _contradiction(spec: CodebookSpec, row: ConsistencySpec) -> ReadableContradiction:
    parts = [_test(spec.by_key[key], values) for key, values in row.when.items()]
    if row.fragments:
        parts.append(_("something is marked") if row.fragments == SOME else _("nothing is marked"))
    return ReadableContradiction(
        key=row.key,
        level=str(LEVELS[row.level]),
        is_hard=row.kind == HARD,
        text=in_language(row.text),
        condition=_(", and ").join(parts),
    )


def _guidance(row: object) -> dict[str, str]:
    names = ("definition", "include", "exclude", "example")
    return {name: in_language(getattr(row, name)) for name in names}


def _facts(variable: VariableSpec) -> list[str]:
    facts = [str(LEVELS[variable.level]), in_language(variable.of_kind.name)]
    if variable.scale in SCALES:
        facts.append(str(SCALES[variable.scale]))
    if variable.applies_to in ROLES:
        facts.append(str(ROLES[variable.applies_to]))
    if variable.minimum is not None and variable.maximum is not None:
        facts.append(
            _("%(low)s to %(high)s") % {"low": variable.minimum, "high": variable.maximum}
            + (f" {variable.unit}" if variable.unit else "")
        )
    elif variable.unit:
        facts.append(variable.unit)
    if not variable.reliability:
        facts.append(_("not in the agreement report"))
    return facts


def _conditions(spec: CodebookSpec, variable: VariableSpec) -> list[str]:
    conditions = []
    if variable.show_if:
        conditions.append(_("Asked when %(condition)s.") % {"condition": in_words(spec, variable.show_if)})
    if variable.required_if:
        condition = in_words(spec, variable.required_if)
        conditions.append(_("Must be answered when %(condition)s.") % {"condition": condition})
    elif variable.required:
        conditions.append(_("Must be answered."))
    else:
        conditions.append(_("May be left open."))
    return conditions


def in_words(spec: CodebookSpec, condition: Condition) -> str:
    """`{a: [x, y], b: [*]}` as “A is X or Y, and B is answered”."""
    return _(", and ").join(_test(spec.by_key[key], values) for key, values in condition.items())


def _test(variable: VariableSpec, values: tuple[str, ...]) -> str:
    label = in_language(variable.label)
    if ANY_VALUE in values:
        return _("“%(variable)s” is answered") % {"variable": label}
    answers = _(" or ").join(f"“{_answer(variable, value)}”" for value in values)
    return _("“%(variable)s” is %(answers)s") % {"variable": label, "answers": answers}


def _answer(variable: VariableSpec, value: str) -> str:
    return in_language(variable.by_key[value].label)
