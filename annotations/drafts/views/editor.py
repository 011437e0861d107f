"""The page on which the next version of a codebook is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from ...accounts.access import CODEBOOK_FILE, StudyRequest, for_supervisor, takes_files
from ...codebooks.document import Document, is_there, yaml_of
from ...codebooks.proposals import open_count
from ...coding.panels import question_of
from ...errors import BadInput, StaleWrite
from ...models import CodebookDraft
from ..editor import Editor
from ..hits import hits
from ..publish import Checked, check
from ..starting import SOURCES, beginnings, document_from, document_from_file
from ..steps import steps_around
from ..store import draft_of, edit, give_up, redo, replace, start, undo
from ..touched import code_counts
from ..words import told_changes
from .reading import read_json


@require_safe
@for_supervisor
def draft_page(request: StudyRequest) -> HttpResponse:
    draft = draft_of(request.study)
    context: dict[str, Any] = {"nav": "study", "tab": "codebook", "study": request.study}
    if draft is None:
        context |= {"beginnings": beginnings(request.study, request.user.pk or 0), "sources": SOURCES}
        return render(request, "annotations/drafts/start.html", context)
    context |= _context(request, draft, request.GET.get("item", ""))
    return render(request, "annotations/drafts/editor.html", context)


@takes_files(CODEBOOK_FILE)
@require_POST
@for_supervisor
def draft_start(request: StudyRequest) -> HttpResponse:
    """A draft of the study's version, or of something else: the library, another study, a file, nothing."""
    source = request.POST.get("source", "")
    try:
        file = request.FILES.get("file")
        document = (
            document_from_file(request.study, file.name or "", file.read())
            if source == "file" and file is not None
            else document_from(request.study, source, request.user.pk or 0)
        )
        start(request.study.pk, actor_id=request.user.pk, document=document)
    except BadInput as refusal:
        context: dict[str, Any] = {"beginnings": beginnings(request.study, request.user.pk or 0)}
        context |= {"sources": SOURCES}
        context |= {"nav": "study", "tab": "codebook", "study": request.study, "problems": refusal.problems}
        return render(request, "annotations/drafts/start.html", context, status=422)
    return redirect("codebook_draft", request.study.slug)


@require_POST
@for_supervisor
def draft_edit(request: StudyRequest) -> HttpResponse:
    """One edit as JSON: {revision, edit, item}. 200 the page's parts; 409 both versions; 422 a sentence.

    The edits `undo` and `redo` take back the draft's last step, and do it again.
    """
    body = read_json(request)
    draft = draft_of(request.study)
    if draft is None:
        return JsonResponse(
            {"problem": _("This draft was published or given up; reload the page.")}, status=409
        )
    what, revision = body.get("edit"), body.get("revision")
    if not isinstance(what, dict) or not isinstance(revision, int):
        return JsonResponse({"problem": _("This request was not understood; reload the page.")}, status=422)
    step = {"undo": undo, "redo": redo}.get(str(what.get("do")))
    field = ""
    try:
        if step:
            draft, done = step(draft.pk, revision=revision, actor_id=request.user.pk)
            item, field = done.item, done.field
        else:
            draft, item = edit(draft.pk, what, revision=revision, actor_id=request.user.pk)
    except BadInput as refusal:
        return JsonResponse({"problem": str(refusal)}, status=422)
    except StaleWrite as stale:
        now = {"current": stale.current, "mine": what.get("value"), "revision": stale.revision}
        now["problem"] = _("Somebody else changed this draft meanwhile. Nothing of yours was saved yet.")
        draft.refresh_from_db()
        return JsonResponse(now | _parts(request, draft, str(body.get("item", ""))), status=409)
    shown = str(body.get("item", ""))
    makes = what.get("do") in ("add_variable", "add_module", "add_rule") or "level" in what.get("field", [])
    if makes or (step and is_there(draft.document, item)):
        shown = item
    about = {"revision": draft.revision, "about": item, "field": field}
    return JsonResponse(_parts(request, draft, shown) | about)


@require_GET
@for_supervisor
def draft_touched(request: StudyRequest) -> HttpResponse:
    """What the draft touches, to be read beside it."""
    draft = draft_of(request.study)
    if draft is None:
        return HttpResponse()
    checked = check(draft)
    told = told_changes(request.study, draft.base_id, checked.changes, _language())
    return render(request, "annotations/drafts/touched.html", {"changes": told, "study": request.study})


