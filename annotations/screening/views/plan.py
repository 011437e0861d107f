"""Setting a screening up: the list, the plan while it is a draft, and its start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, for_member, for_supervisor
from ...codebooks.language import in_language
from ...errors import BadInput, StaleWrite
from ...models import Membership, Screening, ScreeningTrack
from ...sampling.rounds import people
from ..forms import ScreeningForm, propose_seed
from ..frame import ask_again, standing_of
from ..queue import open_tracks
from ..reasons import reason_label, reasons_for
from ..setup import change_screening, discard, make_screening, sought_variables, start


@require_safe
@for_member
def screenings(request: StudyRequest) -> HttpResponse:
    """Where this person screens; for supervisors every screening of the study as well."""
    is_supervisor = request.membership.role == Membership.Role.SUPERVISOR
    rows = Screening.objects.filter(study=request.study).prefetch_related("tracks__organisation")
    context = {
        "nav": nav_of(request),
        "mine": open_tracks(request.study.pk, request.user.pk or 0),
        "rows": [(row, searches_of(row)) for row in rows] if is_supervisor else [],
    }
    return render(request, "annotations/screening/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def screening_new(request: StudyRequest) -> HttpResponse:
    return _plan_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def screening_change(request: StudyRequest, pk: int) -> HttpResponse:
    return _plan_page(request, get_screening(request, pk))


@require_POST
@for_supervisor
def screening_start(request: StudyRequest, pk: int) -> HttpResponse:
    """Freeze the plan; where a frame failed, have it made again."""
    row = get_screening(request, pk)
    try:
        if row.state == Screening.State.DRAFT:
            start(row.pk, actor_id=request.user.pk)
        else:
            for track in row.tracks.exclude(state=ScreeningTrack.State.DONE):
                ask_again(track.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    return redirect("screening", request.study.slug, pk)


@require_POST
@for_supervisor
def screening_discard(request: StudyRequest, pk: int) -> HttpResponse:
    row = get_screening(request, pk)
    try:
        discard(row.pk, actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
        return redirect("screening", request.study.slug, pk)
    messages.success(request, _("The plan is thrown away."))
    return redirect("screenings", request.study.slug)


@require_safe
@for_supervisor
def screening_progress(request: StudyRequest, pk: int) -> HttpResponse:
    """The part of the page about frames being made; when they are, the whole page is loaded again."""
    making = being_made(get_screening(request, pk))
    response = render(request, "annotations/screening/making.html", {"making": making, "pk": pk})
    if not making or any(track.problem for track, _standing in making):
        response["HX-Refresh"] = "true"
    return response


def nav_of(request: StudyRequest) -> str:
    """Supervisors come here by a page of the study, coders from the bar itself."""
    return "study" if request.membership.role == Membership.Role.SUPERVISOR else "screening"


def being_made(row: Screening) -> list[tuple[ScreeningTrack, Any]]:
    """Tracks without a frame as yet, and how far each is."""
    if row.state == Screening.State.DRAFT:
        return []
    tracks = row.tracks.exclude(state=ScreeningTrack.State.DONE).select_related("organisation")
    return [(track, standing_of(track)) for track in tracks]


def searches_of(row: Screening) -> list[ScreeningTrack]:
    return [track for track in row.tracks.all() if track.part == ScreeningTrack.Part.SEARCH]


def get_screening(request: StudyRequest, pk: int) -> Screening:
    rows = Screening.objects.select_related("variable", "codebook_version", "round", "study")
    return get_object_or_404(rows, pk=pk, study=request.study)


def _plan_page(request: StudyRequest, row: Screening | None) -> HttpResponse:
    form = _form(request, row)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _store(request, row, form)
            except StaleWrite:
                form.add_error(None, _("Somebody changed this plan meanwhile. Open it again."))
                status = 409
            except BadInput as refusal:
                for problem in refusal.problems:
                    form.add_error(None, problem)
    context = {"nav": nav_of(request), "form": form, "screening": row}
    return render(request, "annotations/screening/plan.html", context, status=status)


def _store(request: StudyRequest, row: Screening | None, form: ScreeningForm) -> HttpResponse:
    actor, plan = request.user.pk, form.plan()
    if row is None:
        row = make_screening(request.study.pk, plan, actor_id=actor)
    else:
        sent = request.POST.get("revision", "")
        revision = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1
        row = change_screening(row.pk, plan, revision=revision, actor_id=actor)
    return redirect("screening", request.study.slug, row.pk)


def _form(request: StudyRequest, row: Screening | None) -> ScreeningForm:
    language = (get_language() or "nl")[:2]
    variables = [(one.key, in_language(one.label, language)) for one in sought_variables(request.study)]
    return ScreeningForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(request, row, variables[0][0] if variables else ""),
        organisations=list(request.study.organisations.order_by("name")),
        variables=variables,
        people=people(request.study.pk),
        selections=list(request.study.selections.all()),
    )


def _initial(request: StudyRequest, row: Screening | None, sought: str) -> dict[str, Any]:
    """`sought`: the variable that stands first."""
    if row is None:
        newest = request.study.conversations.order_by("-started_at").exclude(started_at=None).first()
        started = newest.started_at if newest else None
        return {
            "name": _("Searching back"),
            "starts_on": timezone.localdate(started) if started else timezone.localdate(),
            "seed": propose_seed(),
            "screeners": [pk for pk, _name in people(request.study.pk)],
            "reasons": _in_lines(reasons_for(sought)),
        }
    tracks = {track.organisation_id: track for track in row.tracks.all()}
    values: dict[str, Any] = {
        "name": row.name,
        "variable": row.variable.key,
        "starts_on": row.starts_on,
        "design": row.design,
        "elusion_size": row.elusion_size,
        "double_percent": row.double_percent,
        "seed": row.seed,
        "reasons": _in_lines(row.reasons),
        "screeners": list(row.screeners.values_list("user_id", flat=True)),
        "selection": request.study.selections.filter(name=row.selection_name)
        .values_list("pk", flat=True)
        .first(),
    }
    for one in request.study.organisations.all():
        track = tracks.get(one.pk)
        values[f"use_{one.pk}"] = track is not None
        if track is not None:
            values |= {f"rule_{one.pk}": track.stop_rule, f"until_{one.pk}": track.until}
            values[f"target_{one.pk}"] = track.target or 50
    return values


def _in_lines(reasons: Sequence[str]) -> str:
    return "\n".join(map(reason_label, reasons))
