"""Walks every address of the app as every kind of visitor, with every method, on real objects.

The table is tests/expectations.py. What a coder is shown is compared before and after the other coder's work.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from tests.expectations import EXPECTED, Line, Who
from tests.world import MARKS, World, address_of, addresses, browser_of, code_more, parameters, undone

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
NO_PAGES_METHODS = frozenset({"PUT", "PATCH", "DELETE"})
NAMES = [name for name, _ in addresses()]
KNOWN = [name for name in NAMES if name in EXPECTED]
MAY = {
    Who.ADMINISTRATOR: {"administrator"},
    Who.CREATOR: {"administrator", "supervisor", "supervisor of another study"},
    Who.MEMBER: {"supervisor", "coder", "other coder"},
    Who.SUPERVISOR: {"supervisor"},
    Who.OWNER: {"coder"},
}
MEMBERS = {"supervisor", "coder", "other coder"}


pytestmark = pytest.mark.django_db


READS = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\b", re.IGNORECASE)
SESSION = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM) "django_session"', re.IGNORECASE)


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collects every statement that writes, or could; keeping the session alive is none of them."""
    found: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not READS.match(sql) and not SESSION.match(sql):
            found.append(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def asked_of_the_view(path: str, method: str, user: User) -> HttpResponseBase:
    """What the view with its decorators answers a signed-in person.

    The way there is the same for every method and is gone with GET and POST; it takes most of the time.
    """
    view, args, kwargs = resolve(path)
    request = RequestFactory().generic(method, path)
    request.user, request._dont_enforce_csrf_checks = user, True
    try:
        return view(request, *args, **kwargs)
    except Http404:
        return HttpResponse(status=404)
    except PermissionDenied:
        return HttpResponse(status=403)


def may(visitor: str, who: Who) -> bool:
    if who is Who.ANYBODY:
        return True
    if who is Who.SIGNED_IN:
        return visitor != "signed out"
    return visitor in MAY[who]


def to_sign_in(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")


def problem(visitor: str, method: str, line: Line, answer: HttpResponseBase) -> str:
    """What is wrong with this answer; empty when it is as it should be."""
    status = answer.status_code
    if not may(visitor, line.who):
        if visitor == "signed out":
            return "" if to_sign_in(answer) else "is not sent to the sign-in page"
        refused = {404}
        if visitor in MEMBERS or line.who in {Who.CREATOR, Who.ADMINISTRATOR}:
            refused = {403, 404} if line.who is Who.OWNER else {403}
        if method not in line.methods or method == "HEAD":
            refused.add(405)
        return "" if status in refused else f"gets {status}, not {sorted(refused)}"
    if method == "HEAD" and status == 405:
        return ""  # pages may do without
    if method not in line.methods:
        return "" if status == 405 else f"gets {status} for a method that is not used here"
    if status in {401, 403, 404, 405} or status >= 500 or to_sign_in(answer):
        return f"is refused with {status}"
    return ""


def test_every_address_has_a_line_in_the_table() -> None:
    missing = [name for name in NAMES if name not in EXPECTED]
    assert missing == [], "add these addresses to tests/expectations.py"


def test_the_table_holds_no_address_that_is_gone() -> None:
    assert sorted(set(EXPECTED) - set(NAMES)) == []


def test_no_two_addresses_have_the_same_name() -> None:
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []


@pytest.mark.parametrize("name", KNOWN)
def test_an_address_answers_those_it_is_for_and_nobody_else(
    world: World, cookies: dict[str, SimpleCookie], client: Client, name: str
) -> None:
    line, path = EXPECTED[name], address_of(name, world.ours.objects)
    wrong = []
    for visitor, user in world.visitors().items():
        for method in METHODS:
            client.cookies = SimpleCookie(cookies[visitor])
            with undone(), writes() as written:
                if user and method in NO_PAGES_METHODS - line.methods:
                    answer = asked_of_the_view(path, method, user)
                else:
                    answer = client.generic(method, path)
            fault = problem(visitor, method, line, answer)
            if written and not may(visitor, line.who):
                fault += f" and wrote: {written}"
            if fault:
                wrong.append(f"{method} {path}: {visitor} {fault}")
    assert wrong == []


def test_a_write_is_noticed(world: World) -> None:
    """Without this the tests above and below could pass for the wrong reason."""
    with undone(), writes() as written:
        world.stranger.save()
        User.objects.filter(pk=world.stranger.pk).update(first_name="Ander")
        User.objects.bulk_create([User(username="nieuw")])
        User.objects.filter(username="nieuw").delete()
    assert {sql.split()[0] for sql in written} == {"UPDATE", "INSERT", "DELETE"}


@pytest.mark.parametrize("name", [name for name in KNOWN if len(parameters(name)) > 1])
def test_nothing_of_another_study_is_reached_through_the_address_of_ones_own(world: World, name: str) -> None:
    objects = world.theirs.objects | {"slug": world.ours.study.slug}
    path = address_of(name, objects)
    if path == address_of(name, world.ours.objects):
        pytest.skip("both studies have a thing of this name")
    for user in (world.ours.supervisor, world.ours.coder):
        client = browser_of(user)
        for method in sorted(EXPECTED[name].methods - {"HEAD"}):
            with undone(), writes() as written:
                answer = client.generic(method, path)
            assert answer.status_code in {403, 404}, f"{method} {path} as {user}"
            assert written == [], f"{method} {path} as {user}"


@pytest.mark.parametrize("name", [name for name in KNOWN if EXPECTED[name].who is not Who.ANYBODY])
def test_a_script_of_a_signed_out_person_gets_401(world: World, name: str) -> None:
    path = address_of(name, world.ours.objects)
    for headers in ({"Accept": "application/json"}, {"HX-Request": "true"}):
        assert Client().post(path, headers=headers).status_code == 401


@pytest.mark.parametrize("name", [name for name in KNOWN if "POST" in EXPECTED[name].methods])
def test_every_form_needs_its_token(world: World, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ours.supervisor)
    with undone(), writes() as written:
        assert client.post(address_of(name, world.ours.objects)).status_code == 403
    assert written == []


def shown_in(client: Client, world: World) -> dict[str, str]:
    """Everything a coder can open, by address, without what differs at every request."""
    bodies = {}
    for name in KNOWN:
        line = EXPECTED[name]
        if "GET" not in line.methods or not may("coder", line.who) or line.who is Who.ANYBODY:
            continue
        if name == "account":  # lists the coder's own sessions, to which every walk adds one
            continue
        with undone():
            answer = client.get(address_of(name, world.ours.objects), follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        bodies[name] = _without_tokens(body.decode())
    return bodies


def _without_tokens(body: str) -> str:
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", body)


def test_a_coder_is_shown_nothing_of_the_other_coder(world: World) -> None:
    code_more(world.ours)
    found = [
        f"{name} shows {mark}"
        for name, body in shown_in(browser_of(world.ours.coder), world).items()
        for mark in MARKS
        if mark.lower() in body.lower()
    ]
    assert found == []


def test_nothing_a_coder_can_open_changes_by_the_other_coders_work(world: World) -> None:
    # One browser: the account shows since when each is signed in.
    client = browser_of(world.ours.coder)
    before = shown_in(client, world)
    code_more(world.ours)
    after = shown_in(client, world)
    assert len(before) > 3
    assert {name: body for name, body in after.items() if body != before[name]} == {}


def test_a_supervisor_is_shown_what_the_coder_is_not(world: World) -> None:
    """The marks can be found at all: without this the two tests above could pass for the wrong reason."""
    code_more(world.ours)
    client = browser_of(world.ours.supervisor)
    people = client.get(reverse("members", args=[world.ours.study.slug])).content.decode()
    assert all(mark in people for mark in MARKS[:4])
