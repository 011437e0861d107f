"""What goes into a paper: the methods paragraph, the data behind the figures, and programs to check them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from webcare_coding import __version__

from ...accounts.access import StudyRequest, for_supervisor
from ...models import AgreementReport
from ..data_file import program, reliability_data
from ..methods import paragraphs
from ..stored import report_for
from .choice import chosen, filters


@require_safe
@for_supervisor
def reliability_methods(request: StudyRequest) -> HttpResponse:
    round_, selection = chosen(request)
    context = filters(request, round_, selection)
    if round_ is not None:
        report = report_for(round_, selection)
        context |= {"report": report, "is_done": report.state == AgreementReport.State.DONE}
        if context["is_done"]:
            context |= {
                "paragraphs": paragraphs(round_, selection, report.result, __version__),
                "python": program("python", round_),
                "r": program("r", round_),
            }
    return render(request, "annotations/reliability/methods.html", context)


@require_safe
@for_supervisor
def reliability_data_csv(request: StudyRequest) -> HttpResponse:
    """The units by coders, as the report compares them."""
    round_, selection = chosen(request)
    if round_ is None:
        raise Http404
    answer = HttpResponse(
        "".join(reliability_data(round_, selection)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="reliability.csv"'
    return answer
