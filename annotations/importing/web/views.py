"""The pages of the import: hand in, look and choose, wait, read the report; or type a conversation over."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor, takes_files
from ...codebooks.lookup import lookup
from ...errors import BadInput
from ...models import ColumnMapping, ImportBatch
from ..jobs import cancel, confirm, standing
from ..mapping_file import LARGEST_FILE, LONGEST_NAME, as_file, read_file
from ..report import language
from ..store.commit import ImportChoices
from ..typed import Typed, import_typed
from ..uploads import named_files, receive
from ..wording import repair_name
from .choosing import save_choices, save_mapping
from .forms import ChoicesForm, SaveMappingForm, is_filled, typed_formset
from .preview import Preview, look_at

State = ImportBatch.State
BATCHES = 30
TYPED_AT_ONCE = 6


@takes_files(settings.MOST_UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def upload(request: StudyRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            batch = receive(request.study, request.FILES.getlist("files"), actor_id=request.user.pk)
        except BadInput as refusal:
            messages.error(request, str(refusal))
            return redirect("import", request.study.slug)
        return redirect("import_batch", request.study.slug, batch.pk)
    batches = request.study.import_batches.select_related("created_by").exclude(state=State.CANCELLED)
    listed = [(batch, standing(batch).is_interrupted) for batch in batches[:BATCHES]]
    context = {"nav": "conversations", "batches": listed}
    return render(request, "annotations/importing/upload.html", context)


@require_safe
@for_supervisor
def batch_page(request: StudyRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    if batch.state in {State.WAITING, State.RUNNING}:
        return render(request, "annotations/importing/progress.html", _progress_context(batch))
    if batch.state in {State.DONE, State.CANCELLED}:
        return render(request, "annotations/importing/report.html", _report_context(batch))
    return _look(request, batch)


@require_safe
@for_supervisor
def progress(request: StudyRequest, pk: int) -> HttpResponse:
    """The part of the page that changes; when the import is done or stopped, the page is loaded again."""
    batch = _batch(request, pk)
    context = _progress_context(batch)
    response = render(request, "annotations/importing/standing.html", context)
    if batch.state not in {State.WAITING, State.RUNNING} or context["standing"].is_interrupted:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@for_supervisor
def choose_reading(request: StudyRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    if batch.state not in {State.PREVIEW, State.FAILED}:
        return redirect("import_batch", request.study.slug, pk)
    mapping = request.study.column_mappings.filter(pk=_number(request.POST.get("saved"))).first()
    if mapping is not None:
        save_choices(batch, {**batch.options, "mapping": mapping.mapping})
        return redirect("import_batch", request.study.slug, pk)
    try:
        preview = _preview(batch)
    except BadInput as refusal:
        messages.error(request, str(refusal))
        return redirect("import", request.study.slug)
    form = ChoicesForm(request.POST, table=_table(preview))
    if not form.is_valid():
        return _look(request, batch, form, preview)
    save_choices(batch, form.options())
    if name := request.POST.get("name", "").strip():
        saving = SaveMappingForm({"name": name})
        if saving.is_valid():
            save_mapping(request.study, name, form.options()["mapping"], actor_id=request.user.pk)
            messages.success(request, _("The mapping “%(name)s” is saved.") % {"name": name})
        else:
            messages.error(request, " ".join(map(str, saving.errors["name"])))
    return redirect("import_batch", request.study.slug, pk)


@takes_files(LARGEST_FILE)
@require_POST
@takes_files(LARGEST_FILE)
@for_supervisor
def take_mapping(request: StudyRequest, pk: int) -> HttpResponse:
    """Read the files of a batch by a mapping from a file, and keep it for the next."""
    batch = _batch(request, pk)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise BadInput(_("Choose a file with a mapping of columns first."))
        if batch.state not in {State.PREVIEW, State.FAILED}:
            raise BadInput(_("This import was started already."))
        name, mapping = read_file(file.read(LARGEST_FILE + 1))
    except BadInput as why:
        messages.error(request, str(why))
    else:
        name = name or Path(file.name or "").stem[:LONGEST_NAME] or _("mapping")
        save_mapping(request.study, name, mapping, actor_id=request.user.pk)
        save_choices(batch, {**batch.options, "mapping": mapping})
        messages.success(request, _("The mapping “%(name)s” is saved.") % {"name": name})
    return redirect("import_batch", request.study.slug, pk)


@require_safe
@for_supervisor
def mapping_file(request: StudyRequest, mapping: int) -> HttpResponse:
    """A kept mapping as a file, for `--map-file` and for other studies."""
    found = get_object_or_404(request.study.column_mappings, pk=mapping)
    answer = HttpResponse(as_file(found.name, found.mapping), content_type="application/json")
    name = slugify(found.name) or "columns"
    answer["Content-Disposition"] = f'attachment; filename="{name}.mapping.json"'
    return answer


@require_POST
@for_supervisor
def start(request: StudyRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    try:
        confirm(batch.pk, actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    return redirect("import_batch", request.study.slug, pk)


@require_POST
@for_supervisor
def give_up(request: StudyRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    try:
        if not cancel(batch.pk, actor_id=request.user.pk):
            return redirect("import_batch", request.study.slug, pk)  # that page says what becomes of it
    except BadInput as refusal:
        messages.error(request, str(refusal))
        return redirect("import_batch", request.study.slug, pk)
    messages.success(request, _("The files are deleted; nothing was stored."))
    return redirect("import", request.study.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def type_over(request: StudyRequest) -> HttpResponse:
    posted = request.method == "POST"
    more = "more" in request.POST
    count = min(_number(request.POST.get("form-TOTAL_FORMS")) or TYPED_AT_ONCE, 200)
    data = request.POST.copy() if posted else None
    if data is not None and more:
        count = min(count + TYPED_AT_ONCE, 200)
        data["form-TOTAL_FORMS"] = str(count)
    formset = typed_formset(count)(data)
    if posted and not more and formset.is_valid():
        given = [form.cleaned_data for form in formset if is_filled(form.cleaned_data)]
        try:
            conversation = import_typed(
                request.study, [Typed(**fields) for fields in given], actor_id=request.user.pk
            )
        except BadInput as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("Conversation %(number)s is stored.") % {"number": conversation.number}
            )
            return redirect("conversation", request.study.slug, conversation.number)
    context = {"nav": "conversations", "formset": formset, "shows_errors": posted and not more}
    status = 422 if posted and not more else 200
    return render(request, "annotations/importing/type.html", context, status=status)


def _look(
    request: StudyRequest, batch: ImportBatch, form: ChoicesForm | None = None, preview: Preview | None = None
) -> HttpResponse:
    try:
        preview = preview or _preview(batch)
    except BadInput as refusal:
        messages.error(request, str(refusal))
        return redirect("import", request.study.slug)
    status = 422 if form is not None else 200
    if form is None:
        form = ChoicesForm(initial={"format": "auto", **batch.options}, table=_table(preview))
    context = {
        "nav": "conversations",
        "batch": batch,
        "preview": preview,
        "form": form,
        "removed": _kinds(batch, preview.removed),
        "saved": ColumnMapping.objects.filter(study=batch.study),
    }
    return render(request, "annotations/importing/preview.html", context, status=status)


def _preview(batch: ImportBatch) -> Preview:
    choices = ImportChoices(**batch.options) if batch.options else ImportChoices()
    return look_at(batch.study, named_files(batch), choices)


def _table(preview: Preview) -> Any:
    return next((file for file in preview.files if file.columns), None)


def _progress_context(batch: ImportBatch) -> dict[str, Any]:
    now = standing(batch)
    rate = now.details.get("rows", 0) / now.seconds if now.seconds > 1 else 0
    return {"nav": "conversations", "batch": batch, "standing": now, "rate": rate}


def _report_context(batch: ImportBatch) -> dict[str, Any]:
    report = batch.report
    repairs = [(repair_name(kind, language()), n) for kind, n in report.get("repairs", {}).items()]
    seconds = None
    if batch.started_at and batch.finished_at:
        seconds = (batch.finished_at - batch.started_at).total_seconds()
    return {
        "nav": "conversations",
        "batch": batch,
        "report": report,
        "repairs": repairs,
        "removed": _kinds(batch, report.get("removed", {}).items()),
        "seconds": seconds,
    }


def _kinds(batch: ImportBatch, counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Kinds of information as the study's codebook calls them, and how many."""
    codebook = lookup(batch.study.codebook_version_id)
    return [(codebook.type_label(kind), n) for kind, n in counts]


def _batch(request: StudyRequest, pk: int) -> ImportBatch:
    return get_object_or_404(
        ImportBatch.objects.select_related("study", "created_by"), pk=pk, study=request.study
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
