"""Signing in by the institution, against a provider that the test itself serves."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from joserfc import jwt
from joserfc.jwk import RSAKey

from annotations.models import Event, OutsideIdentity
from webcare_coding.environment import SingleSignOn, single_sign_on

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
CLIENT = "webcare"


@dataclass
class Provider:
    """Answers as an OpenID Connect provider does; `claims` is what it says of the person."""

    key: RSAKey
    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    sign_with: RSAKey | None = None

    def answer(self, path: str, body: str) -> dict[str, Any]:
        if path.endswith("/openid-configuration"):
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False) | {"kid": "1", "alg": "RS256", "use": "sig"}]}
        if path == "/userinfo":
            return self.userinfo
        given = parse_qs(body)
        proof = hashlib.sha256(given["code_verifier"][0].encode()).digest()
        assert base64.urlsafe_b64encode(proof).decode().rstrip("=") == self.asked["code_challenge"]
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "exp": now + 60,
            "iat": now,
            "nonce": self.asked["nonce"],
        } | self.claims
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.sign_with or self.key)
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}


@pytest.fixture(scope="module")
def serving() -> Iterator[Provider]:
    provider = Provider(RSAKey.generate_key(2048))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            answer = json.dumps(provider.answer(urlsplit(self.path).path, body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def provider(serving: Provider) -> Iterator[Provider]:
    serving.claims, serving.userinfo, serving.sign_with = {"sub": "77", "email": "anna@uni.example"}, {}, None
    wanted = SingleSignOn(serving.address, CLIENT, "secret", "SURFconext", "email", False)
    with override_settings(SINGLE_SIGN_ON=wanted):
        yield serving


def go(client: Client, provider: Provider, path: str = "/sign-in/institution/") -> Any:
    """There and back again."""
    sent = client.get(path)
    assert sent.status_code == 302
    parts = urlsplit(sent["Location"])
    assert sent["Location"].startswith(f"{provider.address}/authorize?")
    provider.asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
    assert provider.asked["redirect_uri"] == "http://testserver/sign-in/institution/done/"
    return client.get("/sign-in/institution/done/", {"code": "c", "state": provider.asked["state"]})


def test_without_settings_there_is_no_such_way_in(client: Client) -> None:
    assert client.get("/sign-in/institution/")["Location"] == "/sign-in/"
    assert client.get("/sign-in/institution/done/?code=c&state=s")["Location"] == "/sign-in/"
    assert "institution" not in client.get("/sign-in/").content.decode()


def test_a_person_comes_in_by_the_name_both_know_and_is_known_for_ever(
    client: Client, provider: Provider, make_user: MakeUser
) -> None:
    anna = make_user("anna", email="Anna@uni.example")
    assert "SURFconext" in client.get("/sign-in/").content.decode()
    answer = go(client, provider, "/sign-in/institution/?next=/account/")
    assert answer["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert [(event.action, event.after) for event in Event.objects.order_by("id")] == [
        ("person.identity_bound", None),
        ("person.signed_in", {"by": "institution"}),
    ]
    # Another name there, another address here: the same person.
    User.objects.filter(pk=anna.pk).update(email="")
    provider.claims["email"] = "a.jansen@uni.example"
    again = Client()
    go(again, provider)
    assert again.get("/account/").status_code == 200
    assert OutsideIdentity.objects.get().user == anna


def test_nobody_is_made_an_account(client: Client, provider: Provider) -> None:
    answer = go(client, provider)
    assert answer.status_code == 403
    assert "anna@uni.example" in answer.content.decode()
    assert not User.objects.exists()


def test_a_name_that_came_free_leads_nobody_into_the_account_of_another(
    client: Client, provider: Provider, make_user: MakeUser
) -> None:
    make_user("anna", email="anna@uni.example")
    go(client, provider)
    provider.claims["sub"] = "78"
    newcomer = Client()
    assert go(newcomer, provider).status_code == 403
    assert newcomer.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "somebody-else"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"nonce": "of-another-browser"},
        {"sub": ""},
    ],
)
def test_an_answer_that_is_not_for_us_lets_nobody_in(
    client: Client, provider: Provider, make_user: MakeUser, wrong: dict[str, Any]
) -> None:
    make_user("anna", email="anna@uni.example")
    provider.claims |= wrong
    assert go(client, provider).status_code in {403, 502}
    assert client.get("/account/").status_code == 302


def test_a_forged_signature_lets_nobody_in(client: Client, provider: Provider, make_user: MakeUser) -> None:
    make_user("anna", email="anna@uni.example")
    provider.sign_with = RSAKey.generate_key(2048)
    assert go(client, provider).status_code == 502
    assert client.get("/account/").status_code == 302


def test_an_answer_that_this_browser_did_not_ask_for_lets_nobody_in(
    client: Client, provider: Provider, make_user: MakeUser
) -> None:
    make_user("anna", email="anna@uni.example")
    go(client, provider)
    stolen = Client().get("/sign-in/institution/done/", {"code": "c", "state": provider.asked["state"]})
    assert stolen.status_code == 502


def test_an_unverified_address_proves_nothing(
    client: Client, provider: Provider, make_user: MakeUser
) -> None:
    make_user("anna", email="anna@uni.example")
    provider.claims["email_verified"] = False
    assert go(client, provider).status_code == 403


def test_a_closed_account_stays_closed(client: Client, provider: Provider, make_user: MakeUser) -> None:
    make_user("anna", email="anna@uni.example", is_active=False)
    assert go(client, provider).status_code == 403


def test_the_name_may_come_from_userinfo_of_the_same_person_only(
    client: Client, provider: Provider, make_user: MakeUser
) -> None:
    make_user("anna", email="anna@uni.example")
    del provider.claims["email"]
    provider.userinfo = {"sub": "99", "email": "anna@uni.example"}
    assert go(client, provider).status_code == 502
    provider.userinfo["sub"] = "77"
    assert go(client, provider).status_code == 302


def test_a_provider_that_is_away_is_told_in_a_sentence(client: Client) -> None:
    away = SingleSignOn("http://127.0.0.1:9", CLIENT, "s", "SURFconext", "email", False)
    with override_settings(SINGLE_SIGN_ON=away):
        answer = client.get("/sign-in/institution/")
    assert answer.status_code == 502
    assert "SURFconext" in answer.content.decode()


def test_an_institution_that_asks_for_a_second_factor_itself_counts_as_one(
    client: Client, provider: Provider, make_user: MakeUser
) -> None:
    make_user("anna", email="anna@uni.example")
    strong = SingleSignOn(provider.address, CLIENT, "secret", "SURFconext", "email", True)
    with override_settings(SINGLE_SIGN_ON=strong, SECOND_FACTOR_REQUIRED=True):
        go(client, provider)
        assert client.get("/").status_code == 200


def test_settings_that_cannot_be_are_refused() -> None:
    def given(**values: str) -> SingleSignOn | None:
        with mock.patch.dict("os.environ", {f"WEBCARE_OIDC_{key}": value for key, value in values.items()}):
            return single_sign_on()

    assert given() is None
    with pytest.raises(ImproperlyConfigured, match="https"):
        given(ISSUER="http://connect.example", CLIENT_ID="a", CLIENT_SECRET="b")
    with pytest.raises(ImproperlyConfigured, match="CLIENT_SECRET"):
        given(ISSUER="https://connect.example", CLIENT_ID="a")
    found = given(ISSUER="https://connect.example/", CLIENT_ID="a", CLIENT_SECRET="b")
    assert found == SingleSignOn("https://connect.example", "a", "b", "connect.example", "email", False)
