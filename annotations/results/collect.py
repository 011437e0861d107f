"""The tables of a study, by report and by name, from figures that are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.utils import translation

from ..finals.rests_on import carried_notes
from ..models import Organisation, SavedTable, Study, StudyFigures
from .building import build
from .building.definition import Definition, from_plain
from .figures import Figures, frame_of
from .reports import Ready, Report, reports_of
from .table import Table
from .table import from_plain as table_from
from .table import plain as plain_table
from .units.frame import Frame

Impossible = Mapping[str, frozenset[str]]


def impossible_of(study: Study) -> dict[str, frozenset[str]]:
    """Name of an organisation -> kinds of information it does not deal in."""
    rows = Organisation.objects.filter(study=study).values_list("name", "impossible_types")
    return {name: frozenset(kinds) for name, kinds in rows if kinds}


def table_of(
    figures: Figures,
    study: Study,
    definition: Definition,
    language: str,
    *,
    key: str = "",
    title: str = "",
    note: str = "",
) -> Table:
    """The table, from what is kept where it is. `figures`: that have a frame. Raises BadInput.

    Its note names what was carried over from an earlier version of the codebook.
    """
    carried = _carried(figures.stamp, study.pk, study.codebook_version_id, language)
    asked = {name for each in definition.asked for name in (each, *RESTS_ON.get(each, ()))}
    note = " ".join(filter(None, [note, *(carried[name] for name in carried if name in asked)]))
    if figures.just_read is not None:
        return _build(
            figures.just_read, definition, language, key, title, note, impossible=impossible_of(study)
        )
    kept = _kept_tables(figures.pk, figures.stamp).get(_name(definition, language, key))
    if kept is not None:
        return table_from(kept | {"title": title or kept["title"], "note": note})
    impossible = tuple(sorted(impossible_of(study).items()))
    return _built(figures.pk, figures.stamp, definition, language, key, title, note, impossible)


def ready_table(figures: Figures, study: Study, report: Report, ready: Ready, language: str) -> Table:
    key = f"{report.key}.{ready.key}"
    with translation.override(language):
        title, note = str(ready.title), str(ready.note)
    return table_of(figures, study, ready.definition, language, key=key, title=title, note=note)


def saved_table(figures: Figures, saved: SavedTable, language: str) -> Table:
    """Raises BadInput where what it asks is no longer in the study."""
    return table_of(
        figures,
        saved.study,
        from_plain(saved.definition),
        language,
        key=f"saved.{saved.pk}",
        title=saved.name,
        note=saved.note,
    )


RESTS_ON = {
    "kinds_shared": ("info_types", "info_type"),
    "n_info_types": ("info_types", "info_type"),
    "removal_asked": ("removal_request",),
    "shares": ("contains_pii",),
    "data_asked": ("data_requested", "data_requested_types"),
}
"""Fields that follow from variables -> those."""


@lru_cache(maxsize=16)
def _carried(stamp: str, study_id: int, version_id: int, language: str) -> dict[str, str]:
    with translation.override(language):
        return carried_notes(Study.objects.get(pk=study_id), language)


@lru_cache(maxsize=512)
def _built(
    pk: int,
    stamp: str,
    definition: Definition,
    language: str,
    key: str,
    title: str,
    note: str,
    impossible: tuple[tuple[str, frozenset[str]], ...],
) -> Table:
    return _build(frame_of(pk, stamp), definition, language, key, title, note, impossible=dict(impossible))


def _build(
    frame: Frame,
    definition: Definition,
    language: str,
    key: str,
    title: str,
    note: str,
    *,
    impossible: Impossible,
) -> Table:
    with translation.override(language):
        return build(definition, frame, language, key=key, title=title, note=note, impossible=impossible)


@lru_cache(maxsize=4)
def _kept_tables(pk: int, stamp: str) -> dict[str, Any]:
    return StudyFigures.objects.values_list("tables", flat=True).get(pk=pk, stamp=stamp) or {}


def _name(definition: Definition, language: str, key: str) -> str:
    return f"{language} {key} {definition.query()}"


def tables_to_keep(study: Study, frame: Frame) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table of the ready-made reports, and those that people saved, in each language of the program."""
    impossible = impossible_of(study)
    asked = [
        (f"{report.key}.{ready.key}", ready.definition)
        for report in reports_of(study, frame)
        for ready in report.tables
    ]
    saved = SavedTable.objects.filter(study=study)
    asked += [(f"saved.{row.pk}", from_plain(row.definition)) for row in saved]
    for language in Study.Language.values:
        with translation.override(language):
            for key, definition in asked:
                if all(name in frame.fields for name in definition.needed):
                    table = build(definition, frame, language, key=key, impossible=impossible)
                    yield _name(definition, language, key), plain_table(table)


def report_tables(
    figures: Figures, study: Study, language: str, *, without: Collection[str] = ()
) -> list[Table]:
    """All that goes into the report and the export: the ready-made tables, and those saved for it.

    `without`: fields that no table may ask.
    """
    tables = [
        ready_table(figures, study, report, ready, language)
        for report in reports_of(study, figures.frame)
        for ready in report.tables
        if not {*ready.definition.needed} & {*without}
    ]
    saved = SavedTable.objects.filter(study=study, in_report=True).select_related("study")
    for row in saved:
        asked = {*from_plain(row.definition).needed}
        if asked <= figures.frame.fields.keys() and not asked & {*without}:
            tables.append(saved_table(figures, row, language))
    return tables
