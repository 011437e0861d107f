"""codebook_changes.csv: how each version of the codebook was made of another, and where its codes went."""

from __future__ import annotations

from collections.abc import Iterator

from ...codebooks.carrying import earlier_versions
from ...models import VersionChange
from ..study_data import StudyData
from . import Column, Row, Table

COLUMNS = (
    Column("codebook_version", "string", "version that was published"),
    Column("base_version", "string", "version that it was made of"),
    Column(
        "kind", "string", "wording, setting, rename, merge, split, redefinition, a new or a withdrawn one"
    ),
    Column("variable_before", "string", "key of the variable in the base version; empty for a new one"),
    Column("variable", "string", "key in the published version; empty for a withdrawn one"),
    Column("category_before", "string", "key of a category in the base version"),
    Column("category", "string", "category that its codes count as; empty: they do not carry over"),
    Column("carries", "integer", "1: codes of the base version count in this one; 0: to be coded again"),
    Column("asked_of", "string", "of a new variable: finished (of what was finished too) or later"),
    Column("reason", "string", "the supervisor's reason; in the restricted profile only"),
    Column("codes", "integer", "codes that it touched when it was published"),
    Column("coders", "integer", "coders who gave them"),
    Column("conversations", "integer", "conversations they are in"),
    Column("settled", "integer", "decisions that it touched"),
)


def codebook_changes(data: StudyData) -> Table:
    return Table(
        "codebook_changes.csv",
        "How each version of the codebook was made of another, and where its codes went",
        COLUMNS,
        lambda: _rows(data),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    versions = earlier_versions(data.study.codebook_version_id)
    changes = VersionChange.objects.filter(version__in=versions).select_related("version__based_on")
    for change in changes.order_by("version__number", "position"):
        base, stops = change.version.based_on, change.every_code
        for before, after in change.carries.items() or [("", "")]:
            yield (
                change.version.version,
                base.version if base else "",
                change.kind,
                change.was,
                change.variable,
                before,
                after or "",
                int(not stops and after is not None),
                _asked_of(change),
                change.reason if data.profile.notes else None,
                *(change.touched.get(name) for name in ("codes", "coders", "conversations", "settled")),
            )


def _asked_of(change: VersionChange) -> str:
    if change.kind != VersionChange.Kind.NEW_VARIABLE:
        return ""
    return "finished" if change.asks_finished else "later"
