"""The page behind a one-time sign-in link: choose a password, and you are in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ...errors import BadInput
from ..forms import ChoosePasswordForm
from ..links import DeadLink, person_of, use_link
from ..log import person_signed_in
from .sign_in import landing_page


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_not_required
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Who holds the token. GET shows the form and leaves the link as it is."""
    try:
        person = person_of(token)
        form = ChoosePasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return _choose(request, token, person, form)
    except DeadLink:
        return render(request, "annotations/accounts/link_dead.html", status=410)
    return _page(request, person, form)


def _choose(request: HttpRequest, token: str, person: User, form: ChoosePasswordForm) -> HttpResponse:
    try:
        person = use_link(token, form.cleaned_data["password"])
    except DeadLink:
        raise
    except BadInput as refused:
        form.add_error("password", refused.problems)
        return _page(request, person, form)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    person_signed_in(person.pk, by="link")
    messages.success(request, _("Your password is set. From now on you sign in with it."))
    return redirect(landing_page(person.pk))


def _page(request: HttpRequest, person: User, form: ChoosePasswordForm) -> HttpResponse:
    return render(request, "annotations/accounts/link.html", {"person": person, "form": form})
