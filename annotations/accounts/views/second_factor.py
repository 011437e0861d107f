"""Setting a second factor, giving it at signing in, its recovery codes, and taking it away."""

from __future__ import annotations

from collections.abc import Sequence

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...errors import BadInput
from .. import second_factor as factor
from ..access import SignedInRequest, before_second_factor
from ..forms import CodeForm
from ..open_sessions import end_sessions
from ..session import confirmed_lately, factor_given, has_given_factor
from .account import code_name, next_of, to_next
from .sign_in import landing_page, throttled
from .throttle import count_failure, forget_failures, may_try


@require_safe
@before_second_factor
def second_factor(request: SignedInRequest) -> HttpResponse:
    """Whoever is signed in: set one, or see that one is set."""
    if factor.has_second_factor(_id(request)) and not has_given_factor(request):
        return _back(request, "second_factor_code")
    return _page(request)


@require_POST
@before_second_factor
@confirmed_lately
def second_factor_begin(request: SignedInRequest) -> HttpResponse:
    """Whoever is signed in: a new secret to scan."""
    try:
        factor.begin(_id(request))
    except BadInput as refused:
        messages.error(request, str(refused))
    return _back(request, "second_factor")


@sensitive_post_parameters()
@require_POST
@before_second_factor
def second_factor_confirm(request: SignedInRequest) -> HttpResponse:
    """Whoever is signed in: the first code of the app. Shows the recovery codes, once."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        codes = factor.confirm(_id(request), form.cleaned_data["code"])
    except BadInput as refused:
        messages.error(request, str(refused))
        return redirect("second_factor")
    if codes is None:
        form.add_error(None, form.wrong)
        return _page(request, form)
    factor_given(request)
    end_sessions(_id(request), but=request.session.session_key)
    return _codes(request, codes)


@require_POST
@confirmed_lately
def recovery_codes(request: SignedInRequest) -> HttpResponse:
    """Whoever gave a second factor: ten new codes."""
    if not has_given_factor(request):
        return redirect("second_factor_code")
    return _codes(request, factor.new_recovery_codes(_id(request)))


@require_POST
@confirmed_lately
def second_factor_remove(request: SignedInRequest) -> HttpResponse:
    """Whoever gave a second factor: take it away."""
    if not has_given_factor(request):
        return redirect("second_factor_code")
    try:
        factor.remove(_id(request), actor_id=_id(request))
    except BadInput as refused:
        messages.error(request, str(refused))
    else:
        end_sessions(_id(request), but=request.session.session_key)
        messages.success(request, _("The second factor is taken away; your password alone is enough again."))
    return redirect("account")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@before_second_factor
def second_factor_code(request: SignedInRequest) -> HttpResponse:
    """Whoever gave the password and has a second factor: its code."""
    user_id, name = _id(request), request.user.get_username()
    if not factor.has_second_factor(user_id) or has_given_factor(request):
        return to_next(request, landing_page(user_id))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and not may_try(request, code_name(name)):
        return throttled(request, None, {"username": name})
    if request.method == "POST" and form.is_valid():
        by = factor.verify(user_id, form.cleaned_data["code"])
        if by is not None:
            forget_failures(request, code_name(name))
            factor_given(request)
            if by == factor.RECOVERY:
                left = factor.codes_left(user_id)
                messages.warning(
                    request,
                    _("You used a recovery code; %(n)s are left. Make new ones in your account.")
                    % {"n": left},
                )
            return to_next(request, landing_page(user_id))
        count_failure(request, code_name(name))
        form.add_error(None, form.wrong)
    context = {"form": form, "next": next_of(request)}
    return render(request, "annotations/accounts/code.html", context, status=422 if form.errors else 200)


def _page(request: SignedInRequest, form: CodeForm | None = None) -> HttpResponse:
    user_id = _id(request)
    has_factor = factor.has_second_factor(user_id)
    device = None if has_factor else factor.device_to_confirm(user_id)
    context = {
        "has_factor": has_factor,
        "codes_left": factor.codes_left(user_id) if has_factor else 0,
        "form": form or CodeForm(),
        "next": next_of(request),
        "secret": factor.secret_of(device) if device else "",
        # Drawn by segno from an address made here: numbers and an escaped label, nothing of a message.
        "picture": mark_safe(_drawn(device.config_url)) if device else "",  # noqa: S308
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "annotations/accounts/second_factor.html", context, status=status)


def _back(request: SignedInRequest, name: str) -> HttpResponse:
    """To a page of this file, which still knows where the person was going."""
    onward = next_of(request)
    return redirect(reverse(name) + (f"?{urlencode({'next': onward})}" if onward else ""))


def _drawn(address: str) -> str:
    """A QR code as SVG, without a style of its own: the page's policy forbids those."""
    return segno.make(address, error="m").svg_inline(scale=5, border=3, light="#fff", omitsize=False)


def _codes(request: SignedInRequest, codes: Sequence[str]) -> HttpResponse:
    context = {"codes": codes, "next": next_of(request) or landing_page(_id(request))}
    return render(request, "annotations/accounts/recovery_codes.html", context)


def _id(request: SignedInRequest) -> int:
    assert request.user.pk is not None
    return request.user.pk
