"""The list of conversations and one conversation, for supervisors."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..accounts.access import StudyRequest, for_supervisor
from ..coding.context_fields import FIELDS, fill_context
from ..errors import BadInput, NotAllowed, StaleWrite
from ..importing.roles import set_role
from ..models import Account, Conversation, Message
from ..models.corpus import AuthorRole
from .listing import page_of, read_filters
from .reading import read_conversation, type_words


@require_safe
@for_supervisor
def conversations(request: StudyRequest) -> HttpResponse:
    types = type_words(request.study)
    filters = read_filters(request.GET.dict(), tuple(types))
    page = page_of(
        request.study,
        filters,
        after=_number(request.GET.get("after")),
        before=_number(request.GET.get("before")),
    )
    context = {
        "nav": "conversations",
        "page": page,
        "filters": filters,
        "types": types.items(),
        "organisations": request.study.organisations.all(),
        "roles": AuthorRole.choices,
        "coded": [
            ("assigned", _("given to coders")),
            ("unassigned", _("given to nobody")),
            ("coded", _("coded by somebody")),
            ("uncoded", _("coded by nobody")),
        ],
    }
    return render(request, "annotations/conversations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def conversation(request: StudyRequest, number: int) -> HttpResponse:
    """Posting `reveal` shows one message of a masked study without its bullets, on the record."""
    found = _conversation(request, number)
    revealed = _number(request.POST.get("reveal"))
    reading = read_conversation(found, actor_id=request.user.pk, revealed=revealed)
    context = {
        "nav": "conversations",
        "reading": reading,
        "revealed": revealed,
        "roles": AuthorRole.choices,
        "organisations": request.study.organisations.all(),
        "addressed": [one for one in Message.Addressed.choices if one[0]],
        "types": type_words(request.study),
    }
    return render(request, "annotations/conversations/conversation.html", context)


@require_POST
@for_supervisor
def account_role(request: StudyRequest, number: int, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk, study=request.study)
    try:
        set_role(
            account.pk,
            role=request.POST.get("role", ""),
            organisation_id=_number(request.POST.get("organisation")),
            revision=_number(request.POST.get("revision")) or 0,
            actor_id=request.user.pk,
        )
    except BadInput as refusal:
        messages.error(request, str(refusal))
    except StaleWrite:
        messages.error(request, _("Somebody else changed this role in the meantime. Look again."))
    else:
        messages.success(request, _("The role is set for all messages of this account."))
    return redirect("conversation", request.study.slug, number)


@require_POST
@for_supervisor
def context(request: StudyRequest, number: int, pk: int) -> HttpResponse:
    message = get_object_or_404(Message, pk=pk, study=request.study)
    values = {name: request.POST[name] for name in FIELDS if name in request.POST}
    try:
        fill_context(
            message.pk,
            actor_id=request.user.pk,
            values=values,
            revision=_number(request.POST.get("revision")) or 0,
        )
    except (BadInput, NotAllowed) as refusal:
        messages.error(request, str(refusal))
    except StaleWrite:
        messages.error(request, _("Somebody else filled this in in the meantime. Look again."))
    else:
        messages.success(request, _("The facts are saved."))
    return redirect("conversation", request.study.slug, number)


def _conversation(request: StudyRequest, number: int) -> Conversation:
    rows = Conversation.objects.select_related("study__codebook_version", "organisation")
    return get_object_or_404(rows, study=request.study, number=number)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
