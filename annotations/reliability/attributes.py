"""What coders answered about fragments they both marked: completeness, whose data. Reads only.

A unit is a place where two coders or more marked a fragment of the same type; fragments belong together where
they share a character, each used once, as in the F1 that counts overlapping fragments. Agreement on an
attribute is therefore agreement given agreement on the fragment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ..codebooks.conversion import from_plain
from ..codebooks.lookup import lookup
from ..codebooks.values import Value
from ..finals.of_round import coders_spans
from ..finals.settled import SpanValue
from ..models import Round
from .data import UnitsByCoders, data_of

Group = dict[int, SpanValue]
"""Coder id -> the fragment that this coder marked at one place."""


def attributes_by_coders(
    round_: Round,
    coder_ids: list[int],
    units: Sequence[tuple[int, int | None]],
    variables: Collection[str] | None = None,
) -> Iterator[UnitsByCoders]:
    """Reliability data per attribute, in the order of the codebook; `units`: the messages to look at."""
    codebook = lookup(round_.codebook_version_id)
    wanted = [
        variable
        for variable in codebook.spec.variables
        if variable.level == "span"
        and variable is not codebook.type_variable
        and variable.reliability
        and variable.module in round_.modules
        and not variable.of_kind.is_free
        and (variables is None or variable.key in variables)
    ]
    if not wanted:
        return
    marked = coders_spans(round_, counted=True)
    places: list[tuple[tuple[int, int | None], Group]] = []
    for conversation_id, message_id in units:
        by_coder = marked.get((conversation_id, message_id or 0), {})
        own = {pk: by_coder.get(pk, ()) for pk in coder_ids}
        places += [((conversation_id, message_id), group) for group in matched(own)]
    for variable in wanted:
        given: dict[tuple[int, int | None, int], dict[int, Value]] = {}
        for number, ((conversation_id, message_id), group) in enumerate(places):
            answers = {pk: dict(span.answers).get(variable.key) for pk, span in group.items()}
            given[conversation_id, message_id, number] = {
                pk: from_plain(variable, answer) for pk, answer in answers.items() if answer is not None
            }
        data = data_of(variable, coder_ids, given)
        data.units = [(unit[0], unit[1]) for unit in data.units]
        yield data


def matched(by_coder: Mapping[int, Sequence[SpanValue]]) -> list[Group]:
    """Fragments of one message that belong together: same type, a shared character, two coders or more."""
    groups: list[Group] = []
    waiting = sorted((span, pk) for pk, spans in by_coder.items() for span in spans)
    while waiting:
        first, coder = waiting.pop(0)
        group: Group = {coder: first}
        for span, pk in list(waiting):
            is_near = span.category == first.category and span.start < first.end and first.start < span.end
            if is_near and pk not in group:
                group[pk] = span
                waiting.remove((span, pk))
        if len(group) > 1:
            groups.append(group)
    return groups
