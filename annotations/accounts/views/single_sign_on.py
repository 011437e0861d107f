"""Signing in by the institution (OpenID Connect, such as SURFconext): there and back. Authlib checks the
answer: its signature, who made it, for whom, when, and that it answers this browser's question."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from joserfc.errors import JoseError
from requests import RequestException

from webcare_coding.environment import SingleSignOn

from ...errors import NotAllowed
from ..log import person_signed_in
from ..session import factor_given
from ..single_sign_on import person_of
from .account import next_of
from .sign_in import landing_page

NEXT = "single_sign_on_next"
SECONDS = 10
log = logging.getLogger(__name__)


@require_safe
@never_cache
@login_not_required
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """Everybody, where it is set up: on to the institution. `?again=1` asks it to look anew who is there."""
    wanted = settings.SINGLE_SIGN_ON
    if wanted is None:
        return redirect("login")
    request.session[NEXT] = next_of(request)
    more = {"prompt": "login"} if request.GET.get("again") else {}
    try:
        answer: HttpResponse = _client(wanted).authorize_redirect(
            request, request.build_absolute_uri(reverse("single_sign_on_done")), **more
        )
    except (RequestException, AuthlibBaseError, ValueError, RuntimeError) as trouble:
        return _refused(request, wanted, trouble)
    return answer


@require_safe
@never_cache
@login_not_required
def single_sign_on_done(request: HttpRequest) -> HttpResponse:
    """Whoever the institution sends back."""
    wanted = settings.SINGLE_SIGN_ON
    if wanted is None:
        return redirect("login")
    try:
        token: dict[str, Any] = _client(wanted).authorize_access_token(request)
        claims = {**_more_claims(wanted, token), **token["userinfo"]}
    except (RequestException, AuthlibBaseError, JoseError, ValueError, KeyError, RuntimeError) as trouble:
        return _refused(request, wanted, trouble)
    try:
        person = person_of(wanted.issuer, claims, claim=wanted.claim)
    except NotAllowed as refused:
        context = {"name": wanted.name, "why": str(refused)}
        return render(request, "annotations/accounts/single_sign_on_refused.html", context, status=403)
    onward = request.session.get(NEXT, "")
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    if wanted.gives_second_factor:
        factor_given(request)
    person_signed_in(person.pk, by="institution")
    return redirect(onward or landing_page(person.pk))


def _more_claims(wanted: SingleSignOn, token: dict[str, Any]) -> dict[str, Any]:
    """What the institution tells only at its userinfo address. The same person, or nobody."""
    inside = token["userinfo"]
    if wanted.claim in inside:
        return {}
    told = dict(_client(wanted).userinfo(token=token))
    if told.get("sub") != inside["sub"]:
        raise ValueError("userinfo of somebody else")
    return told


@cache
def _client(wanted: SingleSignOn) -> Any:
    return OAuth().register(
        "institution",
        client_id=wanted.client_id,
        client_secret=wanted.client_secret,
        server_metadata_url=f"{wanted.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "timeout": SECONDS,
        },
    )


def _refused(request: HttpRequest, wanted: SingleSignOn, trouble: Exception) -> HttpResponse:
    log.warning("Single sign-on failed: %s", type(trouble).__name__)
    why = _("%(name)s gave no usable answer. Try again, or sign in with your password.") % {
        "name": wanted.name
    }
    context = {"name": wanted.name, "why": why}
    return render(request, "annotations/accounts/single_sign_on_refused.html", context, status=502)
