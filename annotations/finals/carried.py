"""A final value in the words of a later version of the codebook. Reads only.

A round keeps the version it was coded with; a study goes on with its newest. A value that a change did not
touch, renamed or merged is carried over. One that was split, redefined or withdrawn has no counterpart: its
unit has no value until it is coded again, and the source of that is `EARLIER`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ..codebooks.carrying import Carrier, carrier
from ..codebooks.conversion import check_value, from_plain
from ..codebooks.lookup import lookup
from ..codebooks.schema import CodebookSpec
from ..codebooks.values import InvalidValue, Value, plain
from ..models import Round
from .of_round import EARLIER, FinalValue
from .settled import SpanValue


def asked_as(round_: Round, target: int, variables: Collection[str]) -> set[str]:
    """The keys that these variables of the version `target` have in the version of the round."""
    carried = carrier(round_.codebook_version_id, target)
    if carried is None:
        return set(variables)
    return {key for key in lookup(round_.codebook_version_id).spec.by_key if carried.key(key) in variables}


def in_version(final: FinalValue, round_: Round, target: int) -> FinalValue:
    """The final value of a round in the version `target`; as it is where that was not made of the round's."""
    carried = carrier(round_.codebook_version_id, target)
    if carried is None:
        return final
    spec = lookup(target).spec
    key = carried.key(final.variable)
    if key not in spec.by_key:
        return final  # withdrawn: it stays in its own version
    was = final.variable
    final = replace(final, variable=key, version_id=target)
    if final.value is None:
        return final
    value = (
        _spans(carried, spec, was, final.value)
        if isinstance(final.value, tuple)
        else carried_value(carried, spec, was, final.value)
    )
    return replace(final, value=value, source=EARLIER if value is None else final.source)


def carried_value(carried: Carrier, spec: CodebookSpec, was: str, value: Value) -> Value | None:
    """A value of the variable `was` in the later version; None where it has none there."""
    variable = spec.by_key.get(carried.key(was))
    found = carried.value(was, value)
    if variable is None or found is None:
        return None
    try:
        return check_value(variable, found)
    except InvalidValue:
        return None


def carried_span(carried: Carrier, spec: CodebookSpec, was: str, span: SpanValue) -> SpanValue | None:
    """A fragment with its type and answers in the later version; None where its type has none there."""
    category = carried.category(was, span.category)
    if category is None or category not in spec.by_key[carried.key(was)].by_key:
        return None
    old, answers = lookup(carried.source).spec, []
    for name, answer in span.answers:
        key = carried.key(name)
        if key in spec.by_key and name in old.by_key:
            value = carried_value(carried, spec, name, from_plain(old.by_key[name], answer))
            if value is not None:
                answers.append((key, plain(value)))
    return span._replace(category=category, answers=tuple(sorted(answers)))


def _spans(
    carried: Carrier, spec: CodebookSpec, was: str, spans: tuple[SpanValue, ...]
) -> tuple[SpanValue, ...] | None:
    found = [carried_span(carried, spec, was, span) for span in spans]
    if None in found:
        return None
    return tuple(sorted((span for span in found if span is not None), key=lambda span: span.place))
