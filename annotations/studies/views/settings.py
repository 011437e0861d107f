"""Settings of a study, and another codebook version for its later rounds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ...accounts.access import CODEBOOK_FILE, StudyRequest, for_supervisor, takes_files
from ...drafts.starting import document_from_file
from ...drafts.store import start
from ...errors import BadInput, StaleWrite
from ..change import change_codebook, change_study, settings_of
from ..forms import CodebookFileForm, SettingsForm
from .stale import both_versions


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def study_settings(request: StudyRequest) -> HttpResponse:
    study = request.study
    if request.method != "POST":
        return _page(request, _form(request))
    form = SettingsForm(study.codebook_version, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        change_study(study.pk, form.cleaned_data["revision"], form.values(), actor_id=request.user.pk)
    except BadInput as refusal:
        for problem in refusal.problems:
            form.add_error(None, problem)
        return _page(request, form, status=422)
    except StaleWrite as stale:
        return _both_versions(request, form, stale)
    messages.success(request, _("The settings are saved."))
    return redirect("study_settings", study.slug)


@takes_files(CODEBOOK_FILE)
@require_POST
@for_supervisor
def codebook_upload(request: StudyRequest) -> HttpResponse:
    form = CodebookFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, _form(request), upload=form, status=422)
    before = request.study.codebook_version_id
    if request.study.codebook_version.frozen_at is not None:
        return _as_draft(request, form.cleaned_data["file"])
    try:
        study = change_codebook(
            request.study.pk,
            form.cleaned_data["revision"],
            form.cleaned_data["file"].read(),
            actor_id=request.user.pk,
        )
    except BadInput as refusal:
        context = {"upload_problems": refusal.problems, "upload_name": form.cleaned_data["file"].name}
        return _page(request, _form(request), status=422, **context)
    except StaleWrite:
        context = {"upload_problems": [_("The settings were changed meanwhile; look at them and try again.")]}
        return _page(request, _form(request), status=409, **context)
    if study.codebook_version_id == before:
        messages.info(request, _("The study already uses this codebook; nothing changed."))
    else:
        messages.success(request, _("The codebook is loaded. Rounds made from now on use it."))
    return redirect("study_settings", study.slug)


def _as_draft(request: StudyRequest, file: UploadedFile) -> HttpResponse:
    """Codes were given with the version in use: what becomes of them is seen before another is published."""
    try:
        document = document_from_file(request.study, file.name or "", file.read())
        start(request.study.pk, actor_id=request.user.pk, document=document)
    except BadInput as refusal:
        context = {"upload_problems": refusal.problems, "upload_name": file.name}
        return _page(request, _form(request), status=422, **context)
    messages.info(
        request,
        _(
            "Codes were given with the version in use, so this file is a draft now. See what it touches, and "
            "publish it."
        ),
    )
    return redirect("codebook_draft", request.study.slug)


def _form(request: StudyRequest) -> SettingsForm:
    study = request.study
    initial = SettingsForm.initial_of(settings_of(study), study.revision)
    return SettingsForm(study.codebook_version, initial=initial)


def _both_versions(request: StudyRequest, form: SettingsForm, stale: StaleWrite) -> HttpResponse:
    current = SettingsForm.initial_of(stale.current, stale.revision)
    request.study.refresh_from_db()
    return _page(request, form, status=409, differing=both_versions(form, current))


def _page(request: StudyRequest, form: SettingsForm, *, status: int = 200, **context: Any) -> HttpResponse:
    upload = context.pop("upload", None) or CodebookFileForm(initial={"revision": request.study.revision})
    context |= {"nav": "study", "tab": "settings", "study": request.study, "form": form, "upload": upload}
    return render(request, "annotations/studies/settings.html", context, status=status)
