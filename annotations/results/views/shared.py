"""What the pages of the results share: the rail, the figures, and waiting for the first of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from ...accounts.access import StudyRequest
from ...models import SavedTable
from ..apart import compared_only
from ..building.definition import from_plain
from ..collect import saved_table
from ..figures import Figures
from ..kept import figures_of
from ..reports import Report, reports_of
from ..saved import changes_of


def language_of(request: StudyRequest) -> str:
    return (get_language() or request.study.language)[:2]


def waiting(request: StudyRequest, figures: Figures) -> HttpResponse:
    """The page while there are no figures yet; asks again until there are."""
    return render(request, "annotations/results/waiting.html", {"nav": "results", "figures": figures})


def with_rail(request: StudyRequest, figures: Figures, **context: Any) -> dict[str, Any]:
    """What every page shows at its side: the reports, and the study's own tables with what is old."""
    reports = reports_of(request.study, figures.frame)
    rows = SavedTable.objects.filter(study=request.study).select_related("study", "codebook_version")
    saved = [(row, _is_old(figures, row, language_of(request))) for row in rows]
    return {
        "nav": "results",
        "figures": figures,
        "reports": reports,
        "saved_tables": saved,
        "apart": len(compared_only(request.study)),
    } | context


def _is_old(figures: Figures, row: SavedTable, language: str) -> bool:
    """Whether the values, or what it asks, are no longer what they were when it was looked through."""
    asked = from_plain(row.definition)
    if not all(key in figures.frame.fields for key in asked.needed):
        return True
    return changes_of(row, saved_table(figures, row, language)).is_old


def figures_for(request: StudyRequest) -> Figures:
    return figures_of(request.study)


def report_named(reports: list[Report], key: str) -> Report | None:
    return next((report for report in reports if report.key == key), None)
