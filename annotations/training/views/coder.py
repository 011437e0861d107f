"""What a coder sees of a training: the key after each own unit, and the own course. Never another's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ...accounts.access import StudyRequest, for_member
from ...coding.queue import own_queue
from ...errors import BadInput
from ...finals.thread import load_lines
from ...models import Attempt, Membership, Question, Training, TrainingUnit
from ...questions.ask import ask
from ...questions.case import shown
from ...questions.seen import seen_by
from ...studies.absence import coming
from ...studies.own_work import own_work, pace_figure
from ..feedback import all_differences, attempts_left, course, differences, overview, unit_of

QUESTIONS = 5
"""Own questions that are shown, the latest; the others stand under Questions."""


@require_safe
@for_member
def training_own(request: StudyRequest) -> HttpResponse:
    """A coder's own work: pace, course in each training, questions; a supervisor's list of trainings."""
    study, language = request.study, _language()
    if request.membership.role == Membership.Role.SUPERVISOR:
        rows = Training.objects.filter(round__study=study).select_related("round", "key_round", "next_round")
        listed = {"nav": "study", "tab": "training", "trainings": rows.order_by("pk")}
        return render(request, "annotations/training/trainings.html", listed)
    mine = Attempt.objects.filter(training__round__study=study, coder=request.user)
    mine = mine.select_related("training__round__study", "training__key_round", "training__next_round")
    own: list[dict[str, Any]] = []
    for attempt in mine.order_by("training_id", "-number"):
        if not own or own[-1]["training"].pk != attempt.training_id:
            own.append(
                {
                    "training": attempt.training,
                    "is_under_way": attempt.state == Attempt.State.UNDER_WAY,
                    "left": attempts_left(attempt),
                    "attempts": [],
                    "overview": overview(attempt.training, request.user.pk, language),
                    "cases": _cases(attempt.training, request.user.pk, language),
                }
            )
        own[-1]["attempts"].append((attempt, course(attempt.training, attempt, language)))
    work = own_work(study.pk, request.user.pk)
    asked = seen_by(study.pk, request.user.pk).filter(assignment__coder=request.user)
    context: dict[str, Any] = {
        "nav": "own",
        "own": own,
        "work": work,
        "pace": pace_figure(work, language),
        "asked": shown(study, asked.order_by("-asked_at", "-id")[:QUESTIONS], language),
        "away": coming(study.pk, user_id=request.user.pk),
    }
    return render(request, "annotations/training/own.html", context)


def _cases(training: Training, coder_id: int, language: str) -> list[TrainingUnit]:
    """The own conversations in which something differed, to read again."""
    units = TrainingUnit.objects.filter(
        attempt__training=training, assignment__coder_id=coder_id, right__isnull=False
    ).select_related("assignment__conversation")
    found = [unit for unit in units.order_by("assignment__position") if not all((unit.right or {}).values())]
    return found if found and all_differences(training, coder_id, language) else []


@require_safe
@for_member
def training_unit(request: StudyRequest, trained: int) -> HttpResponse:
    """After a unit: what differs from the key and why."""
    unit = unit_of(trained, request.user.pk)
    if unit is None or unit.assignment.round.study_id != request.study.pk:
        raise Http404
    training, language = unit.attempt.training, _language()
    rows = differences(training, unit, language)
    lines, _masked = load_lines(request.study, unit.assignment.conversation, None, ())
    about = {row.message_id for row in rows}
    for line in lines:
        line.is_current = line.pk in about
    differ = {row.variable for row in rows}
    courses = course(training, unit.attempt, language)
    queue = own_queue(request.study.pk, request.user.pk)
    units = list(unit.attempt.units.values_list("assignment_id", flat=True))
    context = {
        "nav": "training",
        "unit": unit,
        "training": training,
        "rows": rows,
        "lines": lines,
        "same": [row.label for row in courses if (unit.right or {}).get(row.variable)],
        "differ": len(differ),
        "judged": len(unit.right or {}),
        "courses": courses,
        "least": 100 * training.least,
        "place": units.index(unit.assignment_id) + 1,
        "total": len(units),
        "is_last": unit.attempt.state != Attempt.State.UNDER_WAY,
        "next": queue.next_open(),
        "asked": set(
            Question.objects.filter(assignment=unit.assignment, kind=Question.Kind.OBJECTION).values_list(
                "variable__key", flat=True
            )
        ),
    }
    return render(request, "annotations/training/unit.html", context)


@require_POST
@for_member
def training_object(request: StudyRequest, trained: int) -> HttpResponse:
    """The coder finds the own answer better: a question to the supervisor, with the key beside it."""
    unit = unit_of(trained, request.user.pk)
    if unit is None or unit.assignment.round.study_id != request.study.pk:
        raise Http404
    message = request.POST.get("message", "")
    is_number = message.isascii() and message.isdigit() and len(message) < 19
    try:
        ask(
            unit.assignment_id,
            actor_id=request.user.pk,
            text=request.POST.get("text", ""),
            message_id=int(message) if is_number else None,
            variable=request.POST.get("variable", ""),
            kind=Question.Kind.OBJECTION,
        )
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Your objection is with the supervisor; the answer comes under Questions.")
        )
    return redirect("training_unit", request.study.slug, unit.assignment_id)


def _language() -> str:
    return (get_language() or "nl")[:2]
