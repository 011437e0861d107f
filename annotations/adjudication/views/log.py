"""The log of decisions: to read, to print, to download."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...common.cells import csv_lines
from ..log import COLUMNS, csv_rows, decisions, entries
from .desk import url_of

PER_PAGE = 100


@require_safe
@for_supervisor
def decision_log(request: StudyRequest) -> HttpResponse:
    """Every decision, newest first; `?show=codebook` those after which the codebook must change."""
    codebook_only = request.GET.get("show") == "codebook"
    language = (get_language() or "nl")[:2]
    paginator = Paginator(decisions(request.study, codebook_only=codebook_only), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    rows = [
        (
            entry,
            url_of(
                request.study.slug,
                entry.consensus.round_id,
                (entry.variable_key, entry.consensus.conversation_id, entry.consensus.message_id),
            ),
        )
        for entry in entries(request.study, page, language)
    ]
    context = {
        "nav": "disagreements",
        "page_obj": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "rows": rows,
        "codebook_only": codebook_only,
        "codebook_count": decisions(request.study, codebook_only=True).count(),
        "count": decisions(request.study).count(),
    }
    return render(request, "annotations/adjudication/log.html", context)


@require_safe
@for_supervisor
def decision_log_csv(request: StudyRequest) -> HttpResponseBase:
    """The whole log."""
    language = (get_language() or "nl")[:2]
    lines = csv_lines(COLUMNS, csv_rows(request.study, language))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.study.slug}-decisions.csv"'
    return response
