"""The page on which a person sets keys."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ...accounts.access import SignedInRequest
from ..forms import OwnKeysForm
from ..own_keys import answer_keys, own_keys, save_own_keys, settles


@require_http_methods(["GET", "HEAD", "POST"])
def own_keys_page(request: SignedInRequest) -> HttpResponse:
    """Whoever is signed in, for the own keys."""
    user_id = request.user.pk
    at_desk, answers = settles(user_id), answer_keys(user_id)
    if request.method != "POST":
        form = OwnKeysForm(initial=own_keys(user_id), answers=answers, settles=at_desk)
        return render(request, "annotations/coding/own_keys.html", {"form": form})
    if "reset" in request.POST:
        save_own_keys(user_id, {})
        messages.success(request, _("All keys are those that come with the screen again."))
        return redirect("own_keys")
    form = OwnKeysForm(request.POST, answers=answers, settles=at_desk)
    if not form.is_valid():
        return render(request, "annotations/coding/own_keys.html", {"form": form}, status=422)
    save_own_keys(user_id, form.own())
    messages.success(
        request, _("Your keys are saved. A screen that is open takes them when it is loaded again.")
    )
    return redirect("own_keys")
