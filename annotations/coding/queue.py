"""A coder's own queue in a study: what was given to them in open rounds, in their own order. Reads only.

The queue is never read as a whole: what comes next, before and after is looked up in an index, and what is
finished is counted there, so that a queue of 100,000 conversations is as quick as one of 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from ..models import Assignment, Coding, Round, Training


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

    @property
    def is_finished(self) -> bool:
        return self.state == Coding.State.FINISHED


class CoderQueue:
    """Of one coder in one study. `blocks`: each round, the oldest first, with those that are woven into it.

    Has a length and can be sliced, so that a Paginator takes it.
    """

    def __init__(self, coder_id: int, blocks: dict[Round, list[int]]) -> None:
        self.coder_id = coder_id
        self.blocks = blocks

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, wanted: slice) -> list[Entry]:
        start, stop, _step = wanted.indices(self.total)
        entries: list[Entry] = []
        passed = 0
        for base, rounds in self.blocks.items():
            size = sum(self._sizes.get(pk, 0) for pk in rounds)
            first, last = max(start - passed, 0), min(stop - passed, size)
            if first < last:
                entries += self._entries(base, rounds, first, last)
            passed += size
        return entries

    @cached_property
    def _counts(self) -> list[tuple[int, str, int]]:
        rows = self._rows([pk for rounds in self.blocks.values() for pk in rounds])
        return list(rows.values_list("round_id", "progress").annotate(number=Count("pk")).order_by())

    @cached_property
    def _sizes(self) -> dict[int, int]:
        sizes: dict[int, int] = {}
        for pk, _progress, number in self._counts:
            sizes[pk] = sizes.get(pk, 0) + number
        return sizes

    @property
    def total(self) -> int:
        return sum(self._sizes.values())

    @property
    def finished(self) -> int:
        done = Assignment.Progress.FINISHED
        return sum(number for _pk, progress, number in self._counts if progress == done)

    def position(self, own: Assignment) -> int:
        """1 for the first."""
        before, block, _after = self._around(own)
        rows = self._rows(block)
        earlier = rows.filter(Q(position__lt=own.position) | Q(position=own.position, pk__lt=own.pk)).count()
        return sum(self._sizes.get(pk, 0) for rounds in before for pk in rounds) + earlier + 1

    def next_open(self, after: Assignment | None = None) -> int | None:
        """The next conversation that is not finished, from the start again when the end is reached.

        Those that were skipped come when no other is left, the one skipped longest ago first. Never gives the
        conversation asked `after`.
        """
        todo = Assignment.Progress.TODO
        if after is None:
            found = self._first(self.blocks.values(), todo)
        else:
            before, block, later = self._around(after)
            found = self._beside(block, after, todo, later=True) or self._first(
                [*later, *before, block], todo, but=after
            )
        return found or self._skipped_longest_ago(after)

    def previous(self, own: Assignment) -> int | None:
        before, block, _after = self._around(own)
        return self._beside(block, own, later=False) or self._last(reversed(before))

    def following(self, own: Assignment) -> int | None:
        _before, block, after = self._around(own)
        return self._beside(block, own, later=True) or self._first(after)

    def _rows(self, rounds: Iterable[int]) -> QuerySet[Assignment]:
        return Assignment.objects.filter(coder_id=self.coder_id, round_id__in=list(rounds))

    def _around(self, own: Assignment) -> tuple[list[list[int]], list[int], list[list[int]]]:
        """The blocks before this one's, its own, and those after."""
        blocks = list(self.blocks.values())
        place = next(place for place, rounds in enumerate(blocks) if own.round_id in rounds)
        return blocks[:place], blocks[place], blocks[place + 1 :]

    def _beside(
        self, rounds: Iterable[int], own: Assignment, progress: str | None = None, *, later: bool
    ) -> int | None:
        """The nearest one in the same block after (or before) this one."""
        here = (own.position, own.pk)
        near = {"position__gte" if later else "position__lte": own.position}
        order = "position" if later else "-position"
        # A round has each position once, so the second row is beyond this one in any case.
        found = [
            (row.position, row.pk)
            for pk in rounds
            for row in self._rows_of(pk, progress).filter(**near).order_by(order)[:2]
        ]
        if later:
            return min((row for row in found if row > here), default=(0, None))[1]
        return max((row for row in found if row < here), default=(0, None))[1]

    def _first(
        self, blocks: Iterable[list[int]], progress: str | None = None, *, but: Assignment | None = None
    ) -> int | None:
        left_out = but.pk if but else None
        for rounds in blocks:
            rows = [row for pk in rounds for row in self._rows_of(pk, progress).order_by("position")[:2]]
            found = [(row.position, row.pk) for row in rows if row.pk != left_out]
            if found:
                return min(found)[1]
        return None

    def _last(self, blocks: Iterator[list[int]]) -> int | None:
        for rounds in blocks:
            rows = [row for pk in rounds for row in self._rows_of(pk).order_by("-position")[:1]]
            if rows:
                return max((row.position, row.pk) for row in rows)[1]
        return None

    def _rows_of(self, round_id: int, progress: str | None = None) -> QuerySet[Assignment]:
        rows = Assignment.objects.filter(coder_id=self.coder_id, round_id=round_id).only("pk", "position")
        return rows if progress is None else rows.filter(progress=progress)

    def _skipped_longest_ago(self, but: Assignment | None) -> int | None:
        rows = self._rows([pk for rounds in self.blocks.values() for pk in rounds])
        skipped = rows.filter(progress=Assignment.Progress.SKIPPED)
        if but is not None:
            skipped = skipped.exclude(pk=but.pk)
        return skipped.order_by("coding__skipped_at").values_list("pk", flat=True).first()

    def _entries(self, base: Round, rounds: list[int], first: int, last: int) -> list[Entry]:
        rows = (
            self._rows(rounds)
            .order_by("position", "pk")
            .values_list(
                "pk",
                "conversation__number",
                "conversation__organisation__name",
                "conversation__message_count",
                "coding__state",
            )[first:last]
        )
        return [
            Entry(pk, base.pk, base.name, number, organisation or "", count, state or "")
            for pk, number, organisation, count, state in rows
        ]


def own_queue(study_id: int, coder_id: int) -> CoderQueue:
    """Everything a coder has to do in a study. A round that is woven into another goes by that one's name."""
    rounds = (
        Round.objects.filter(study_id=study_id, is_open=True)
        .exclude(pk__in=Training.objects.barred_rounds(coder_id))
        .select_related("woven_into")
    )
    blocks: dict[Round, list[int]] = {}
    for row in sorted(rounds, key=lambda row: _begun(row.woven_into or row)):
        blocks.setdefault(row.woven_into or row, []).append(row.pk)
    return CoderQueue(coder_id, blocks)


def _begun(base: Round) -> tuple[float, int]:
    return base.created_at.timestamp(), base.pk


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
