"""The confidentiality statement, a copy of the set-up, and the end of a study."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, before_statement, for_member, for_supervisor, when_closed
from ...errors import BadInput, StaleWrite
from ...models import AcceptedStatement, Study
from ..create import may_create
from ..ending import copy_set_up, set_state
from ..statement import accept, set_statement


@require_http_methods(["GET", "HEAD", "POST"])
@for_member
@before_statement
def statement(request: StudyRequest) -> HttpResponse:
    """What a person accepts before the first text of the study."""
    study, status = request.study, 200
    own = AcceptedStatement.objects.filter(study=study, user=request.user)
    if request.method == "POST":
        sent = request.POST.get("version", "")
        version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 5 else -1
        try:
            accept(study.pk, version=version, actor_id=request.user.pk)
        except StaleWrite:
            messages.warning(request, _("The statement was changed meanwhile: read it again."))
            status = 409
        else:
            return redirect("study", study.slug)
    context = {
        "nav": "study",
        "study": study,
        "accepted": own.filter(version=study.statement_version).first(),
    }
    return render(request, "annotations/studies/statement.html", context, status=status)


@require_safe
@for_supervisor
def organising(request: StudyRequest) -> HttpResponse:
    rows = AcceptedStatement.objects.filter(study=request.study).select_related("user")
    context = {
        "nav": "study",
        "tab": "settings",
        "study": request.study,
        "accepted": rows.order_by("-accepted_at", "-id"),
        "may_create": may_create(request.user.pk),
        "states": Study.State.choices,
    }
    return render(request, "annotations/studies/organising.html", context)


@require_POST
@for_supervisor
def organising_statement(request: StudyRequest) -> HttpResponse:
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 5 else -1
    try:
        set_statement(
            request.study.pk, request.POST.get("statement", ""), version=version, actor_id=request.user.pk
        )
    except StaleWrite:
        messages.error(request, _("Somebody else changed this meanwhile: look at it again."))
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The statement is kept; coders are asked to accept it."))
    return redirect("organising", request.study.slug)


@require_POST
@for_supervisor
@when_closed
def organising_copy(request: StudyRequest) -> HttpResponse:
    if not may_create(request.user.pk):
        raise PermissionDenied
    try:
        made = copy_set_up(
            request.study.pk,
            slug=request.POST.get("slug", "").strip(),
            name=request.POST.get("name", ""),
            actor_id=request.user.pk,
        )
    except BadInput as refusal:
        messages.error(request, str(refusal))
        return redirect("organising", request.study.slug)
    messages.success(request, _("The set-up is copied; there is no data in the new study."))
    return redirect("study", made.slug)


@require_POST
@for_supervisor
@when_closed
def organising_state(request: StudyRequest) -> HttpResponse:
    try:
        set_state(request.study.pk, request.POST.get("state", ""), actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    return redirect("organising", request.study.slug)
