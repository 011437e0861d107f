"""The desk on which doubts and differences of screeners are settled: queue, text and decision on one page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...adjudication.wording import CAUSES
from ...coding.commands import desk_json, desk_printed
from ...coding.marks import is_masked
from ...coding.own_keys import own_keys
from ...errors import BadInput, StaleWrite
from ...models import Screening, ScreeningUnit
from ..decide import settle
from ..reveal import reveal
from ..settling import ALL, OPEN, STATES, load_case, load_queue, read_given, to_settle
from .plan import get_screening, nav_of

LAST = "screening_last"


@require_safe
@for_supervisor
def screening_settle(request: StudyRequest, pk: int) -> HttpResponse:
    """The first that waits on the desk, or why there is none."""
    screening, state = get_screening(request, pk), _state(request)
    unit = to_settle(screening, state).select_related("message", "track__organisation").first()
    if unit is not None:
        return _desk(request, screening, unit)
    context = {
        "nav": nav_of(request),
        "screening": screening,
        "queue": load_queue(screening, state, None),
        "last": _last(request, screening),
    }
    return render(request, "annotations/screening/nothing_to_settle.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def screening_settle_unit(request: StudyRequest, pk: int, screened: int) -> HttpResponse:
    """One message on the desk; POST settles it and goes on."""
    screening = get_screening(request, pk)
    unit = _unit(screening, screened)
    if request.method != "POST":
        return _desk(request, screening, unit)
    sent = request.POST
    following = load_queue(screening, _state(request), unit.pk).next_open
    try:
        settlement, cause = sent.get("settlement", ""), sent.get("cause", "")
        given = read_given(settlement, note=sent.get("reason", ""), cause=cause)
        settle(unit.pk, given, actor_id=request.user.pk or 0, revision=_revision(sent.get("revision", "")))
    except BadInput as refusal:
        return _desk(request, screening, unit, problem=str(refusal), status=422)
    except StaleWrite:
        return _desk(request, screening, unit, is_stale=True, status=409)
    request.session[LAST] = {
        "screening": pk,
        "url": request.get_full_path(),
        "words": f"{unit.track.organisation.name} {unit.position}",
    }
    return redirect(_url(request, screening, following))


@require_POST
@for_supervisor
def screening_settle_reveal(request: StudyRequest, pk: int, screened: int) -> HttpResponse:
    """In a masked study: the page with the texts as they are, once, on the record."""
    screening = get_screening(request, pk)
    unit = _unit(screening, screened)
    reveal(unit, screening, actor_id=request.user.pk or 0)
    return _desk(request, screening, unit, revealed=True)


def _desk(
    request: StudyRequest,
    screening: Screening,
    unit: ScreeningUnit,
    *,
    problem: str = "",
    is_stale: bool = False,
    revealed: bool = False,
    status: int = 200,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" and "settlement" in request.POST else None
    language, chosen = (get_language() or "nl")[:2], sent["settlement"] if sent else ""
    case = load_case(screening, unit, language, revealed=revealed, sent=chosen)
    queue = load_queue(screening, _state(request), unit.pk)
    own = own_keys(request.user.pk or 0)
    keys = desk_printed(own)
    draft = {
        "cause": case.decision.cause if case.decision else "",
        "reason": case.decision.note if case.decision else "",
    }
    if sent is not None:
        draft = {name: sent.get(name, "") for name in ("cause", "reason")}
    context = {
        "nav": nav_of(request),
        "screening": screening,
        "case": case,
        "queue": queue,
        "entries": [(entry, _url(request, screening, entry.unit)) for entry in queue.entries],
        "state": _state(request),
        "url": _url(request, screening, unit.pk),
        "previous": queue.previous and _url(request, screening, queue.previous),
        "following": queue.following and _url(request, screening, queue.following),
        "next_open": queue.next_open and _url(request, screening, queue.next_open),
        "causes": [(cause.value, label, keys[name]) for cause, (label, name) in CAUSES.items()],
        "keys": keys,
        "commands": desk_json(own),
        "draft": draft,
        "problem": problem,
        "is_stale": is_stale,
        "is_masked": is_masked(screening.study),
        "revealed": revealed,
        "names": case.is_settled or request.GET.get("names") == "1",
        "names_url": _names_url(request),
        "last": _last(request, screening),
        "page": case,
    }
    return render(request, "annotations/screening/settle.html", context, status=status)


def _unit(screening: Screening, pk: int) -> ScreeningUnit:
    """A message that waits or was settled; every other one does not exist here."""
    units = to_settle(screening, ALL).select_related("message", "track__organisation")
    return get_object_or_404(units, pk=pk)


def _url(request: StudyRequest, screening: Screening, unit: int | None) -> str:
    state = _state(request)
    query = "" if state == OPEN else f"?state={state}"
    if unit is None:
        return reverse("screening_settle", args=[request.study.slug, screening.pk]) + query
    return reverse("screening_settle_unit", args=[request.study.slug, screening.pk, unit]) + query


def _state(request: StudyRequest) -> str:
    asked = request.GET.get("state", OPEN)
    return asked if asked in STATES else OPEN


def _last(request: StudyRequest, screening: Screening) -> dict[str, Any] | None:
    """The last decision of this session, to go back to."""
    last: dict[str, Any] | None = request.session.get(LAST)
    return last if last and last.get("screening") == screening.pk else None


def _names_url(request: StudyRequest) -> str:
    """This page with the screeners' pseudonyms shown, or hidden again."""
    data = request.GET.copy()
    if data.pop("names", None) is None:
        data["names"] = "1"
    return f"?{data.urlencode()}" if data else "?"


def _revision(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 10 else 0
