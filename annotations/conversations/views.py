"""The list of conversations and one conversation, for supervisors."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ..accounts.access import StudyRequest, for_supervisor
from ..coding.context_fields import FIELDS, fill_context
from ..coding.evidence import duration
from ..errors import BadInput, NotAllowed, StaleWrite
from ..importing.roles.set_role import set_role
from ..models import Account, Conversation, Message, Selection
from ..models.corpus import AuthorRole
from .coder_work import coder_work, is_blind
from .filters import CODED, IN_ADDRESS, Filters, from_plain, read_filters, type_words
from .listing import page_of
from .reading import read_conversation
from .selections import delete_selection, rename_selection, replace_filters, save_selection


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def conversations(request: StudyRequest) -> HttpResponse:
    """The list. Posting keeps the filters of the address as a selection, or changes the one in it."""
    saved = list(request.study.selections.all())
    asked = _number(request.GET.get("selection"))
    selection = next((selection for selection in saved if selection.pk == asked), None)
    filters = _filters(request, selection)
    if request.method != "POST":
        return _list(request, saved, selection, filters)
    try:
        kept = _write_selection(request, asked, filters)
    except BadInput as refusal:
        return _list(request, saved, selection, filters, problems=refusal.problems, status=422)
    except StaleWrite as stale:
        saved = [stale.current if selection.pk == asked else selection for selection in saved]
        problems = [_("Somebody else changed this selection in the meantime. Look again.")]
        return _list(request, saved, stale.current, filters, problems=problems, status=409)
    address = reverse("conversations", args=[request.study.slug])
    return redirect(f"{address}?selection={kept.pk}" if kept else address)


def _filters(request: StudyRequest, selection: Selection | None) -> Filters:
    """The filters in the address; where it only names a selection, the filters of that selection."""
    if selection is None:
        return read_filters(request.GET.dict(), tuple(type_words(request.study)))
    own = from_plain(selection.filters)
    if not any(name in request.GET for name in IN_ADDRESS):
        return own
    # A selection may ask for a kind that this version of the codebook no longer has.
    return read_filters(request.GET.dict(), (*type_words(request.study), *own.types))


def _write_selection(request: StudyRequest, pk: int | None, filters: Filters) -> Selection | None:
    """Does what the pressed button says. Gives the selection to show, None after it was deleted."""
    given, study, actor = request.POST, request.study.pk, request.user.pk
    action, name, revision = given.get("action"), given.get("name", ""), _number(given.get("revision")) or 0
    if action == "save":
        kept = save_selection(study, name=name, filters=filters, actor_id=actor)
        messages.success(request, _("The selection is saved."))
        return kept
    if action == "rename":
        return rename_selection(study, pk or 0, name=name, revision=revision, actor_id=actor)
    if action == "replace":
        kept = replace_filters(study, pk or 0, filters=filters, revision=revision, actor_id=actor)
        messages.success(request, _("The selection asks for these filters from now on."))
        return kept
    if action == "delete":
        delete_selection(study, pk or 0, revision=revision, actor_id=actor)
        messages.success(request, _("The selection is deleted. Rounds keep what they were drawn from."))
        return None
    raise BadInput(_("Choose what to do with the selection."))


def _list(
    request: StudyRequest,
    saved: list[Selection],
    selection: Selection | None,
    filters: Filters,
    *,
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    same = [selection for selection in saved if from_plain(selection.filters) == filters]
    organisations = list(request.study.organisations.all())
    types = type_words(request.study)
    context = {
        "nav": "conversations",
        "page": page_of(
            request.study,
            filters,
            after=_number(request.GET.get("after")),
            before=_number(request.GET.get("before")),
        ),
        "filters": filters,
        "types": {**{key: key for key in filters.types}, **types}.items(),
        "organisations": organisations,
        "organisation_is_gone": bool(filters.organisation)
        and filters.organisation not in {organisation.pk for organisation in organisations},
        "roles": AuthorRole.choices,
        "coded": CODED.items(),
        "saved": saved,
        "selection": selection or next(iter(same), None),
        "selection_is_changed": selection is not None and selection not in same,
        "selection_is_gone": bool(request.GET.get("selection")) and selection is None,
        "problems": problems,
        "posted": request.POST,
        "query": _query(request),
    }
    return render(request, "annotations/conversations/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def conversation(request: StudyRequest, number: int) -> HttpResponse:
    """Posting `reveal` shows one message of a masked study without its bullets, on the record."""
    found = _conversation(request, number)
    revealed = _number(request.POST.get("reveal"))
    asked = _number(request.GET.get("selection"))
    filters = _filters(request, request.study.selections.filter(pk=asked).first() if asked else None)
    reading = read_conversation(found, actor_id=request.user.pk, revealed=revealed, filters=filters)
    blind = is_blind(found, request.user.pk)
    context = {
        "nav": "conversations",
        "reading": reading,
        "revealed": revealed,
        "first_reply": duration(60 * (found.first_response_minutes or 0)),
        "query": _query(request),
        "is_filtered": not filters.is_empty,
        "is_blind": blind,
        "work": [] if blind else coder_work(found, (get_language() or "nl")[:2]),
        "roles": AuthorRole.choices,
        "organisations": request.study.organisations.all(),
        "addressed": [choice for choice in Message.Addressed.choices if choice[0]],
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
    return _back(request, number)


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
    return _back(request, number)


def _query(request: StudyRequest) -> str:
    """The filters in the address, for the way from the list to a conversation and back."""
    data = request.GET.copy()
    for name in ("after", "before"):
        data.pop(name, None)
    return data.urlencode()


def _back(request: StudyRequest, number: int) -> HttpResponse:
    address, query = reverse("conversation", args=[request.study.slug, number]), _query(request)
    return redirect(f"{address}?{query}" if query else address)


def _conversation(request: StudyRequest, number: int) -> Conversation:
    rows = Conversation.objects.select_related("study__codebook_version", "organisation")
    return get_object_or_404(rows, study=request.study, number=number)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
