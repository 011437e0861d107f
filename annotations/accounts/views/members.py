"""The people of a study: who they are, adding them, their role, and a way in for who has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...errors import BadInput, NotAllowed, StaleWrite
from ...models import Membership
from ..access import StudyRequest, for_supervisor
from ..directory import Person, people_of
from ..forms import ChangeMemberForm, NewMemberForm
from ..links import make_link, may_make_link
from ..members import Seen, add_member, change_role, is_known_to, set_active


@require_safe
@for_supervisor
def members(request: StudyRequest) -> HttpResponse:
    people = people_of(request.study.pk)
    return render(request, "annotations/accounts/members.html", {"nav": "members", "people": people})


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def member_new(request: StudyRequest) -> HttpResponse:
    form = NewMemberForm(request.POST or None)
    stranger = False
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        stranger = not is_known_to(request.user.pk, values["username"])
        if not stranger or values["confirmed"]:
            try:
                return _added(request, _add(request, values))
            except BadInput as refused:
                form.add_error("username", refused.problems)
    context = {"nav": "members", "form": form, "stranger": stranger}
    status = 422 if request.method == "POST" else 200
    return render(request, "annotations/accounts/member_new.html", context, status=status)


@require_safe
@for_supervisor
def member(request: StudyRequest, pk: int) -> HttpResponse:
    return _member_page(request, pk)


@require_POST
@for_supervisor
def member_role(request: StudyRequest, pk: int) -> HttpResponse:
    def change(form: dict[str, Any], seen: Seen) -> Membership:
        return change_role(pk, form["role"], study_id=request.study.pk, seen=seen, actor_id=request.user.pk)

    return _changed(request, pk, change)


@require_POST
@for_supervisor
def member_active(request: StudyRequest, pk: int) -> HttpResponse:
    def change(form: dict[str, Any], seen: Seen) -> Membership:
        active = bool(form["active"])
        return set_active(pk, active, study_id=request.study.pk, seen=seen, actor_id=request.user.pk)

    return _changed(request, pk, change)


@require_POST
@for_supervisor
def member_link(request: StudyRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    try:
        return _show_link(request, person.membership)
    except NotAllowed as refused:
        messages.error(request, str(refused))
        return redirect("member", request.study.slug, pk)


def _add(request: StudyRequest, values: dict[str, Any]) -> Membership:
    return add_member(
        request.study,
        values["username"],
        values["role"],
        actor_id=request.user.pk,
        full_name=values["full_name"],
    )


def _added(request: StudyRequest, membership: Membership) -> HttpResponse:
    """A newcomer's link at once; who has a password needs none."""
    person = membership.user
    if not person.has_usable_password() and may_make_link(request.user.pk, person):
        return _show_link(request, membership, is_new=True)
    messages.success(request, _("%(name)s takes part in this study now.") % {"name": person.get_username()})
    return redirect("members", request.study.slug)


def _show_link(request: StudyRequest, membership: Membership, *, is_new: bool = False) -> HttpResponse:
    """The only time that the link can be read: it is in this answer and nowhere else."""
    made = make_link(membership.user_id, actor_id=request.user.pk, study_id=request.study.pk)
    context = {
        "nav": "members",
        "membership": membership,
        "is_new": is_new,
        "link": request.build_absolute_uri(reverse("sign_in_link", args=[made.token])),
        "expires_at": made.expires_at,
    }
    return render(request, "annotations/accounts/link_made.html", context)


def _changed(
    request: StudyRequest, pk: int, change: Callable[[dict[str, Any], Seen], Membership]
) -> HttpResponse:
    form = ChangeMemberForm(request.POST)
    if not form.is_valid():
        return _member_page(request, pk, problem=_("Something in this form was missing."), status=422)
    values = form.cleaned_data
    try:
        membership = change(values, Seen(values["seen_role"], values["seen_active"]))
    except Membership.DoesNotExist:
        raise Http404 from None
    except StaleWrite:
        problem = _("Somebody else changed this member in the meantime; below is how it is now.")
        return _member_page(request, pk, problem=problem, status=409)
    except BadInput as refused:
        return _member_page(request, pk, problem=str(refused), status=422)
    messages.success(request, _("Saved."))
    if membership.user_id == request.user.pk and (
        not membership.is_active or membership.role != Membership.Role.SUPERVISOR
    ):
        return redirect("/")
    return redirect("member", request.study.slug, pk)


def _member_page(request: StudyRequest, pk: int, *, problem: str = "", status: int = 200) -> HttpResponse:
    person = _person(request, pk)
    context = {
        "nav": "members",
        "person": person,
        "problem": problem,
        "roles": Membership.Role.choices,
        "is_self": person.user.pk == request.user.pk,
        "may_make_link": may_make_link(request.user.pk, person.user),
    }
    return render(request, "annotations/accounts/member.html", context, status=status)


def _person(request: StudyRequest, pk: int) -> Person:
    found = people_of(request.study.pk, membership_id=pk)
    if not found:
        raise Http404
    return found[0]
