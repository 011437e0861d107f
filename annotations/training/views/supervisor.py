"""A supervisor makes a training, gives the reasons of its key, starts coders and sees how they stand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.language import in_language
from ...codebooks.lookup import lookup
from ...errors import BadInput
from ...finals.wording import settlement_label
from ...models import Conversation, Message, Round, Training
from ...reliability.rounds import rounds_with_agreement
from ...sampling.draw import propose_seed
from ..attempts import give_reason, let_pass, start
from ..forms import OWN, TrainingForm
from ..key import judged, key_values, pool, reasons
from ..make import make_training
from ..standing import standing, without_attempt

PER_PAGE = 5


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def training_new(request: StudyRequest) -> HttpResponse:
    rounds = list(rounds_with_agreement(request.study).order_by("created_at", "id"))
    initial = {"name": _("Training"), "number": 40}
    form = TrainingForm(request.POST or None, rounds=rounds, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = make_training(
                request.study.pk,
                name=values["name"],
                seed=propose_seed(),
                key_round_id=None if values["key"] == OWN else int(values["key"]),
                number=values["number"],
                next_round_id=values["next_round"],
                units=values["units"],
                attempts=values["attempts"],
                least=form.share,
                per_variable=values["per_variable"] == "yes",
                actor_id=request.user.pk,
            )
        except BadInput as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem)
        else:
            messages.success(request, _("The training is made; start it when its key is complete."))
            return redirect("training", request.study.slug, made.round_id)
    if request.method == "POST":
        status = 422
    context = {"nav": "study", "tab": "training", "form": form}
    return render(request, "annotations/training/new.html", context, status=status)


@require_safe
@for_supervisor
def training(request: StudyRequest, pk: int) -> HttpResponse:
    row = _training(request, pk)
    keyed = len(pool(row))
    context = {
        "nav": "study",
        "tab": "training",
        "training": row,
        "least": 100 * row.least,
        "keyed": keyed,
        "rows": standing(row, _language()),
        "others": without_attempt(row) if keyed >= row.units else [],
    }
    return render(request, "annotations/training/training.html", context)


@require_POST
@for_supervisor
def training_start(request: StudyRequest, pk: int) -> HttpResponse:
    row = _training(request, pk)
    chosen = [
        int(pk) for pk in request.POST.getlist("coder") if pk.isascii() and pk.isdigit() and len(pk) < 19
    ]
    try:
        made = len(start(row.pk, chosen, actor_id=request.user.pk))
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(n)d coder can begin.", "%(n)d coders can begin.", made) % {"n": made}
        messages.success(request, words)
    return redirect("training", request.study.slug, pk)


@require_POST
@for_supervisor
def training_pass(request: StudyRequest, pk: int) -> HttpResponse:
    row = _training(request, pk)
    coder = request.POST.get("coder", "")
    try:
        if not (coder.isascii() and coder.isdigit() and len(coder) < 19):
            raise BadInput(_("Choose a coder."))
        let_pass(row.pk, int(coder), reason=request.POST.get("reason", ""), actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The coder may go on; your reason is kept."))
    return redirect("training", request.study.slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def training_key(request: StudyRequest, pk: int) -> HttpResponse:
    """What the key says, a few conversations at a time, with a field for each reason."""
    row = _training(request, pk)
    page = Paginator(pool(row), PER_PAGE).get_page(request.GET.get("page"))
    ids = list(page.object_list)
    places = _places(row, ids)
    problem = ""
    if request.method == "POST":
        try:
            for name, (conversation, message, variable) in places.items():
                if name in request.POST:
                    give_reason(
                        row.pk,
                        conversation_id=conversation,
                        message_id=message,
                        variable=variable,
                        reason=request.POST[name],
                        actor_id=request.user.pk,
                    )
        except BadInput as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("The reasons are kept."))
            return redirect(f"{request.path}?page={page.number}")
    context = {
        "nav": "study",
        "tab": "training",
        "training": row,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "rows": _key_rows(row, ids, places),
        "problem": problem,
    }
    return render(request, "annotations/training/key.html", context, status=422 if problem else 200)


def _places(row: Training, ids: list[int]) -> dict[str, tuple[int, int | None, str]]:
    return {
        f"reason-{conversation}-{message or 0}-{variable}": (conversation, message, variable)
        for variable, conversation, message in sorted(key_values(row, ids), key=str)
    }


def _key_rows(
    row: Training, ids: list[int], places: dict[str, tuple[int, int | None, str]]
) -> list[dict[str, object]]:
    """Per conversation what the key says, in the order of messages and codebook."""
    codebook, language = lookup(row.round.codebook_version_id), _language()
    values, why = key_values(row, ids), reasons(row, ids)
    order = {variable.key: place for place, variable in enumerate(judged(row.round))}
    positions = dict(Message.objects.filter(conversation__in=ids).values_list("pk", "position"))
    found = []
    for conversation in Conversation.objects.filter(pk__in=ids).order_by("number"):
        entries: list[dict[str, Any]] = []
        for name, (pk, message, variable) in places.items():
            if pk != conversation.pk:
                continue
            spec = codebook.spec.by_key[variable]
            position = positions.get(message or 0)
            entries.append(
                {
                    "name": name,
                    "order": (position if position is not None else 1 << 30, order.get(variable, 0)),
                    "message": None if position is None else position + 1,
                    "label": in_language(spec.label, language),
                    "value": settlement_label(codebook, spec, values[variable, pk, message], language),
                    "reason": why.get((variable, pk, message), ""),
                }
            )
        entries.sort(key=lambda entry: entry["order"])
        found.append({"conversation": conversation, "entries": entries})
    return found


def _training(request: StudyRequest, pk: int) -> Training:
    rows = Training.objects.select_related("round__study", "key_round", "key_by", "next_round")
    rounds = Round.objects.filter(pk=pk, study=request.study, kind=Round.Kind.TRAINING)
    found: Training = get_object_or_404(rows, round__in=rounds)
    return found


def _language() -> str:
    return (get_language() or "nl")[:2]
