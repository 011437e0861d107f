"""Every form and JSON address gets hostile values from each kind of visitor: no 500, no traceback, no hang.

Seeded and bounded; `run.py test --all` looks further. Where nothing that a page rests on changed, the same
values would get the same answers: `run.py test` then sends a quarter of them.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings

from tests.expectations import EXPECTED, Who
from tests.hostile import Form, Forms, bodies, names_of, spoiled_body, spoiled_form
from tests.imports import is_changed
from tests.pages import code_of
from tests.world import World, address_of, parameters, undone

SECONDS = 20
TAKEN_IN = {"supervisor": 8, "coder": 4, "administrator": 2, "signed out": 1, "stranger": 1}
"""Requests to an address by each kind of visitor; those it is not for are turned away at the door."""
OPENS = {
    "supervisor": {Who.SIGNED_IN, Who.CREATOR, Who.MEMBER, Who.SUPERVISOR},
    "coder": {Who.OWNER},
    "administrator": {Who.ADMINISTRATOR},
    "signed out": {Who.ANYBODY},
}
NOT_FOR_FORMS = {"logout", "set_language"}

pytestmark = pytest.mark.django_db


@cache
def some_of(number: int, name: str) -> int:
    return number if is_changed(Path(__file__), *code_of(name)) else max(1, number // 4)


@contextmanager
def no_hang() -> Iterator[None]:
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError(f"no answer within {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def visit(client: Client, cookies: SimpleCookie) -> Iterator[None]:
    """A request by this visitor; it leaves no trace. One client does: a new one loads the middleware anew."""
    client.cookies = SimpleCookie(cookies)
    with undone(), no_hang():
        yield


@pytest.fixture(scope="module")
def forms(world: World, cookies: dict[str, SimpleCookie], django_db_blocker: Any) -> dict[str, list[Form]]:
    """The forms that the pages of supervisor and coder hold, by where they go."""
    found: dict[str, list[Form]] = {}
    with django_db_blocker.unblock():
        for visitor, may_open in OPENS.items():
            for name in [name for name, line in EXPECTED.items() if line.page and line.who in may_open]:
                path = address_of(name, world.ours.objects)
                client = Client()
                client.cookies = SimpleCookie(cookies[visitor])
                with undone():
                    answer = client.get(path)
                page = Forms(path)
                page.feed(answer.content.decode())
                for form in page.found:
                    found.setdefault(form.path, []).append(form)
    return found


@pytest.mark.parametrize("visitor", TAKEN_IN)
@pytest.mark.parametrize("name", sorted(set(EXPECTED) - NOT_FOR_FORMS))
def test_hostile_values_are_answered_in_words(
    world: World,
    client: Client,
    cookies: dict[str, SimpleCookie],
    forms: dict[str, list[Form]],
    name: str,
    visitor: str,
) -> None:
    path = address_of(name, world.ours.objects)
    known, methods = forms.get(path, []), EXPECTED[name].methods
    names = names_of(name)
    usual = some_of(TAKEN_IN[visitor], name)
    number = usual * max(1, settings().max_examples // 100)
    quiet = settings(max_examples=number, suppress_health_check=list(HealthCheck))

    def hostile(send: Callable[..., Any], known: list[Form]) -> None:
        with visit(client, cookies[visitor]):
            answer = send(path, {"page": "9" * 30})
            check(answer)

        @quiet
        @given(spoiled_form(known, names))
        def spoiled(fields: dict[str, Any]) -> None:
            with visit(client, cookies[visitor]):
                check(send(path, fields))

        if values_were_read(answer):  # else every value gets this very answer
            spoiled()

    if "GET" in methods:
        hostile(client.get, [form for form in known if form.method == "GET"])
    if "POST" in methods:
        hostile(client.post, [form for form in known if form.method == "POST"])


def values_were_read(answer: Any) -> bool:
    """Whether anything looked at the query, the fields or the body of this request."""
    request = answer.wsgi_request
    return "GET" in vars(request) or request._read_started


def check(answer: Any) -> None:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code < 500
    assert b"Traceback (most recent call last)" not in body


@pytest.mark.parametrize("name", ["coding_save", "coding_seconds", "coding_reveal", "coding_context"])
def test_hostile_json_is_answered_in_words(
    world: World, client: Client, cookies: dict[str, SimpleCookie], name: str
) -> None:
    path, known = address_of(name, world.ours.objects), bodies(world.ours.objects)[name]
    number = some_of(settings().max_examples * (4 if name == "coding_save" else 1) // 2, name)

    @settings(max_examples=number, suppress_health_check=list(HealthCheck))
    @given(spoiled_body(known))
    def post(body: Any) -> None:
        with visit(client, cookies["coder"]):
            check(client.post(path, json.dumps(body), content_type="application/json"))

    post()


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"[" * 100_000, b'{"do": "\\ud800"}', b"9" * 10_000])
def test_a_body_that_is_no_json_is_answered_in_words(
    world: World, client: Client, cookies: dict[str, SimpleCookie], raw: bytes
) -> None:
    for name in ("coding_save", "coding_seconds", "coding_reveal", "coding_context"):
        with visit(client, cookies["coder"]):
            answer = client.post(address_of(name, world.ours.objects), raw, content_type="application/json")
        assert answer.status_code == 422


@pytest.mark.parametrize("name", [name for name in sorted(EXPECTED) if parameters(name)])
def test_hostile_parts_of_an_address_are_answered_in_words(
    world: World, client: Client, cookies: dict[str, SimpleCookie], name: str
) -> None:
    good = address_of(name, world.ours.objects)
    parts = good.split("/")
    for at, part in enumerate(parts):
        if not part:
            continue
        spoiled = ["0", "9" * 19, "9" * 30, "9" * 5000] if part.isdecimal() else ["-", "a" * 300, "%00", "²"]
        for value in spoiled[-some_of(len(spoiled), name) :]:
            path = "/".join([*parts[:at], value, *parts[at + 1 :]])
            for method in sorted(EXPECTED[name].methods - {"HEAD"}):
                with visit(client, cookies["supervisor"]):
                    check(client.generic(method, path))
