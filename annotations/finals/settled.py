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


def settlements(rows: Sequence[Consensus] | QuerySet[Consensus], codebook: Lookup) -> dict[int, Settlement]:
    """Consensus id -> what it says, in two queries besides that for the rows themselves."""
    choices: dict[int, set[int]] = defaultdict(set)
    for pk, category_id in ConsensusCategory.objects.filter(consensus__in=rows).values_list(
        "consensus_id", "category_id"
    ):
        choices[pk].add(category_id)
    spans: dict[int, list[SpanValue]] = defaultdict(list)
    for span in ConsensusSpan.objects.filter(consensus__in=rows):
        category = codebook.category_keys[span.category_id]
        spans[span.consensus_id].append(
            SpanValue(span.start, span.end, category, tuple(sorted(span.answers.items())))
        )
    found: dict[int, Settlement] = {}
    for row in rows:
        variable = codebook.variables[row.variable_id]
        if variable.level == "span":
            found[row.pk] = tuple(sorted(spans[row.pk], key=lambda span: span.place))
        else:
            found[row.pk] = value_of(row, variable, codebook, choices[row.pk])
    return found


def as_json(settlement: Settlement) -> Any:
    """A settlement for the log and for a form: categories, numbers and offsets."""
    if isinstance(settlement, tuple):
        return [
            {"start": span.start, "end": span.end, "category": span.category, "answers": dict(span.answers)}
            for span in settlement
        ]
    return plain(settlement)
