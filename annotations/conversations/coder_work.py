"""What each coder gave in one conversation, with doubts, times and history. Reads only; for supervisors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.values import Missing
from ..coding.coded import coded_values
from ..finals.wording import value_label
from ..models import (
    Assignment,
    Coding,
    Conversation,
    Event,
    KeptContradiction,
    Membership,
    Message,
    Round,
    Span,
)
from ..studies.log import Entry, entries_of
from ..studies.progress import FLAG, name_of

HISTORY = 300
"""Entries of the log that are shown, the latest of each conversation."""


@dataclass(frozen=True)
class Answer:
    """One code in words. `is_doubt`: a note, or "for discussion"."""

    variable: str
    value: str
    is_doubt: bool = False


@dataclass
class UnitCodes:
    """The answers about a message (its number counts from 1) or, without a number, the conversation."""

    message_id: int | None
    number: int | None
    answers: list[Answer] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)

    @property
    def doubts(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.is_doubt]


@dataclass(frozen=True)
class Kept:
    """A contradiction that the coder kept, in the codebook's words; no number: in the conversation."""

    message_id: int | None
    number: int | None
    text: str


@dataclass
class CoderWork:
    """A coder's work on the conversation; `coding` is None while it was not opened.

    `released_at`: it was taken from the coder then, with what was begun kept; it counts nowhere.
    """

    name: str
    pseudonym: str
    round: Round
    coding: Coding | None
    units: list[UnitCodes] = field(default_factory=list)
    history: list[Entry] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    released_at: datetime | None = None

    @property
    def doubts(self) -> list[UnitCodes]:
        return [unit for unit in self.units if unit.doubts]

    @property
    def minutes(self) -> int:
        return round(self.coding.active_seconds / 60) if self.coding else 0


def is_blind(conversation: Conversation, user_id: int) -> bool:
    """Whether this person still codes the conversation and may not see what others gave."""
    own = Assignment.objects.filter(conversation=conversation, coder_id=user_id)
    return own.exclude(coding__state=Coding.State.FINISHED).exists()


def coder_work(conversation: Conversation, language: str) -> list[CoderWork]:
    """The work of every coder to whom the conversation was given, by round and pseudonym."""
    assignments = list(
        Assignment.with_released.filter(conversation=conversation)
        .select_related("round__study", "coder", "coding")
        .order_by("round__created_at", "round_id", "coder_id")
    )
    if not assignments:
        return []
    pseudonyms = dict(
        Membership.objects.filter(study_id=conversation.study_id).values_list("user_id", "pseudonym")
    )
    numbers = {
        pk: position + 1
        for pk, position in Message.objects.filter(conversation=conversation).values_list("pk", "position")
    }
    units = _units(conversation, {row.round for row in assignments}, numbers, language)
    history = _history(conversation, assignments)
    kept = _kept(conversation, numbers, language)
    found = []
    for row in assignments:
        coding = getattr(row, "coding", None)
        pk = coding.pk if coding else 0
        found.append(
            CoderWork(
                name_of(row.coder),
                pseudonyms.get(row.coder_id, "–"),
                row.round,
                coding,
                units.get(pk, []),
                history.get(pk, []),
                kept.get(pk, []),
                row.released_at,
            )
        )
    return sorted(found, key=lambda work: (work.round.created_at, work.round.pk, work.pseudonym))


def _units(
    conversation: Conversation, rounds: Iterable[Round], numbers: Mapping[int, int], language: str
) -> dict[int, list[UnitCodes]]:
    """Coding id -> its units in reading order, the conversation last."""
    found: dict[int, dict[int | None, UnitCodes]] = defaultdict(dict)
    kinds: dict[int, str] = {}
    for round_ in rounds:
        codebook = lookup(round_.codebook_version_id)
        type_key = codebook.type_variable.key if codebook.type_variable else ""
        for row in coded_values(round_, conversation_ids=[conversation.pk], finished_only=False):
            unit = found[row.coding_id].setdefault(
                row.message_id, UnitCodes(row.message_id, numbers.get(row.message_id or 0))
            )
            variable = codebook.spec.by_key[row.variable]
            label = value_label(codebook, variable, row.value, language)
            if row.span_id is not None:
                if row.variable == type_key:
                    kinds[row.span_id] = label
            elif row.value not in (Missing.NOT_APPLICABLE, Missing.NOT_CODED):
                is_note = variable.of_kind.is_free and not isinstance(row.value, Missing)
                is_doubt = is_note or (row.variable == FLAG and row.value == "yes")
                unit.answers.append(Answer(in_language(variable.label, language), label, is_doubt))
    for span in Span.objects.filter(pk__in=kinds).order_by("start", "number"):
        found[span.coding_id][span.message_id].fragments.append(kinds[span.pk])
    last = len(numbers) + 1
    return {pk: sorted(units.values(), key=lambda unit: unit.number or last) for pk, units in found.items()}


def _kept(conversation: Conversation, numbers: Mapping[int, int], language: str) -> dict[int, list[Kept]]:
    """Coding id -> contradictions that its coder kept, in reading order, those of the conversation last."""
    rows = KeptContradiction.objects.filter(coding__assignment__conversation=conversation)
    found: dict[int, list[Kept]] = defaultdict(list)
    for row in rows.select_related("coding__assignment__round"):
        codebook = lookup(row.coding.assignment.round.codebook_version_id).spec
        text = next((item.text for item in codebook.consistency if item.key == row.rule), {})
        number = numbers.get(row.message_id or 0)
        found[row.coding_id].append(Kept(row.message_id, number, in_language(text, language)))
    last = len(numbers) + 1
    return {pk: sorted(kept, key=lambda work: work.number or last) for pk, kept in found.items()}


def _history(conversation: Conversation, assignments: Iterable[Assignment]) -> dict[int, list[Entry]]:
    """Coding id -> what the log says of it, the first first."""
    codings = [row.coding.pk for row in assignments if hasattr(row, "coding")]
    events = Event.objects.filter(subject_type="coding", subject_id__in=codings).select_related("actor")
    latest = list(events.order_by("-id")[:HISTORY])[::-1]
    found: dict[int, list[Entry]] = defaultdict(list)
    for event, entry in zip(latest, entries_of(conversation.study, latest), strict=True):
        found[event.subject_id or 0].append(entry)
    return found
