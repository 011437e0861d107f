"""Publishing a draft, and coding again what it touched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.changes import must_be_answered
from ...codebooks.language import in_language
from ...errors import BadInput, StaleWrite
from ...finals.hidden import HiddenAnswers, hidden_answers
from ...models import CodebookDraft, Round, Study
from ..cases import open_cases
from ..jobs import is_large, recode_later, recode_now, standing_of, under_way
from ..publish import check, new_variables, publish
from ..recode import RoundPlan, plan_recoding
from ..store import draft_of
from ..words import title_of, told_changes, told_version

FINISHED, LATER = "finished", "later"
SOME = 12


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def publish_page(request: StudyRequest) -> HttpResponse:
    """What a draft changes and touches, with the reasons; and publishing it."""
    draft = draft_of(request.study)
    if draft is None:
        return redirect("codebook_draft", request.study.slug)
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            version = publish(
                draft.pk,
                revision=int(request.POST.get("revision", "")),
                actor_id=request.user.pk or 0,
                asks_finished=_chosen(request, draft),
            )
        except BadInput as refusal:
            problems, status = refusal.problems, 422
        except (StaleWrite, ValueError):
            problems = [_("Somebody else changed this draft meanwhile. Look at it again first.")]
            status = 409
            draft.refresh_from_db()
        else:
            messages.success(
                request,
                _("Version %(version)s is published. Rounds made from now on use it.")
                % {"version": version.version},
            )
            return redirect("codebook_recode", request.study.slug)
    checked = check(draft)
    told = told_changes(request.study, draft.base_id, checked.changes, (get_language() or "nl")[:2])
    context = {
        "nav": "study",
        "tab": "codebook",
        "study": request.study,
        "draft": draft,
        "version": draft.document["codebook"].get("version", ""),
        "checked": checked,
        "problems": problems,
        "changes": [replace(change, asks=request.POST.get(f"ask-{change.item}", "")) for change in told],
        "at_work": Round.objects.filter(study=request.study, is_open=True).count(),
    }
    return render(request, "annotations/drafts/publish.html", context, status=status)


def _chosen(request: StudyRequest, draft: CodebookDraft) -> set[str]:
    """The new variables that are asked of what was finished too. Raises BadInput where one must be chosen."""
    found, open_ = set(), []
    for change in new_variables(check(draft)):
        answer = request.POST.get(f"ask-{change.item}", "")
        if answer == FINISHED:
            found.add(change.item)
        elif answer != LATER and must_be_answered(change):
            open_.append(title_of(change, (get_language() or "nl")[:2]))
    if open_:
        sentence = _("%(change)s: choose of what it is asked.")
        raise BadInput([sentence % {"change": each} for each in open_])
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def recode_page(request: StudyRequest) -> HttpResponse:
    """What the changes of the study's version touched, round by round; and the rounds that code it again."""
    problems: list[str] = []
    under = _under_way(request.study)
    is_busy = (
        under["recoding"] is not None and not under["recoding"].problem and not under["standing"].is_stuck
    )
    plans = [] if is_busy else plan_recoding(request.study)
    if request.method == "POST":
        try:
            return _recoded(request, plans, is_busy=is_busy)
        except BadInput as refusal:
            problems = refusal.problems
    version = request.study.codebook_version
    context = {
        "nav": "study",
        "tab": "codebook",
        "study": request.study,
        "version": version,
        "changes": told_version(version, (get_language() or "nl")[:2]),
        "plans": plans,
        "rounds": Round.objects.filter(study=request.study, recodes__isnull=False).select_related("recodes"),
        "cases": len(open_cases(request.study)),
        "hidden": _hidden(request.study),
        "problems": problems,
    }
    status = 422 if problems else 200
    return render(request, "annotations/drafts/recode.html", context | under, status=status)


def _hidden(study: Study) -> list[tuple[HiddenAnswers, str, list[int]]]:
    """What a condition hides, with the name of its question and the numbers of some of the conversations."""
    found = hidden_answers(study)
    some = {pk for each in found for pk in each.conversations[:SOME]}
    numbers = dict(study.conversations.filter(pk__in=some).values_list("pk", "number"))
    return [
        (each, in_language(each.variable.label), sorted(numbers[pk] for pk in each.conversations[:SOME]))
        for each in found
    ]


def _recoded(request: StudyRequest, plans: list[RoundPlan], *, is_busy: bool) -> HttpResponse:
    """Make the rounds now where they are small, else in the background. Raises BadInput."""
    shows_old, actor_id = request.POST.get("old") == "shown", request.user.pk or 0
    if is_busy or is_large(plans):
        recode_later(request.study.pk, shows_old=shows_old, actor_id=actor_id)
        return redirect("codebook_recode", request.study.slug)
    rounds = recode_now(request.study.pk, shows_old=shows_old, actor_id=actor_id)
    messages.success(request, _("The work is assigned: coders find it after what they have."))
    return redirect("round", request.study.slug, rounds[0].pk)


@require_GET
@for_supervisor
def recode_standing(request: StudyRequest) -> HttpResponse:
    """The part of the page about rounds being made; when that has ended, the whole page is loaded again."""
    context = {"study": request.study} | _under_way(request.study)
    response = render(request, "annotations/drafts/recoding.html", context)
    if context["recoding"] is None or context["recoding"].problem:
        response["HX-Refresh"] = "true"
    return response


def _under_way(study: Study) -> dict[str, Any]:
    row = under_way(study.pk)
    standing = standing_of(row) if row else None
    is_busy = row is not None and standing is not None and not (row.problem or standing.is_stuck)
    return {"recoding": row, "standing": standing, "is_busy": is_busy}
