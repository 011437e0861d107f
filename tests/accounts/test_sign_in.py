"""Signing in and out, the throttle, and what a signed-out person gets."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.urls import reverse

from annotations.models import Event
from tests.conftest import PASSWORD
from tests.factories import add_member, assign, make_conversation, make_study

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
ClientOf = Callable[[User], Client]


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"username": "anna", "password": password, **more})


def actions() -> list[str]:
    return list(Event.objects.order_by("id").values_list("action", flat=True))


def test_a_person_signs_in_and_the_log_says_so(client: Client, make_user: MakeUser) -> None:
    anna = make_user("anna")
    assert sign_in(client)["Location"] == "/"
    event = Event.objects.get()
    assert (event.action, event.actor, event.after) == ("person.signed_in", anna, {"by": "password"})


def test_after_signing_in_one_comes_where_one_wanted_to_be(client: Client, make_user: MakeUser) -> None:
    make_user("anna")
    assert sign_in(client, next="/s/zilver/?page=2")["Location"] == "/s/zilver/?page=2"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client: Client, make_user: MakeUser, elsewhere: str) -> None:
    make_user("anna")
    assert sign_in(client, next=elsewhere)["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    client: Client, make_user: MakeUser
) -> None:
    make_user("anna")
    wrong = sign_in(client, "Not-the-right-one-1")
    unknown = client.post("/sign-in/", {"username": "nobody", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert actions() == []


def test_signing_out_takes_a_post(client_of: ClientOf, make_user: MakeUser) -> None:
    client = client_of(make_user("anna"))
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/password/").status_code == 302
    assert actions() == ["person.signed_out"]


def test_changing_the_password_ends_the_sessions_elsewhere(client_of: ClientOf, make_user: MakeUser) -> None:
    anna = make_user("anna")
    here, elsewhere = client_of(anna), client_of(anna)
    new = "een-heel-nieuw-wachtwoord"
    answer = here.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer["Location"] == "/password/changed/"
    assert here.get("/password/").status_code == 200
    assert elsewhere.get("/password/").status_code == 302
    assert actions() == ["person.changed_password"]


@pytest.mark.parametrize("weak", ["kort", "123456789012345", "password1234", "annaanna"])
def test_a_weak_password_is_refused(client_of: ClientOf, make_user: MakeUser, weak: str) -> None:
    client = client_of(make_user("anna"))
    answer = client.post(
        "/password/", {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors


@override_settings(AXES_ENABLED=True)
def test_after_eight_wrong_passwords_even_the_right_one_waits(client: Client, make_user: MakeUser) -> None:
    anna = make_user("anna")
    statuses = [sign_in(client, f"Wrong-password-{n}").status_code for n in range(10)]
    assert statuses == [200] * 7 + [429] * 3
    answer = sign_in(client)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Wacht 15 minuten" in answer.content.decode()
    assert '<html lang="nl">' in answer.content.decode()
    event = Event.objects.get()
    assert (event.action, event.actor_id, event.subject_id) == ("person.throttled", None, anna.pk)


@override_settings(AXES_ENABLED=True)
def test_the_throttle_holds_for_one_name_and_one_address(client: Client, make_user: MakeUser) -> None:
    make_user("anna")
    make_user("bert")
    for n in range(9):
        sign_in(client, f"Wrong-password-{n}")
    assert client.post("/sign-in/", {"username": "bert", "password": PASSWORD}).status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere).status_code == 302


@override_settings(AXES_ENABLED=True)
def test_a_name_tried_from_many_addresses_gets_two_tries_from_each_and_its_own_person_still_gets_in(
    make_user: MakeUser,
) -> None:
    make_user("anna")
    for place in range(20):
        for n in range(2):
            sign_in(Client(REMOTE_ADDR=f"192.0.2.{place}"), f"Wrong-password-{n}")
    stranger = Client(REMOTE_ADDR="198.51.100.1")
    assert [sign_in(stranger, "Wrong-password").status_code for _ in range(4)] == [200, 429, 429, 429]
    at_home = Client(REMOTE_ADDR="203.0.113.9")
    assert sign_in(at_home).status_code == 302


@override_settings(AXES_ENABLED=True)
def test_an_address_that_tries_many_names_waits_and_a_browser_that_is_known_does_not(
    make_user: MakeUser,
) -> None:
    make_user("anna")
    known, new = Client(), Client()
    assert sign_in(known).status_code == 302
    known.post("/sign-out/")
    for n in range(60):
        new.post("/sign-in/", {"username": f"name-{n}", "password": "x"})
    assert sign_in(new).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302
    assert sign_in(known).status_code == 302
    forged = Client()
    forged.cookies["known_browser"] = known.cookies["known_browser"].value[:-2] + "xx"
    assert sign_in(forged).status_code == 429


@override_settings(AXES_ENABLED=True)
def test_the_current_password_cannot_be_guessed_where_it_is_changed(
    client_of: ClientOf, make_user: MakeUser
) -> None:
    client = client_of(make_user("anna"))
    good = "A-good-one-of-7-words"

    def change(old: str) -> int:
        given = {"old_password": old, "new_password1": good, "new_password2": good}
        return client.post("/password/", given).status_code

    assert [change(f"Wrong-password-{n}") for n in range(9)] == [200] * 7 + [429] * 2
    assert change(PASSWORD) == 429


@pytest.mark.parametrize(
    ("password", "is_refused"),
    [
        ("admin@admin.nl", True),
        ("Admin-admin-1!", True),
        ("Adminadminadmin", True),
        ("jansen2019Anna", True),
        ("vier losse woorden admin", False),
        ("geheel iets anders", False),
    ],
)
def test_a_password_made_of_ones_own_name_is_refused(password: str, is_refused: bool) -> None:
    person = User(username="admin", first_name="Anna", last_name="Jansen", email="admin@admin.nl")
    with pytest.raises(ValidationError) if is_refused else nullcontext():
        validate_password(password, person)


def test_a_session_ends_a_day_after_signing_in_however_much_it_is_used(
    client_of: ClientOf, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = client_of(make_user("anna")), time.time()
    for hour in range(0, 24, 6):
        monkeypatch.setattr("annotations.accounts.session.time.time", lambda hour=hour: now + hour * 3600)
        assert client.get("/password/").status_code == 200
    monkeypatch.setattr("annotations.accounts.session.time.time", lambda: now + 24 * 3600 + 1)
    assert client.get("/password/").status_code == 302
    assert "_auth_user_id" not in client.session


@override_settings(AXES_ENABLED=True)
def test_what_somebody_typed_for_a_name_is_not_in_the_log(client: Client) -> None:
    for _ in range(9):
        client.post("/sign-in/", {"username": "Mijn-wachtwoord-99", "password": "x"})
    assert actions() == []


def test_a_signed_out_person_is_sent_to_the_sign_in_page_and_back(client: Client) -> None:
    assert client.get("/password/?a=1")["Location"] == "/sign-in/?next=/password/%3Fa%3D1"


def test_a_form_sent_when_signed_out_comes_back_to_its_page_not_to_its_target(client: Client) -> None:
    came_from = "http://testserver/s/zilver/members/?page=2"
    answer = client.post("/password/", headers={"Referer": came_from})
    assert answer["Location"] == "/sign-in/?next=/s/zilver/members/%3Fpage%3D2"
    answer = client.post("/password/", headers={"Referer": "https://evil.example/x"})
    assert answer["Location"] == "/sign-in/?next=/"


def test_htmx_is_told_to_open_the_sign_in_page(client: Client) -> None:
    answer = client.get(
        "/password/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/s/zilver/"}
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/sign-in/?next=/s/zilver/"
    assert answer.content == b""


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json"},
        {"Accept": "*/*", "Sec-Fetch-Mode": "same-origin"},
        {"X-Requested-With": "XMLHttpRequest"},
    ],
)
def test_a_script_of_a_signed_out_person_gets_401_and_no_page(
    client: Client, headers: dict[str, str]
) -> None:
    answer = client.post("/password/", headers={**headers, "Referer": "http://testserver/s/zilver/coding/1/"})
    assert answer.status_code == 401
    assert answer.json()["error"] == "signed_out"
    assert answer.json()["sign_in"] == "/sign-in/?next=/s/zilver/coding/1/"
    assert "<" not in answer.content.decode()


def test_a_person_who_goes_to_an_address_gets_the_page(client: Client) -> None:
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/password/", headers=headers).status_code == 302


def test_the_footer_says_which_version_this_is(client: Client) -> None:
    import tomllib

    from django.conf import settings

    from webcare_coding import __version__

    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == __version__
    assert __version__ in client.get("/sign-in/").content.decode()


def test_a_coder_with_work_in_one_study_lands_in_it(client: Client, make_user: MakeUser) -> None:
    study, coder = make_study(), make_user("anna")
    add_member(study, coder)
    assert sign_in(client).url == reverse("home")
    assign(make_conversation(study, "Hallo"), coder)
    assert sign_in(client).url == reverse("coding", args=[study.slug])
    page = reverse("study", args=[study.slug])
    assert sign_in(client, next=page).url == page
    add_member(make_study("other"), coder, "supervisor")
    assert sign_in(client).url == reverse("home")
