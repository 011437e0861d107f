"""Questions: the supervisor's inbox, a coder's own with the rules, asking from the coding screen."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..accounts.access import StudyRequest, for_member, for_supervisor
from ..errors import BadInput, NotAllowed, StaleWrite
from ..finals.thread import load_lines
from ..models import Assignment, Membership, Question
from . import mail
from .ask import answer, ask, propose_rule, read
from .case import answer_of_asker, shown
from .seen import counted, questions_of, searched, seen_by, still_to_code, unread_by

PER_PAGE = 25


@require_safe
@for_member
def questions(request: StudyRequest) -> HttpResponse:
    """The inbox for a supervisor; for a coder the own questions with their answers, and the rules."""
    words, state = request.GET.get("q", ""), request.GET.get("state", "")
    study, user = request.study, request.user.pk
    is_supervisor = request.membership.role == Membership.Role.SUPERVISOR
    found = questions_of(study.pk) if is_supervisor else seen_by(study.pk, user)
    found = found.select_related("assignment__coding")
    unread = [] if is_supervisor else list(unread_by(study.pk, user).values_list("pk", flat=True))
    if is_supervisor and not state and not words:
        state = Question.State.OPEN if counted(study.pk).open else ""
    rows = searched(found, words, state).order_by("asked_at" if state == "open" else "-asked_at", "-id")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "questions",
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "rows": shown(study, page.object_list, _language(), unread=unread),
        "words": words,
        "state": state,
        "states": Question.State.choices,
        "counted": counted(study.pk) if is_supervisor else None,
        "is_supervisor": is_supervisor,
        "user_id": user,
    }
    return render(request, "annotations/questions/questions.html", context)


@require_safe
@for_member
def questions_count(request: StudyRequest) -> HttpResponse:
    """How many wait for this person, for the navigation."""
    if request.membership.role == Membership.Role.SUPERVISOR:
        count = counted(request.study.pk).open
    else:
        count = unread_by(request.study.pk, request.user.pk).count()
    if not count:
        return HttpResponse(status=204)
    return render(request, "annotations/adjudication/count.html", {"open_disagreements": count})


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def question(request: StudyRequest, pk: int) -> HttpResponse:
    """A question with its unit, and the answer to it."""
    row = get_object_or_404(questions_of(request.study.pk), pk=pk)
    if request.method != "POST":
        return _show(request, row, {})
    text, is_rule = request.POST.get("answer", ""), request.POST.get("to") == "all"
    try:
        revision = int(request.POST.get("revision", ""))
    except ValueError:
        revision = 0
    typed = {"typed": text, "typed_rule": is_rule}
    try:
        done = answer(row.pk, text=text, is_rule=is_rule, revision=revision, actor_id=request.user.pk)
    except StaleWrite:
        row = get_object_or_404(questions_of(request.study.pk), pk=pk)
        problem = _(
            "Somebody answered this meanwhile; their answer stands below, yours is still in the field."
        )
        return _show(request, row, typed | {"problem": problem}, status=409)
    except BadInput as refusal:
        return _show(request, row, typed | {"problem": str(refusal)}, status=422)
    if is_rule and request.POST.get("propose") == "on":
        propose_rule(done, actor_id=request.user.pk)
    mail.tell_asker(done)
    messages.success(
        request,
        _("Every coder finds the rule now, but for those who still have to code its case.")
        if is_rule
        else _("The coder finds your answer."),
    )
    following = questions_of(request.study.pk).filter(state=Question.State.OPEN).first()
    if following is not None:
        return redirect("question", request.study.slug, following.pk)
    return redirect("questions", request.study.slug)


def _show(request: StudyRequest, row: Question, typed: dict[str, Any], *, status: int = 200) -> HttpResponse:
    conversation = row.assignment.conversation
    lines, masked = load_lines(request.study, conversation, row.message, ())
    (seen,) = shown(request.study, [row], _language())
    context = {
        "nav": "questions",
        "row": seen,
        "question": row,
        "lines": lines,
        "is_masked": masked,
        "given": answer_of_asker(row, _language()),
        "waiting": still_to_code(row),
        "left": questions_of(request.study.pk).filter(state=Question.State.OPEN).count(),
    }
    return render(request, "annotations/questions/question.html", context | typed, status=status)


@require_POST
@for_member
def question_read(request: StudyRequest, pk: int) -> HttpResponse:
    if not seen_by(request.study.pk, request.user.pk).filter(pk=pk).exists():
        raise Http404
    read(pk, actor_id=request.user.pk)
    return redirect("questions", request.study.slug)


@require_POST
@for_member
def question_ask(request: StudyRequest, assignment: int) -> JsonResponse:
    """From the coding screen, as JSON: {text, message, variable, start, end}."""
    if not Assignment.objects.filter(
        pk=assignment, round__study=request.study, coder_id=request.user.pk
    ).exists():
        raise Http404
    try:
        asked = _ask(request, assignment)
    except BadInput as problem:
        return JsonResponse({"problem": str(problem)}, status=422)
    except NotAllowed as problem:
        return JsonResponse({"problem": str(problem)}, status=403)
    mail.tell_supervisors(asked)
    return JsonResponse({"question": asked.pk})


def _ask(request: StudyRequest, assignment: int) -> Question:
    wrong = _("The page sent something that the server does not understand; reload the page.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadInput(wrong) from None
    if not isinstance(body, dict):
        raise BadInput(wrong)
    text, variable = body.get("text"), body.get("variable") or ""
    numbers = [body.get(name) for name in ("message", "start", "end")]
    whole = all(number is None or _is_number(number) for number in numbers)
    if not isinstance(text, str) or not isinstance(variable, str) or not whole:
        raise BadInput(wrong)
    message, start, end = numbers
    place = (start, end) if start is not None and end is not None else None
    return ask(
        assignment,
        actor_id=request.user.pk,
        text=text,
        message_id=message,
        variable=variable,
        place=place,
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _language() -> str:
    return (get_language() or "nl")[:2]
