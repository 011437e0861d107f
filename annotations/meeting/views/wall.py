"""The wall: one case at a time, led by keys. What changes is asked for by the page at a calm pace."""

from __future__ import annotations

import json
from typing import Any

import segno
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...adjudication.fragments import from_json, read_spans
from ...adjudication.units import Ruling
from ...errors import BadInput, StaleWrite
from ...models import Meeting, MeetingCase
from .. import lead
from ..case import Shown, load_case
from ..forms import number, whole
from ..outcome import answer_question, change_codebook, put_off, settle_case, unit_of
from ..paper import place_of
from ..prepare import MOST_PEOPLE
from ..seen import on_wall


@require_safe
@for_supervisor
def wall(request: StudyRequest, pk: int) -> HttpResponse:
    """The case that is on the wall. Asked by the page itself: what changed since, or nothing."""
    row = _meeting(request, pk)
    if not request.htmx:
        return _wall(request, row)
    context = _context(request, row)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    if request.GET.get("case", "") != str(row.current_id or "") or request.GET.get("of") != context["of"]:
        # Another case or outcome: all of it is new; what somebody is typing stays until they have looked.
        if request.GET.get("typing"):
            context["moved"] = True
            return render(request, "annotations/meeting/live.html", context)
        answer = render(request, "annotations/meeting/wall_case.html", context)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#wall", "outerHTML"
        return answer
    return render(request, "annotations/meeting/live.html", context)


@require_POST
@for_supervisor
def act(request: StudyRequest, pk: int) -> HttpResponse:
    """One key of the wall: another case, hands, showing, voting again."""
    row = _meeting(request, pk)
    data, who = request.POST, request.user.pk
    name, case_id = data.get("act", ""), whole(data.get("case", "")) or 0
    ballot = whole(data.get("ballot", "")) or 0
    try:
        if name == "go":
            revision = whole(data.get("revision", "")) or 0
            lead.go_to(row.pk, whole(data.get("to", "")) or 0, revision=revision, actor_id=who)
        elif name in ("hand", "hand_back"):
            lead.raise_hands(
                row.pk,
                case_id,
                data.get("value", ""),
                1 if name == "hand" else -1,
                ballot=ballot,
                options=_options(row, case_id),
                actor_id=who,
            )
        elif name in ("answers", "hide_answers"):
            lead.show_answers(row.pk, case_id, shown=name == "answers", actor_id=who)
        elif name == "votes":
            lead.show_votes(row.pk, case_id, actor_id=who)
        elif name == "again":
            lead.vote_again(row.pk, case_id, ballot=ballot, actor_id=who)
        elif name == "people":
            people = number(data, "people", MOST_PEOPLE, _("At most 500 people vote."))
            lead.set_people(row.pk, people, actor_id=who)
        else:
            raise BadInput(_("The page sent something that the server does not understand; reload the page."))
    except BadInput as problem:
        return _wall(request, row, problem=str(problem), status=422)
    except StaleWrite:
        return _wall(request, row, stale=_moved(name), status=409)
    if not request.htmx:
        return redirect("meeting_wall", request.study.slug, row.pk)
    return _wall(request, row)


@require_POST
@for_supervisor
def decide(request: StudyRequest, pk: int) -> HttpResponse:
    """The outcome of the case on the wall, with its reason."""
    row = _meeting(request, pk)
    data, who = request.POST, request.user.pk
    case = (
        get_object_or_404(
            MeetingCase.objects.select_related("variable"), pk=whole(data.get("case", "")) or 0, meeting=row
        )
        if whole(data.get("case", ""))
        else None
    )
    outcome, reason = data.get("outcome", ""), data.get("reason", "")
    revision, standing = whole(data.get("revision", "")) or 0, whole(data.get("standing", "")) or 0
    typed = {"typed": reason, "typed_rule": "rule" in data, "typed_value": data.get("settlement", "")}
    try:
        if case is None:
            raise BadInput(_("No case is on the wall; choose one first."))
        if case.pk != row.current_id:
            raise StaleWrite(case.outcome, case.revision)  # whatever was sent, it was about another case
        if outcome == "settle":
            ruling = Ruling(
                _settlement(case, data.get("settlement", "")),
                reason=reason,
                is_settled_case="settled_case" in data,
                needs_codebook_change="rule" in data,
            )
            settle_case(case.pk, ruling, revision=revision, standing=standing, actor_id=who)
        elif outcome in ("answer", "rule"):
            is_rule = outcome == "rule" or "rule" in data
            answer_question(
                case.pk, reason, is_rule=is_rule, revision=revision, standing=standing, actor_id=who
            )
        elif outcome == "codebook":
            change_codebook(case.pk, reason, revision=revision, actor_id=who)
        elif outcome == "put_off":
            put_off(case.pk, reason, revision=revision, actor_id=who)
        else:
            raise BadInput(_("The page sent something that the server does not understand; reload the page."))
    except BadInput as problem:
        return _wall(request, row, problem=str(problem), status=422, **typed)
    except StaleWrite:
        stale = _("Somebody decided this or went on while you were writing. Nothing was overwritten.")
        return _wall(request, row, stale=stale, status=409, **typed)
    if not request.htmx:
        return redirect("meeting_wall", request.study.slug, row.pk)
    return _wall(request, row)


