"""How far an export is: cells written, of the cells there will be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Count

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
    messages = Message.objects.filter(study=data.study)
    total = messages.count() * width["messages.csv"]
    for round_ in data.rounds:
        codings = Coding.objects.filter(assignment__round=round_, state=Coding.State.FINISHED)
        counts = codings.aggregate(all=Count("id"), units=Count("assignment__conversation", distinct=True))
        if not counts["all"]:
            continue
        codes = Code.objects.filter(coding__in=codings).count()
        final = codes * counts["units"] // counts["all"]
        rows = messages.filter(conversation__assignments__coding__in=codings).distinct().count()
        total += codes * width["codings_long.csv"] + final * width["consensus.csv"]
        total += (rows + counts["units"]) * width["codings_wide.csv"]
        total += Span.objects.filter(coding__in=codings).count() * width["spans.csv"]
        if counts["all"] > counts["units"]:
            total += final * width["reliability.csv"]
    return total
