"""Settled values read from their rows. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from ..codebooks.lookup import Lookup
from ..codebooks.values import Value, plain
from ..coding.answers import value_of
from ..models import Consensus, ConsensusCategory, ConsensusSpan


class SpanValue(NamedTuple):
    """A fragment: its place, its type, and the further answers about it as JSON."""

    start: int
    end: int
    category: str
    answers: tuple[tuple[str, Any], ...] = ()

    @property
    def place(self) -> tuple[int, int, str]:
        return self.start, self.end, self.category


Settlement = Value | tuple[SpanValue, ...]
"""What a unit is settled on: a value, or for the fragments of a message the sorted tuple of them."""


Rows = Sequence[Consensus] | QuerySet[Consensus]


def settlements(rows: Rows, codebook: Lookup) -> dict[int, Settlement]:
    """Consensus id -> what it says, in two queries besides that for the rows themselves."""
    return settled_values(rows, codebook) | settled_spans(rows, codebook)


def settled_values(rows: Rows, codebook: Lookup) -> dict[int, Settlement]:
    """The same of the rows about messages and conversations, in one query."""
    choices: dict[int, set[int]] = defaultdict(set)
    for pk, category_id in ConsensusCategory.objects.filter(consensus__in=rows).values_list(
        "consensus_id", "category_id"
    ):
        choices[pk].add(category_id)
    return {
        row.pk: value_of(row, codebook.variables[row.variable_id], codebook, choices[row.pk])
        for row in rows
        if codebook.variables[row.variable_id].level != "span"
    }


def settled_spans(rows: Rows, codebook: Lookup) -> dict[int, Settlement]:
    """The same of the rows about fragments, in one query."""
    spans: dict[int, list[SpanValue]] = defaultdict(list)
    for span in ConsensusSpan.objects.filter(consensus__in=rows):
        category = codebook.category_keys[span.category_id]
        spans[span.consensus_id].append(
            SpanValue(span.start, span.end, category, tuple(sorted(span.answers.items())))
        )
    return {
        row.pk: tuple(sorted(spans[row.pk], key=lambda span: span.place))
        for row in rows
        if codebook.variables[row.variable_id].level == "span"
    }


def as_json(settlement: Settlement) -> Any:
    """A settlement for the log and for a form: categories, numbers and offsets."""
    if isinstance(settlement, tuple):
        return [
            {"start": span.start, "end": span.end, "category": span.category, "answers": dict(span.answers)}
            for span in settlement
        ]
    return plain(settlement)
