from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..accounts.access import (
    SignedInRequest,
    StudyRequest,
    for_administrator,
    for_supervisor,
    takes_files,
    when_closed,
)
from ..accounts.session import ask_to_confirm
from ..errors import BadInput
from ..exporting.jobs import ask
from ..models import Event, ExportFile, StudyArrival
from . import make  # noqa: F401 - it writes the files that `ask` has made
from .arrivals import ARRIVALS, forget, receive, remove_old
from .forms import ArchiveForm, ArrivalForm
from .sealed import new_lock

LARGEST_FILE = 4 * 1024 * 1024 * 1024


@sensitive_post_parameters("passphrase", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
@when_closed
def archive(request: StudyRequest) -> HttpResponseBase:
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if first := ask_to_confirm(request):
            return first
        given = form.cleaned_data
        try:
            lock = new_lock(given["passphrase"])
            ask(
                request.study,
                profile=ExportFile.ARCHIVE,
                reason=given["reason"],
                actor_id=request.user.pk,
                recipient=lock.recipient,
                locked_key=lock.key,
            )
        except BadInput as why:
            form.add_error(None, str(why))
        else:
            return redirect("export", request.study.slug)
    earlier = Event.objects.filter(study=request.study, action="archive.made").select_related("actor")
    context = {"nav": "export", "form": form, "earlier": earlier[:5]}
    return render(request, "annotations/archive/make.html", context, status=422 if form.errors else 200)


@takes_files(LARGEST_FILE)
@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrator
def arrivals(request: SignedInRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = ArrivalForm(request.POST, request.FILES) if posted else ArrivalForm()
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            row = receive(
                given["file"].file,
                name=given["file"].name,
                passphrase=given["passphrase"],
                slug=given["slug"],
                matches_people=given["matches_people"],
                supervises=given["supervises"],
                actor_id=request.user.pk,
            )
        except BadInput as why:
            form.add_error(None, str(why))
        else:
            return redirect("arrival", row.pk)
    remove_old()
    mine = StudyArrival.objects.filter(given_by=request.user).select_related("study")
    context = {"form": form, "arrivals": mine[:10]}
    return render(request, "annotations/archive/arrivals.html", context, status=422 if form.errors else 200)


@require_safe
@for_administrator
def arrival(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it is, or what came of it; htmx asks for the part that changes."""
    row = get_object_or_404(StudyArrival.objects.select_related("study"), pk=pk, given_by=request.user)
    part = "standing" if request.headers.get("HX-Request") else "arrival"
    context = {"row": row, "standing": ARRIVALS.standing(row)}
    return render(request, f"annotations/archive/{part}.html", context)


@require_POST
@for_administrator
def arrival_forget(request: SignedInRequest, pk: int) -> HttpResponse:
    forget(get_object_or_404(StudyArrival, pk=pk, given_by=request.user))
    messages.success(request, _("The file is forgotten. A study that was loaded stays."))
    return redirect("arrivals")
