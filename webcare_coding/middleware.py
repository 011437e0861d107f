"""Small things that hold for every page."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "usb",
    )
)

SESSION_TOUCHED = "touched"
TOUCH_EVERY_SECONDS = 15 * 60


class PrivatePagesMiddleware:
    """Keeps pages of signed-in people out of every cache and asks the browser for no powers.

    Conversations are personal data: they must not stay behind in the cache of a shared computer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response


class SlidingSessionMiddleware:
    """Lets a session last a working day after the last use, without a database write per request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(SESSION_TOUCHED, 0) >= TOUCH_EVERY_SECONDS:
                request.session[SESSION_TOUCHED] = now
        return self.get_response(request)


def client_address(request: HttpRequest) -> str:
    """The address that sign-in attempts are counted by.

    Behind our own proxy that is the last entry of X-Forwarded-For, the only one the proxy vouches for.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")
