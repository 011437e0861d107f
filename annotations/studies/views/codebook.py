"""The codebook to read and to print, for everybody in the study."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_member
from ..book import readable, versions_in_use


@require_safe
@for_member
def codebook(request: StudyRequest) -> HttpResponse:
    versions = versions_in_use(request.study)
    wanted = request.GET.get("version", "")
    chosen = next((row for row in versions if str(row.pk) == wanted), None if wanted else versions[0])
    if chosen is None:
        raise Http404
    modules = request.study.modules
    context = {
        "nav": "codebook" if request.membership.role == "coder" else "study",
        "tab": "codebook",
        "study": request.study,
        "versions": versions,
        "version": chosen,
        "book": readable(chosen.pk, modules),
    }
    return render(request, "annotations/studies/codebook.html", context)
