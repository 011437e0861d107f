"""Staying sharp: agreement over time, what comes back, answers that do not go together; supervisors only."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..accounts.access import StudyRequest, for_supervisor
from ..codebooks.language import in_language
from ..errors import BadInput
from ..models import KeptContradiction, Round
from ..reliability.over_time import with_themselves
from ..sampling.woven import LEAST_DAYS, USUAL, weave_repeats, weave_shared, woven_into
from ..statistics.control import FALL, FALSE_ALARM, HORIZON
from .drift import follow_again, followed, is_followed
from .twins import contradicting


@require_safe
@for_supervisor
def watch(request: StudyRequest) -> HttpResponse:
    language = _language()
    rounds = []
    for base in is_followed(request.study).order_by("-is_open", "-created_at"):
        rows = followed(base, language)
        falls = any(row.alarm_at for row in rows)
        rounds.append({"round": base, "woven": woven_into(base), "rows": rows, "falls": falls})
    kept = KeptContradiction.objects.filter(coding__assignment__round__study=request.study)
    context = {
        "nav": "study",
        "tab": "watch",
        "rounds": rounds,
        "usual": USUAL,
        "days": LEAST_DAYS,
        "own": [(row, in_language(row.variable.label, language)) for row in with_themselves(request.study)],
        "chance": 100 * FALSE_ALARM,
        "horizon": HORIZON,
        "fall": 100 * FALL,
        "kept": kept.values("coding__assignment__conversation_id").distinct().count(),
    }
    return render(request, "annotations/watch/watch.html", context)


@require_POST
@for_supervisor
def watch_weave(request: StudyRequest, pk: int) -> HttpResponse:
    base = get_object_or_404(Round, pk=pk, study=request.study)
    sent = request.POST.get("one_in", "")
    one_in = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else 0
    try:
        if request.POST.get("what") == "repeats":
            number = sum(weave_repeats(base.pk, one_in=one_in, actor_id=request.user.pk).values())
            words = ngettext("%(n)d unit comes back.", "%(n)d units come back.", number)
        else:
            number = weave_shared(base.pk, one_in=one_in, actor_id=request.user.pk)
            words = ngettext("%(n)d unit is woven in.", "%(n)d units are woven in.", number)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words % {"n": number})
    return redirect("watch", request.study.slug)


@require_POST
@for_supervisor
def watch_again(request: StudyRequest, pk: int) -> HttpResponse:
    base = get_object_or_404(Round, pk=pk, study=request.study)
    try:
        follow_again(base.pk, reason=request.POST.get("reason", ""), actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Agreement is followed afresh from now on; your reason is in the log."))
    return redirect("watch", request.study.slug)


@require_safe
@for_supervisor
def watch_twins(request: StudyRequest, pk: int) -> HttpResponse:
    base = get_object_or_404(Round.objects.select_related("study"), pk=pk, study=request.study)
    context = {"nav": "study", "tab": "watch", "round": base, "twins": contradicting(base, _language())}
    return render(request, "annotations/watch/twins.html", context)


def _language() -> str:
    return (get_language() or "nl")[:2]
