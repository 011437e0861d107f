"""What comes of a screening: the flow and the figures, what waits for the supervisor, and on to coding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.lookup import lookup
from ...errors import BadInput
from ...models import ComparisonSample, Screening
from ...reliability.shown import rows_of
from ...sampling.rounds import coders_only, people
from ..coding_round import make_coding_round
from ..comparison import draw_comparison
from ..double import figures, names, unsettled
from ..forms import CodingRoundForm, ComparisonForm, propose_seed
from ..frame import ask_elusion_sample
from ..methods import paragraphs
from ..outcome import outcomes
from ..page import strip_of
from ..reasons import reason_label
from ..shown import flow_figure, flow_rows, share, stop_words
from .plan import being_made, get_screening, nav_of


@require_safe
@for_supervisor
def screening(request: StudyRequest, pk: int) -> HttpResponse:
    """The plan, and once it has started all that came of it."""
    return _show(request, get_screening(request, pk))


@require_POST
@for_supervisor
def screening_sample(request: StudyRequest, pk: int, track: int) -> HttpResponse:
    """Have the sample without candidates drawn for a search that ended."""
    search = get_object_or_404(get_screening(request, pk).tracks, pk=track)
    try:
        ask_elusion_sample(search.pk, actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    return redirect("screening", request.study.slug, pk)


@require_POST
@for_supervisor
def screening_compare(request: StudyRequest, pk: int) -> HttpResponse:
    """Draw the comparison sample."""
    row, form = get_screening(request, pk), ComparisonForm(request.POST)
    if not form.is_valid():
        return _show(request, row, comparison=form, status=422)
    values = form.cleaned_data
    try:
        draw_comparison(row.pk, **values, actor_id=request.user.pk)
    except BadInput as refusal:
        for sentence in refusal.problems:
            form.add_error(None, sentence)
        return _show(request, row, comparison=form, status=422)
    messages.success(request, _("The comparison sample is drawn."))
    return redirect("screening", request.study.slug, pk)


@require_POST
@for_supervisor
def screening_round(request: StudyRequest, pk: int) -> HttpResponse:
    """Make the coding round of what was found."""
    row, form = get_screening(request, pk), CodingRoundForm(request.POST, people=people(request.study.pk))
    if not form.is_valid():
        return _show(request, row, coding=form, status=422)
    values = form.cleaned_data
    try:
        of_round = make_coding_round(
            row.pk,
            name=values["name"],
            coder_ids=values["coders"],
            shared_percent=values["shared"],
            actor_id=request.user.pk,
        )
    except BadInput as refusal:
        for sentence in refusal.problems:
            form.add_error(None, sentence)
        return _show(request, row, coding=form, status=422)
    messages.success(request, _("The conversations are assigned; the coders find them in their queue."))
    return redirect("round", request.study.slug, of_round.pk)


def _show(
    request: StudyRequest,
    row: Screening,
    *,
    comparison: ComparisonForm | None = None,
    coding: CodingRoundForm | None = None,
    status: int = 200,
) -> HttpResponse:
    who = names(request.study.pk)
    context: dict[str, Any] = {
        "nav": nav_of(request),
        "screening": row,
        "pk": row.pk,
        "screeners": sorted(who.get(one.user_id, "–") for one in row.screeners.all()),
        "reasons": [reason_label(reason) for reason in row.reasons],
        "making": being_made(row),
        "plan": [
            (track, stop_words(track))
            for track in row.tracks.filter(part="search").select_related("organisation")
        ],
    }
    if row.state != Screening.State.DRAFT:
        context |= _result(row)
        context["comparison_form"] = comparison or ComparisonForm(initial={"seed": propose_seed()})
        context["round_form"] = coding or CodingRoundForm(
            people=people(request.study.pk),
            initial={"name": row.name, "coders": coders_only(request.study.pk), "shared": 100},
        )
    return render(request, "annotations/screening/screening.html", context, status=status)


def _result(row: Screening) -> dict[str, Any]:
    rows = outcomes(row, with_later=True)
    double = figures(row)
    both = [(one, one.both_steps) for one in rows]
    spec = lookup(row.codebook_version_id).spec.by_key
    return {
        "rows": [
            {
                "outcome": one,
                "stop": stop_words(one.track),
                "strip": strip_of(one.track),
                "prevalence": share(one.prevalence),
                "both": share(steps.share) if steps else None,
                "missed": steps.missed if steps else None,
                "needs_sample": bool(row.elusion_size) and one.sample is None and one.track.ended_at,
            }
            for one, steps in both
        ],
        "flow": flow_rows(rows),
        "figure": flow_figure(rows),
        "double": rows_of([double], spec, get_language() or "nl")[0] if double else None,
        "waiting": unsettled(row.pk),
        "methods": paragraphs(row, rows, double),
        "sample": ComparisonSample.objects.filter(screening=row).first(),
        "is_searched": all(one.track.ended_at for one in rows),
    }
