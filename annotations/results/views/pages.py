"""The page of a report, of a table, and the units behind a cell."""

from __future__ import annotations

import numpy as np
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...errors import BadInput
from ..building.build import find_units, left_out_units
from ..building.definition import Definition, checked, from_query
from ..choices import choices_of
from ..collect import ready_table, report_tables, table_of
from ..csv_file import as_csv
from ..figures import Figures
from ..kept import figures_now
from ..listing import listed
from ..page import ShownTable, shown
from ..table import Table
from ..tables import ResultTable, study_tables
from ..wording import REASONS, UNITS
from .shared import figures_for, language_of, report_named, waiting, with_rail

PER_PAGE = 50


@require_safe
@for_supervisor
def results(request: StudyRequest) -> HttpResponse:
    """A report, part by part. ?report and ?part say which; ?part=all is the whole, to print."""
    figures = figures_for(request)
    if not figures.pk:
        return waiting(request, figures)
    context = with_rail(request, figures)
    reports = context["reports"]
    report = report_named(reports, request.GET.get("report") or "study_2019")
    if report is None or not figures.frame.size("conversation"):
        if request.GET.get("report"):
            raise Http404
        return render(request, "annotations/results/empty.html", context)
    wanted = request.GET.get("part") or report.parts[0].key
    parts = [part for part in report.parts if wanted in (part.key, "all")]
    if not parts:
        raise Http404
    language = language_of(request)
    context |= {
        "report": report,
        "part": wanted,
        "parts": [
            (
                part,
                [
                    shown(
                        ready_table(figures, request.study, report, ready, language),
                        ready.definition,
                        language,
                        number=100 * at + number,
                    )
                    for number, ready in enumerate(part.tables)
                ],
            )
            for at, part in enumerate(parts)
        ],
        "as_tables": request.GET.get("view") == "tables",
        "version": request.study.codebook_version,
    }
    if report.measures:
        context["organisations"] = request.study.organisations.all()
    return render(request, "annotations/results/report.html", context)


@require_safe
@for_supervisor
def table(request: StudyRequest) -> HttpResponse:
    """The table builder: the question stands in the address, so that it can be sent and kept."""
    figures = figures_for(request)
    if not figures.pk:
        return waiting(request, figures)
    context = with_rail(request, figures, builder=True)
    made, definition = None, Definition("")
    problems: list[str] = []
    if request.GET.get("rows"):
        try:
            definition = from_query(request.GET.dict(), asked_filters(request))
            made = _made(request, figures, definition)
        except BadInput as refused:
            problems = list(refused.problems)
    context |= {
        "choices": choices_of(request.study, figures.frame, language_of(request)),
        "definition": definition,
        "units": UNITS,
        "filters": [str(filter_) for filter_ in definition.filters],
        "item": made,
        "problems": problems,
    }
    status = 400 if problems else 200
    return render(request, "annotations/results/builder.html", context, status=status)


def asked_filters(request: StudyRequest) -> list[str]:
    """Filters as `f=FIELD=VALUE`, and the one that is chosen in the form: a field and a value."""
    field, value = request.GET.get("filter_field", ""), request.GET.get("filter_value", "").strip()
    return [*request.GET.getlist("f"), *([f"{field}={value}"] if field and value else [])]


def _made(request: StudyRequest, figures: Figures, definition: Definition) -> ShownTable:
    language = language_of(request)
    definition = checked(definition, figures.frame)
    return shown(table_of(figures, request.study, definition, language), definition, language)


@require_safe
@for_supervisor
def units(request: StudyRequest) -> HttpResponse:
    """The units behind a cell, or those that a table leaves out for a reason."""
    figures = figures_for(request)
    if not figures.pk:
        return waiting(request, figures)
    frame, language = figures.frame, language_of(request)
    reason = request.GET.get("left_out", "")
    try:
        definition = checked(from_query(request.GET.dict(), request.GET.getlist("f")), frame)
        made = table_of(figures, request.study, definition, language)
        found = (
            left_out_units(definition, frame, reason) if reason else _in_cell(request, definition, figures)
        )
    except BadInput:
        # The builder says what is wrong with the question.
        return redirect(f"{reverse('results_table', args=[request.study.slug])}?{request.GET.urlencode()}")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "results",
        "table": made,
        "definition": definition,
        "unit": UNITS[definition.unit],
        "page_obj": page,
        "units": listed(request.study, frame, definition.unit, list(page.object_list)),
        "reason": REASONS.get(reason, ""),
        "cell": _cell_in_words(request, made),
        "category": f"{definition.rows}:{request.GET.get('row', '')}",
        "keep": request.GET.urlencode(),
    }
    return render(request, "annotations/results/units.html", context)


def _in_cell(request: StudyRequest, definition: Definition, figures: Figures) -> np.ndarray:
    place = {name: request.GET.get(name, "") for name in ("row", "column")}
    return find_units(definition, figures.frame, **place, layer=request.GET.get("at", ""))


def _cell_in_words(request: StudyRequest, made: Table) -> list[str]:
    labels: dict[str, str] = {}
    for layer in made.layers:
        for heading in (layer.heading, *layer.rows, *layer.columns):
            labels.setdefault(heading.key, heading.label)
    asked = [request.GET.get(name, "") for name in ("row", "column", "at")]
    return [labels.get(key, key) for key in asked if key]


@require_safe
@for_supervisor
def results_csv(request: StudyRequest) -> HttpResponse:
    language = language_of(request)
    figures = figures_now(request.study)
    tables: list[ResultTable | Table] = [
        *study_tables(request.study, language),
        *report_tables(figures, request.study, language),
    ]
    response = HttpResponse(as_csv(tables), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.study.slug}-results.csv"'
    return response
