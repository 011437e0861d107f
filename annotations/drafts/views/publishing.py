"""Publishing a draft, and coding again what it touched."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.language import in_language
from ...errors import BadInput, StaleWrite
from ...finals.hidden import hidden_answers
from ...models import Round
from ..cases import open_cases
from ..publish import check, publish
from ..recode import plan_recoding, recode
from ..store import draft_of
from ..words import told_changes, told_version


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
                draft.pk, revision=int(request.POST.get("revision", "")), actor_id=request.user.pk or 0
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
    context = {
        "nav": "study",
        "tab": "codebook",
        "study": request.study,
        "draft": draft,
        "version": draft.document["codebook"].get("version", ""),
        "checked": checked,
        "problems": problems,
        "changes": told_changes(request.study, draft.base_id, checked.changes, (get_language() or "nl")[:2]),
        "at_work": Round.objects.filter(study=request.study, is_open=True).count(),
    }
    return render(request, "annotations/drafts/publish.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def recode_page(request: StudyRequest) -> HttpResponse:
    """What the changes of the study's version touched, round by round; and the rounds that code it again."""
    problems: list[str] = []
    if request.method == "POST":
        try:
            rounds = recode(
                request.study.pk,
                shows_old=request.POST.get("old") == "shown",
                actor_id=request.user.pk or 0,
            )
        except BadInput as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("The work is assigned: coders find it after what they have."))
            return redirect("round", request.study.slug, rounds[0].pk)
    version = request.study.codebook_version
    context = {
        "nav": "study",
        "tab": "codebook",
        "study": request.study,
        "version": version,
        "changes": told_version(version, (get_language() or "nl")[:2]),
        "plans": plan_recoding(request.study),
        "rounds": Round.objects.filter(study=request.study, recodes__isnull=False).select_related("recodes"),
        "cases": len(open_cases(request.study)),
        "hidden": [(each, in_language(each.variable.label)) for each in hidden_answers(request.study)],
        "problems": problems,
    }
    return render(request, "annotations/drafts/recode.html", context, status=422 if problems else 200)
