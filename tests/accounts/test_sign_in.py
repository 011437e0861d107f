"""Signing in and out, the throttle, and what a signed-out person gets."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
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
