"""How long a session lasts, and what was shown in it of who is there: a password, a second factor, lately."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from webcare_coding.middleware import GetResponse, client_address, page_of, send_to

from . import open_sessions
from .second_factor import has_second_factor

View = Callable[..., HttpResponseBase]

SESSION_TOUCHED, SESSION_BEGAN, CONFIRMED = "touched", "began", "confirmed"
SECOND_FACTOR, DUE, GIVEN = "second_factor", "due", "given"
TOUCH_EVERY_SECONDS = 15 * 60
LATELY_SECONDS = 10 * 60


@receiver(user_logged_in)
def _begin_session(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if request is None:
        return
    for what in (SESSION_BEGAN, SESSION_TOUCHED, CONFIRMED):
        request.session[what] = int(time.time())
    if has_second_factor(user.pk):
        request.session[SECOND_FACTOR] = DUE
    remember_session(request, user.pk)


@receiver(user_logged_out)
def _end_session(request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None and request.session.session_key:
        open_sessions.forget(request.session.session_key)


def remember_session(request: HttpRequest, user_id: int) -> None:
    """Put the session among those that the person sees in the own account."""
    if not request.session.session_key:
        request.session.save()
    open_sessions.remember(
        user_id,
        request.session.session_key or "",
        user_agent=request.headers.get("User-Agent", ""),
        address=client_address(request),
    )


def factor_given(request: HttpRequest) -> None:
    """The person showed the second factor in this session, and so who it is; the session gets a new key."""
    open_sessions.forget(request.session.session_key or "")
    request.session.cycle_key()
    remember_session(request, request.user.pk or 0)
    request.session[SECOND_FACTOR] = GIVEN
    confirmed_now(request)


def has_given_factor(request: HttpRequest) -> bool:
    return bool(request.session.get(SECOND_FACTOR) == GIVEN)


def confirmed_now(request: HttpRequest) -> None:
    request.session[CONFIRMED] = int(time.time())


def is_confirmed_lately(request: HttpRequest) -> bool:
    """Whether the person showed who it is less than ten minutes ago."""
    return int(time.time()) - request.session.get(CONFIRMED, 0) < LATELY_SECONDS


class SlidingSessionMiddleware:
    """Lets a session last a working day after the last use, without a database write per request, and end
    for good a day after signing in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.setdefault(SESSION_BEGAN, now) >= settings.SESSION_LONGEST:
                logout(request)
            elif now - request.session.get(SESSION_TOUCHED, 0) >= TOUCH_EVERY_SECONDS:
                request.session[SESSION_TOUCHED] = now
                remember_session(request, request.user.pk)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Asks for the second factor of who has one; and lets nobody without one in where all must have one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        # Whatever needs no sign-in needs no second factor either.
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        state = request.session.get(SECOND_FACTOR)
        if state == GIVEN or getattr(view, "before_second_factor", False):
            return None
        if state == DUE:
            words = _("Give the code of your second factor; what was not saved stays on this page.")
            return send_to(request, with_next("second_factor_code", request), words)
        if settings.SECOND_FACTOR_REQUIRED:
            words = _("This installation asks for a second factor; set it first.")
            return send_to(request, with_next("second_factor", request), words)
        return None


def with_next(name: str, request: HttpRequest) -> str:
    """The address of a page that leads back to the one the person is on."""
    return f"{reverse(name)}?{urlencode({'next': page_of(request)})}"


def confirmed_lately(view: View) -> View:
    """For what is graver than a sign-in of this morning: the password or second factor again, if it was
    given longer ago than ten minutes. A form that was sent is not heeded; the person comes back to it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return ask_to_confirm(request) or view(request, *args, **kwargs)

    return wrapped


def ask_to_confirm(request: HttpRequest) -> HttpResponseBase | None:
    """None for who showed lately who it is; else the answer that leads to where that is done."""
    if is_confirmed_lately(request):
        return None
    if request.method not in ("GET", "HEAD"):
        messages.warning(request, _("Nothing was done yet: first show who you are, then do it again."))
    return send_to(request, with_next("confirm", request), _("First show who you are."))
