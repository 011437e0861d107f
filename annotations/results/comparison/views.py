from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_supervisor
from .as_rows import as_csv
from .odds import sample_results
from .shown import shown_sample


@require_safe
@for_supervisor
def comparison_results(request: StudyRequest) -> HttpResponse:
    samples = [shown_sample(result) for result in sample_results(request.study)]
    context = {"nav": "results", "samples": samples}
    return render(request, "annotations/results/comparison/page.html", context)


@require_safe
@for_supervisor
def comparison_csv(request: StudyRequest) -> HttpResponse:
    content = as_csv(sample_results(request.study))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.study.slug}-comparison.csv"'
    return response
