"""A coder's own queue in a study: what was given to them in open rounds, in their own order. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from django.db.models.functions import Coalesce

from ..models import Assignment, Coding, Training


@dataclass(frozen=True)
class Entry:
    """One conversation of the queue; `state` is "" as long as it was never opened."""

    assignment_id: int
    round_id: int
    round_name: str
    conversation_number: int
    organisation: str
    message_count: int
    state: str
    skipped_at: datetime | None = None

    @property
    def is_finished(self) -> bool:
        return self.state == Coding.State.FINISHED


@dataclass(frozen=True)
class CoderQueue:
    entries: tuple[Entry, ...]

    @cached_property
    def _places(self) -> dict[int, int]:
        return {entry.assignment_id: place for place, entry in enumerate(self.entries)}

    @property
    def finished(self) -> int:
        return sum(entry.is_finished for entry in self.entries)

    @property
    def total(self) -> int:
        return len(self.entries)

    def position(self, assignment_id: int) -> int:
        """1 for the first."""
        return self._places[assignment_id] + 1

    def next_open(self, after: int | None = None) -> Entry | None:
        """The next conversation that is not finished, from the start again when the end is reached.

        Those that were skipped come when no other is left, the one skipped longest ago first. Never gives the
        conversation asked `after`.
        """
        place = -1 if after is None else self._places.get(after, -1)
        turned = (*self.entries[place + 1 :], *self.entries[: max(place, 0)])
        left = [entry for entry in turned if not entry.is_finished]
        return min(left, key=_skipped_last, default=None)

    def previous(self, assignment_id: int) -> Entry | None:
        place = self._places[assignment_id]
        return self.entries[place - 1] if place else None

    def following(self, assignment_id: int) -> Entry | None:
        place = self._places[assignment_id] + 1
        return self.entries[place] if place < len(self.entries) else None


def own_queue(study_id: int, coder_id: int) -> CoderQueue:
    """Everything a coder has to do in a study, in one query."""
    rows = (
        Assignment.objects.filter(coder_id=coder_id, round__study_id=study_id, round__is_open=True)
        .exclude(round__in=Training.objects.barred_rounds(coder_id))
        .annotate(
            base_id=Coalesce("round__woven_into_id", "round_id"),
            base_name=Coalesce("round__woven_into__name", "round__name"),
            base_at=Coalesce("round__woven_into__created_at", "round__created_at"),
        )
        .order_by("base_at", "base_id", "position", "pk")
        .values_list(
            "pk",
            "base_id",
            "base_name",
            "conversation__number",
            "conversation__organisation__name",
            "conversation__message_count",
            "coding__state",
            "coding__skipped_at",
        )
    )
    return CoderQueue(
        tuple(
            Entry(pk, round_id, name, number, organisation or "", count, state or "", skipped_at)
            for pk, round_id, name, number, organisation, count, state, skipped_at in rows
        )
    )


def own_assignment(assignment_id: int, *, study_id: int, coder_id: int) -> Assignment | None:
    """The assignment with all a page needs of it, if it is this coder's own."""
    return (
        Assignment.objects.select_related(
            "round__woven_into",
            "round__study",
            "round__codebook_version",
            "conversation__organisation",
            "coding",
        )
        .filter(pk=assignment_id, coder_id=coder_id, round__study_id=study_id)
        .exclude(round__in=Training.objects.barred_rounds(coder_id))
        .first()
    )


def _skipped_last(entry: Entry) -> tuple[bool, datetime]:
    return (entry.skipped_at is not None, entry.skipped_at or datetime.min.replace(tzinfo=UTC))
