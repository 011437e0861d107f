"""What a study hands in, to read, to print and to take along."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from ..accounts.access import StudyRequest, for_supervisor
from ..figures.drawing import Look
from ..figures.kept import drawn, remember
from ..figures.records import Drawable
from ..models import Organisation, Study
from .advice import advice_for
from .document import Document
from .docx_file import as_docx
from .report import study_report

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@for_supervisor
def report(request: StudyRequest) -> HttpResponse:
    return _page(request, study_report(request.study, _language(request)), "report_docx")


@require_safe
@for_supervisor
def report_docx(request: StudyRequest) -> HttpResponse:
    document = study_report(request.study, _language(request))
    return _file(request, document, "report")


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
    document = advice_for(found, _language(request), is_anonymous=_is_anonymous(request))
    return _file(request, document, "advice" if _is_anonymous(request) else f"advice-{slugify(found.name)}")


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


def _file(request: StudyRequest, document: Document, name: str) -> HttpResponse:
    def draw(record: Drawable) -> bytes:
        key = remember(request.study.pk, record)
        return drawn(request.study.pk, key, Look("print", "page"), "png")

    response = HttpResponse(as_docx(document, draw), content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="{request.study.slug}-{name}.docx"'
    return response
