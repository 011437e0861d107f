"""The front page of a study: for a supervisor what waits and how far it is, for a coder their own work."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_member
from ...models import Membership, Training
from ...sampling.relief import study_shortfalls
from ...training.standing import waiting
from ...watch.drift import alarms
from ..activity import coders_now
from ..open_work import last_imports, open_work, steps
from ..pace import pace_figures, round_under_way
from ..progress import organisation_progress, own_rounds, round_progress
from ..stages import stages


@require_safe
@for_member
def study(request: StudyRequest) -> HttpResponse:
    study_id = request.study.pk
    own = own_rounds(study_id, request.user.pk)
    context = {"nav": "study", "study": request.study, "own": own}
    context["barred"] = set(Training.objects.barred_rounds(request.user.pk))
    if request.membership.role != Membership.Role.SUPERVISOR:
        return render(request, "annotations/studies/study_coder.html", context)
    now = open_work(study_id)
    under_way = round_under_way(study_id)
    context |= {
        "tab": "overview",
        "own_left": sum(counts.left for of_round, counts in own if of_round.is_open),
        "work": now,
        "steps": steps(now),
        "stages": stages(request.study, now),
        "in_training": waiting(study_id),
        "short": study_shortfalls(request.study),
        "falling": alarms(request.study, get_language() or "nl"),
        "coders": coders_now(study_id),
        "pace": pace_figures(under_way, get_language() or "nl") if under_way else [],
        "organisations": organisation_progress(study_id),
        "rounds": round_progress(study_id),
        "imports": last_imports(study_id),
    }
    return render(request, "annotations/studies/study.html", context)
