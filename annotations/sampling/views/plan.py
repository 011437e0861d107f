"""What a round waits for and by when it is to be done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.language import in_language
from ...errors import BadInput, StaleWrite
from ...models import Gate, Round
from ..forms import PlanForm
from ..gates import USUAL, can_be_judged, earlier_rounds, gate_of, open_with_reason, set_gate
from ..planned import set_plan
from .rounds import get_round


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def round_plan(request: StudyRequest, pk: int) -> HttpResponse:
    of_round = get_round(request, pk)
    gate = gate_of(of_round)
    form = _form(request, of_round, gate)
    if request.method != "POST":
        return _show(request, of_round, gate, form)
    if not form.is_valid():
        return _show(request, of_round, gate, form, status=422)
    values, actor = form.cleaned_data, request.user.pk
    try:
        if form.has_gate:
            set_gate(
                of_round.pk,
                after_id=values["after"],
                bound=values["bound"],
                thresholds=form.thresholds(),
                revision=values["revision"],
                actor_id=actor,
            )
        set_plan(of_round.pk, due_on=values["due_on"], per_week=values["per_week"], actor_id=actor)
    except StaleWrite:
        form.add_error(None, _("Somebody else changed this meanwhile: look at it again."))
        return _show(request, of_round, gate_of(of_round), form, status=409)
    except BadInput as refusal:
        for problem in refusal.problems:
            form.add_error(None, problem)
        return _show(request, of_round, gate, form, status=422)
    messages.success(request, _("The plan of the round is kept."))
    return redirect("round", request.study.slug, of_round.pk)


@require_POST
@for_supervisor
def round_gate_open(request: StudyRequest, pk: int) -> HttpResponse:
    of_round = get_round(request, pk)
    try:
        open_with_reason(of_round.pk, reason=request.POST.get("reason", ""), actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The round is open. Your reason stands in the log and in the methods text.")
        )
    return redirect("round", request.study.slug, of_round.pk)


def _form(request: StudyRequest, of_round: Round, gate: Gate | None) -> PlanForm:
    language = get_language() or "nl"
    has_gate = gate is None or gate.opened_at is None
    has_gate = has_gate and not of_round.assignments.filter(coding__isnull=False).exists()
    earlier = earlier_rounds(of_round) if has_gate else []
    variables = {
        variable.key: in_language(variable.label, language)
        for other in earlier
        for variable in can_be_judged(other)
    }
    chosen = gate.thresholds if gate else {}
    initial = {
        "due_on": of_round.due_on,
        "per_week": of_round.per_week,
        "after": gate.after_id if gate else None,
        "bound": gate.bound if gate else Gate.Bound.LOWER,
        "threshold": max(chosen.values(), default=USUAL),
        "counts": list(chosen) if gate else list(variables),
        "revision": gate.revision if gate else 0,
    }
    return PlanForm(
        request.POST or None, initial=initial, earlier=earlier, variables=variables, chosen=chosen
    )


def _show(
    request: StudyRequest, of_round: Round, gate: Gate | None, form: PlanForm, *, status: int = 200
) -> HttpResponse:
    context = {"nav": "study", "tab": "rounds", "round": of_round, "gate": gate, "form": form}
    return render(request, "annotations/sampling/round_plan.html", context, status=status)
