from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..accounts.access import StudyRequest, for_supervisor
from ..models import Coding, Event
from .archive import zipped_export
from .forms import ExportForm


@require_http_methods(["GET", "POST"])
@for_supervisor
def export(request: StudyRequest) -> HttpResponseBase:
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wanted = form.cleaned_data
        file = zipped_export(
            request.study,
            profile=wanted["profile"],
            excel=wanted["excel"],
            reason=wanted["reason"],
            actor_id=request.user.pk,
        )
        name = f"{request.study.slug}-{wanted['profile']}-{timezone.localdate():%Y%m%d}.zip"
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    codings = Coding.objects.filter(assignment__round__study=request.study)
    context = {
        "nav": "export",
        "form": form,
        "finished": codings.filter(state=Coding.State.FINISHED).count(),
        "unfinished": codings.filter(state=Coding.State.OPEN).count(),
        "earlier": Event.objects.filter(study=request.study, action="study.exported").select_related("actor")[
            :5
        ],
    }
    return render(request, "annotations/exporting/export.html", context, status=422 if form.errors else 200)
