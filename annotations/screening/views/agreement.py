"""The agreement of two screeners, on the pages of a reliability report: figures, and their units."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.language import in_language
from ...errors import BadInput
from ...finals.of_round import Unit
from ...models import Screening
from ...reliability.csv_file import as_csv
from ...reliability.drill import Cell, read_cell, units_in
from ...reliability.parts import parts_of
from ...reliability.report import VariableAgreement
from ...reliability.shown import category_label, figures_of, rows_of
from ..double import agreement, data_lines, figures, listed, side_by_side
from ..settling import unit_of
from .plan import get_screening, nav_of

PER_PAGE = 50


@require_safe
@for_supervisor
def screening_agreement(request: StudyRequest, pk: int) -> HttpResponse:
    screening = get_screening(request, pk)
    item, language = _measured(screening), _language()
    row = rows_of([figures(screening) or {}], {item.variable.key: item.variable}, language)[0]
    context = _shared(request, screening, item) | parts_of(item, language)
    context |= {
        "row": row,
        "definition": in_language(item.variable.definition, language),
        "figures": figures_of(row),
        "differing": len(units_in(item, Cell("differ"))),
        "files": [
            (_("Figures (CSV)"), reverse("screening_agreement_csv", args=[request.study.slug, pk])),
            (_("Data (CSV)"), reverse("screening_agreement_data", args=[request.study.slug, pk])),
        ],
    }
    return render(request, "annotations/reliability/variable.html", context)


@require_safe
@for_supervisor
def screening_agreement_units(request: StudyRequest, pk: int) -> HttpResponse:
    """The messages behind one figure."""
    screening = get_screening(request, pk)
    item, cell, units = _behind(request, screening)
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    context = _shared(request, screening, item) | {
        "cell": cell,
        "cell_row": category_label(item.variable, cell.row, _language()),
        "cell_column": category_label(item.variable, cell.column, _language()),
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "units": listed(screening, list(page.object_list), page.start_index(), _language()),
    }
    return render(request, "annotations/reliability/units.html", context)


@require_safe
@for_supervisor
def screening_agreement_unit(request: StudyRequest, pk: int, number: int) -> HttpResponse:
    """Message `number` (from 1) of those behind one figure, with what each screener said."""
    screening = get_screening(request, pk)
    item, cell, units = _behind(request, screening)
    if not 1 <= number <= len(units):  # answers changed since the list was made
        kept = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("screening_agreement_units", args=[request.study.slug, pk]) + kept)
    unit = side_by_side(screening, item, units[number - 1], _language())
    settled = unit_of(screening, units[number - 1])
    context = _shared(request, screening, item) | {
        "cell": cell,
        "cell_row": category_label(item.variable, cell.row, _language()),
        "cell_column": category_label(item.variable, cell.column, _language()),
        "unit": unit,
        "page": unit,
        "definition": in_language(item.variable.definition, _language()),
        "number": number,
        "total": len(units),
        "previous": number - 1 if number > 1 else None,
        "following": number + 1 if number < len(units) else None,
        "names": True,
        "settle_url": settled and reverse("screening_settle_unit", args=[request.study.slug, pk, settled]),
    }
    return render(request, "annotations/reliability/unit.html", context)


@require_safe
@for_supervisor
def screening_agreement_csv(request: StudyRequest, pk: int) -> HttpResponse:
    """The figures, as of a round."""
    found = figures(get_screening(request, pk))
    return _file(as_csv([found] if found else []), f"{request.study.slug}-screening-agreement.csv")


@require_safe
@for_supervisor
def screening_agreement_data(request: StudyRequest, pk: int) -> HttpResponse:
    """Messages by screeners, as the report compares them."""
    lines = data_lines(get_screening(request, pk))
    return _file("".join(lines), f"{request.study.slug}-screening-reliability.csv")


def _shared(request: StudyRequest, screening: Screening, item: VariableAgreement) -> dict[str, Any]:
    places = (request.study.slug, screening.pk)
    report = reverse("screening_agreement", args=places)
    return {
        "nav": nav_of(request),
        "item": item,
        "label": in_language(item.variable.label, _language()),
        "places": {
            "report": reverse("screening", args=places),
            "name": screening.name,
            "within": _("Agreement on what two people screened"),
            "variable": report,
            "units": reverse("screening_agreement_units", args=places),
        },
    }


def _measured(screening: Screening) -> VariableAgreement:
    item = agreement(screening)
    if item is None:
        raise Http404
    return item


def _behind(request: StudyRequest, screening: Screening) -> tuple[VariableAgreement, Cell, list[Unit]]:
    item = _measured(screening)
    try:
        cell = read_cell(request.GET)
        return item, cell, units_in(item, cell)
    except BadInput:
        raise Http404 from None


def _file(content: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _language() -> str:
    return (get_language() or "nl")[:2]
