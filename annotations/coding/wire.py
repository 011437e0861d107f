"""The state of a coding as JSON for the page: values, revisions, what is asked. Never text of messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..codebooks.values import Missing, plain
from .answers import CONVERSATION, CodingState, UnitKey
from .marks import Marks, reason_of, type_label, type_of

Json = dict[str, Any]


def key_of(written: str) -> UnitKey:
    """ "m12", "s5" or "c" as a unit. Raises ValueError."""
    if written == "c":
        return CONVERSATION
    level = {"m": "message", "s": "span"}.get(written[:1])
    if level is None or not written[1:].isascii() or not written[1:].isdigit():
        raise ValueError(written)
    return (level, int(written[1:]))


def written_key(key: UnitKey) -> str:
    level, pk = key
    return "c" if level == "conversation" else f"{level[0]}{pk}"


def unit_json(state: CodingState, key: UnitKey) -> Json:
    """`a`: variable -> [value, revision]; `show`: variables asked; `open`: required ones without answer."""
    unit = state.unit(key)
    answers = {}
    for variable, answer in state.answers.get(key, {}).items():
        given = None if answer.value is Missing.NOT_CODED else plain(answer.value)
        answers[variable] = [given, answer.revision]
    shown = [variable.key for variable in state.rules.visible(unit)]
    found: Json = {
        "a": answers,
        "show": shown,
        "open": [variable.key for variable in state.rules.open(unit)],
    }
    if proposals := _proposals(state, key, shown):
        found["propose"] = proposals
    return found


def _proposals(state: CodingState, key: UnitKey, shown: list[str]) -> dict[str, list[str]]:
    """Multi questions whose answer can be read off the fragments; a proposal until the coder takes it."""
    level, pk = key
    if level != "message" or pk is None:
        return {}
    proposals = {}
    for name in shown:
        variable = state.codebook.spec.by_key[name]
        if variable.derive is not None and variable.derive.rule == "union_of_spans":
            source = variable.derive.source
            given = {state.values(("span", span.pk)).get(source) for span in state.spans_of(pk)}
            if kinds := [choice for choice in variable.by_key if choice in given]:
                proposals[name] = kinds
    return proposals


def units_json(state: CodingState, keys: Iterable[UnitKey]) -> dict[str, Json]:
    return {written_key(key): unit_json(state, key) for key in keys}


def units_around(state: CodingState, key: UnitKey) -> list[UnitKey]:
    """The unit and those whose questions may depend on it: its message, and the conversation."""
    level, pk = key
    around = [key] if level != "span" or pk in state.spans else []
    if level == "span" and pk in state.spans:
        around.append(("message", state.spans[pk].message_id))
    return [*around, *([CONVERSATION] if level != "conversation" else [])]


def spans_json(state: CodingState, message_id: int | None = None) -> list[Json]:
    return [
        {
            "id": span.pk,
            "m": span.message_id,
            "s": span.start,
            "e": span.end,
            "r": span.revision,
            "t": type_of(span, state),
            "c": span.candidate_id,
        }
        for span in state.spans.values()
        if message_id is None or span.message_id == message_id
    ]


def candidates_json(
    state: CodingState, marks: Marks, language: str, message_id: int | None = None
) -> list[Json]:
    return [
        {
            "id": candidate.pk,
            "m": candidate.message_id,
            "s": candidate.start,
            "e": candidate.end,
            "t": candidate.info_type,
            "label": type_label(candidate.info_type, state, language),
            "why": reason_of(candidate, language),
            "alt": [key for key in candidate.alternatives if isinstance(key, str)],
            "state": "rejected"
            if candidate.pk in marks.rejected
            else "decided"
            if candidate.pk in marks.decided
            else "open",
        }
        for candidate in sorted(marks.candidates.values(), key=lambda c: (c.message_id, c.start, c.end, c.pk))
        if message_id is None or candidate.message_id == message_id
    ]


def message_units(state: CodingState, message_id: int) -> list[UnitKey]:
    """A message, its spans and the conversation: what may change when a span comes or goes."""
    spans: list[UnitKey] = [("span", span.pk) for span in state.spans_of(message_id)]
    return [*spans, ("message", message_id), CONVERSATION]


def open_count(state: CodingState) -> int:
    return sum(len(variables) for variables in state.open_variables().values())
