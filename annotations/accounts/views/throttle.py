"""How often passwords may be tried: it slows guessing, and nobody can use it to lock a person out.

Tries are counted by django-axes, per name and address, for a quarter of an hour:

- eight per name and address. Where a name is tried from many places, two: many addresses together get no
  further, and the person's own address always has its two;
- from one address over all names together sixty; a browser that signed in with the name before may go on,
  for a whole university may share an address.

A wrong current password on the page where one changes it counts as a try as well.
"""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core import signing
from django.db.models import Sum
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from webcare_coding.middleware import client_address

PER_NAME_AND_ADDRESS, WHEN_TRIED_FROM_ANYWHERE = 8, 2
PER_NAME = 40
PER_ADDRESS = 60
KNOWN_BROWSER, KNOWN_FOR = "known_browser", 180 * 24 * 60 * 60  # seconds
SALT = "annotations.accounts.throttle"


def failure_limit(request: HttpRequest | None, credentials: dict[str, Any] | None) -> int:
    """How many wrong tries a name has from one address; django-axes asks."""
    name = (credentials or {}).get("username") or ""
    from_anywhere = _failures(username=name) if name else 0
    return WHEN_TRIED_FROM_ANYWHERE if from_anywhere >= PER_NAME else PER_NAME_AND_ADDRESS


def is_address_worn_out(request: HttpRequest, name: str) -> bool:
    """Whether too many names were tried from this address, and the browser never signed in with this one."""
    if not settings.AXES_ENABLED or name in _known_names(request):
        return False
    return _failures(ip_address=client_address(request)) >= PER_ADDRESS


def may_try(request: HttpRequest, name: str) -> bool:
    return bool(AxesProxyHandler.is_allowed(request, {"username": name}))


def count_failure(request: HttpRequest, name: str) -> None:
    user_login_failed.send(sender=__name__, credentials={"username": name}, request=request)


def forget_failures(request: HttpRequest, name: str) -> None:
    AxesProxyHandler.reset_attempts(username=name, ip_address=client_address(request))


def remember_browser(request: HttpRequest, response: HttpResponseBase, name: str) -> None:
    """Mark the browser as one that signed in with this name: a signed cookie, no secret of the person."""
    names = [name, *(known for known in _known_names(request) if known != name)][:5]
    response.set_cookie(
        KNOWN_BROWSER,
        signing.dumps(names, salt=SALT),
        max_age=KNOWN_FOR,
        path=settings.LOGIN_URL,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known_names(request: HttpRequest) -> list[str]:
    try:
        names: list[str] = signing.loads(request.COOKIES.get(KNOWN_BROWSER, ""), salt=SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return []
    return names


def _failures(**which: str) -> int:
    recent = AccessAttempt.objects.filter(
        attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME, **which
    )
    return recent.aggregate(number=Sum("failures_since_start"))["number"] or 0
