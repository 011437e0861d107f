"""The state of a coding: its units, answers and spans, and what the codebook still asks. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ..codebooks.conditions import CodedUnit, Rules
from ..codebooks.consistency import Consistency
from ..codebooks.lookup import Lookup, lookup
from ..codebooks.schema import ConsistencySpec, VariableSpec
from ..codebooks.values import Missing, Value
from ..models import Code, CodeCategory, Coding, Message, Span
from ..models.coding import ValueFields

UnitKey = tuple[str, int | None]
"""("conversation", None), ("message", message id) or ("span", span id)."""

CONVERSATION: UnitKey = ("conversation", None)


@dataclass(frozen=True)
class Answer:
    value: Value
    revision: int
    code_id: int


@dataclass
class CodingState:
    """Everything about one coding, read in a constant number of queries.

    Placeholders are shown in the thread but are no units: there is nothing in them to code.
    """

    coding: Coding
    codebook: Lookup
    rules: Rules
    roles: dict[int, str]
    """Message id -> the author's role, in reading order, without placeholders."""
    spans: dict[int, Span] = field(default_factory=dict)
    answers: dict[UnitKey, dict[str, Answer]] = field(default_factory=lambda: defaultdict(dict))

    def values(self, key: UnitKey) -> dict[str, Value]:
        return {variable: answer.value for variable, answer in self.answers.get(key, {}).items()}

    def unit(self, key: UnitKey) -> CodedUnit:
        level, pk = key
        if level == "conversation":
            parts = [self.unit(("message", message_id)) for message_id in self.roles]
            return CodedUnit(level, self.values(key), parts=parts)
        if level == "message":
            assert pk is not None
            spans = [self.unit(("span", span.pk)) for span in self.spans_of(pk)]
            return CodedUnit(level, self.values(key), role=self.roles[pk], parts=spans)
        assert pk is not None
        return CodedUnit(level, self.values(key), role=self.roles[self.spans[pk].message_id])

    def spans_of(self, message_id: int) -> list[Span]:
        return [span for span in self.spans.values() if span.message_id == message_id]

    def span_unit(self, message_id: int) -> CodedUnit:
        """A span that is still to be made in this message."""
        return CodedUnit("span", role=self.roles[message_id])

    def unit_keys(self) -> Iterator[UnitKey]:
        """Units in the order in which they are coded: a message's spans, the message, …, the conversation."""
        for message_id in self.roles:
            yield from (("span", span.pk) for span in self.spans_of(message_id))
            yield ("message", message_id)
        yield CONVERSATION

    def open_variables(self) -> dict[UnitKey, list[VariableSpec]]:
        """Units with required questions that have no answer yet; empty: the coding can be finished."""
        found = {key: self.rules.open(self.unit(key)) for key in self.unit_keys()}
        return {key: variables for key, variables in found.items() if variables}

    def contradictions(self) -> list[tuple[UnitKey, ConsistencySpec]]:
        """Answers that contradict each other by the codebook, in the order in which units are coded."""
        consistency = consistency_of(self.codebook.version_id, self.coding.assignment.round.modules)
        return [
            (key, item) for key in self.unit_keys() for item in consistency.contradictions(self.unit(key))
        ]

    # What a writer tells the state after it has changed the rows.

    def note(self, key: UnitKey, variable: str, value: Value, revision: int, code_id: int) -> None:
        self.answers[key][variable] = Answer(value, revision, code_id)

    def note_span(self, span: Span) -> None:
        self.spans[span.pk] = span

    def forget_span(self, span_id: int) -> None:
        self.spans.pop(span_id, None)
        self.answers.pop(("span", span_id), None)


@lru_cache(maxsize=64)
def _rules(version_id: int, modules: frozenset[str]) -> Rules:
    return Rules(lookup(version_id).spec, modules)


def rules_of(version_id: int, modules: Iterable[str]) -> Rules:
    """The codebook's conditions for the modules switched on in a round, compiled once per process."""
    return _rules(version_id, frozenset(modules))


@lru_cache(maxsize=64)
def _consistency(version_id: int, modules: frozenset[str]) -> Consistency:
    return Consistency(lookup(version_id).spec, _rules(version_id, modules))


def consistency_of(version_id: int, modules: Iterable[str]) -> Consistency:
    """The codebook's contradictions for the modules switched on in a round, compiled once per process."""
    return _consistency(version_id, frozenset(modules))


def load_state(coding: Coding) -> CodingState:
    """Read a coding's state; one that nobody began (not stored) has no answers.

    `coding` should have assignment__round selected along.
    """
    assignment = coding.assignment
    codebook = lookup(assignment.round.codebook_version_id)
    messages = (
        Message.objects.filter(conversation_id=assignment.conversation_id, state=Message.State.PRESENT)
        .select_related("account")
        .only("id", "position", "account__role")
        .order_by("position")
    )
    state = CodingState(
        coding=coding,
        codebook=codebook,
        rules=rules_of(codebook.version_id, assignment.round.modules),
        roles={message.pk: message.author_role for message in messages},
        spans={
            span.pk: span
            for span in Span.objects.filter(coding_id=coding.pk).order_by(
                "message__position", "start", "end", "number"
            )
        },
    )
    choices: dict[int, set[int]] = defaultdict(set)
    for code_id, category_id in CodeCategory.objects.filter(code__coding_id=coding.pk).values_list(
        "code_id", "category_id"
    ):
        choices[code_id].add(category_id)
    for code in Code.objects.filter(coding_id=coding.pk):
        variable = codebook.variables[code.variable_id]
        state.answers[unit_key(code)][variable.key] = Answer(
            value_of(code, variable, codebook, choices[code.pk]), code.revision, code.pk
        )
    return state


def unit_key(code: Code) -> UnitKey:
    if code.span_id is not None:
        return ("span", code.span_id)
    return ("message", code.message_id) if code.message_id is not None else CONVERSATION


def value_of(
    code: ValueFields, variable: VariableSpec, codebook: Lookup, choices: Iterable[int] = ()
) -> Value:
    """The plain value of a stored code or consensus; `choices` are the category ids of a multi answer."""
    if code.missing is not None:
        return Missing(code.missing)
    column = variable.of_kind.column
    if column == "categories":
        return frozenset(codebook.category_keys[pk] for pk in choices)
    if column == "number":
        assert code.number is not None
        return code.number.normalize()
    if column == "text":
        return code.text or ""
    assert code.category_id is not None
    return codebook.category_keys[code.category_id]
