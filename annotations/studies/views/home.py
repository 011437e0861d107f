"""Where a person lands after signing in, and the page that makes a study."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ...accounts.access import CODEBOOK_FILE, SignedInRequest, takes_files
from ...errors import BadInput
from ..create import create_study, may_create
from ..forms import NewStudyForm, OrganisationRows, organisations_of
from ..progress import studies_of


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    studies = studies_of(request.user.pk)
    return render(
        request,
        "annotations/studies/home.html",
        {
            "studies": studies,
            "next_up": next((row for row in studies if row.own.left), None),
            "may_create": may_create(request.user.pk),
            "may_load": request.user.is_superuser,
        },
    )


@takes_files(CODEBOOK_FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def study_new(request: SignedInRequest) -> HttpResponse:
    if not may_create(request.user.pk):
        raise PermissionDenied
    posted = request.method == "POST"
    form = NewStudyForm(request.POST or None, request.FILES or None)
    rows = OrganisationRows(request.POST or None, prefix="organisations")
    if posted and form.is_valid() & rows.is_valid():
        values = form.cleaned_data
        try:
            study = create_study(
                slug=values["slug"],
                name=values["name"],
                language=values["language"],
                codebook=form.codebook_source(),
                privacy=values["privacy"],
                organisations=organisations_of(rows),
                actor_id=request.user.pk,
                supervisor_id=request.user.pk,
            )
        except BadInput as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem)
        else:
            messages.success(request, _("The study is there. Follow the steps below."))
            return redirect("study", study.slug)
    context = {"form": form, "rows": rows}
    return render(request, "annotations/studies/new.html", context, status=422 if posted else 200)
