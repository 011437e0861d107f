"""The final value of each unit and variable within one round, and where it comes from. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import QuerySet

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.values import Value, plain
from ..coding.answers import value_of
from ..coding.coded import CodedValue, coded_values
from ..coding.counted import counted_coders, counted_places, counted_values
from ..models import Consensus, ConsensusCategory, ConsensusSpan, Round, Span

SETTLED, UNANIMOUS, SINGLE, UNRESOLVED = "settled", "unanimous", "single", "unresolved"
"""A supervisor decided; two or more coders gave the same; one coder; coders differ, nobody decided."""

Unit = tuple[int, int | None]
"""Conversation id and message id (None: the conversation itself)."""


class SpanValue(NamedTuple):
    start: int
    end: int
    category: str
    answers: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class FinalValue:
    """`value` is None while unresolved. For fragments it is the sorted tuple of SpanValue."""

    round_id: int
    conversation_id: int
    message_id: int | None
    variable: str
    value: Value | tuple[SpanValue, ...] | None
    source: str
    coders: int
    consensus: Consensus | None = None


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
    settled = _settled(_consensus(round_, conversation_ids), codebook, keys)
    rows = coded_values(round_, variables=keys, conversation_ids=conversation_ids)
    for (key, conversation_id, message_id), group in groupby(
        rows, key=lambda row: (row.variable, row.conversation_id, row.message_id)
    ):
        values = [row.value for row in group]
        consensus, value = settled.pop((key, conversation_id, message_id), (None, None))
        source = SETTLED if consensus else _source(values)
        if consensus is None and source != UNRESOLVED:
            value = values[0]
        yield FinalValue(round_.pk, conversation_id, message_id, key, value, source, len(values), consensus)
    for (key, conversation_id, message_id), (consensus, value) in settled.items():
        yield FinalValue(round_.pk, conversation_id, message_id, key, value, SETTLED, 0, consensus)


def final_spans(round_: Round, *, conversation_ids: Collection[int] | None = None) -> Iterator[FinalValue]:
    """Final fragments per message in which anybody marked one, or a supervisor decided."""
    codebook = lookup(round_.codebook_version_id)
    variable = codebook.type_variable
    if variable is None:
        return
    settled = {
        consensus.message_id: consensus
        for consensus in _consensus(round_, conversation_ids).filter(
            variable_id=codebook.variable_ids[variable.key]
        )
    }
    fragments = _settled_spans(_consensus(round_, conversation_ids), codebook)
    by_message = coders_spans(round_, conversation_ids=conversation_ids)
    for (conversation_id, message_id), by_coder in by_message.items():
        consensus = settled.pop(message_id, None)
        sets = list(by_coder.values())
        source = SETTLED if consensus else _source(sets)
        value = fragments.get(consensus.pk, ()) if consensus else sets[0] if source != UNRESOLVED else None
        yield FinalValue(
            round_.pk, conversation_id, message_id, variable.key, value, source, len(sets), consensus
        )
    for consensus in settled.values():
        yield FinalValue(
            round_.pk,
            consensus.conversation_id,
            consensus.message_id,
            variable.key,
            fragments.get(consensus.pk, ()),
            SETTLED,
            0,
            consensus,
        )


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
        unit: {coder: tuple(sorted(spans, key=_place)) for coder, spans in by_coder.items()}
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


def _source(values: list[Any]) -> str:
    if len(values) == 1:
        return SINGLE
    return UNANIMOUS if all(value == values[0] for value in values) else UNRESOLVED


def _consensus(round_: Round, conversation_ids: Collection[int] | None) -> QuerySet[Consensus]:
    rows = Consensus.objects.filter(round=round_)
    return rows if conversation_ids is None else rows.filter(conversation_id__in=conversation_ids)


def _settled(
    standing: QuerySet[Consensus], codebook: Lookup, keys: Collection[str]
) -> dict[tuple[str, int, int | None], tuple[Consensus, Value]]:
    choices: dict[int, set[int]] = defaultdict(set)
    for pk, category_id in ConsensusCategory.objects.filter(consensus__in=standing).values_list(
        "consensus_id", "category_id"
    ):
        choices[pk].add(category_id)
    found = {}
    rows = standing.filter(variable_id__in=[codebook.variable_ids[key] for key in keys])
    for consensus in rows.order_by("variable__position", "conversation__number", "message__position"):
        variable = codebook.variables[consensus.variable_id]
        value = value_of(consensus, variable, codebook, choices[consensus.pk])
        found[variable.key, consensus.conversation_id, consensus.message_id] = (consensus, value)
    return found


def _settled_spans(standing: QuerySet[Consensus], codebook: Lookup) -> dict[int, tuple[SpanValue, ...]]:
    found: dict[int, list[SpanValue]] = defaultdict(list)
    for span in ConsensusSpan.objects.filter(consensus__in=standing):
        found[span.consensus_id].append(
            SpanValue(
                span.start,
                span.end,
                codebook.category_keys[span.category_id],
                tuple(sorted(span.answers.items())),
            )
        )
    return {pk: tuple(sorted(spans, key=_place)) for pk, spans in found.items()}


def _place(span: SpanValue) -> tuple[int, int, str]:
    return span[:3]
