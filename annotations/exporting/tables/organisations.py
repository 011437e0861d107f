"""organisations.csv: what supervisors filled in of each organisation, with the source of each measure."""

from __future__ import annotations

from collections.abc import Iterator

from ...models import Organisation
from ..study_data import StudyData
from . import Column, Row, Table

MEASURES = (
    "has_social_media_rules",
    "has_employee_policy",
    "has_training",
    "has_diverse_review",
    "has_crisis_plan",
)
FACTS = ("bio_no_personal_data", "bio_dm_possible", "monitoring_24h")


def organisations(data: StudyData) -> Table:
    return Table(
        "organisations.csv",
        "The organisations of the study, with what was filled in of them",
        (
            Column("organisation", "string", "its name"),
            Column("handles", "string", "its accounts, with a blank between two"),
            Column("sector", "string", "commercial, government or nonprofit"),
            Column("account_purpose", "string", "webcare, information_channel or mixed"),
            Column("biography", "string", "profile text of its account"),
            Column("observed_on", "date", "the day on which the profile was looked up"),
            Column("impossible_types", "string", "kinds of information it does not deal in"),
            *(Column(name, "integer", f"{name.replace('_', ' ')}: 1 yes, 0 no") for name in FACTS),
            *(
                column
                for name in MEASURES
                for column in (
                    Column(name, "integer", f"{name.replace('_', ' ')}: 1 yes, 0 no"),
                    Column(f"{name}_on", "string", "the day on which that was found"),
                    Column(f"{name}_source", "string", "where it was found"),
                )
            ),
        ),
        lambda: _rows(data),
        key=("organisation",),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    for row in Organisation.objects.filter(study=data.study).prefetch_related("handles"):
        yield (
            row.name,
            " ".join(each.handle for each in row.handles.all()),
            row.sector,
            row.account_purpose,
            row.biography,
            row.observed_on.isoformat() if row.observed_on else None,
            " ".join(row.impossible_types),
            *(_digit(getattr(row, name)) for name in FACTS),
            *(cell for name in MEASURES for cell in _measure(row, name)),
        )


def _measure(row: Organisation, name: str) -> Row:
    about = row.measures.get(name) or {}
    return _digit(getattr(row, name)), about.get("on"), about.get("source")


def _digit(value: bool | None) -> int | None:
    return None if value is None else int(value)
