"""The bank of quotations: all of them, writing one, and what is the matter with it while it is written."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..accounts.access import StudyRequest, for_supervisor
from ..errors import BadInput, StaleWrite
from ..models import Conversation, Quotation
from .reading import (
    SAID_OF,
    Original,
    categories_used,
    choices_of,
    found_traces,
    originals,
    pieces_of,
    shown,
)
from .store import LENGTH, add_quotation, change_quotation, delete_quotation, find_quotation

PER_PAGE = 25
Context = dict[str, Any]


@require_safe
@for_supervisor
def quotations(request: StudyRequest) -> HttpResponse:
    """`category`: only of this one."""
    asked = request.GET.get("category", "")
    rows = Quotation.objects.filter(study=request.study).select_related("written_by")
    if asked:
        variable, _colon, category = asked.partition(":")
        rows = rows.filter(variable=variable, category=category)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    language = _language(request)
    context = {
        "nav": "results",
        "page_obj": page,
        "quotations": shown(request.study, list(page.object_list), language),
        "categories": categories_used(request.study, language),
        "asked": asked,
    }
    return render(request, "annotations/quotations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def new(request: StudyRequest) -> HttpResponse:
    """`message`: to put in other words; of a `conversation` all are shown, to choose one of."""
    original = _original(request, _number(request.GET.get("message", "")))
    if original is None:
        return _choose(request)
    if request.method != "POST":
        return _form(request, original, {"category": request.GET.get("category", "")})
    try:
        added = add_quotation(
            request.study.pk, original.message.pk, **_posted(request), actor_id=request.user.pk
        )
    except BadInput as refused:
        return _form(request, original, request.POST.dict(), problems=refused.problems, status=400)
    return redirect("quotation", request.study.slug, added.pk)


def _choose(request: StudyRequest) -> HttpResponse:
    number = _number(request.GET.get("conversation", ""))
    conversation = Conversation.objects.filter(study=request.study, number=number).first()
    found: list[Original] = []
    if conversation is not None:
        ids = conversation.messages.exclude(text="").order_by("position").values_list("pk", flat=True)
        every = originals(request.study, list(ids))
        found = [every[pk] for pk in ids]
    context = {
        "nav": "results",
        "conversation": conversation,
        "originals": found,
        "category": request.GET.get("category", ""),
    }
    return render(request, "annotations/quotations/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def one(request: StudyRequest, quotation: int) -> HttpResponse:
    """`action` of a POST: change or delete; `revision`: of the quotation that the page showed."""
    try:
        row = find_quotation(request.study.pk, quotation)
    except BadInput as gone:
        raise Http404(str(gone)) from None
    original = originals(request.study, [row.message_id])[row.message_id]
    stands = {
        "category": f"{row.variable}:{row.category}",
        "paraphrase": row.paraphrase,
        "status": row.status,
    }
    if request.method != "POST":
        return _form(request, original, stands, row)
    revision, actor = _number(request.POST.get("revision", "")), request.user.pk
    try:
        if request.POST.get("action") == "delete":
            delete_quotation(request.study.pk, row.pk, revision=revision, actor_id=actor)
            return redirect("quotations", request.study.slug)
        change_quotation(request.study.pk, row.pk, **_posted(request), revision=revision, actor_id=actor)
    except StaleWrite:
        said = _("Somebody changed this quotation in the meantime; nothing was changed. Theirs stands below.")
        other = {"theirs": row.paraphrase}
        return _form(request, original, request.POST.dict() | other, row, problems=[said], status=409)
    except BadInput as refused:
        return _form(request, original, request.POST.dict(), row, problems=refused.problems, status=400)
    return redirect("quotation", request.study.slug, row.pk)


@require_POST
@for_supervisor
def check(request: StudyRequest) -> HttpResponse:
    """A part of the page: what of the message can be recognised in the paraphrase as it is typed.

    Nothing is said of a message that is not there.
    """
    original = _original(request, _number(request.POST.get("message", "")))
    if original is None:
        return HttpResponse("")
    paraphrase = request.POST.get("paraphrase", "")[:LENGTH]
    return render(request, "annotations/quotations/traces.html", _traces(request, original, paraphrase))


def _traces(request: StudyRequest, original: Original, paraphrase: str) -> Context:
    found = found_traces(request.study, original, paraphrase)
    kinds = {trace.kind for trace in found}
    return {
        "pieces": pieces_of(paraphrase, found) if found else [],
        "warnings": [SAID_OF[kind] for kind in SAID_OF if kind in kinds],
        "paraphrase": paraphrase,
    }


def _form(
    request: StudyRequest,
    original: Original,
    written: Context,
    row: Quotation | None = None,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    category, language = written.get("category", ""), _language(request)
    context = {
        "nav": "results",
        "original": original,
        "quotation": row,
        "shown": shown(request.study, [row], language)[0] if row else None,
        "written": written,
        "choices": choices_of(request.study, language, first=category.partition(":")[0]),
        "grounds": Quotation.Status.choices,
        "most": LENGTH,
        "problems": problems or [],
        "check": reverse("quotation_check", args=[request.study.slug]),
        **_traces(request, original, written.get("paraphrase", "")),
    }
    return render(request, "annotations/quotations/form.html", context, status=status)


def _original(request: StudyRequest, message: int) -> Original | None:
    return originals(request.study, [message]).get(message) if message else None


def _posted(request: StudyRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("category", "paraphrase", "status")}


def _language(request: StudyRequest) -> str:
    return (get_language() or request.study.language)[:2]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
