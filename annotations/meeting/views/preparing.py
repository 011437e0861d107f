"""Preparing a meeting, and its paper: agenda and minutes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...documents.document import Document
from ...documents.docx_file import as_docx
from ...errors import BadInput
from ...models import Meeting, MeetingCase, Question, Round, Study
from ...questions.case import shown
from ..choosing import ALPHA, MOST, TELLING, Chosen, choices, choose, open_questions, rounds_to_discuss
from ..forms import number, read_wish, whole
from ..paper import agenda_of, lines_of, minutes_of
from ..prepare import DOWN, LONGEST, MOST_PEOPLE, UP, add_cases, begin, end, make_meeting, move, take_out

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def meetings(request: StudyRequest) -> HttpResponse:
    """The meetings of the study, and the form for the next one."""
    if request.method != "POST":
        return _meetings(request)
    try:
        round_, chosen, questions, hidden = _wished(request)
        made = make_meeting(
            request.study.pk,
            name=request.POST.get("name", ""),
            minutes=number(request.POST, "minutes", LONGEST, _("A meeting lasts from 5 to 480 minutes.")),
            people=number(request.POST, "people", MOST_PEOPLE, _("At most 500 people vote.")),
            round_=round_,
            chosen=chosen,
            questions=questions,
            actor_id=request.user.pk,
        )
    except BadInput as problem:
        return _meetings(request, problem=str(problem), status=422)
    _tell_hidden(request, hidden)
    return redirect("meeting", request.study.slug, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def meeting(request: StudyRequest, pk: int) -> HttpResponse:
    """The agenda: ordered, cases taken out and added, begun and ended."""
    row = _meeting(request, pk)
    if request.method != "POST":
        return _agenda(request, row)
    data, who = request.POST, request.user.pk
    act, case_id = data.get("act", ""), whole(data.get("case", "")) or 0
    try:
        if act in ("up", "down"):
            move(row.pk, case_id, UP if act == "up" else DOWN, actor_id=who)
        elif act == "out":
            take_out(row.pk, case_id, actor_id=who)
        elif act == "add":
            round_, chosen, questions, hidden = _wished(request, row)
            add_cases(row.pk, round_=round_, chosen=chosen, questions=questions, actor_id=who)
            _tell_hidden(request, hidden)
        elif act == "begin":
            people = number(data, "people", MOST_PEOPLE, _("At most 500 people vote."))
            begin(row.pk, people=people, actor_id=who)
            return redirect("meeting_wall", request.study.slug, row.pk)
        elif act == "end":
            end(row.pk, actor_id=who)
            return redirect("meeting_minutes", request.study.slug, row.pk)
        else:
            raise BadInput(_("The page sent something that the server does not understand; reload the page."))
    except BadInput as problem:
        row.refresh_from_db()
        return _agenda(request, row, problem=str(problem), status=422)
    return redirect("meeting", request.study.slug, row.pk)


@require_safe
@for_supervisor
def agenda(request: StudyRequest, pk: int) -> HttpResponse:
    row = _meeting(request, pk)
    return _paper(request, row, agenda_of(row, _asked_language(request)), is_minutes=False)


@require_safe
@for_supervisor
def minutes(request: StudyRequest, pk: int) -> HttpResponse:
    row = _meeting(request, pk)
    return _paper(request, row, minutes_of(row, _asked_language(request)), is_minutes=True)


@require_safe
@for_supervisor
def minutes_docx(request: StudyRequest, pk: int) -> HttpResponse:
    row = _meeting(request, pk)
    content = as_docx(minutes_of(row, _asked_language(request)), lambda record: b"")
    response = HttpResponse(content, content_type=DOCX)
    name = slugify(row.name) or "meeting"
    response["Content-Disposition"] = f'attachment; filename="{request.study.slug}-{name}.docx"'
    return response


def _wished(
    request: StudyRequest, row: Meeting | None = None
) -> tuple[Round | None, list[Chosen], list[Question], int]:
    """What the form asks for, found: differences, questions, and how many somebody still has to code."""
    wish = read_wish(request.POST)
    round_ = next((r for r in rounds_to_discuss(request.study) if r.pk == wish.round_id), None)
    chosen: list[Chosen] = []
    hidden = 0
    if round_ is not None and wish.count:
        without = [
            (case.variable.key, case.conversation_id, case.message_id)
            for case in (
                row.cases.filter(question=None, round=round_).select_related("variable") if row else ()
            )
            if case.variable
        ]
        chosen, hidden = choose(round_, wish, without=without)
    questions = [each for each in open_questions(request.study) if each.pk in wish.questions]
    return round_, chosen, questions, hidden


def _tell_hidden(request: StudyRequest, hidden: int) -> None:
    if hidden:
        words = ngettext(
            "%(n)d difference was left out: somebody still has to code its conversation.",
            "%(n)d differences were left out: somebody still has to code their conversations.",
            hidden,
        )
        messages.info(request, words % {"n": hidden})


def _meetings(request: StudyRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    rows = Meeting.objects.filter(study=request.study).prefetch_related("cases")
    context = _form(request) | {
        "nav": "disagreements",
        "rows": [(row, sum(bool(case.outcome) for case in row.cases.all())) for row in rows],
        "problem": problem,
        "coders": request.study.memberships.filter(role="coder", is_active=True).count(),
        "typed": request.POST,
    }
    return render(request, "annotations/meeting/meetings.html", context, status=status)


def _form(request: StudyRequest) -> dict[str, Any]:
    """What can be chosen: rounds, their variables, open questions."""
    rounds = rounds_to_discuss(request.study)
    asked = whole(request.POST.get("round", "") or request.GET.get("round", ""))
    found = {each.pk: choices(each, _language()) for each in rounds if not asked or each.pk == asked}
    chosen = next((each for each in rounds if found.get(each.pk)), rounds[0] if rounds else None)
    asked_before = request.POST.getlist("variable")
    return {
        "rounds": rounds,
        "round": chosen,
        "choices": found.get(chosen.pk, []) if chosen else [],
        "questions": shown(request.study, open_questions(request.study), _language()),
        "ticked": asked_before,
        "ticked_questions": request.POST.getlist("question"),
        "most": MOST,
        "TELLING": TELLING,
        "ALPHA": ALPHA,
    }


def _agenda(request: StudyRequest, row: Meeting, *, problem: str = "", status: int = 200) -> HttpResponse:
    lines = lines_of(row, _language())
    context: dict[str, Any] = {
        "nav": "disagreements",
        "meeting": row,
        "lines": lines,
        "problem": problem,
        "decided": sum(bool(line.case.outcome) for line in lines),
        "outcomes": MeetingCase.Outcome,
    }
    if request.study.state == Study.State.RUNNING and not row.ended_at and len(lines) < MOST:
        context |= _form(request)
    return render(request, "annotations/meeting/agenda.html", context, status=status)


def _paper(request: StudyRequest, row: Meeting, document: Document, *, is_minutes: bool) -> HttpResponse:
    context = {
        "nav": "disagreements",
        "meeting": row,
        "document": document,
        "is_minutes": is_minutes,
        "languages": Study.Language.choices,
    }
    return render(request, "annotations/meeting/paper.html", context)


def _meeting(request: StudyRequest, pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("study"), pk=pk, study=request.study)


def _asked_language(request: StudyRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in Study.Language.values else request.study.language


def _language() -> str:
    return (get_language() or "nl")[:2]
