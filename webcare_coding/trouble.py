"""A database that is busy or restarts, a full disk: one sentence that says which, with status 503.

Whoever reads a page is served once more on a fresh connection before hearing of it; a write is never
repeated, for it may have been stored.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error

from annotations.common.trouble import is_away, sentence_for
from webcare_coding.middleware import asked_by_script

RETRY_AFTER = "10"  # seconds

log = logging.getLogger(__name__)


class TroubleMiddleware:
    """The innermost: it hears first what a view raised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        match = request.resolver_match
        if is_away(exception) and request.method in {"GET", "HEAD"} and match is not None:
            connection.close_if_unusable_or_obsolete()
            try:
                again: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
            except Exception as once_more:
                exception = once_more
            else:
                return again
        return explained(request, exception)


def explained(request: HttpRequest, exception: BaseException) -> HttpResponse | None:
    """The answer to what the machine or the database cannot do just now; None for every other exception."""
    sentence = sentence_for(exception)
    if sentence is None:
        return None
    log.error("503 %s %s: %s", request.method, request.path, type(exception.__cause__ or exception).__name__)
    answer: HttpResponse
    if asked_by_script(request) or request.headers.get("HX-Request"):
        answer = JsonResponse({"error": "unavailable", "problem": sentence}, status=503)
    else:
        answer = render(request, "503.html", {"sentence": sentence}, status=503)
    answer.headers["Retry-After"] = RETRY_AFTER
    answer.headers["Cache-Control"] = "no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def on_error(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """handler500: what went wrong before the view was reached, such as in reading the session."""
    exception = sys.exc_info()[1]
    answer = explained(request, exception) if exception else None
    return answer or server_error(request)
