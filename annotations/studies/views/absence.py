"""Days away: a coder enters the own ones, a supervisor everybody's."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ...accounts.access import StudyRequest, for_member
from ...errors import BadInput, NotAllowed
from ...models import Absence, Membership
from ...sampling.rounds import people
from ..absence import add_absence, coming, remove_absence
from ..forms import AbsenceForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_member
def absence(request: StudyRequest) -> HttpResponse:
    supervises = request.membership.role == Membership.Role.SUPERVISOR
    form = AbsenceForm(request.POST or None)
    if supervises:
        fields: dict[str, forms.Field] = form.fields
        fields["user"] = forms.TypedChoiceField(
            label=_("Who"), coerce=int, choices=people(request.study.pk), initial=request.user.pk
        )
        form.order_fields(["user", "first", "last"])
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                add_absence(
                    request.study.pk,
                    values.get("user", request.user.pk),
                    first=values["first"],
                    last=values["last"] or values["first"],
                    actor_id=request.user.pk,
                )
            except BadInput as refusal:
                for problem in refusal.problems:
                    form.add_error(None, problem)
            else:
                messages.success(request, _("The days are kept; expected ends take them into account."))
                return redirect("absence", request.study.slug)
    context = {
        "nav": "study" if supervises else "own",
        "tab": "overview",
        "form": form,
        "rows": coming(request.study.pk, user_id=None if supervises else request.user.pk),
        "supervises": supervises,
    }
    return render(request, "annotations/studies/absence.html", context, status=status)


@require_POST
@for_member
def absence_remove(request: StudyRequest, pk: int) -> HttpResponse:
    get_object_or_404(Absence, pk=pk, study=request.study)
    try:
        remove_absence(request.study.pk, pk, actor_id=request.user.pk)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("absence", request.study.slug)
