"""Storing codings that go on from those of an earlier codebook version; the earlier ones stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from ...codebooks.lookup import Lookup, lookup
from ...codebooks.store import freeze
from ...codebooks.values import Value
from ...common.bulk import update_statistics_after
from ...models import (
    Assignment,
    CandidateDecision,
    Code,
    CodeCategory,
    Coding,
    Event,
    KeptContradiction,
    Round,
    Span,
)
from ..answers import UnitKey
from .rows import choices_of, fields_of

BATCH = 2_000


@dataclass(frozen=True)
class CarriedCoding:
    """What is taken along of a finished coding into an assignment of a later round.

    `answers`: by unit of the earlier coding, its spans by their old ids; values are in the words of the new
    version. `is_whole`: nothing is left to be coded, so that it counts as finished.
    """

    assignment: Assignment
    earlier: Coding
    answers: Mapping[UnitKey, Mapping[str, Value]]
    is_whole: bool
    spans: Sequence[Span] = field(default_factory=tuple)


@transaction.atomic
def store_carried(round_: Round, items: Sequence[CarriedCoding], *, actor_id: int | None) -> list[Coding]:
    """Store them for assignments that have no coding yet, every answer marked as carried over."""
    codebook = lookup(round_.codebook_version_id)
    freeze(codebook.version_id)
    rows = Coding.objects.bulk_create(
        (
            Coding(
                assignment=item.assignment,
                state=Coding.State.FINISHED if item.is_whole else Coding.State.OPEN,
                finished_at=item.earlier.finished_at if item.is_whole else None,
                spans_made=item.earlier.spans_made,
            )
            for item in items
        ),
        batch_size=BATCH,
    )
    pairs = list(zip(rows, items, strict=True))
    spans = _store_spans(pairs)
    _store_decisions(pairs, spans)
    _store_codes(codebook, pairs, spans)
    KeptContradiction.objects.bulk_create(
        KeptContradiction(coding=row, rule=kept.rule, message_id=kept.message_id)
        for row, item in pairs
        for kept in item.earlier.kept_contradictions.all()
        if kept.rule in {rule.key for rule in codebook.spec.consistency}
    )
    update_statistics_after(Coding, Span, Code, CodeCategory)
    Event.objects.record(
        "codings.carried",
        actor_id=actor_id,
        study_id=round_.study_id,
        subject=round_,
        after={
            "codings": [row.pk for row in rows],
            "answers": sum(len(answers) for item in items for answers in item.answers.values()),
            "spans": len(spans),
        },
    )
    return rows


Pairs = Sequence[tuple[Coding, CarriedCoding]]


def _store_spans(pairs: Pairs) -> dict[int, Span]:
    """Id of the earlier span -> the span that goes on from it."""
    made = [
        (
            old.pk,
            Span(
                coding=row,
                message_id=old.message_id,
                number=old.number,
                start=old.start,
                end=old.end,
                origin=old.origin,
                candidate_id=old.candidate_id,
            ),
        )
        for row, item in pairs
        for old in item.spans
    ]
    Span.objects.bulk_create((span for _pk, span in made), batch_size=BATCH)
    return dict(made)


def _store_decisions(pairs: Pairs, spans: Mapping[int, Span]) -> None:
    coding_of = {item.earlier.pk: row for row, item in pairs}
    known = CandidateDecision.objects.filter(coding__in=list(coding_of))
    CandidateDecision.objects.bulk_create(
        (
            CandidateDecision(
                coding=coding_of[row.coding_id],
                candidate_id=row.candidate_id,
                decision=row.decision,
                span=spans[row.span_id] if row.span_id else None,
            )
            for row in known
        ),
        batch_size=BATCH,
    )


def _store_codes(codebook: Lookup, pairs: Pairs, spans: Mapping[int, Span]) -> None:
    codes: list[tuple[Code, list[int]]] = []
    for row, item in pairs:
        for (level, pk), answers in item.answers.items():
            span = spans[pk] if level == "span" and pk is not None else None
            for key, value in answers.items():
                variable = codebook.spec.by_key[key]
                code = Code(
                    coding=row,
                    variable_id=codebook.variable_ids[key],
                    message_id=span.message_id if span else pk,
                    span=span,
                    origin=Code.Origin.CARRIED,
                    **fields_of(codebook, variable, value),
                )
                codes.append((code, choices_of(codebook, variable, value)))
    Code.objects.bulk_create((code for code, _choices in codes), batch_size=BATCH)
    CodeCategory.objects.bulk_create(
        (
            CodeCategory(code=code, category_id=category_id)
            for code, choices in codes
            for category_id in choices
        ),
        batch_size=BATCH,
    )
