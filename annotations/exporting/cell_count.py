"""How far an export is: cells written, of the cells there will be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..models import Code, Coding, Message, Span
from .study_data import StudyData
from .tables import Table

OnShare = Callable[[float], None]
TELL_EVERY = 20_000


@dataclass
class Cells:
    """Cells cost about the same in every table, rows do not."""

    tell: OnShare | None
    expected: int
    written: int = 0
    told: int = 0

    def count(self, cells: int) -> None:
        self.written += cells
        if self.tell and self.written - self.told >= TELL_EVERY:
            self.told = self.written
            self.tell(min(1.0, self.written / max(1, self.expected)))


def expected_cells(data: StudyData, tables: Sequence[Table]) -> int:
    """An estimate for a progress bar: units are counted, final values and pairable units follow from them."""
    width = {table.name: len(table.columns) for table in tables}
    total = Message.objects.filter(study=data.study).count() * width["messages.csv"]
    for round_ in data.rounds:
        # From the round to its codings and on: each step follows an index, whatever the database knows of the
        # sizes of its tables.
        finished = {"coding__assignment__round": round_, "coding__state": Coding.State.FINISHED}
        assigned = round_.assignments.filter(coding__state=Coding.State.FINISHED).order_by()
        codings = assigned.count()
        if not codings:
            continue
        conversations = assigned.values("conversation_id", "conversation__message_count").distinct()
        sizes = [row["conversation__message_count"] for row in conversations]
        codes = Code.objects.filter(**finished).count()
        final = codes * len(sizes) // codings
        total += codes * width["codings_long.csv"] + final * width["consensus.csv"]
        total += (sum(sizes) + len(sizes)) * width["codings_wide.csv"]
        total += Span.objects.filter(**finished).count() * width["spans.csv"]
        if codings > len(sizes):
            total += final * width["reliability.csv"]
    return total
