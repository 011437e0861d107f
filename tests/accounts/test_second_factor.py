"""The second factor: setting it, giving it, losing the phone, and who may not come in without."""

import re
import time
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, override_settings
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotations.accounts import second_factor as factor
from annotations.accounts.session import CONFIRMED, LATELY_SECONDS
from annotations.models import Event, OpenSession, RecoveryCode
from tests.conftest import PASSWORD
from tests.factories import add_member, make_study

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]


def sign_in(client: Client, **more: str) -> Any:
    return client.post("/sign-in/", {"username": "anna", "password": PASSWORD, **more})


def code_of(user: User, steps: int = 0) -> str:
    """What the app of this person shows, so many half minutes from now."""
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key, t0=-30 * steps):06}"


@pytest.fixture
def anna(make_user: MakeUser) -> User:
    return make_user("anna")


@pytest.fixture
def with_factor(anna: User) -> User:
    factor.begin(anna.pk)
    factor.confirm(anna.pk, code_of(anna, -1))
    return anna


def test_a_factor_is_set_in_the_account_and_asked_for_at_the_next_sign_in(client: Client, anna: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    page = client.post("/account/second-factor/begin/", follow=True).content.decode()
    assert "<svg" in page
    assert "style=" not in page.split("<svg")[1].split("</svg>")[0]
    wrong = client.post("/account/second-factor/confirm/", {"code": "000000"})
    assert wrong.status_code == 422
    assert not factor.has_second_factor(anna.pk)
    shown = client.post("/account/second-factor/confirm/", {"code": code_of(anna, -1)}).content.decode()
    assert len(re.findall(r"<code>[a-z2-7 ]{19}</code>", shown)) == 10
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302, "the other sessions end"

    client.logout()
    assert sign_in(client, next="/password/")["Location"] == "/password/"
    asked = client.get("/password/")
    assert asked["Location"] == "/sign-in/code/?next=%2Fpassword%2F"
    assert client.post("/sign-in/code/", {"code": "nonsense"}).status_code == 422
    into = client.post("/sign-in/code/", {"code": code_of(anna), "next": "/password/"})
    assert into["Location"] == "/password/"
    assert client.get("/password/").status_code == 200


def test_a_code_works_once(with_factor: User) -> None:
    code = code_of(with_factor)
    assert factor.verify(with_factor.pk, code) == "app"
    assert factor.verify(with_factor.pk, code) is None


def test_a_code_is_six_digits_however_it_is_typed(with_factor: User) -> None:
    code = code_of(with_factor)
    assert factor.verify(with_factor.pk, f" {code[:3]} {code[3:]} ") == "app"


def test_a_recovery_code_works_once_and_only_its_hash_is_kept(with_factor: User) -> None:
    codes = factor.new_recovery_codes(with_factor.pk)
    plain = codes[0].replace(" ", "")
    assert not RecoveryCode.objects.filter(code_hash__icontains=plain).exists()
    assert factor.verify(with_factor.pk, codes[0].upper().replace(" ", "-")) == "recovery code"
    assert factor.verify(with_factor.pk, codes[0]) is None
    assert factor.codes_left(with_factor.pk) == 9
    again = factor.new_recovery_codes(with_factor.pk)
    assert factor.verify(with_factor.pk, codes[1]) is None, "the old ones stop"
    assert factor.verify(with_factor.pk, again[1]) == "recovery code"


def test_nobody_uses_the_codes_of_another(with_factor: User, make_user: MakeUser) -> None:
    other = make_user("bert")
    factor.begin(other.pk)
    codes = factor.confirm(other.pk, code_of(other, -1))
    assert codes is not None
    assert factor.verify(with_factor.pk, codes[0]) is None


def test_before_the_code_nothing_opens_and_scripts_are_told(client: Client, with_factor: User) -> None:
    sign_in(client)
    for path in ("/", "/account/", "/account/confirm/x", "/keys/"):
        answer = client.get(path)
        assert answer.status_code in (302, 404), path
        assert "anna" not in answer.content.decode()
    script = client.get("/account/", headers={"Accept": "application/json"})
    assert script.status_code == 401
    assert script.json()["sign_in"].startswith("/sign-in/code/")
    fragment = client.get("/account/", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"].startswith("/sign-in/code/")
    for path in ("/account/second-factor/remove/", "/account/second-factor/codes/", "/account/sessions/end/"):
        client.post(path)
    client.post("/account/second-factor/begin/")
    assert factor.has_second_factor(with_factor.pk)
    assert client.get("/account/second-factor/")["Location"].startswith("/sign-in/code/")
    assert client.post("/sign-out/").status_code == 302


@override_settings(AXES_ENABLED=True)
def test_wrong_codes_are_counted_and_a_right_password_does_not_end_the_count(
    client: Client, with_factor: User
) -> None:
    sign_in(client)
    for _try in range(4):
        assert client.post("/sign-in/code/", {"code": "111111"}).status_code == 422
    sign_in(client)
    statuses = [client.post("/sign-in/code/", {"code": "111111"}).status_code for _try in range(6)]
    assert statuses[-1] == 429
    assert client.post("/sign-in/code/", {"code": code_of(with_factor)}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="198.51.100.9")
    sign_in(elsewhere)
    right = elsewhere.post("/sign-in/code/", {"code": code_of(with_factor)})
    assert right.status_code == 302, "from elsewhere the person comes in"


def test_taking_it_away_asks_again_who_one_is(client: Client, with_factor: User) -> None:
    sign_in(client)
    client.post("/sign-in/code/", {"code": code_of(with_factor)})
    session = client.session
    session[CONFIRMED] = int(time.time()) - LATELY_SECONDS
    session.save()
    refused = client.post(
        "/account/second-factor/remove/", headers={"Referer": "http://testserver/account/second-factor/"}
    )
    assert refused["Location"] == "/account/confirm/?next=%2Faccount%2Fsecond-factor%2F"
    assert factor.has_second_factor(with_factor.pk)
    assert client.post("/account/confirm/", {"code": "222222"}).status_code == 422
    (code, *_rest) = factor.new_recovery_codes(with_factor.pk)
    back = client.post("/account/confirm/", {"code": code, "next": "/account/second-factor/"})
    assert back["Location"] == "/account/second-factor/"
    client.post("/account/second-factor/remove/")
    assert not factor.has_second_factor(with_factor.pk)
    assert not RecoveryCode.objects.filter(user=with_factor).exists()


def test_who_has_no_factor_confirms_by_password(client: Client, anna: User) -> None:
    sign_in(client)
    session = client.session
    session[CONFIRMED] = 0
    session.save()
    assert client.post("/account/second-factor/begin/")["Location"].startswith("/account/confirm/")
    assert client.post("/account/confirm/", {"password": "Not-the-right-one-1"}).status_code == 422
    assert client.post("/account/confirm/", {"password": PASSWORD})["Location"] == "/"
    assert client.post("/account/second-factor/begin/")["Location"] == "/account/second-factor/"


def test_a_study_can_ask_for_it(client: Client, anna: User) -> None:
    study = make_study()
    add_member(study, anna, "supervisor")
    sign_in(client)
    path = f"/s/{study.slug}/"
    assert client.get(path).status_code == 200
    study.needs_second_factor = True
    study.save()
    assert client.get(path)["Location"] == f"/account/second-factor/?next=%2Fs%2F{study.slug}%2F"
    client.post("/account/second-factor/begin/")
    client.post("/account/second-factor/confirm/", {"code": code_of(anna, -1)})
    assert client.get(path).status_code == 200


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_an_installation_can_ask_for_it(client: Client, anna: User) -> None:
    sign_in(client)
    assert client.get("/")["Location"] == "/account/second-factor/?next=%2F"
    client.post("/account/second-factor/begin/")
    client.post("/account/second-factor/confirm/", {"code": code_of(anna, -1)})
    assert client.get("/").status_code == 200


def test_the_administrator_takes_it_away(client: Client, with_factor: User) -> None:
    sign_in(client)
    client.post("/sign-in/code/", {"code": code_of(with_factor)})
    out = StringIO()
    call_command("remove_second_factor", "anna", stdout=out)
    assert "1 sessions ended" in out.getvalue()
    assert client.get("/account/").status_code == 302
    assert sign_in(client)["Location"] == "/"
    assert client.get("/account/").status_code == 200


def test_the_log_says_what_happened_and_no_secret(client: Client, with_factor: User) -> None:
    (code, *_rest) = factor.new_recovery_codes(with_factor.pk)
    factor.verify(with_factor.pk, code)
    factor.remove(with_factor.pk, actor_id=with_factor.pk)
    events = Event.objects.filter(subject_id=with_factor.pk).order_by("id")
    assert [event.action for event in events] == [
        "person.second_factor_set",
        "person.recovery_codes_made",
        "person.second_factor_given",
        "person.second_factor_removed",
    ]
    assert events[2].after == {"by": "recovery code"}


def test_a_person_sees_where_they_are_signed_in_and_ends_it(
    client: Client, anna: User, make_user: MakeUser
) -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Mobile Safari/604.1"
    client.defaults["HTTP_USER_AGENT"] = firefox
    sign_in(client)
    elsewhere = Client(HTTP_USER_AGENT=phone, REMOTE_ADDR="198.51.100.7")
    sign_in(elsewhere)
    third = Client()
    sign_in(third)
    make_user("bert")
    bert = Client()
    bert.post("/sign-in/", {"username": "bert", "password": PASSWORD})
    page = client.get("/account/").content.decode()
    assert "Firefox, Linux" in page
    assert "Safari, iPhone" in page
    assert "198.51.100.7" in page
    row = OpenSession.objects.get(address="198.51.100.7")
    bert.post(f"/account/sessions/{row.pk}/end/")
    assert elsewhere.get("/account/").status_code == 200, "not somebody else's to end"
    client.post(f"/account/sessions/{row.pk}/end/")
    assert elsewhere.get("/account/").status_code == 302
    client.post("/account/sessions/end/")
    assert third.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200
    assert bert.get("/account/").status_code == 200
    client.post("/sign-out/")
    assert not OpenSession.objects.filter(user=anna).exists()


def test_changing_the_password_leaves_this_session_alone_in_the_list(client: Client, anna: User) -> None:
    sign_in(client)
    sign_in(Client())
    new = "een-heel-nieuw-wachtwoord"
    client.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    (row,) = OpenSession.objects.filter(user=anna)
    assert row.session_key == client.session.session_key


def test_a_restricted_export_asks_again_who_one_is(client: Client, anna: User) -> None:
    study = make_study()
    add_member(study, anna, "supervisor")
    sign_in(client)
    session = client.session
    session[CONFIRMED] = int(time.time()) - LATELY_SECONDS
    session.save()
    wish = {"profile": "restricted", "reason": "archief"}
    answer = client.post(f"/s/{study.slug}/export/", wish)
    assert answer["Location"].startswith("/account/confirm/")
    assert not Event.objects.filter(action="study.exported").exists()
