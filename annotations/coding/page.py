"""Everything the coding page shows of one assignment, read in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..codebooks.language import in_language
from ..models import Assignment, Coding
from .answers import CodingState, consistency_of, load_state
from .earlier import earlier_answers
from .marks import Marks, family_of, is_masked, load_marks, short_label
from .replies import replied_messages
from .rules_json import consistency_json, proposals_json, rules_json
from .thread import ShownMessage, load_thread
from .wire import candidates_json, kept_json, spans_json, units_json


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
    def is_masked(self) -> bool:
        return is_masked(self.assignment.round.study)

    @property
    def is_finished(self) -> bool:
        return self.coding.state == Coding.State.FINISHED


def load_page(assignment: Assignment, coding: Coding, language: str) -> Page:
    """`coding` belongs to `assignment`, which has its round, study and conversation selected along."""
    coding.assignment = assignment
    state = load_state(coding)
    marks = load_marks(assignment, state)
    thread = load_thread(assignment, state, marks, language)
    return Page(
        assignment=assignment,
        coding=coding,
        state=state,
        thread=thread,
        type_choices=_type_choices(state, language),
        data=_data(assignment, coding, state, marks, thread, language),
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
    assignment: Assignment,
    coding: Coding,
    state: CodingState,
    marks: Marks,
    thread: list[ShownMessage],
    language: str,
) -> dict[str, Any]:
    """What the page's scripts know of the unit; never text of messages."""
    variable = state.codebook.type_variable
    return {
        "assignment": assignment.pk,
        "study": assignment.round.study_id,
        "round": assignment.round.woven_into_id or assignment.round_id,
        "finished": coding.state == Coding.State.FINISHED,
        "seconds": coding.active_seconds,
        "messages": _messages(thread),
        "typeVariable": variable.key if variable else "",
        "types": _types(state, language),
        "rules": rules_json(state.rules),
        "consistency": consistency_json(
            consistency_of(state.codebook.version_id, assignment.round.modules), language
        ),
        "kept": kept_json(coding),
        "proposals": proposals_json(state.codebook.spec, state.rules),
        "units": units_json(state, state.unit_keys()),
        "spans": spans_json(state),
        "candidates": candidates_json(state, marks, language),
        "earlier": earlier_answers(state, language),
    }


def _messages(thread: list[ShownMessage]) -> list[tuple[int, str, bool]]:
    """(id, the author's role, whether the organisation replied) of every message there is."""
    present = [item.message for item in thread if not item.message.is_placeholder]
    replied = replied_messages(present)
    return [(message.pk, message.author_role, message.pk in replied) for message in present]


def _types(state: CodingState, language: str) -> dict[str, dict[str, str]]:
    variable = state.codebook.type_variable
    if variable is None:
        return {}
    return {
        category.key: {
            "label": in_language(category.label, language),
            "short": short_label(category.key, state, language),
            "family": family_of(category.key),
        }
        for category in variable.categories
    }
