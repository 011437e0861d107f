"""Small things that hold for every page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

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


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends a signed-out person to the sign-in page and back to the page they were on.

    A script that asks for data or for a part of a page gets 401 instead: a whole sign-in page inside a
    fragment helps nobody, and the coding page must know that an answer was not saved.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        page = redirect_to_login(page_of(request), self.get_login_url(view_func))
        words = _("You are signed out. Sign in again; what was not saved stays on this page.")
        return send_to(request, page.url, words)


def send_to(request: HttpRequest, url: str, words: str) -> HttpResponseBase:
    """To a page on which the person first shows who it is; for a script 401 and the address of that page."""
    answer: HttpResponseBase
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401, headers={"HX-Redirect": url})
    elif asked_by_script(request):
        answer = JsonResponse({"error": "signed_out", "message": words, "sign_in": url}, status=401)
    else:
        answer = HttpResponseRedirect(url)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def asked_by_script(request: HttpRequest) -> bool:
    """Whether fetch() or an element of a page asks, and not a person who goes to an address."""
    mode = request.headers.get("Sec-Fetch-Mode")
    accepts = request.headers.get("Accept", "")
    return (
        (mode is not None and mode != "navigate")
        or request.headers.get("X-Requested-With") == "XMLHttpRequest"
        or ("application/json" in accepts and "text/html" not in accepts)
    )


def page_of(request: HttpRequest) -> str:
    """The address of the page a person is on: not of the form or the fragment that was asked for."""
    if (
        request.method in {"GET", "HEAD"}
        and not asked_by_script(request)
        and "HX-Request" not in request.headers
    ):
        return request.get_full_path()
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        return settings.LOGIN_REDIRECT_URL
    parts = urlsplit(came_from)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def client_address(request: HttpRequest) -> str:
    """The address that sign-in attempts are counted by.

    Behind our own proxy that is the last entry of X-Forwarded-For, the only one the proxy vouches for.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")
