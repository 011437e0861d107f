"""quotations.csv: messages in other words. Never the message, nor its id: that leads to it."""

from __future__ import annotations

from collections.abc import Iterator

from ...models import Quotation
from ...quotations.reading import Shown, shown
from ..study_data import StudyData
from . import Column, Row, Table


def quotations(data: StudyData) -> Table:
    return Table(
        "quotations.csv",
        "Messages in other words, as examples of a category; what could be recognised is left out",
        (
            Column("variable", "string", "key of the variable"),
            Column("category", "string", "key of the category that it is an example of"),
            Column("label", "string", "the category in words"),
            Column("organisation", "string", "organisation of the conversation"),
            Column("quotation", "string", "in other words"),
            Column(
                "ground", "string", "paraphrase, asked (consent), consent (given), or public (organisation)"
            ),
            Column("written_on", "date", "the day on which it was written"),
        ),
        lambda: _rows(data),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    for one in bank(data):
        if one.is_fit:
            organisation = one.original.message.conversation.organisation
            yield (
                one.quotation.variable,
                one.quotation.category,
                f"{one.variable}: {one.category}",
                organisation.name if organisation else "",
                one.quotation.paraphrase,
                one.quotation.status,
                one.quotation.written_at.date().isoformat(),
            )


def bank(data: StudyData) -> list[Shown]:
    rows = Quotation.objects.filter(study=data.study).select_related("written_by")
    return shown(data.study, list(rows), data.language)


def left_out(data: StudyData) -> list[str]:
    """For the manifest."""
    kept = sum(not one.is_fit for one in bank(data))
    return [f"{kept} quotations in which the message can be recognised"] if kept else []
