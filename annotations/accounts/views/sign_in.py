"""Signing in and out, and changing one's own password: Django's views, with our log and our words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator

from ..access import before_second_factor
from ..forms import PasswordChangeForm, SignInForm
from ..landing import study_to_code_in
from ..log import person_changed_password, person_signed_in, person_signed_out, person_was_throttled
from ..open_sessions import end_sessions
from ..session import remember_session
from .throttle import count_failure, forget_failures, is_address_worn_out, may_try, remember_browser


def landing_page(user_id: int) -> str:
    """Where somebody goes after signing in: a coder with work in one study to the next conversation."""
    slug = study_to_code_in(user_id)
    return reverse("coding", args=[slug]) if slug else reverse("home")


class SignIn(views.LoginView):
    """Everybody. Afterwards to `next` when that is an address of this site."""

    form_class = SignInForm
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(single_sign_on=settings.SINGLE_SIGN_ON, **kwargs)

    def get_default_redirect_url(self) -> str:
        return landing_page(self.request.user.pk or 0)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("username", "")
        if is_address_worn_out(request, name):
            return throttled(request, None, {"username": name})
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        person_signed_in(form.get_user().pk, by="password")
        remember_browser(self.request, response, form.get_user().get_username())
        return response


@method_decorator(before_second_factor, name="dispatch")
class SignOut(views.LogoutView):
    """Everybody; POST only, so that no picture or link of another site can do it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            person_signed_out(request.user.pk)
        return super().post(request, *args, **kwargs)


class PasswordChange(views.PasswordChangeView):
    """Whoever is signed in, for the own account."""

    form_class = PasswordChangeForm
    http_method_names = ["get", "head", "post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.user.get_username()
        if not may_try(request, name):
            return throttled(request, None, {"username": name})
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        forget_failures(self.request, form.user.get_username())
        person_changed_password(form.user.pk)
        # Django gave this session a new key and ended the others.
        end_sessions(form.user.pk, but=self.request.session.session_key)
        remember_session(self.request, form.user.pk)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.has_error("old_password", "password_incorrect"):
            count_failure(self.request, form.user.get_username())
        return super().form_invalid(form)


class PasswordChanged(views.PasswordChangeDoneView):
    """Whoever is signed in."""


def throttled(request: HttpRequest, response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """What django-axes shows instead of the form after too many wrong passwords."""
    wait = settings.AXES_COOLOFF_TIME
    person_was_throttled((credentials or {}).get("username") or "", within=wait)
    context = {"minutes": int(wait.total_seconds() // 60)}
    page = render(request, "annotations/accounts/throttled.html", context, status=429)
    page.headers["Retry-After"] = str(int(wait.total_seconds()))
    return page
