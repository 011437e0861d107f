"""What waits for the supervisor: doubts of a screener, and answers that differ. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..models import Screening, ScreeningDecision, ScreeningUnit
from .double import names
from .page import Choice, Line, choices_of, lines_of
from .reasons import reason_label

State = ScreeningUnit.State


@dataclass(frozen=True)
class Said:
    """What one person said, with the note."""

    who: str
    answer: str
    reason: str
    note: str


@dataclass(frozen=True)
class Case:
    unit: ScreeningUnit
    question: str
    said: list[Said]
    lines: list[Line]
    choices: list[Choice]
    waiting: int
    revision: int = 0


def next_case(screening: Screening, language: str) -> Case | None:
    """The first that waits, in the order of the search; None when nothing does."""
    waiting = ScreeningUnit.objects.filter(
        track__screening=screening, is_unfinished=True, state__in=[State.DOUBT, State.DIFFERS]
    )
    unit = waiting.select_related("message", "track__organisation").order_by("track_id", "position").first()
    if unit is None:
        return None
    spec = lookup(screening.codebook_version_id).spec.by_key[screening.variable.key]
    people = names(screening.study_id)
    given = ScreeningDecision.objects.filter(unit=unit, is_settling=False).exclude(answer="", is_doubt=False)
    return Case(
        unit=unit,
        question=in_language(spec.label, language),
        said=[
            Said(
                people.get(row.coder_id, "–"),
                "doubt" if row.is_doubt else row.answer,
                reason_label(row.reason) if row.reason else "",
                row.note,
            )
            for row in given.order_by("id")
        ],
        lines=lines_of(screening, unit.message.conversation_id, unit.message_id),
        choices=choices_of(screening, spec, language),
        waiting=waiting.count(),
    )
