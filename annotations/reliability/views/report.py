"""The report, one variable of it, and the units behind each figure."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.language import in_language
from ...codebooks.lookup import lookup
from ...coding.counted import frozen_in
from ...errors import BadInput
from ...models import AgreementReport, Round
from ..csv_file import as_csv
from ..data import ReportScope
from ..drill import Cell, read_cell, units_in
from ..figures import alphas_figure, disagreement_figure
from ..listing import listed
from ..parts import parts_of
from ..report import IN_A_REPORT, VariableAgreement, agreement_of
from ..shown import category_label, figures_of, footnotes_of, rows_of, sorted_rows
from ..side_by_side import side_by_side
from ..stored import figures_for, report_for
from .choice import chosen, filters

PER_PAGE = 50


@require_safe
@for_supervisor
def reliability(request: StudyRequest) -> HttpResponse:
    round_, selection = chosen(request)
    context = filters(request, round_, selection)
    if round_ is None:
        return render(request, "annotations/reliability/report.html", context)
    report = report_for(round_, selection)
    context |= {"report": report, "is_done": report.state == AgreementReport.State.DONE}
    context["frozen"] = frozen_in(round_).count()
    if context["is_done"]:
        codebook = lookup(round_.codebook_version_id)
        rows = rows_of(report.result, codebook.spec.by_key, get_language() or "nl")
        module = request.GET.get("module", "")
        order = request.GET.get("sort", "low")
        shown = [row for row in rows if module in ("", row.module)]
        context |= {
            "rows": sorted_rows(shown, order),
            "order": order,
            "bootstrap": number_format(IN_A_REPORT, 0, force_grouping=True),
        }
        context["footnotes"] = footnotes_of(shown)
        figures, language = [row.figures for row in shown], get_language() or "nl"
        drawn = (
            draw(figures, codebook.spec.by_key, language) for draw in (alphas_figure, disagreement_figure)
        )
        context["drawn"] = [record for record in drawn if record and record.rows]
        opened = request.GET.get("open", "")
        if opened in {row.key for row in shown}:
            item = _measured(round_, selection, opened)
            context |= {"opened": opened, **parts_of(item, get_language() or "nl")}
    asks_progress = request.htmx and request.htmx.target != "report"
    name = "progress" if asks_progress and not context["is_done"] else "report"
    if asks_progress and context["is_done"]:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, f"annotations/reliability/{name}.html", context)


@require_safe
@for_supervisor
def reliability_csv(request: StudyRequest) -> HttpResponse:
    """The figures, a row per variable."""
    round_, selection = chosen(request)
    if round_ is None:
        raise Http404
    report = report_for(round_, selection)
    figures = report.result
    if report.state != AgreementReport.State.DONE:
        found = agreement_of(round_, selection=selection, bootstrap=IN_A_REPORT)
        figures = [item.as_dict() for item in found]
    content = as_csv(figures)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{request.study.slug}-agreement.csv"'
    return answer


@require_safe
@for_supervisor
def reliability_variable(request: StudyRequest, variable: str) -> HttpResponse:
    round_, selection = chosen(request)
    item = _measured(round_, selection, variable)
    language = get_language() or "nl"
    figures = figures_for(round_, selection, variable) if round_ else None
    row = rows_of([figures or item.as_dict()], {variable: item.variable}, language)[0]
    codebook = lookup(round_.codebook_version_id) if round_ else None
    context = filters(request, round_, selection) | parts_of(item, language)
    context |= {
        "row": row,
        "parents": [
            (key, in_language(codebook.spec.by_key[key].label, language))
            for key in item.variable.show_if
            if codebook is not None
        ],
        "definition": in_language(item.variable.definition, language),
        "figures": figures_of(row),
        "differing": len(units_in(item, Cell("differ"))),
        "places": _places(request, variable, round_),
    }
    return render(request, "annotations/reliability/variable.html", context)


@require_safe
@for_supervisor
def reliability_units(request: StudyRequest, variable: str) -> HttpResponse:
    """The units behind one figure."""
    round_, selection = chosen(request)
    item, cell, units = _behind(request, round_, selection, variable)
    assert round_ is not None  # else nothing is behind it
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    context = filters(request, round_, selection) | {
        "item": item,
        "label": in_language(item.variable.label, get_language() or "nl"),
        "cell": cell,
        "cell_row": category_label(item.variable, cell.row, get_language() or "nl"),
        "cell_column": category_label(item.variable, cell.column, get_language() or "nl"),
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "units": listed(round_, item, list(page.object_list), page.start_index(), get_language() or "nl"),
        "places": _places(request, variable, round_),
    }
    return render(request, "annotations/reliability/units.html", context)


@require_safe
@for_supervisor
def reliability_unit(request: StudyRequest, variable: str, number: int) -> HttpResponse:
    """Unit `number` (from 1) of those behind one figure, side by side."""
    round_, selection = chosen(request)
    item, cell, units = _behind(request, round_, selection, variable)
    if round_ is None:
        raise Http404
    if not 1 <= number <= len(units):  # codes changed since the list was made
        kept = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("reliability_units", args=[request.study.slug, variable]) + kept)
    language = get_language() or "nl"
    unit = side_by_side(round_, item, units[number - 1], language)
    context = filters(request, round_, selection) | {
        "item": item,
        "cell": cell,
        "cell_row": category_label(item.variable, cell.row, get_language() or "nl"),
        "cell_column": category_label(item.variable, cell.column, get_language() or "nl"),
        "unit": unit,
        "page": unit,
        "label": in_language(item.variable.label, language),
        "definition": in_language(item.variable.definition, language),
        "number": number,
        "total": len(units),
        "previous": number - 1 if number > 1 else None,
        "following": number + 1 if number < len(units) else None,
        "names": True,
        "places": _places(request, variable, round_),
        "settle_url": reverse(
            "settle", args=[request.study.slug, round_.pk, variable, unit.level, unit.unit_id]
        ),
    }
    return render(request, "annotations/reliability/unit.html", context)


def _measured(round_: Round | None, selection: ReportScope, variable: str) -> VariableAgreement:
    if round_ is None or variable not in lookup(round_.codebook_version_id).spec.by_key:
        raise Http404
    found = next(agreement_of(round_, selection=selection, variables=[variable], bootstrap=0), None)
    if found is None:
        raise Http404
    return found


def _places(request: StudyRequest, variable: str, round_: Round | None) -> dict[str, str]:
    """Where the links of these pages lead; other pages with a report of their own show the same templates."""
    slug = request.study.slug
    return {
        "report": reverse("reliability", args=[slug]),
        "name": _("Reliability"),
        "within": round_.name if round_ else "",
        "variable": reverse("reliability_variable", args=[slug, variable]),
        "units": reverse("reliability_units", args=[slug, variable]),
    }


def _behind(
    request: StudyRequest, round_: Round | None, selection: ReportScope, variable: str
) -> tuple[VariableAgreement, Cell, list[tuple[int, int | None]]]:
    if round_ is None or variable not in lookup(round_.codebook_version_id).spec.by_key:
        raise Http404
    try:
        cell = read_cell(request.GET)
        item = next(agreement_of(round_, selection=selection, variables=[variable], bootstrap=0), None)
        if item is None:
            raise Http404
        return item, cell, units_in(item, cell)
    except BadInput:
        raise Http404 from None
