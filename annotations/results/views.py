from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from ..accounts.access import StudyRequest, for_supervisor
from .csv_file import as_csv
from .shown import shown_comparison, shown_left_out, shown_rows
from .tables import ResultTable, study_tables


@require_GET
@for_supervisor
def results(request: StudyRequest) -> HttpResponse:
    tables = study_tables(request.study, get_language())
    context = {
        "nav": "results",
        "named": [_shown(table) for table in tables if not table.key.startswith("variable_")],
        "per_variable": [_shown(table) for table in tables if table.key.startswith("variable_")],
    }
    return render(request, "annotations/results/results.html", context)


def _shown(table: ResultTable) -> dict[str, object]:
    return {
        "table": table,
        "rows": shown_rows(table),
        "left_out": shown_left_out(table),
        "comparison": shown_comparison(table.comparison),
    }


@require_GET
@for_supervisor
def results_csv(request: StudyRequest) -> HttpResponse:
    content = as_csv(study_tables(request.study, get_language()))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.study.slug}-results.csv"'
    return response
