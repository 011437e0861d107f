"""The state of a coding as JSON for the page: values, revisions, what is asked. Never text of messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..codebooks.proposing import proposed_kinds
from ..codebooks.values import Missing, plain
from ..models import Candidate, Coding
from .answers import CONVERSATION, CodingState, UnitKey
from .marks import Marks, reason_of, type_of

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
    """`a`: variable -> [value, revision]. What is asked follows from that; the page works it out."""
    return {
        "a": {
            variable: [None if answer.value is Missing.NOT_CODED else plain(answer.value), answer.revision]
            for variable, answer in state.answers.get(key, {}).items()
        }
    }


def units_json(state: CodingState, keys: Iterable[UnitKey]) -> dict[str, Json]:
    return {written_key(key): unit_json(state, key) for key in keys}


def kept_json(coding: Coding) -> list[str]:
    """Contradictions that the coder kept, as "rule unit"; of a coding that nobody began: none."""
    if coding.pk is None:
        return []
    kept = coding.kept_contradictions.values_list("rule", "message_id")
    return [f"{rule} {written_key(('message', pk) if pk else CONVERSATION)}" for rule, pk in kept]


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
            "t": kinds[0],
            "kinds": len(kinds),
            "label": " / ".join(state.codebook.type_label(kind, language) for kind in kinds),
            "why": reason_of(candidate, language),
            "who": candidate.subject,
            "alt": list(dict.fromkeys([*kinds[1:], *_alternatives(candidate, state)])),
            "state": "rejected"
            if candidate.pk in marks.rejected
            else "decided"
            if candidate.pk in marks.decided
            else "open",
        }
        for candidate in sorted(marks.candidates.values(), key=lambda c: (c.message_id, c.start, c.end, c.pk))
        if message_id is None or candidate.message_id == message_id
        for kinds in [proposed_kinds(state.codebook.version_id, candidate.info_type)]
        if kinds
    ]


def _alternatives(candidate: Candidate, state: CodingState) -> list[str]:
    version = state.codebook.version_id
    named = (key for key in candidate.alternatives if isinstance(key, str))
    return [kind for key in named for kind in proposed_kinds(version, key)]


def message_units(state: CodingState, message_id: int) -> list[UnitKey]:
    """A message and its spans: what changes when a span comes or goes."""
    spans: list[UnitKey] = [("span", span.pk) for span in state.spans_of(message_id)]
    return [*spans, ("message", message_id)]
