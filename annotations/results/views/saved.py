"""A study's own tables: saving, one of them, changing, looking through, deleting."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...errors import BadInput, StaleWrite
from ...models import SavedTable
from ..building.definition import checked, from_plain, from_query
from ..collect import saved_table, table_of
from ..kept import figures_now
from ..page import shown
from ..saved import change_table, changes_of, delete_table, find_table, look_through, save_table
from .shared import figures_for, language_of, waiting, with_rail


@require_POST
@for_supervisor
def save(request: StudyRequest) -> HttpResponse:
    """Keeps the table that the builder shows."""
    figures = figures_now(request.study)
    try:
        definition = checked(from_query(request.POST.dict(), request.POST.getlist("f")), figures.frame)
        saved = save_table(
            request.study.pk,
            name=request.POST.get("name", ""),
            definition=definition,
            table=table_of(figures, request.study, definition, language_of(request)),
            note=request.POST.get("note", ""),
            in_report="in_report" in request.POST,
            actor_id=request.user.pk,
        )
    except BadInput as refused:
        return _refused(request, refused.problems)
    return redirect("saved_table", request.study.slug, saved.pk)


def _refused(request: StudyRequest, problems: list[str], status: int = 400) -> HttpResponse:
    context = {"nav": "results", "problems": problems}
    return render(request, "annotations/results/refused.html", context, status=status)


@require_safe
@for_supervisor
def own_table(request: StudyRequest, table: int) -> HttpResponse:
    saved = _found(request, table)
    figures = figures_for(request)
    if not figures.pk:
        return waiting(request, figures)
    definition, language = from_plain(saved.definition), language_of(request)
    context = with_rail(request, figures, saved=saved)
    try:
        made = saved_table(figures, saved, language)
    except BadInput as refused:
        context["problems"] = refused.problems
    else:
        context |= {"item": shown(made, definition, language), "changes": changes_of(saved, made)}
    return render(request, "annotations/results/saved.html", context)


@require_POST
@for_supervisor
def change(request: StudyRequest, table: int) -> HttpResponse:
    """`action`: change, look_through or delete; `revision`: of the table that the page showed."""
    saved = _found(request, table)
    revision = _number(request.POST.get("revision", ""))
    action = request.POST.get("action", "")
    try:
        if action == "delete":
            delete_table(request.study.pk, saved.pk, revision=revision, actor_id=request.user.pk)
            return redirect("results", request.study.slug)
        if action == "look_through":
            made = saved_table(figures_now(request.study), saved, language_of(request))
            look_through(
                request.study.pk,
                saved.pk,
                table=made,
                at=timezone.now(),
                revision=revision,
                actor_id=request.user.pk,
            )
        elif action == "change":
            change_table(
                request.study.pk,
                saved.pk,
                name=request.POST.get("name", ""),
                note=request.POST.get("note", ""),
                in_report="in_report" in request.POST,
                revision=revision,
                actor_id=request.user.pk,
            )
        else:
            return _refused(request, [_("There is nothing of this kind to do with a table.")])
    except StaleWrite:
        said = _("Somebody changed this table in the meantime; nothing was changed. Look at it again.")
        return _refused(request, [said], status=409)
    except BadInput as refused:
        return _refused(request, refused.problems)
    return redirect("saved_table", request.study.slug, saved.pk)


def _found(request: StudyRequest, table: int) -> SavedTable:
    try:
        return find_table(request.study.pk, table)
    except BadInput as gone:
        raise Http404(str(gone)) from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
