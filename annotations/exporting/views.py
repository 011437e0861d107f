from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..accounts.access import StudyRequest, for_supervisor, when_closed
from ..accounts.session import ask_to_confirm
from ..models import Coding, Event, ExportFile
from .archive import zipped_export
from .forms import ExportForm
from .jobs import EXPORTS, ask, is_large, opened, take_back
from .kept import KEPT, remove_old
from .profile import PROFILES


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
@when_closed
def export(request: StudyRequest) -> HttpResponseBase:
    form = ExportForm(request.POST if request.method == "POST" else None)
    large = is_large(request.study)
    if form.is_valid():
        wanted = {key: form.cleaned_data[key] for key in ("profile", "reason")}
        if wanted["profile"] == "restricted" and (first := ask_to_confirm(request)):
            return first
        if large or form.cleaned_data["figures"]:
            ask(
                request.study,
                **wanted,
                figures=form.cleaned_data["figures"],
                actor_id=request.user.pk,
            )
            return redirect("export", request.study.slug)
        file = zipped_export(request.study, **wanted, actor_id=request.user.pk)
        return _download(request, file, wanted["profile"])
    remove_old()
    codings = Coding.objects.filter(assignment__round__study=request.study)
    mine = ExportFile.objects.filter(study=request.study, asked_by=request.user)
    earlier = Event.objects.filter(study=request.study, action="study.exported").select_related("actor")
    context = {
        "nav": "export",
        "form": form,
        "large": large,
        "files": [_shown(row) for row in mine],
        "finished": codings.filter(state=Coding.State.FINISHED).count(),
        "unfinished": codings.filter(state=Coding.State.OPEN, assignment__released_at=None).count(),
        "earlier": earlier[:5],
    }
    return render(request, "annotations/exporting/export.html", context, status=422 if form.errors else 200)


@require_safe
@for_supervisor
def progress(request: StudyRequest, pk: int) -> HttpResponse:
    """The part of the page about one file; it stops asking when the file is there."""
    return render(request, "annotations/exporting/file.html", {"file": _shown(_mine(request, pk))})


@require_safe
@for_supervisor
def download(request: StudyRequest, pk: int) -> HttpResponseBase:
    row = _mine(request, pk)
    try:
        return _download(request, opened(row, actor_id=request.user.pk), row.profile, row)
    except ExportFile.DoesNotExist:
        raise Http404 from None


@require_POST
@for_supervisor
def delete(request: StudyRequest, pk: int) -> HttpResponse:
    take_back(_mine(request, pk))
    messages.success(request, _("The file is deleted."))
    return redirect("export", request.study.slug)


def _mine(request: StudyRequest, pk: int) -> ExportFile:
    """Only who asked for a file gets it: the reason in the log is theirs."""
    return get_object_or_404(ExportFile, pk=pk, study=request.study, asked_by=request.user)


def _shown(row: ExportFile) -> dict[str, object]:
    return {
        "row": row,
        "standing": EXPORTS.standing(row),
        "profile": _("the whole study, sealed")
        if row.profile == ExportFile.ARCHIVE
        else str(PROFILES[row.profile].label).split(":")[0],
        "until": row.finished_at + KEPT if row.finished_at else None,
    }


def _download(
    request: StudyRequest, file: object, profile: str, row: ExportFile | None = None
) -> FileResponse:
    day = timezone.localdate(row.started_at if row else None)
    name = f"{request.study.slug}-{profile}-{day:%Y%m%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