@require_GET
@for_supervisor
def draft_hits(request: StudyRequest) -> HttpResponse:
    """What a rule or a condition of the draft would hit in what was coded, to be read beside it."""
    draft = draft_of(request.study)
    if draft is None:
        return HttpResponse()
    found = hits(request.study, draft.base_id, check(draft), draft.document, request.GET.get("item", ""))
    return render(request, "annotations/drafts/hits.html", {"hits": found, "study": request.study})


@require_safe
@for_supervisor
def draft_file(request: StudyRequest) -> HttpResponse:
    draft = draft_of(request.study)
    if draft is None or not _is_whole(draft.document):
        messages.warning(
            request, _("The draft has mistakes. Mend them first: a file with mistakes cannot be read back.")
        )
        return redirect("codebook_draft", request.study.slug)
    header = draft.document["codebook"]
    answer = HttpResponse(yaml_of(draft.document), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{header["key"]}-{header["version"]}.yaml"'
    return answer


@takes_files(CODEBOOK_FILE)
@require_POST
@for_supervisor
def draft_upload(request: StudyRequest) -> HttpResponse:
    """A file takes the place of what the draft holds."""
    draft, file = draft_of(request.study), request.FILES.get("file")
    if draft is None or file is None:
        messages.error(request, _("Choose a file first."))
        return redirect("codebook_draft", request.study.slug)
    try:
        revision = int(request.POST.get("revision", ""))
        document = document_from_file(request.study, file.name or "", file.read())
        replace(draft.pk, document, revision=revision, actor_id=request.user.pk)
    except ValueError:
        messages.error(request, _("This request was not understood; reload the page."))
    except BadInput as refusal:
        for problem in refusal.problems[:5]:
            messages.error(request, problem)
    except StaleWrite:
        messages.error(
            request, _("Somebody else changed this draft meanwhile. Nothing of yours was saved yet.")
        )
    else:
        messages.success(request, _("The file is in the draft."))
    return redirect("codebook_draft", request.study.slug)


@require_POST
@for_supervisor
def draft_give_up(request: StudyRequest) -> HttpResponse:
    draft = draft_of(request.study)
    try:
        if draft is not None:
            give_up(draft.pk, revision=int(request.POST.get("revision", "")), actor_id=request.user.pk)
            messages.success(request, _("The draft was given up; the codebook stays as it is."))
    except (StaleWrite, ValueError):
        messages.error(request, _("Somebody else changed this draft meanwhile. Look at it again first."))
        return redirect("codebook_draft", request.study.slug)
    return redirect("codebook", request.study.slug)


def _context(request: StudyRequest, draft: CodebookDraft, wanted: str) -> dict[str, Any]:
    document = draft.document
    checked = check(draft)
    editor = Editor(document, checked, code_counts(request.study, draft.base_id), _language())
    tree = editor.tree()
    first = next((row.id for module in tree for row in module.rows), "codebook")
    form = editor.form(wanted) or editor.form(first)
    assert form is not None
    return {
        "draft": draft,
        "version": document["codebook"].get("version", ""),
        "base": draft.base,
        "tree": tree,
        "rules": editor.rules(),
        "form": form,
        "checked": checked,
        "fault_count": len(checked.faults),
        "change_count": len(checked.changes),
        "previews": _previews(checked, document, form.id),
        "languages": editor.languages,
        "steps": steps_around(draft, request.user.pk, _language()),
        "saved_at": date_format(localtime(draft.changed_at), "H:i"),
        "proposals": open_count(request.study),
        "study": request.study,
    }


def _parts(request: StudyRequest, draft: CodebookDraft, wanted: str) -> dict[str, Any]:
    context = _context(request, draft, wanted)
    names = ("bar", "tree", "form", "preview")
    html = {
        name: render_to_string(f"annotations/drafts/{name}.html", context, request=request) for name in names
    }
    return {"html": html, "item": context["form"].id}


def _previews(checked: Checked, document: Document, item: str) -> list[tuple[str, Any]]:
    """The question as coders see it, in each language."""
    key = next((each["key"] for each in document["variables"] if each["_id"] == item), None)
    variable = checked.spec.by_key.get(key) if key else None
    if variable is None:
        return []
    return [(language, question_of(checked.spec, variable, language)) for language in checked.spec.languages]


def _is_whole(document: Document) -> bool:
    try:
        yaml_of(document)
    except ValueError:
        return False
    return True


def _language() -> str:
    return (get_language() or "nl")[:2]
