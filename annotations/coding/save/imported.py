"""Storing whole codings that were made elsewhere, in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ...codebooks.lookup import Lookup, lookup
from ...codebooks.store import freeze
from ...codebooks.values import Value
from ...common.bulk import update_statistics_after
from ...models import (
    Assignment,
    Code,
    CodeCategory,
    Coding,
    Event,
    KeptContradiction,
    Round,
    Span,
    Study,
)
from ..answers import UnitKey
from .rows import choices_of, fields_of

BATCH = 2000


@dataclass(frozen=True)
class ImportedSpan:
    message_id: int
    start: int
    end: int
    answers: Mapping[str, Value]
    origin: str = Span.Origin.ADDED
    answer_origins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportedCoding:
    """One coder's work on one conversation; values are canonical (`check_value`).

    `answers`: ("conversation", None) or ("message", id) -> {variable: value}. `origins`, in the same shape:
    what stood on the screen (`Code.Origin`), where that is known; else nothing was proposed.
    """

    assignment: Assignment
    answers: Mapping[UnitKey, Mapping[str, Value]]
    spans: Sequence[ImportedSpan] = field(default_factory=tuple)
    finished: bool = True
    finished_at: datetime | None = None
    active_seconds: int = 0
    origins: Mapping[UnitKey, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportedKept:
    """A contradiction that a coder kept; it is one that may be kept (`CodingState.contradictions`)."""

    coding: Coding
    rule: str
    message_id: int | None
    kept_at: datetime | None = None


@transaction.atomic
def store_imported(round_: Round, codings: Sequence[ImportedCoding], *, actor_id: int | None) -> list[Coding]:
    """Store codings for assignments that have none yet (the database refuses a second one)."""
    codebook = lookup(round_.codebook_version_id)
    freeze(codebook.version_id)
    now = timezone.now()
    rows = Coding.objects.bulk_create(
        (
            Coding(
                assignment=item.assignment,
                state=Coding.State.FINISHED if item.finished else Coding.State.OPEN,
                started_at=item.finished_at or now,
                finished_at=(item.finished_at or now) if item.finished else None,
                active_seconds=item.active_seconds,
                spans_made=len(item.spans),
            )
            for item in codings
        ),
        batch_size=BATCH,
    )
    store_answers(
        codebook,
        [(row, item.answers, item.origins, item.spans, 0) for row, item in zip(rows, codings, strict=True)],
    )
    update_statistics_after(Coding, Span, Code, CodeCategory)
    Event.objects.record(
        "codings.imported",
        actor_id=actor_id,
        study_id=round_.study_id,
        subject=round_,
        after={
            "codings": [row.pk for row in rows],
            "answers": sum(len(answers) for item in codings for answers in item.answers.values()),
            "spans": sum(len(item.spans) for item in codings),
        },
    )
    return rows


def count_new_kept(kept: Sequence[ImportedKept]) -> int:
    """How many of them `store_imported_kept` would store."""
    codings = [item.coding for item in kept]
    there = set(
        KeptContradiction.objects.filter(coding__in=codings).values_list("coding_id", "rule", "message_id")
    )
    return len({(item.coding.pk, item.rule, item.message_id) for item in kept} - there)


@transaction.atomic
def store_imported_kept(study: Study, kept: Sequence[ImportedKept], *, actor_id: int | None) -> int:
    """Store what coders kept elsewhere; gives how many were new."""
    new = 0
    for item in kept:
        _row, created = KeptContradiction.objects.get_or_create(
            coding=item.coding,
            rule=item.rule,
            message_id=item.message_id,
            defaults={"created_at": item.kept_at or timezone.now()},
        )
        new += created
    if new:
        Event.objects.record(
            "contradictions.imported",
            actor_id=actor_id,
            study_id=study.pk,
            subject=study,
            after={"contradictions": new},
        )
    return new


Work = tuple[
    Coding,
    Mapping[UnitKey, Mapping[str, Value]],
    Mapping[UnitKey, Mapping[str, str]],
    Sequence[ImportedSpan],
    int,
]
"""A coding, its answers, their origins, its fragments, and the number of the last fragment before those."""


def store_answers(codebook: Lookup, work: Sequence[Work]) -> None:
    spans = [
        (
            Span(
                coding=row,
                message_id=span.message_id,
                number=number,
                start=span.start,
                end=span.end,
                origin=span.origin,
            ),
            span,
        )
        for row, _answers, _origins, items, last in work
        for number, span in enumerate(items, start=last + 1)
    ]
    Span.objects.bulk_create((row for row, _ in spans), batch_size=BATCH)
    values: list[tuple[Code, str, Value]] = []
    for row, by_unit, origins_of, _items, _last in work:
        for unit, answers in by_unit.items():
            origins = origins_of.get(unit, {})
            for key, value in answers.items():
                code = _code(
                    codebook, key, value, coding=row, message_id=unit[1], origin=origins.get(key, "")
                )
                values.append((code, key, value))
    for span, item_span in spans:
        for key, value in item_span.answers.items():
            code = _code(
                codebook,
                key,
                value,
                coding=span.coding,
                message_id=span.message_id,
                span=span,
                origin=item_span.answer_origins.get(key, ""),
            )
            values.append((code, key, value))
    Code.objects.bulk_create((code for code, _, _ in values), batch_size=BATCH)
    CodeCategory.objects.bulk_create(
        (
            CodeCategory(code=code, category_id=category_id)
            for code, key, value in values
            for category_id in choices_of(codebook, codebook.spec.by_key[key], value)
        ),
        batch_size=BATCH,
    )


def _code(codebook: Lookup, key: str, value: Value, **unit: object) -> Code:
    variable = codebook.spec.by_key[key]
    return Code(variable_id=codebook.variable_ids[key], **unit, **fields_of(codebook, variable, value))
