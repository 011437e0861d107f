"""What the coding page writes, as JSON. Every answer says what is stored now.

200 done · 403 not allowed · 404 not yours · 409 changed elsewhere: what stands there now · 422 refused, in
one sentence · 503 not now. A refused write comes back with the state as it is, so that the page never shows
what is not so.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ...accounts.access import StudyRequest, for_member
from ...errors import BadInput, NotAllowed, StaleWrite
from ...models import Assignment, Coding, Message, Round
from ...sampling.gates import look_after
from ...training.attempts import score
from ..actions import Action, Done, perform
from ..answers import CodingState, load_state
from ..context_fields import fill_context
from ..marks import load_marks, marks_of
from ..reveal import SECONDS, reveal
from ..save import add_seconds, start_coding
from ..wire import candidates_json, message_units, spans_json, units_json
from .pages import get_own_assignment, language

logger = logging.getLogger(__name__)
Answer = Callable[..., JsonResponse]
DEEPEST = 6


def says_what_is_wrong(view: Answer) -> Answer:
    """The project's exceptions as answers with a sentence."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        try:
            return view(request, *args, **kwargs)
        except BadInput as problem:
            return JsonResponse({"problem": str(problem)}, status=422)
        except NotAllowed as problem:
            return JsonResponse({"problem": str(problem)}, status=403)
        except OperationalError:
            # Locked for longer than the database waits, or away: the page keeps its work and asks again.
            logger.exception("the database cannot be written to now")
            sentence = _(
                "The database is busy or cannot be reached. Your work is kept and saved as soon as it can be."
            )
            return JsonResponse({"problem": sentence}, status=503)

    return wrapped


@require_POST
@for_member
@says_what_is_wrong
def coding_save(request: StudyRequest, assignment: int) -> JsonResponse:
    """One action of the page; see `annotations.coding.actions`."""
    own = get_own_assignment(request, assignment)
    body = read_json(request)
    coding = _coding(own, request)
    action = Action(own, coding.pk, coding.assignment.coder_id, body)
    try:
        done = perform(action)
    except StaleWrite as stale:
        now = {"current": stale.current, "revision": stale.revision, **_now(own, coding, body)}
        return JsonResponse(now, status=409)
    except BadInput as problem:
        return JsonResponse({"problem": str(problem), **_now(own, coding, body)}, status=422)
    if done.extra and done.extra.get("finished"):
        look_after(own.round_id)
        if own.round.kind == Round.Kind.TRAINING:
            score(own.pk)
    return JsonResponse(_changed(own, done))


@require_POST
@for_member
@says_what_is_wrong
def coding_open(request: StudyRequest, assignment: int) -> JsonResponse:
    """The page is on a coder's screen: that is when coding starts. Says what is stored now."""
    own = get_own_assignment(request, assignment)
    if not own.round.is_open:
        raise NotAllowed(_("This round is closed; ask the supervisor to open it."))
    coding = _coding(own, request)
    state = load_state(coding)
    finished = coding.state == Coding.State.FINISHED
    return JsonResponse({"units": units_json(state, state.unit_keys()), "finished": finished})


@require_POST
@for_member
@says_what_is_wrong
def coding_seconds(request: StudyRequest, assignment: int) -> JsonResponse:
    """Time with the page in view and in use, since the total the page knew."""
    own = get_own_assignment(request, assignment)
    body = read_json(request)
    seconds, known = body.get("seconds"), body.get("known")
    if not isinstance(seconds, int) or not isinstance(known, int):
        raise BadInput(_("Time is given as a whole number of seconds."))
    coding = _coding(own, request)
    total = add_seconds(coding.pk, actor_id=own.coder_id, seconds=seconds, known=known)
    return JsonResponse({"seconds": total})


@require_POST
@for_member
@says_what_is_wrong
def coding_reveal(request: StudyRequest, assignment: int) -> JsonResponse:
    """One message of a masked study as it was posted, for a short while; logged."""
    own = get_own_assignment(request, assignment)
    message_id = read_json(request).get("message")
    if not isinstance(message_id, int):
        raise BadInput(_("Name the message to be shown."))
    message = reveal(message_id, assignment=own, actor_id=own.coder_id)
    state = load_state(_coding(own, request))
    drawn = marks_of(message.pk, state, load_marks(own, state, message.pk), language())
    return JsonResponse({"html": draw(message.text, drawn, []), "seconds": SECONDS})


@require_POST
@for_member
@says_what_is_wrong
def coding_context(request: StudyRequest, assignment: int) -> JsonResponse:
    """Fill in what is not known of a message's author."""
    own = get_own_assignment(request, assignment)
    body = read_json(request)
    values, message_id, revision = body.get("values"), body.get("message"), body.get("revision")
    if not isinstance(values, dict) or not isinstance(message_id, int) or not isinstance(revision, int):
        raise BadInput(_("Fill in the fields of one message."))
    if not Message.objects.filter(pk=message_id, conversation_id=own.conversation_id).exists():
        raise NotAllowed(_("This conversation was given to somebody else."))
    try:
        message = fill_context(message_id, actor_id=own.coder_id, values=values, revision=revision)
    except StaleWrite as stale:
        return JsonResponse({"current": stale.current, "revision": stale.revision}, status=409)
    return JsonResponse({"revision": message.revision})


def read_json(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or is_deep(body):
        raise BadInput(_("The page sent something that the server does not understand; reload the page."))
    return body


def is_deep(body: Any) -> bool:
    """Whether lists and objects stand inside each other deeper than any answer of the page."""
    level = [body]
    for _depth in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return bool(level)


def draw(text: str, marks: list[Any], masked: list[tuple[int, int]]) -> str:
    return render_to_string("annotations/coding/text.html", {"text": text, "marks": marks, "masked": masked})


def _coding(own: Assignment, request: StudyRequest) -> Coding:
    coding = getattr(own, "coding", None) or start_coding(own.pk, actor_id=own.coder_id)
    coding.assignment = own
    return coding


def _changed(own: Assignment, done: Done) -> dict[str, Any]:
    """The units an action touched, and the message whose marks changed."""
    state = done.state
    reply: dict[str, Any] = dict(done.extra or {})
    if done.message_id is not None:
        reply |= _message(own, state, done.message_id)
    else:
        reply["units"] = units_json(state, [done.key] if done.key else state.unit_keys())
    return reply


def _now(own: Assignment, coding: Coding, body: dict[str, Any]) -> dict[str, Any]:
    """The state as it is stored, after a write was refused."""
    state = load_state(coding)
    reply: dict[str, Any] = {"units": units_json(state, state.unit_keys())}
    message_id = body.get("message")
    if isinstance(message_id, int) and message_id in state.roles:
        reply |= _message(own, state, message_id) | {"units": reply["units"]}
    return reply


def _message(own: Assignment, state: CodingState, message_id: int) -> dict[str, Any]:
    marks = load_marks(own, state, message_id)
    message = Message.objects.only("text").get(pk=message_id)
    drawn = marks_of(message_id, state, marks, language())
    return {
        "message": message_id,
        "html": draw(message.text, drawn, marks.masked.get(message_id, [])),
        "spans": spans_json(state, message_id),
        "candidates": candidates_json(state, marks, language(), message_id),
        "units": units_json(state, message_units(state, message_id)),
    }
