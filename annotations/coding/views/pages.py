"""The pages a coder reads: the queue and one conversation of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from ...accounts.access import StudyRequest, for_member
from ...models import Assignment, Coding
from ..page import load_page
from ..queue import own_assignment, own_queue
from .questions import questions_of
from .words import words


@require_GET
@for_member
def coding(request: StudyRequest) -> HttpResponse:
    """On to the next conversation that is not finished."""
    queue = own_queue(request.study.pk, _user(request))
    entry = queue.next_open()
    if entry is not None:
        return redirect("coding_unit", request.study.slug, entry.assignment_id)
    return render(request, "annotations/coding/nothing.html", {"nav": "coding", "queue": queue})


@require_GET
@for_member
def coding_list(request: StudyRequest) -> HttpResponse:
    """The coder's own conversations and how far each is."""
    queue = own_queue(request.study.pk, _user(request))
    return render(request, "annotations/coding/list.html", {"nav": "coding", "queue": queue})


@require_GET
@for_member
def coding_unit(request: StudyRequest, assignment: int) -> HttpResponse:
    """One conversation beside its questions."""
    own = get_own_assignment(request, assignment)
    if not own.round.is_open:
        messages.warning(request, gettext("This round is closed; ask the supervisor to open it."))
        return redirect("coding_list", request.study.slug)
    coding = getattr(own, "coding", None) or Coding(assignment=own)  # stored with the first answer
    queue = own_queue(request.study.pk, _user(request))
    page = load_page(own, coding, language())
    entry = queue.next_open(own.pk)
    return render(
        request,
        "annotations/coding/unit.html",
        {
            "nav": "coding",
            "page": page,
            "questions": questions_of(own.round, language()),
            "queue": queue,
            "position": queue.position(own.pk),
            "previous": queue.previous(own.pk),
            "following": queue.following(own.pk),
            "next_open": entry,
            "data": page.data | {"user": _user(request), "words": words()},
        },
    )


def get_own_assignment(request: StudyRequest, pk: int) -> Assignment:
    """The assignment if it is this person's own in this study; everything else does not exist."""
    own = own_assignment(pk, study_id=request.study.pk, coder_id=_user(request))
    if own is None:
        raise Http404
    return own


def language() -> str:
    return (get_language() or "nl")[:2]


def _user(request: StudyRequest) -> int:
    assert request.user.pk is not None
    return request.user.pk
