"""A coder's own screen during a meeting: the case on the wall, if this coder may see it, and one vote."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ...accounts.access import StudyRequest, for_member
from ...errors import BadInput, StaleWrite
from ...models import Membership, Vote
from ..case import load_case
from ..forms import whole
from ..lead import vote
from ..paper import place_of
from ..seen import case_for_coder, running_meeting


@require_http_methods(["GET", "HEAD", "POST"])
@for_member
def meeting_now(request: StudyRequest) -> HttpResponse:
    """Without a case for this coder always the same page, whatever is on the wall."""
    if request.membership.role != Membership.Role.CODER:
        row = running_meeting(request.study)
        if row is not None:
            return redirect("meeting_wall", request.study.slug, row.pk)
        return redirect("meetings", request.study.slug)
    if request.method != "POST":
        return _page(request)
    case = case_for_coder(request.study, request.user.pk)
    gone = _("The wall went on; your vote was not counted.")
    if case is None or str(case.pk) != request.POST.get("case"):
        return _page(request, problem=gone, status=409)
    try:
        vote(
            case.meeting_id,
            case.pk,
            request.POST.get("value", ""),
            ballot=whole(request.POST.get("ballot", "")) or 0,
            options=load_case(case, _language()).sent,
            voter_id=request.user.pk,
        )
    except BadInput as problem:
        return _page(request, problem=str(problem), status=422)
    except StaleWrite:
        return _page(request, problem=gone, status=409)
    return _page(request) if request.htmx else redirect("meeting_now", request.study.slug)


def _page(request: StudyRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    case = case_for_coder(request.study, request.user.pk)
    shown = load_case(case, _language()) if case else None
    mine = ""
    if case is not None:
        own = Vote.objects.filter(case=case, ballot=case.ballot, voter_id=request.user.pk)
        mine = own.values_list("value", flat=True).first() or ""
    seen = "none"
    if case is not None:
        flags = f"{int(case.shows_votes)}{int(case.shows_answers)}"
        seen = f"{case.pk}.{case.ballot}.{case.revision}.{flags}.{bool(mine)}"
    if request.htmx and request.method != "POST" and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {
        "nav": "meeting",
        "case": case,
        "shown": shown,
        "place": place_of(case) if case else "",
        "mine": mine,
        "seen": seen,
        "problem": problem,
    }
    page = "own_case" if request.htmx else "own"
    return render(request, f"annotations/meeting/{page}.html", context, status=status)


def _language() -> str:
    return (get_language() or "nl")[:2]