@require_POST
@for_supervisor
def show_texts(request: StudyRequest, pk: int) -> HttpResponse:
    """In a masked study: the case with its texts as they are, once, on the record."""
    row = _meeting(request, pk)
    try:
        lead.reveal(row.pk, whole(request.POST.get("case", "")) or 0, actor_id=request.user.pk)
    except BadInput as problem:
        return _wall(request, row, problem=str(problem), status=422)
    except StaleWrite:
        return _wall(request, row, stale=_moved("reveal"), status=409)
    return _wall(request, row, revealed=True)


def _wall(request: StudyRequest, row: Meeting, *, status: int = 200, **more: Any) -> HttpResponse:
    row.refresh_from_db()
    context = _context(request, row, revealed=bool(more.get("revealed"))) | more
    page = "wall_case" if request.htmx else "wall"
    return render(request, f"annotations/meeting/{page}.html", context, status=status)


def _context(request: StudyRequest, row: Meeting, *, revealed: bool = False) -> dict[str, Any]:
    now = on_wall(row)
    cases = list(row.cases.order_by("position", "id").values_list("pk", "outcome"))
    place = next((place for place, (pk, _o) in enumerate(cases) if pk == row.current_id), None)
    shown: Shown | None = None
    if now.case is not None and not now.is_hidden:
        shown = load_case(now.case, _language(), revealed=revealed)
    case = now.case
    own_address = request.build_absolute_uri(reverse("meeting_now", args=[request.study.slug]))
    of = f"{row.revision}.{case.revision if case else 0}.{int(now.is_hidden)}"
    if shown is not None:
        of += f".{shown.standing}"
    live = "" if case is None else f"{case.ballot}.{int(case.shows_votes)}.{int(case.shows_answers)}"
    left = _left(row)
    return {
        "meeting": row,
        "case": case,
        "place": place_of(case) if case else "",
        "is_hidden": now.is_hidden,
        "shown": shown,
        "steps": [(number, pk == row.current_id, outcome) for number, (pk, outcome) in enumerate(cases, 1)],
        "number": None if place is None else place + 1,
        "first": cases[0][0] if cases else None,
        "previous": cases[place - 1][0] if place else None,
        "following": cases[place + 1][0] if place is not None and place + 1 < len(cases) else None,
        "left": left,
        "of": of,
        "seen": f"{of}.{live}.{shown.voted if shown else 0}.{row.people}.{left}",
        "own_address": own_address,
        # Drawn by segno from an address made here, without a style of its own.
        "picture": "" if case else mark_safe(_drawn(own_address)),  # noqa: S308
        "revealed": revealed,
    }


def _settlement(case: MeetingCase, sent: str) -> Any:
    if not sent:
        raise BadInput(_("Choose a value first."))
    if case.variable is None:
        raise BadInput(_("This question is about no variable: answer it."))
    try:
        written = json.loads(sent)
    except ValueError:
        raise BadInput(_("Settle another value at the desk, or choose one on the wall.")) from None
    unit = unit_of(MeetingCase.objects.select_related("round__study", "variable").get(pk=case.pk))
    return read_spans(written) if unit.variable.level == "span" else from_json(unit.variable, written)


def _options(row: Meeting, case_id: int) -> set[str]:
    now = on_wall(row)
    if now.case is None or now.case.pk != case_id or now.is_hidden:
        raise StaleWrite(row.current_id, row.revision)
    return load_case(now.case, _language()).sent


def _left(row: Meeting) -> int | None:
    """Minutes; below zero it runs late."""
    if row.started_at is None or row.ended_at is not None:
        return None
    return row.minutes - int((timezone.now() - row.started_at).total_seconds() // 60)


def _moved(act: str) -> str:
    if act in ("hand", "hand_back", "again"):
        return _(
            "This vote is closed or began anew meanwhile; your key was not counted. This is how it stands."
        )
    return _("The other supervisor moved the wall meanwhile; your key did nothing. This is how it stands.")


def _meeting(request: StudyRequest, pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("study"), pk=pk, study=request.study)


def _drawn(address: str) -> str:
    return segno.make(address, error="m").svg_inline(scale=8, border=3, light="#fff", omitsize=False)


def _language() -> str:
    return (get_language() or "nl")[:2]
