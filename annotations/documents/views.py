"""What a study hands in, to read, to print and to take along."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from ..accounts.access import StudyRequest, for_supervisor
from ..models import Organisation, Study
from .advice import advice_for
from .document import Document
from .kept import What, file_of
from .report import study_report

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@for_supervisor
def report(request: StudyRequest) -> HttpResponse:
    return _page(request, study_report(request.study, _language(request)), "report_docx")


@require_safe
@for_supervisor
def report_docx(request: StudyRequest) -> HttpResponse:
    return _file(request, What(_language(request)), "report", reverse("report", args=[request.study.slug]))


@require_safe
@for_supervisor
def advice(request: StudyRequest, organisation: int) -> HttpResponse:
    found = get_object_or_404(Organisation, study=request.study, pk=organisation)
    document = advice_for(found, _language(request), is_anonymous=_is_anonymous(request))
    return _page(request, document, "advice_docx", organisation=found)


@require_safe
@for_supervisor
def advice_docx(request: StudyRequest, organisation: int) -> HttpResponse:
    found = get_object_or_404(Organisation, study=request.study, pk=organisation)
    what = What(_language(request), found.pk, _is_anonymous(request))
    name = "advice" if what.is_anonymous else f"advice-{slugify(found.name)}"
    return _file(request, what, name, reverse("advice", args=[request.study.slug, found.pk]))


def _language(request: StudyRequest) -> str:
    """That of the study, unless the address asks for the other."""
    asked = request.GET.get("language", "")
    return asked if asked in Study.Language.values else request.study.language


def _is_anonymous(request: StudyRequest) -> bool:
    return request.GET.get("anonymous") == "yes"


def _page(
    request: StudyRequest, document: Document, docx: str, organisation: Organisation | None = None
) -> HttpResponse:
    context = {
        "nav": "results",
        "document": document,
        "docx": docx,
        "organisation": organisation,
        "organisations": request.study.organisations.all(),
        "is_anonymous": _is_anonymous(request),
        "languages": Study.Language.choices,
    }
    return render(request, "annotations/documents/document.html", context)


def _file(request: StudyRequest, what: What, name: str, back: str) -> HttpResponse:
    """The file; while its figures are drawn, a page that says so and asks again."""
    file = file_of(request.study, what)
    if request.htmx or not file.is_done:
        context = {"nav": "results", "file": file, "back": back}
        return render(
            request, "annotations/documents/waiting.html", context, status=200 if file.is_done else 202
        )
    response = HttpResponse(file.content, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="{request.study.slug}-{name}.docx"'
    return response
