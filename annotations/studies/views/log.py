"""The event log, for supervisors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ..log import log_page, people
from ..log_words import KINDS


@require_safe
@for_supervisor
def log(request: StudyRequest) -> HttpResponse:
    members = people(request.study.pk)
    who = _number(request, "who")
    if who not in dict(members):
        who = None
    kind = request.GET.get("kind", "")
    page = log_page(
        request.study,
        before=_number(request, "before"),
        after=_number(request, "after"),
        user_id=who,
        kind=kind,
    )
    context = {
        "nav": "study",
        "tab": "log",
        "page": page,
        "people": members,
        "who": who,
        "kinds": [(key, name) for key, (name, _things) in KINDS.items()],
        "kind": kind,
    }
    return render(request, "annotations/studies/log.html", context)


def _number(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address; anything else counts as not given."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
