"""The final value of each unit and variable within one round, and where it comes from. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.values import Value, plain
from ..coding.coded import CodedValue, coded_values
from ..coding.counted import counted_coders, counted_places, counted_values
from ..models import Consensus, Round, Span
from .settled import Settlement, SpanValue, settled_spans, settled_values

SETTLED, UNANIMOUS, SINGLE, UNRESOLVED = "settled", "unanimous", "single", "unresolved"
"""A supervisor decided; two or more coders gave the same; one coder; coders differ, nobody decided."""
EARLIER = "earlier_version"
"""It was given with an earlier version of the codebook, and has no counterpart now (`finals.carried`)."""

Unit = tuple[int, int | None]
"""Conversation id and message id (None: the conversation itself)."""
Key = tuple[str, int, int | None]
"""Variable, conversation id and message id (None: the conversation itself)."""


@dataclass(frozen=True)
class FinalValue:
    """`value` is None while unresolved, or of an earlier version only.

    For fragments it is the sorted tuple of SpanValue.
    """

    round_id: int
    conversation_id: int
    message_id: int | None
    variable: str
    value: Settlement | None
    source: str
    coders: int
    consensus: Consensus | None
    version_id: int
    """The codebook version in which variable and value are to be read."""


def final_values(
    round_: Round,
    *,
    variables: Collection[str] | None = None,
    conversation_ids: Collection[int] | None = None,
) -> Iterator[FinalValue]:
    """Final values of message- and conversation-level variables, ordered by variable, then unit.

    `conversation_ids` narrows it: a large round is read part by part, so that memory does not grow with it.
    """
    codebook = lookup(round_.codebook_version_id)
    keys = [
        key
        for key, variable in codebook.spec.by_key.items()
        if variable.level != "span" and (variables is None or key in variables)
    ]
    settled = _settled(round_, keys, conversation_ids, settled_values)
    rows = coded_values(round_, variables=keys, conversation_ids=conversation_ids)
    for (key, conversation_id, message_id), group in groupby(
        rows, key=lambda row: (row.variable, row.conversation_id, row.message_id)
    ):
        yield _final(round_, (key, conversation_id, message_id), [row.value for row in group], settled)
    for unit in [*settled]:
        yield _final(round_, unit, [], settled)


def final_spans(round_: Round, *, conversation_ids: Collection[int] | None = None) -> Iterator[FinalValue]:
    """Final fragments per message in which anybody marked one, or a supervisor decided."""
    codebook = lookup(round_.codebook_version_id)
    variable = codebook.type_variable
    if variable is None:
        return
    settled = _settled(round_, [variable.key], conversation_ids, settled_spans)
    by_message = coders_spans(round_, conversation_ids=conversation_ids)
    for (conversation_id, message_id), by_coder in by_message.items():
        yield _final(round_, (variable.key, conversation_id, message_id), list(by_coder.values()), settled)
    for key in [*settled]:
        yield _final(round_, key, [], settled)


def coders_spans(
    round_: Round, *, conversation_ids: Collection[int] | None = None, counted: bool = False
) -> dict[tuple[int, int], dict[int, tuple[SpanValue, ...]]]:
    """(conversation id, message id) -> coder id -> fragments, for messages in which anybody marked one.

    A coder who finished the conversation and marked nothing has an empty tuple. `counted`: as agreement
    counts them (`coding.counted`).
    """
    codebook = lookup(round_.codebook_version_id)
    answers: dict[int, dict[str, Value]] = defaultdict(dict)
    span_keys = [v.key for v in codebook.spec.variables if v.level == "span"]
    values_of = counted_values if counted else coded_values
    rows: list[CodedValue] = list(values_of(round_, variables=span_keys, conversation_ids=conversation_ids))
    for row in rows:
        if row.span_id is not None:
            answers[row.span_id][row.variable] = row.value
    if counted:
        places, coders = (
            counted_places(round_, conversation_ids),
            counted_coders(round_, conversation_ids),
        )
    else:
        spans = Span.objects.filter(coding__assignment__round=round_, coding__state="finished")
        if conversation_ids is not None:
            spans = spans.filter(message__conversation_id__in=conversation_ids)
        places = {pk: (start, end) for pk, start, end in spans.values_list("id", "start", "end")}
        coders = finished_by(round_, conversation_ids=conversation_ids)
    type_key = codebook.type_variable.key if codebook.type_variable else ""
    found: dict[tuple[int, int], dict[int, list[SpanValue]]] = {}
    for row in rows:
        if row.variable != type_key or row.span_id is None or row.message_id is None:
            continue
        others = tuple(
            sorted((key, plain(value)) for key, value in answers[row.span_id].items() if key != type_key)
        )
        start, end = places[row.span_id]
        unit = found.setdefault(
            (row.conversation_id, row.message_id), {coder: [] for coder in coders[row.conversation_id]}
        )
        unit[row.coder_id].append(SpanValue(start, end, str(row.value), others))
    return {
        unit: {coder: tuple(sorted(spans, key=lambda span: span.place)) for coder, spans in by_coder.items()}
        for unit, by_coder in found.items()
    }


def finished_by(round_: Round, *, conversation_ids: Collection[int] | None = None) -> dict[int, list[int]]:
    """Conversation id -> ids of the coders who finished it."""
    coders: dict[int, list[int]] = defaultdict(list)
    rows = round_.assignments.filter(coding__state="finished").order_by("coder_id")
    if conversation_ids is not None:
        rows = rows.filter(conversation_id__in=conversation_ids)
    for conversation_id, coder_id in rows.values_list("conversation_id", "coder_id"):
        coders[conversation_id].append(coder_id)
    return coders


Settled = dict[Key, tuple[Consensus, Settlement]]


def _settled(
    round_: Round,
    variables: Collection[str],
    conversation_ids: Collection[int] | None,
    read: Callable[[QuerySet[Consensus], Lookup], dict[int, Settlement]],
) -> Settled:
    """What was decided in the round about these variables, in the order of codebook and corpus."""
    codebook = lookup(round_.codebook_version_id)
    rows = Consensus.objects.filter(
        round=round_, variable_id__in=[codebook.variable_ids[key] for key in variables]
    ).order_by("variable__position", "conversation__number", "message__position")
    if conversation_ids is not None:
        rows = rows.filter(conversation_id__in=conversation_ids)
    values = read(rows, codebook)
    return {
        (codebook.variables[row.variable_id].key, row.conversation_id, row.message_id): (row, values[row.pk])
        for row in rows
    }


def _final(round_: Round, key: Key, given: Sequence[Settlement], settled: Settled) -> FinalValue:
    """The final value of a unit of which coders gave `given`; a decision is taken out of `settled`."""
    variable, conversation_id, message_id = key
    consensus, value = settled.pop(key, (None, None))
    source = SETTLED if consensus else _source(given)
    if consensus is None and source != UNRESOLVED:
        value = given[0]
    return FinalValue(
        round_.pk,
        conversation_id,
        message_id,
        variable,
        value,
        source,
        len(given),
        consensus,
        round_.codebook_version_id,
    )


def _source(given: Sequence[Settlement]) -> str:
    if len(given) == 1:
        return SINGLE
    return UNANIMOUS if all(value == given[0] for value in given) else UNRESOLVED
