"""The organisations of a study and what is known of their accounts."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...errors import BadInput
from ...models import Organisation
from ..forms import FACT_QUESTIONS, OrganisationForm
from ..organisations import accounts_left_behind, remove_organisation, save_organisation


@require_safe
@for_supervisor
def organisations(request: StudyRequest) -> HttpResponse:
    rows = (
        request.study.organisations.prefetch_related("handles")
        .annotate(conversation_count=Count("conversations"))
        .order_by("name", "id")
    )
    known = [(row, sum(getattr(row, field) is not None for field in FACT_QUESTIONS)) for row in rows]
    context = {"nav": "study", "tab": "organisations", "rows": known, "questions": len(FACT_QUESTIONS)}
    return render(request, "annotations/studies/organisations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def organisation_new(request: StudyRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def organisation(request: StudyRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Organisation, pk=pk, study=request.study))


@require_POST
@for_supervisor
def organisation_remove(request: StudyRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Organisation, pk=pk, study=request.study)
    try:
        remove_organisation(request.study.pk, row.pk, actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
        return redirect("organisation", request.study.slug, pk)
    messages.success(request, _("%(name)s is removed.") % {"name": row.name})
    return redirect("organisations", request.study.slug)


def _tell_of_accounts(request: StudyRequest, number: int) -> None:
    """Handles are looked at while importing; what came in earlier is corrected by hand, knowingly."""
    sentence = ngettext(
        "%(n)d account with such a handle came in before; its role stays as it is.",
        "%(n)d accounts with such a handle came in before; their roles stay as they are.",
        number,
    )
    messages.warning(request, sentence % {"n": number})


def _edit(request: StudyRequest, row: Organisation | None) -> HttpResponse:
    posted = request.method == "POST"
    initial = OrganisationForm.initial_of(row) if row else {}
    form = OrganisationForm(request.POST) if posted else OrganisationForm(initial=initial)
    if posted and form.is_valid():
        try:
            saved = save_organisation(
                request.study.pk,
                form.given(),
                form.facts(),
                organisation_id=row.pk if row else None,
                actor_id=request.user.pk,
            )
        except BadInput as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": saved.name})
            if left := accounts_left_behind(saved):
                _tell_of_accounts(request, left)
            return redirect("organisations", request.study.slug)
    context = {"nav": "study", "tab": "organisations", "form": form, "organisation": row}
    if row:
        context["removable"] = not (row.conversations.exists() or row.accounts.exists())
    return render(request, "annotations/studies/organisation.html", context, status=422 if posted else 200)
