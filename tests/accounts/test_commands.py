"""add_member and sign_in_link."""

import io
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import resolve

from annotations.accounts.links import person_of
from annotations.models import Membership, SignInLink, Study
from tests.factories import make_member, make_study

pytestmark = pytest.mark.django_db
PASSWORD = "een-heel-eigen-wachtwoord"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """(exit status, standard output, standard error) of a management command."""

    def command(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            call_command(*arguments, stdout=out, stderr=err)
        except SystemExit as stopped:
            return int(stopped.code or 0), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    return command


@pytest.fixture
def study() -> Study:
    return make_study("zilver")


def test_add_member_makes_the_account_and_prints_a_link_that_works(study: Study, run: Run) -> None:
    status, out, _ = run(
        "add_member", "zilver", "anna", "--role", "coder", "--address", "https://webcare.example/"
    )
    assert status == 0
    link = out.splitlines()[-1]
    assert link.startswith("https://webcare.example/link/")
    token = resolve(link.removeprefix("https://webcare.example")).kwargs["token"]
    assert person_of(token).username == "anna"
    assert study.memberships.get().role == "coder"


def test_add_member_takes_a_password_from_standard_input(study: Study, run: Run) -> None:
    status, out, _ = run(
        "add_member", "zilver", "anna", "--role", "supervisor", "--password-stdin", stdin=PASSWORD + "\r\n"
    )
    assert status == 0
    assert "/link/" not in out
    assert PASSWORD not in out
    assert Client().login(username="anna", password=PASSWORD)
    assert SignInLink.objects.count() == 0


def test_add_member_json_is_one_object_and_nothing_else(study: Study, run: Run) -> None:
    _, out, err = run("add_member", "zilver", "anna", "--role", "coder", "--json")
    answer = json.loads(out)
    assert (answer["study"], answer["username"], answer["role"]) == ("zilver", "anna", "coder")
    assert "/link/" in answer["link"]
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "stdin", "expected"),
    [
        (["nowhere", "anna"], "", "There is no study nowhere. Studies: zilver."),
        (["zilver", "an na"], "", "an na cannot be a user name"),
        (["zilver", "anna", "--password-stdin"], "kort", "This password is too short"),
        (["zilver", "anna", "--password-stdin"], "", "This password is too short"),
    ],
)
def test_bad_input_is_one_line_and_stores_nothing(
    study: Study, run: Run, arguments: list[str], stdin: str, expected: str
) -> None:
    status, out, err = run("add_member", *arguments, "--role", "coder", stdin=stdin)
    assert status == 1
    assert out == ""
    assert err.startswith(expected)
    assert User.objects.count() == Membership.objects.count() == 0


def test_add_member_again_changes_nothing_and_never_replaces_a_password(study: Study, run: Run) -> None:
    command = ["add_member", "zilver", "anna", "--role", "coder", "--password-stdin"]
    assert run(*command, stdin=PASSWORD)[0] == 0
    assert run(*command, stdin=PASSWORD)[0] == 0
    status, _, err = run(*command, stdin="een-ander-wachtwoord-1")
    assert status == 1
    assert "anna has a password already" in err
    assert Client().login(username="anna", password=PASSWORD)
    assert study.memberships.count() == 1
    status, out, _ = run("add_member", "zilver", "anna", "--role", "coder")
    assert (status, "/link/" in out) == (0, False)


def test_sign_in_link_is_an_administrators_way_for_everybody(study: Study, run: Run) -> None:
    make_member(study, "anna", "supervisor")
    make_member(make_study("other"), "anna", "supervisor")
    status, out, _ = run("sign_in_link", "anna", "--json")
    assert status == 0
    token = json.loads(out)["link"].rstrip("/").rsplit("/", 1)[1]
    assert person_of(token).username == "anna"


@pytest.mark.parametrize("closed", [True, False])
def test_sign_in_link_says_when_there_is_nobody_to_make_it_for(run: Run, closed: bool) -> None:
    if closed:
        User.objects.create_user("anna", is_active=False)
    status, out, err = run("sign_in_link", "anna")
    assert (status, out, err.count("\n")) == (1, "", 1)


def test_tokens_stay_out_of_the_log() -> None:
    import logging

    from webcare_coding.logs import QuietFormatter

    def line(*args: Any) -> str:
        return QuietFormatter().format(logging.LogRecord("x", 30, __file__, 1, *args, None))

    assert line("Forbidden: %s", ("/link/Ab3-_x9/",)) == "Forbidden: /link/…/"
