"""Who may see a page: decorators that turn the study's slug in the URL into a study and a membership.

The first line below a view's decorators thus says who may do this. A stranger gets 404, so that the names of
studies do not leak; a member without the role gets 403.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from ..models import Membership, Study

View = Callable[..., HttpResponseBase]
CODEBOOK_FILE = 3 * 1024 * 1024  # bytes; the codebook itself may have two megabytes


class SignedInRequest(HttpRequest):
    """A request behind the door: everybody but strangers to the site."""

    user: User
    htmx: HtmxDetails


class StudyRequest(SignedInRequest):
    """A request after one of these decorators."""

    study: Study
    membership: Membership


def for_member(view: View) -> View:
    """Supervisors and coders of the study. What is a coder's own is checked again by the feature."""
    return _for_roles(view, set(Membership.Role.values))


def for_supervisor(view: View) -> View:
    """Supervisors of the study."""
    return _for_roles(view, {Membership.Role.SUPERVISOR})


def takes_files(most: int) -> Callable[[View], View]:
    """Files of at most so many bytes together may be sent to this address (`webcare_coding.limits`)."""

    def mark(view: View) -> View:
        view.takes_files = most  # type: ignore[attr-defined]
        return view

    return mark


def _for_roles(view: View, roles: set[str]) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        membership = (
            Membership.objects.select_related("study__codebook_version__codebook")
            .filter(study__slug=slug, user_id=request.user.pk or 0, is_active=True)
            .first()
        )
        if membership is None:
            raise Http404
        if membership.role not in roles:
            raise PermissionDenied
        request.study = membership.study  # type: ignore[attr-defined]
        request.membership = membership  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    wrapped.roles = roles  # type: ignore[attr-defined]
    return wrapped
