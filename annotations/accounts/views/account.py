"""A person's own account: where one is signed in, and showing again who one is."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...models import OutsideIdentity
from ..access import SignedInRequest, before_second_factor
from ..forms import CodeForm, PasswordForm
from ..log import person_ended_sessions
from ..open_sessions import end_sessions, sessions_of
from ..second_factor import codes_left, has_second_factor, verify
from ..session import confirmed_now
from .sign_in import landing_page, throttled
from .throttle import count_failure, forget_failures, may_try


@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    """Whoever is signed in: password, second factor, sessions."""
    user_id = _id(request)
    has_factor = has_second_factor(user_id)
    context = {
        "has_factor": has_factor,
        "codes_left": codes_left(user_id) if has_factor else 0,
        "sessions": sessions_of(user_id),
        "this_session": request.session.session_key,
        "has_password": request.user.has_usable_password(),
        "single_sign_on": settings.SINGLE_SIGN_ON,
        "identity": OutsideIdentity.objects.filter(user_id=user_id).first(),
    }
    return render(request, "annotations/accounts/account.html", context)


@require_POST
def session_end(request: SignedInRequest, session: int) -> HttpResponse:
    """Whoever is signed in: end one of the own sessions, this one too."""
    ended = end_sessions(_id(request), only=session)
    return _ended(request, ended)


@require_POST
def sessions_end(request: SignedInRequest) -> HttpResponse:
    """Whoever is signed in: end all own sessions but this one."""
    ended = end_sessions(_id(request), but=request.session.session_key)
    return _ended(request, ended)


def _ended(request: SignedInRequest, ended: int) -> HttpResponse:
    if ended:
        person_ended_sessions(_id(request), ended)
        messages.success(
            request,
            ngettext("Signed out of %(n)s browser.", "Signed out of %(n)s browsers.", ended) % {"n": ended},
        )
    return redirect("account")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@before_second_factor
def confirm(request: SignedInRequest) -> HttpResponse:
    """Whoever is signed in: the second factor or the password again, before something grave."""
    user_id, name = _id(request), request.user.get_username()
    by_code = has_second_factor(user_id)
    form = (CodeForm if by_code else PasswordForm)(request.POST or None)
    counted = code_name(name) if by_code else name
    if request.method == "POST" and not may_try(request, counted):
        return throttled(request, None, {"username": name})
    if request.method == "POST" and form.is_valid():
        if by_code:
            right = verify(user_id, form.cleaned_data["code"]) is not None
        else:
            right = request.user.check_password(form.cleaned_data["password"])
        if right:
            forget_failures(request, counted)
            confirmed_now(request)
            return to_next(request, landing_page(user_id))
        count_failure(request, counted)
        form.add_error(None, form.wrong)
    context = {
        "form": form,
        "next": next_of(request),
        "single_sign_on": settings.SINGLE_SIGN_ON,
        "has_password": by_code or request.user.has_usable_password(),
    }
    return render(request, "annotations/accounts/confirm.html", context, status=422 if form.errors else 200)


def code_name(username: str) -> str:
    """Under what name wrong codes are counted: apart from wrong passwords, whose count a right one ends."""
    return f"{username} · second factor"


def next_of(request: HttpRequest) -> str:
    """Where the person was going, when that is an address of this site; else ""."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else ""


def to_next(request: HttpRequest, otherwise: str) -> HttpResponse:
    return HttpResponseRedirect(next_of(request) or otherwise)


def _id(request: SignedInRequest) -> int:
    assert request.user.pk is not None
    return request.user.pk
