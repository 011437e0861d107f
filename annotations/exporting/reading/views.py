"""Codings from a file: handed in, looked at, stored."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor, takes_files
from ...errors import BadInput
from ...models import CodingsUpload
from .forms import CodingsForm
from .uploads import UPLOADS, receive, remove_old, store, take_back

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes: it is read in one piece. Three coders of 10,000 conversations write a third of it."""


@takes_files(LARGEST_FILE)
@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def codings(request: StudyRequest) -> HttpResponse:
    form = (
        CodingsForm(request.POST or None, request.FILES or None)
        if request.method == "POST"
        else CodingsForm()
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            row = receive(
                request.study,
                given["file"],
                round_name=given["round_name"].strip(),
                create_coders=given["create_coders"],
                actor_id=request.user.pk,
            )
        except BadInput as why:
            form.add_error("file", str(why))
        else:
            return redirect("codings_upload", request.study.slug, row.pk)
    remove_old()
    mine = CodingsUpload.objects.filter(study=request.study, given_by=request.user)
    context = {"nav": "export", "form": form, "uploads": mine[:10]}
    return render(request, "annotations/exporting/codings.html", context, status=422 if form.errors else 200)


@require_safe
@for_supervisor
def codings_upload(request: StudyRequest, pk: int) -> HttpResponse:
    """What would be stored, or what was; htmx asks for the part that changes."""
    row = _mine(request, pk)
    part = "upload" if request.headers.get("HX-Request") else "codings_upload"
    context = {
        "nav": "export",
        "row": row,
        "standing": UPLOADS.standing(row),
        "problems": row.problem.split("\n") if row.problem else [],
    }
    return render(request, f"annotations/exporting/{part}.html", context)


@require_POST
@for_supervisor
def store_codings(request: StudyRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk)
    try:
        store(row)
    except BadInput as why:
        messages.error(request, str(why))
    return redirect("codings_upload", request.study.slug, pk)


@require_POST
@for_supervisor
def delete_codings(request: StudyRequest, pk: int) -> HttpResponse:
    take_back(_mine(request, pk))
    messages.success(request, _("The file is forgotten. What was stored from it stays."))
    return redirect("codings", request.study.slug)


def _mine(request: StudyRequest, pk: int) -> CodingsUpload:
    """Only who handed a file in sees what is in it."""
    return get_object_or_404(CodingsUpload, pk=pk, study=request.study, given_by=request.user)
