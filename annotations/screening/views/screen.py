"""A screener's screen: the page, and what it asks and writes as JSON.

Asking for the page stores nothing, as it may be fetched ahead: a message is handed out when the page's script
asks for it. Every answer brings the whole screen as it is now.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ...accounts.access import StudyRequest, for_member
from ...errors import BadInput, NotAllowed, StaleWrite
from ...models import Event, Screening, ScreeningTrack, ScreeningUnit
from ..decide import Given, decide, undo
from ..page import load_screen
from ..queue import hand_out, lease_of, let_go, open_tracks

Answer = Callable[..., JsonResponse]
SHOWN_SECONDS = 30
"""How long the personal data of a masked study stay readable."""


def says_what_is_wrong(view: Answer) -> Answer:
    """The project's exceptions as answers with a sentence, beside the screen as it is now."""

    @wraps(view)
    def wrapped(request: Any, *args: Any, **kwargs: Any) -> JsonResponse:
        try:
            return view(request, *args, **kwargs)
        except StaleWrite:
            sentence = _("You answered this message elsewhere, perhaps in another tab.")
            return JsonResponse({"problem": sentence}, status=409)
        except BadInput as problem:
            return JsonResponse({"problem": str(problem)}, status=422)
        except NotAllowed as problem:
            return JsonResponse({"problem": str(problem)}, status=403)
        except OperationalError:
            return JsonResponse({"problem": _("The database is busy. Try again in a moment.")}, status=503)

    return wrapped


@require_safe
@for_member
def screen(request: StudyRequest, track: int) -> HttpResponse:
    row = _own_track(request, track)
    tracks = open_tracks(request.study.pk, _user(request))
    others = [
        one for one in tracks if one.screening_id == row.screening_id and not one.ended_at and one != row
    ]
    context = {"nav": "screening", "track": row, "others": others}
    return render(request, "annotations/screening/screen.html", context)


@require_POST
@for_member
@says_what_is_wrong
def screen_next(request: StudyRequest, track: int) -> JsonResponse:
    """The message that this screener has, or gets now."""
    return _now(request, _own_track(request, track), hand_out(track, _user(request)))


@require_POST
@for_member
@says_what_is_wrong
def screen_decide(request: StudyRequest, track: int) -> JsonResponse:
    """Store an answer and bring the next message."""
    row, sent = _own_track(request, track), request.POST
    unit, revision = number_in(sent.get("unit")), number_in(sent.get("revision"))
    try:
        with transaction.atomic():  # stored at once, the answer and the next message
            decide(unit, given_in(sent), coder_id=_user(request), revision=revision, track_id=track)
            following = hand_out(track, _user(request))
    except ScreeningUnit.DoesNotExist:
        raise Http404 from None
    return _now(request, row, following)


@require_POST
@for_member
@says_what_is_wrong
def screen_undo(request: StudyRequest, track: int) -> JsonResponse:
    """Take the last answer back; its message is on screen again."""
    row = _own_track(request, track)
    return _now(request, row, undo(track, coder_id=_user(request)))


@require_POST
@for_member
@says_what_is_wrong
def screen_reveal(request: StudyRequest, track: int) -> JsonResponse:
    """In a masked study: the conversation as it was posted, for a short while, on the record."""
    row, user = _own_track(request, track), _user(request)
    with transaction.atomic():
        unit = hand_out(track, user)
        if unit is not None:
            Event.objects.record(
                "conversation.revealed",
                actor_id=user,
                study_id=request.study.pk,
                subject=unit.message.conversation,
                after={"screening": row.screening_id, "seconds": SHOWN_SECONDS},
            )
    return _now(request, row, unit, revealed=True)


@require_POST
@for_member
def screen_leave(request: StudyRequest, track: int) -> HttpResponse:
    """Give the message back, so that a colleague need not wait for it."""
    let_go(_own_track(request, track).pk, _user(request), request.POST.get("lease", ""))
    return HttpResponse(status=204)


def number_in(text: str | None) -> int:
    """A key or a revision as a form sends it. Raises BadInput."""
    if not (text and text.isascii() and text.isdigit() and len(text) < 19):
        raise BadInput(_("Choose an answer."))
    return int(text)


def given_in(sent: QueryDict) -> Given:
    """What a form says of a message; the writer checks it."""
    return Given(
        sent.get("answer", ""),
        sent.get("reason", ""),
        is_doubt=sent.get("doubt") == "1",
        note=sent.get("note", ""),
    )


def _own_track(request: StudyRequest, pk: int) -> ScreeningTrack:
    """A track of a screening under way, or ended, of this screener; everything else does not exist."""
    row = (
        ScreeningTrack.objects.select_related("screening", "organisation")
        .filter(
            pk=pk,
            screening__study=request.study,
            screening__screeners__user_id=_user(request),
            state=ScreeningTrack.State.DONE,
        )
        .exclude(screening__state=Screening.State.DRAFT)
        .first()
    )
    if row is None:
        raise Http404
    return row


def _now(
    request: HttpRequest, track: ScreeningTrack, unit: ScreeningUnit | None, *, revealed: bool = False
) -> JsonResponse:
    language = (get_language() or "nl")[:2]
    now = load_screen(track.pk, request.user.pk or 0, unit, language, revealed=revealed)
    context = {"screen": now, "revealed": revealed}
    return JsonResponse(
        {
            "html": render_to_string("annotations/screening/now.html", context, request=request),
            "unit": unit.pk if unit else None,
            "revision": now.revision,
            "lease": lease_of(track.pk, request.user.pk or 0),
            "seconds": SHOWN_SECONDS if revealed and now.is_masked else 0,
        }
    )


def _user(request: StudyRequest) -> int:
    assert request.user.pk is not None
    return request.user.pk
