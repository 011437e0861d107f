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
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from webcare_coding.middleware import send_to

from ..models import AcceptedStatement, Membership, Study
from .session import has_given_factor, with_next

View = Callable[..., HttpResponseBase]
READS = ("GET", "HEAD")
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


def for_administrator(view: View) -> View:
    """Administrators of the installation: those of `createsuperuser`."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    wrapped.for_administrator = True  # type: ignore[attr-defined]
    return wrapped


def takes_files(most: int) -> Callable[[View], View]:
    """Files of at most so many bytes together may be sent to this address (`webcare_coding.limits`)."""

    def mark(view: View) -> View:
        view.takes_files = most  # type: ignore[attr-defined]
        return view

    return mark


def before_statement(view: View) -> View:
    """Open to coders who have not accepted the statement of confidentiality as yet."""
    view.before_statement = True  # type: ignore[attr-defined]
    return view


def before_second_factor(view: View) -> View:
    """Open to who gave the password and not yet the second factor."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def when_closed(view: View) -> View:
    """Something that may still be done in a study that is closed."""
    view.when_closed = True  # type: ignore[attr-defined]
    return view


def _has(view: View, mark: str) -> bool:
    return bool(getattr(view, mark, False))


def _is_to_accept(membership: Membership) -> bool:
    """Whether a coder has the statement of the study still to accept, as it is now."""
    study = membership.study
    if not study.statement or membership.role != Membership.Role.CODER:
        return False
    accepted = AcceptedStatement.objects.filter(
        study=study, user_id=membership.user_id, version=study.statement_version
    )
    return not accepted.exists()


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
        study = membership.study
        if study.needs_second_factor and not has_given_factor(request):
            words = _("This study asks for a second factor at signing in; set one first.")
            return send_to(request, with_next("second_factor", request), words)
        if (
            study.state != Study.State.RUNNING
            and request.method not in READS
            and not _has(view, "when_closed")
        ):
            raise PermissionDenied(_("This study is closed: it can be read and exported, not changed."))
        if _is_to_accept(membership) and not _has(view, "before_statement"):
            if request.method in READS:
                return redirect("statement", slug)
            raise PermissionDenied(_("Accept the statement of this study first."))
        request.study = membership.study  # type: ignore[attr-defined]
        request.membership = membership  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    wrapped.roles = roles  # type: ignore[attr-defined]
    return wrapped
