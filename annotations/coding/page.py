"""Everything the coding page shows of one assignment, read in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..codebooks.language import in_language
from ..models import Assignment, Coding
from .answers import CodingState, load_state
from .marks import Marks, family_of, is_masked, load_marks
from .thread import ShownMessage, load_thread
from .wire import candidates_json, open_count, spans_json, units_json


@dataclass(frozen=True)
class TypeChoice:
    """A kind of information in the list from which a fragment gets its type."""

    key: str
    label: str
    shortcut: str
    definition: str
    exclude: str
    family: str


@dataclass(frozen=True)
class Page:
    assignment: Assignment
    coding: Coding
    state: CodingState
    thread: list[ShownMessage]
    type_choices: list[TypeChoice]
    data: dict[str, Any]

    @property
    def is_finished(self) -> bool:
        return self.coding.state == Coding.State.FINISHED


def load_page(assignment: Assignment, coding: Coding, language: str) -> Page:
    """`coding` belongs to `assignment`, which has its round, study and conversation selected along."""
    coding.assignment = assignment
    state = load_state(coding)
    marks = load_marks(assignment, state)
    return Page(
        assignment=assignment,
        coding=coding,
        state=state,
        thread=load_thread(assignment, state, marks, language),
        type_choices=_type_choices(state, language),
        data=_data(assignment, coding, state, marks, language),
    )


def _type_choices(state: CodingState, language: str) -> list[TypeChoice]:
    variable = state.codebook.type_variable
    if variable is None or all(rule.variable is not variable for rule in state.rules.by_level["span"]):
        return []
    return [
        TypeChoice(
            key=category.key,
            label=in_language(category.label, language),
            shortcut=category.shortcut,
            definition=in_language(category.definition, language),
            exclude=in_language(category.exclude, language),
            family=family_of(category.key),
        )
        for category in variable.categories
    ]


def _data(
    assignment: Assignment, coding: Coding, state: CodingState, marks: Marks, language: str
) -> dict[str, Any]:
    variable = state.codebook.type_variable
    return {
        "assignment": assignment.pk,
        "finished": coding.state == Coding.State.FINISHED,
        "masked": is_masked(assignment.round.study),
        "seconds": coding.active_seconds,
        "typeVariable": variable.key if variable else "",
        "typeLabels": {c.key: in_language(c.label, language) for c in variable.categories}
        if variable
        else {},
        "units": units_json(state, state.unit_keys()),
        "spans": spans_json(state),
        "candidates": candidates_json(state, marks, language),
        "open": open_count(state),
    }
