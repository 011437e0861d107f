"""Codings from a file: handed in, looked at, stored."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor, takes_files
from ...drafts.store import draft_of
from ...errors import BadInput, StaleWrite
from ...models import CodingsUpload
from .elsewhere.choices import Choices
from .elsewhere.drafting import draft_for
from .elsewhere.forms import DatasetForm
from .elsewhere.table import read_table
from .forms import CodingsForm
from .uploads import UPLOADS, choose, path_of, receive, remove_old, store, take_back

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
    return render(request, f"annotations/exporting/{part}.html", _page(request, row))


@require_POST
@for_supervisor
def codings_columns(request: StudyRequest, pk: int) -> HttpResponse:
    """What the columns of a dataset hold; it is looked at again."""
    row = _mine(request, pk)
    if not _is_open(row):
        messages.error(request, _("This file cannot be changed any more; hand it in again."))
        return redirect("codings_upload", request.study.slug, pk)
    form = DatasetForm(request.POST, study=request.study, report=row.report)
    if not form.is_valid():
        context = _page(request, row) | {"form": form}
        return render(request, "annotations/exporting/codings_upload.html", context, status=422)
    try:
        choose(row, form.choices())
    except BadInput as why:
        messages.error(request, str(why))
    return redirect("codings_upload", request.study.slug, pk)


@require_POST
@for_supervisor
def codings_draft(request: StudyRequest, pk: int) -> HttpResponse:
    """Variables of a draft, made out of the columns that the codebook does not know."""
    row = _mine(request, pk)
    try:
        if not _is_open(row) or not row.report["new"]:
            raise BadInput(_("No column of this file is to be a new variable."))
        table = read_table(path_of(row), row.name)
        draft_for(
            request.study,
            table,
            Choices(**row.report["choices"]),
            row.report["new"],
            only_these="only_these" in request.POST,
            actor_id=request.user.pk,
        )
    except StaleWrite:
        messages.error(request, _("The draft was changed meanwhile; try again."))
    except BadInput as why:
        messages.error(request, str(why))
    else:
        messages.success(
            request, _("The variables are in the draft. Publish it, then go on with the file under Export.")
        )
        return redirect("codebook_draft", request.study.slug)
    return redirect("codings_upload", request.study.slug, pk)


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


def _page(request: StudyRequest, row: CodingsUpload) -> dict[str, Any]:
    context = {
        "nav": "export",
        "row": row,
        "standing": UPLOADS.standing(row),
        "problems": row.problem.split("\n") if row.problem else [],
    }
    if not _is_open(row):
        return context
    report = row.report
    return context | {
        "form": DatasetForm(study=request.study, report=report),
        "can_start_anew": not request.study.rounds.exists() and draft_of(request.study) is None,
        "is_out_of_date": report["version"] != request.study.codebook_version_id,
        "can_store": not (report["problems"] or report["new"]) and bool(report["answers"]),
    }


def _is_open(row: CodingsUpload) -> bool:
    """A dataset whose columns can be chosen still."""
    is_dataset = row.holds == CodingsUpload.Holds.DATASET and row.state == CodingsUpload.State.DONE
    return is_dataset and not row.stored_at and not row.is_wanted


def _mine(request: StudyRequest, pk: int) -> CodingsUpload:
    """Only who handed a file in sees what is in it."""
    return get_object_or_404(CodingsUpload, pk=pk, study=request.study, given_by=request.user)
