"""Two versions of the codebook side by side."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...errors import BadInput
from ..compare import alphas, chosen_pair, told_between, versions_of


@require_safe
@for_supervisor
def compare_page(request: StudyRequest) -> HttpResponse:
    study = request.study
    context = {"nav": "study", "tab": "codebook", "study": study, "versions": versions_of(study)}
    try:
        old, new = chosen_pair(study, request.GET.get("old", ""), request.GET.get("new", ""))
    except BadInput:
        return render(request, "annotations/drafts/compare.html", context)
    language = (get_language() or "nl")[:2]
    context |= {
        "old": old,
        "new": new,
        "changes": told_between(study, old, new, language),
        "pairs": alphas(study, old, new),
    }
    return render(request, "annotations/drafts/compare.html", context)
