"""Whether a coding in a file is the one that is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...codebooks.values import Value
from ...coding.answers import UnitKey, load_state
from ...coding.save import ImportedSpan
from ...models import Coding


def is_same(coding: Coding, answers: dict[UnitKey, dict[str, Value]], spans: list[ImportedSpan]) -> bool:
    state = load_state(coding)
    stored = {key: state.values(key) for key in state.answers if key[0] != "span"}
    if {key: values for key, values in stored.items() if values} != {
        key: values for key, values in answers.items() if values
    }:
        return False

    def shape(start: int, end: int, message_id: int, values: Mapping[str, Value]) -> tuple[Any, ...]:
        return (message_id, start, end, sorted((key, str(value)) for key, value in values.items()))

    there = [
        shape(span.start, span.end, span.message_id, state.values(("span", pk)))
        for pk, span in state.spans.items()
    ]
    here = [shape(span.start, span.end, span.message_id, span.answers) for span in spans]
    return sorted(there) == sorted(here)
