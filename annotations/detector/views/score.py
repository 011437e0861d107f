from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.lookup import lookup
from ...importing.store.study_rules import version_now
from ...models import Event
from ..influence import influence
from ..proposed_answers import proposed_answers
from ..quotes import quoted
from ..rescan import RESCANS, ask, needs_rescan, unfinished
from ..score_card import known_types, score_card, versions_of
from ..shown import shown_card, shown_influence, shown_proposed

PAGE = 50


@require_GET
@for_supervisor
def detector(request: StudyRequest) -> HttpResponse:
    study = request.study
    versions = versions_of(study)
    version = request.GET.get("version") or study.detector_version
    if versions and version not in versions:
        raise Http404
    context = {
        "nav": "study",
        "tab": "detector",
        "versions": versions,
        "version": version,
        "newest": version_now(study),
        "needs_rescan": needs_rescan(study) and study.conversations.exists(),
        **_rescan(request),
        "card": shown_card(study, score_card(study, version), get_language()),
        "influence": shown_influence(influence(study)),
        "proposed": shown_proposed(study, proposed_answers(study), get_language()),
    }
    return render(request, "annotations/detector/detector.html", context)


@require_POST
@for_supervisor
def start_rescan(request: StudyRequest) -> HttpResponse:
    ask(request.study.pk, actor_id=request.user.pk)
    return redirect("detector", request.study.slug)


@require_GET
@for_supervisor
def rescan_progress(request: StudyRequest) -> HttpResponse:
    """The part of the page about a scan; when it has ended, the whole page is loaded again."""
    context = _rescan(request)
    response = render(request, "annotations/detector/rescan.html", context)
    if context["rescan"] is None:
        response["HX-Refresh"] = "true"
    return response


def _rescan(request: StudyRequest) -> dict[str, Any]:
    row = unfinished(request.study)
    return {"rescan": row, "standing": RESCANS.standing(row) if row else None}


@require_GET
@for_supervisor
def misses(request: StudyRequest, info_type: str, kind: str) -> HttpResponse:
    """The missed fragments or the false candidates of one type, with the text around them."""
    study = request.study
    version = request.GET.get("version") or study.detector_version
    if kind not in ("missed", "false"):
        raise Http404
    card = score_card(study, version)
    score = next((score for score in card.types if score.info_type == info_type), None)
    if score is None and info_type not in known_types(study):
        raise Http404
    found = getattr(score, kind, [])
    page = max(0, _whole(request.GET.get("page"), 0))
    shown = found[page * PAGE : (page + 1) * PAGE]
    Event.objects.record(
        "detector.quoted",
        actor_id=request.user.pk,
        study_id=study.pk,
        subject=study,
        after={"type": info_type, "kind": kind, "messages": sorted({miss.message_id for miss in shown})},
    )
    context = {
        "nav": "study",
        "tab": "detector",
        "kind": kind,
        "version": version,
        "label": lookup(study.codebook_version_id).type_label(info_type),
        "total": len(found),
        "first": page * PAGE + 1,
        "quotes": quoted(study, shown, version, get_language()),
        "earlier": page - 1 if page else None,
        "later": page + 1 if (page + 1) * PAGE < len(found) else None,
    }
    return render(request, "annotations/detector/misses.html", context)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else default
