"""The organisations of a study and what is known of their accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.language import in_language
from ...codebooks.lookup import lookup
from ...errors import BadInput, StaleWrite
from ...importing.roles.roles_follow_handles import Followed
from ...importing.store.recompute_facts import due
from ...models import Organisation
from ..forms import FACT_QUESTIONS, OrganisationForm
from ..organisations import remove_organisation, save_organisation, state_of
from ..roles_report import last_guesses
from .stale import both_versions


@require_safe
@for_supervisor
def organisations(request: StudyRequest) -> HttpResponse:
    rows = (
        request.study.organisations.prefetch_related("handles")
        .annotate(conversation_count=Count("conversations"))
        .order_by("name", "id")
    )
    known = [(row, sum(getattr(row, field) is not None for field in FACT_QUESTIONS)) for row in rows]
    context = {
        "nav": "study",
        "tab": "organisations",
        "rows": known,
        "questions": len(FACT_QUESTIONS),
        "due": due(request.study.pk),
    }
    return render(request, "annotations/studies/organisations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def organisation_new(request: StudyRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def organisation(request: StudyRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Organisation, pk=pk, study=request.study))


@require_POST
@for_supervisor
def organisation_remove(request: StudyRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Organisation, pk=pk, study=request.study)
    try:
        remove_organisation(request.study.pk, row.pk, actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
        return redirect("organisation", request.study.slug, pk)
    messages.success(request, _("%(name)s is removed.") % {"name": row.name})
    return redirect("organisations", request.study.slug)


def _edit(request: StudyRequest, row: Organisation | None) -> HttpResponse:
    variable = lookup(request.study.codebook_version_id).type_variable
    types = {one.key: in_language(one.label) for one in variable.categories} if variable else {}
    if request.method != "POST":
        initial = OrganisationForm.initial_of(state_of(row), row.revision) if row else {}
        return _page(request, row, OrganisationForm(initial=initial, types=types))
    form = OrganisationForm(request.POST, types=types)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        saved = save_organisation(
            request.study.pk,
            form.given(),
            form.facts(),
            organisation_id=row.pk if row else None,
            revision=form.cleaned_data["revision"],
            actor_id=request.user.pk,
        )
    except BadInput as refusal:
        for problem in refusal.problems:
            form.add_error(None, problem)
        return _page(request, row, form, status=422)
    except StaleWrite as stale:
        current = OrganisationForm.initial_of(stale.current, stale.revision)
        return _page(request, row, form, status=409, differing=both_versions(form, current))
    name, followed = saved.organisation.name, saved.followed
    messages.success(request, " ".join([_("%(name)s is saved.") % {"name": name}, *_told(followed)]))
    if followed.accounts or followed.missing:
        address = reverse("organisation", args=[request.study.slug, saved.organisation.pk])
        return redirect(f"{address}?roles")
    return redirect("organisations", request.study.slug)


def _told(followed: Followed) -> Iterator[str]:
    """A sentence for each thing that a change of handles brought about."""
    if followed.accounts:
        yield ngettext(
            "%(n)d account has another role or organisation by it.",
            "%(n)d accounts have another role or organisation by it.",
            followed.accounts,
        ) % {"n": followed.accounts}
    if followed.waits:
        yield _("%(n)d conversations are being worked out again in the background.") % {
            "n": followed.conversations
        }
    elif followed.conversations:
        yield ngettext(
            "%(n)d conversation was worked out again.",
            "%(n)d conversations were worked out again.",
            followed.conversations,
        ) % {"n": followed.conversations}


def _page(
    request: StudyRequest, row: Organisation | None, form: OrganisationForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"nav": "study", "tab": "organisations", "form": form, "organisation": row, **more}
    if row:
        context["removable"] = not (row.conversations.exists() or row.accounts.exists())
        context["guessed"] = last_guesses(row)
        context["guessed_open"] = "roles" in request.GET
        context["due"] = due(request.study.pk)
    return render(request, "annotations/studies/organisation.html", context, status=status)
