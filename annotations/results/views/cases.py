"""Cases one by one, to read and to print."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...models.corpus import AuthorRole
from ..cases import KINDS, cases_of
from ..drawn import duration
from .shared import figures_for, language_of, waiting, with_rail


@require_safe
@for_supervisor
def cases(request: StudyRequest, case: str) -> HttpResponse:
    if case not in KINDS:
        raise Http404
    figures = figures_for(request)
    if not figures.pk:
        return waiting(request, figures)
    found = cases_of(request.study, figures.frame, KINDS[case], language_of(request))
    roles = dict(AuthorRole.choices)
    context = with_rail(request, figures, title=KINDS[case].title)
    context["cases"] = [
        (
            case,
            [
                (
                    moment,
                    roles.get(moment.who, ""),
                    "" if moment.minutes is None else duration(moment.minutes),
                )
                for moment in case.timeline
            ],
        )
        for case in found
    ]
    return render(request, "annotations/results/cases.html", context)
