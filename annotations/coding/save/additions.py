"""Storing what a file has more than a coding that is there: answers and fragments, never a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from ...codebooks.lookup import lookup
from ...codebooks.values import Value
from ...common.bulk import update_statistics_after
from ...errors import BadInput
from ...models import Code, CodeCategory, Coding, Event, Round, Span
from ..answers import UnitKey
from .imported import ImportedSpan, store_answers
from .rows import choices_of


@dataclass(frozen=True)
class Addition:
    """To one finished coding. An answer that is there already is of a question with several answers, and
    holds what was given; `Coding.revision` is the one it was compared with.
    """

    coding: Coding
    answers: Mapping[UnitKey, Mapping[str, Value]]
    spans: Sequence[ImportedSpan] = ()
    origins: Mapping[UnitKey, Mapping[str, str]] = field(default_factory=dict)


@transaction.atomic
def store_additions(round_: Round, additions: Sequence[Addition], *, actor_id: int | None) -> None:
    """Each coding gets a new revision. Raises BadInput where somebody changed one since it was compared."""
    if not additions:
        return
    codebook = lookup(round_.codebook_version_id)
    ids = [addition.coding.pk for addition in additions]
    now = dict(
        Coding.objects.select_for_update(of=("self",)).filter(pk__in=ids).values_list("pk", "revision")
    )
    if any(now.get(addition.coding.pk) != addition.coding.revision for addition in additions):
        raise BadInput(_("A coding was changed while the file was read; read it again."))
    last = dict(
        Span.objects.filter(coding__in=ids).order_by().values_list("coding").annotate(last=Max("number"))
    )
    numbers = {
        addition.coding.pk: max(last.get(addition.coding.pk, 0), addition.coding.spans_made)
        for addition in additions
    }
    there = {
        (code.coding_id, code.message_id, code.variable_id): code
        for code in Code.objects.filter(coding__in=ids, span__isnull=True)
    }
    fresh: list[dict[UnitKey, dict[str, Value]]] = []
    for addition in additions:
        mine: dict[UnitKey, dict[str, Value]] = {}
        for unit, answers in addition.answers.items():
            for key, value in answers.items():
                code = there.get((addition.coding.pk, unit[1], codebook.variable_ids[key]))
                if code is None:
                    mine.setdefault(unit, {})[key] = value
                else:
                    _widen(code, set(choices_of(codebook, codebook.spec.by_key[key], value)))
        fresh.append(mine)
    store_answers(
        codebook,
        [
            (addition.coding, answers, addition.origins, addition.spans, numbers[addition.coding.pk])
            for addition, answers in zip(additions, fresh, strict=True)
        ],
    )
    for addition in additions:
        Coding.objects.filter(pk=addition.coding.pk).update(
            revision=F("revision") + 1, spans_made=numbers[addition.coding.pk] + len(addition.spans)
        )
    update_statistics_after(Coding, Span, Code, CodeCategory)
    Event.objects.record(
        "codings.extended",
        actor_id=actor_id,
        study_id=round_.study_id,
        subject=round_,
        after={
            "codings": ids,
            "answers": sum(len(values) for addition in additions for values in addition.answers.values()),
            "spans": sum(len(addition.spans) for addition in additions),
        },
    )


def _widen(code: Code, wanted: set[int]) -> None:
    known = set(CodeCategory.objects.filter(code=code).values_list("category_id", flat=True))
    CodeCategory.objects.bulk_create(
        CodeCategory(code=code, category_id=category_id) for category_id in sorted(wanted - known)
    )
    Code.objects.filter(pk=code.pk).update(revision=F("revision") + 1, updated_at=timezone.now())
