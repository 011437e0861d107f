"""The pages a coder reads: the queue and one conversation of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from ...accounts.access import StudyRequest, for_member
from ...codebooks.carrying import carrier
from ...models import Assignment, Coding, Round
from ..commands import commands_json, listed_keys, printed_keys
from ..own_keys import own_keys
from ..page import Page, load_page
from ..queue import CoderQueue, own_assignment, own_queue
from .questions import questions_of
from .words import words

PER_PAGE = 100


@require_GET
@for_member
def coding(request: StudyRequest) -> HttpResponse:
    """On to the next conversation that is not finished."""
    queue = own_queue(request.study.pk, _user(request))
    following = queue.next_open()
    if following is not None:
        return redirect("coding_unit", request.study.slug, following)
    return render(request, "annotations/coding/nothing.html", {"nav": "coding", "queue": queue})


@require_GET
@for_member
def coding_list(request: StudyRequest) -> HttpResponse:
    """The coder's own conversations and how far each is."""
    queue = own_queue(request.study.pk, _user(request))
    page: Any = Paginator(queue, PER_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    context = {
        "nav": "coding",
        "queue": queue,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "annotations/coding/list.html", context)


@require_GET
@for_member
def coding_unit(request: StudyRequest, assignment: int) -> HttpResponse:
    """One conversation beside its questions."""
    own = get_own_assignment(request, assignment)
    if not own.round.is_open:
        messages.warning(request, gettext("This round is closed; ask the supervisor to open it."))
        return redirect("coding_list", request.study.slug)
    # Asking for the page stores nothing: it may be fetched ahead. Opening it is told by `coding_open`.
    coding = getattr(own, "coding", None) or Coding(assignment=own)
    queue = own_queue(request.study.pk, _user(request))
    page = load_page(own, coding, language())
    around = _around(request, own, page, queue)
    keys = own_keys(_user(request))
    return render(
        request,
        "annotations/coding/unit.html",
        {
            "nav": "coding",
            "page": page,
            "questions": questions_of(own.round, language()),
            "queue": queue,
            "around": around,
            "words": words(),
            "keys": printed_keys(keys),
            "key_groups": listed_keys(keys),
            "data": page.data | around | {"user": _user(request), "commands": commands_json(keys)},
        },
    )


def _around(request: StudyRequest, own: Assignment, page: Page, queue: CoderQueue) -> dict[str, Any]:
    """What the page says around the conversation, and the addresses it leads to; None where there is none."""

    def address(assignment_id: int | None) -> str | None:
        return reverse("coding_unit", args=[request.study.slug, assignment_id]) if assignment_id else None

    is_training = own.round.kind == Round.Kind.TRAINING and hasattr(own, "training_unit")
    feedback = reverse("training_unit", args=[request.study.slug, own.pk]) if is_training else None
    number = own.conversation.number
    heading = gettext("Coding: conversation %(number)s") % {"number": number}
    note = [
        gettext("Conversation %(number)s · %(count)s messages")
        % {"number": number, "count": len(page.thread)}
    ]
    if own.conversation.organisation:
        note.append(own.conversation.organisation.name)
    if not own.highlights:
        note.append(gettext("without candidates: mark what you find yourself"))
    newer = request.study.codebook_version
    if carrier(own.round.codebook_version_id, newer.pk):
        note.append(
            gettext("codebook %(newer)s is published; this round goes on with %(own)s")
            % {"newer": newer.version, "own": own.round.codebook_version.version}
        )
    if own.round.recodes_id:
        note.append(gettext("coded again: only what a change of the codebook touched is open"))
    version = gettext("codebook %(number)s") % {"number": own.round.codebook_version.version}
    return {
        "heading": heading,
        "documentTitle": f"{heading} · {request.study.name}",
        "title": gettext("conversation %(number)s") % {"number": number},
        "note": " · ".join(note),
        "sub": f"{(own.round.woven_into or own.round).name} · {version}",
        "position": gettext("%(position)s of %(total)s")
        % {"position": queue.position(own), "total": queue.total},
        "next": address(queue.next_open(own)),
        "following": address(queue.following(own)),
        "previous": address(queue.previous(own)),
        "home": reverse("coding", args=[request.study.slug]),
        "list": reverse("coding_list", args=[request.study.slug]),
        "proposeAt": reverse("proposal_new", args=[request.study.slug]),
        "feedback": feedback,
        "askAt": reverse("question_ask", args=[request.study.slug, own.pk]),
    }


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
