"""A figure as a file, for the page that shows it and for who takes it along."""

from __future__ import annotations

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from ..accounts.access import StudyRequest, for_supervisor
from .drawing import FORMATS, Look
from .kept import NoFigure, drawn, record_of

# An SVG brings its own styles; it may nothing else.
OF_A_FIGURE = {"script-src": [NONE], "style-src": [UNSAFE_INLINE], "sandbox": True}


@require_safe
@csp_replace(OF_A_FIGURE)
@for_supervisor
def figure(request: StudyRequest, figure: str, look: str, ending: str) -> HttpResponse:
    """`look`: theme and width, such as light-page. With ?download it is saved instead of shown."""
    theme, _dash, width = look.partition("-")
    try:
        content = drawn(request.study.pk, figure, Look(theme, width), ending)
        title = record_of(request.study.pk, figure).title
    except NoFigure:
        raise Http404 from None
    response = HttpResponse(content, content_type=FORMATS[ending])
    if "download" in request.GET:
        name = f"{request.study.slug}-{slugify(title)[:60] or 'figure'}.{ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
