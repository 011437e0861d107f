"""How much an address takes, looked at before anything of it is read.

A form field of a stranger is a few bytes, an answer of a coder a few kilobytes, a codebook at most two
megabytes. Files go to the disk while they come in, so only addresses marked with `takes_files` take them, and
only from people who may use them: everybody else is refused before the first byte.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from annotations.models import Membership
from webcare_coding.middleware import asked_by_script

STRANGER = 16 * 1024  # bytes: a name, a password, a token


class BodyLimitMiddleware:
    """Before the one that looks for the token of the form: that one reads the whole body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        most = getattr(view, "takes_files", 0)
        is_administrators = getattr(view, "for_administrator", False)
        if most and may_send_files(request, kwargs.get("slug"), is_administrators=is_administrators):
            limit = most
        else:
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if request.user.is_authenticated else STRANGER
            request.upload_handlers = [NoFiles(request)]
        if _length(request) <= limit:
            return None
        sentence = _("That is more than this address takes: at most %(most)s.") % {
            "most": filesizeformat(limit)
        }
        answer: HttpResponse
        if asked_by_script(request) or request.headers.get("HX-Request"):
            answer = JsonResponse({"error": "too_large", "problem": sentence}, status=413)
        else:
            answer = render(request, "413.html", {"sentence": sentence}, status=413)
        return answer


def may_send_files(request: HttpRequest, slug: str | None, *, is_administrators: bool = False) -> bool:
    """A supervisor of the study in the address; without one whoever is signed in, to make a new study, but
    where the address is for administrators."""
    if not request.user.is_authenticated:
        return False
    if is_administrators:
        return bool(request.user.is_superuser)
    supervised = Membership.objects.filter(
        user_id=request.user.pk, role=Membership.Role.SUPERVISOR, is_active=True
    )
    return slug is None or supervised.filter(study__slug=slug).exists()


class NoFiles(FileUploadHandler):
    """Files that nobody asked for go nowhere."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
