"""The codebook to read and to print, for everybody in the study."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_member
from ...codebooks.lookup import lookup
from ...exchange.codebook_document import write_docx, write_html
from ...exchange.codebook_qdc import write_qdc
from ...models import CodebookVersion
from ..book import readable, versions_in_use

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@for_member
def codebook(request: StudyRequest) -> HttpResponse:
    versions, chosen = _chosen(request)
    modules = request.study.modules
    context = {
        "nav": "codebook" if request.membership.role == "coder" else "study",
        "tab": "codebook",
        "study": request.study,
        "versions": versions,
        "version": chosen,
        "book": readable(chosen.pk, modules),
    }
    return render(request, "annotations/studies/codebook.html", context)


@require_safe
@for_member
def codebook_file(request: StudyRequest, suffix: str) -> HttpResponse:
    """The codebook as YAML, as a document to read, or for a program for qualitative data."""
    _versions, chosen = _chosen(request)
    spec, language = lookup(chosen.pk).spec, request.study.language
    if suffix == "yaml":
        answer = HttpResponse(chosen.source, content_type="application/yaml; charset=utf-8")
    elif suffix == "docx":
        with TemporaryDirectory() as folder:
            path = Path(folder) / "codebook.docx"
            write_docx(spec, language, path)
            answer = HttpResponse(path.read_bytes(), content_type=DOCX)
    elif suffix == "html":
        answer = HttpResponse(write_html(spec, language), content_type="text/html; charset=utf-8")
    elif suffix == "qdc":
        answer = HttpResponse(write_qdc(spec, language), content_type="application/xml; charset=utf-8")
    else:
        raise Http404
    name = f"{spec.key}-{spec.version}.{suffix}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _chosen(request: StudyRequest) -> tuple[list[CodebookVersion], CodebookVersion]:
    """The versions that the study uses, and the one that is asked for."""
    versions = versions_in_use(request.study)
    wanted = request.GET.get("version", "")
    chosen = next((row for row in versions if str(row.pk) == wanted), None if wanted else versions[0])
    if chosen is None:
        raise Http404
    return versions, chosen
