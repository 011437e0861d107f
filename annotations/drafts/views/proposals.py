"""Proposals for the codebook: made by whoever is in the study, answered by a supervisor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ...accounts.access import StudyRequest, for_member, for_supervisor
from ...codebooks.language import in_language
from ...codebooks.lookup import lookup
from ...codebooks.proposals import answer, mark_seen, propose
from ...errors import BadInput, StaleWrite
from ...models import Assignment, Membership, Message, Proposal
from ..accepting import accept
from .reading import read_json


@require_safe
@for_member
def proposals_page(request: StudyRequest) -> HttpResponse:
    """All of them for a supervisor; a coder's own, with the answers, for a coder."""
    study, user_id = request.study, request.user.pk or 0
    supervises = request.membership.role == Membership.Role.SUPERVISOR
    rows = Proposal.objects.filter(study=study).select_related(
        "conversation", "message", "joined", "proposed_by", "answered_by", "consensus__round"
    )
    if not supervises:
        rows = rows.filter(proposed_by=user_id)
    spec = lookup(study.codebook_version_id).spec
    shown: list[dict[str, Any]] = []
    for row in rows.order_by("state", "-pk"):
        variable = spec.by_key.get(row.variable)
        category = variable.by_key.get(row.category) if variable else None
        shown.append(
            {
                "row": row,
                "variable": in_language(variable.label) if variable else row.variable,
                "category": in_language(category.label) if category else row.category,
            }
        )
    waiting = [each for each in shown if each["row"].state == Proposal.State.OPEN]
    context = {
        "nav": "study" if supervises else "codebook",
        "tab": "codebook",
        "study": study,
        "supervises": supervises,
        "waiting": waiting,
        "answered": [each for each in shown if each not in waiting],
        "kinds": Proposal.Kind.choices,
        "variables": [(each.key, in_language(each.label)) for each in spec.variables],
    }
    answer = render(request, "annotations/drafts/proposals.html", context)
    mark_seen(study.pk, user_id)
    return answer


@require_POST
@for_member
def proposal_new(request: StudyRequest) -> HttpResponse:
    """From the page of proposals as a form, from the coding screen as JSON.

    A coder's case is a message that this coder has to code, or coded.
    """
    if request.content_type == "application/json":
        try:
            _propose(request, read_json(request))
        except BadInput as refusal:
            return JsonResponse({"problem": str(refusal)}, status=422)
        return JsonResponse({"done": True})
    try:
        _propose(request, request.POST.dict())
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your proposal waits for the supervisor."))
    return redirect("proposals", request.study.slug)


def _propose(request: StudyRequest, given: Mapping[str, Any]) -> None:
    message = _own_message(request, given.get("message"))
    propose(
        request.study.pk,
        actor_id=request.user.pk or 0,
        kind=str(given.get("kind", "")),
        text=str(given.get("text", "")),
        variable=str(given.get("variable") or "")[:63],
        message_id=message.pk if message else None,
    )


def _own_message(request: StudyRequest, pk: Any) -> Message | None:
    written = str(pk or "")
    if not written.isascii() or not written.isdigit() or len(written) > 18:
        return None
    message = Message.objects.filter(pk=int(written), study=request.study).first()
    if message is None:
        raise Http404
    if request.membership.role == Membership.Role.SUPERVISOR:
        return message
    own = Assignment.objects.filter(coder=request.user, conversation=message.conversation_id)
    if not own.exists():
        raise Http404
    return message


@require_POST
@for_supervisor
def proposal_answer(request: StudyRequest, pk: int) -> HttpResponse:
    proposal = Proposal.objects.filter(pk=pk, study=request.study).first()
    if proposal is None:
        raise Http404
    try:
        if request.POST.get("state") == Proposal.State.ACCEPTED:
            return _accepted(request, proposal)
        joined = request.POST.get("joined", "")
        answer(
            pk,
            actor_id=request.user.pk or 0,
            revision=int(request.POST.get("revision", "")),
            state=request.POST.get("state", ""),
            sentence=request.POST.get("sentence", ""),
            joined_id=int(joined) if joined.isascii() and joined.isdigit() else None,
        )
    except BadInput as refusal:
        messages.error(request, str(refusal))
    except ValueError:
        messages.error(request, _("This request was not understood; reload the page."))
    except StaleWrite:
        messages.error(request, _("Somebody answered this proposal meanwhile; nothing of yours was saved."))
    else:
        messages.success(request, _("Answered; the proposer reads your sentence."))
    return redirect("proposals", request.study.slug)


def _accepted(request: StudyRequest, proposal: Proposal) -> HttpResponse:
    item = accept(
        proposal,
        actor_id=request.user.pk or 0,
        revision=int(request.POST.get("revision", "")),
        sentence=request.POST.get("sentence", ""),
    )
    messages.success(request, _("Accepted; the proposer reads your sentence. Write it in the draft here."))
    address = reverse("codebook_draft", args=[request.study.slug])
    return redirect(f"{address}?item={item}" if item else address)
