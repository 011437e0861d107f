"""The codebook's questions as they stand beside the conversation: one panel per level. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..codebooks.categories import CategorySpec
from ..codebooks.kinds import MAX_TEXT
from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.schema import CodebookSpec, VariableSpec
from ..codebooks.values import Missing
from .answers import rules_of


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    shortcut: str = ""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    exclusive: bool = False
    missing: bool = False

    @property
    def has_help(self) -> bool:
        return bool(self.definition or self.include or self.exclude or self.example)


@dataclass(frozen=True)
class Question:
    """A variable in the reader's language. `kind` is the input: radio, checkbox, number or text."""

    key: str
    level: str
    kind: str
    label: str
    definition: str
    include: str
    exclude: str
    example: str
    unit: str
    required: bool
    child: bool
    most: int
    choices: list[Choice] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """Questions of one module, under its name."""

    label: str
    questions: list[Question]


LEVELS = ("span", "message", "conversation")


def panels_of(version_id: int, modules: Iterable[str], language: str) -> list[tuple[str, list[Group]]]:
    """(level, groups) for the modules that are switched on; hidden questions included.

    A fragment's type is no question: it is chosen at the fragment itself.
    """
    codebook, rules = lookup(version_id), rules_of(version_id, modules)
    return [
        (
            level,
            _groups(
                codebook.spec,
                [
                    rule.variable
                    for rule in rules.by_level[level]
                    if rule.variable is not codebook.type_variable
                ],
                language,
            ),
        )
        for level in LEVELS
    ]


def _groups(spec: CodebookSpec, variables: Iterable[VariableSpec], language: str) -> list[Group]:
    labels = {module.key: in_language(module.label, language) for module in spec.modules}
    groups: list[Group] = []
    for variable in variables:
        label = labels.get(variable.module, "")
        if not groups or groups[-1].label != label:
            groups.append(Group(label, []))
        groups[-1].questions.append(question_of(spec, variable, language))
    return groups


def question_of(spec: CodebookSpec, variable: VariableSpec, language: str) -> Question:
    """Also of a book that is being written, in which a condition may name what is not there."""
    return Question(
        key=variable.key,
        level=variable.level,
        kind=variable.of_kind.field,
        label=in_language(variable.label, language),
        definition=in_language(variable.definition, language),
        include=in_language(variable.include, language),
        exclude=in_language(variable.exclude, language),
        example=in_language(variable.example, language),
        unit=variable.unit,
        required=variable.required or bool(variable.required_if),
        child=any(
            key in spec.by_key and spec.by_key[key].level == variable.level for key in variable.show_if
        ),
        most=MAX_TEXT,
        choices=_choices(spec, variable, language),
    )


def _choices(spec: CodebookSpec, variable: VariableSpec, language: str) -> list[Choice]:
    choices = [_choice(category, language) for category in variable.options]
    if variable.of_kind.offers_undetermined:
        choices.append(_undetermined(spec, language))
    return choices


def _choice(category: CategorySpec, language: str) -> Choice:
    return Choice(
        key=category.key,
        label=in_language(category.label, language),
        shortcut=category.shortcut,
        definition=in_language(category.definition, language),
        include=in_language(category.include, language),
        exclude=in_language(category.exclude, language),
        example=in_language(category.example, language),
        exclusive=category.exclusive,
        missing=category.is_missing,
    )


def _undetermined(spec: CodebookSpec, language: str) -> Choice:
    """A kind without a category for "cannot be determined" offers the missing code itself."""
    code = int(Missing.UNDETERMINED)
    label = in_language(spec.missing_codes.get(code), language)
    return Choice(str(code), label, shortcut="0", missing=True)
