"""What production refuses, and what every page carries."""

import logging
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory, override_settings

from annotations.accounts.session import TOUCH_EVERY_SECONDS
from tests.factories import make_member, make_study
from webcare_coding import environment
from webcare_coding.logs import QuietFormatter, RefusedInOneLine
from webcare_coding.middleware import client_address

STRONG = secrets.token_urlsafe(64)


def start(*command: str, **given: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("WEBCARE_")}
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ["check"])],
        cwd=settings.BASE_DIR,
        env={**inherited, "DJANGO_SETTINGS_MODULE": "webcare_coding.settings", **given},
        capture_output=True,
        text=True,
    )


@pytest.mark.once
def test_production_does_not_start_without_a_secret_key_and_says_so_in_one_line(tmp_path: Path) -> None:
    done = start(WEBCARE_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "WEBCARE_SECRET_KEY" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.once
def test_migrations_are_compared_without_a_key_and_none_is_missing(tmp_path: Path) -> None:
    done = start("makemigrations", "--check", "--dry-run", WEBCARE_DATA=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.once
def test_production_starts_with_a_key_from_a_private_file(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(STRONG)
    key.chmod(0o600)
    done = start(WEBCARE_DATA=str(tmp_path), WEBCARE_SECRET_KEY_FILE=str(key))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("weak", ["short", "a" * 60, "django-insecure-" + STRONG])
def test_a_weak_key_is_refused(weak: str) -> None:
    with (
        mock.patch.dict(os.environ, {"WEBCARE_SECRET_KEY": weak}),
        pytest.raises(ImproperlyConfigured, match="weak"),
    ):
        environment.secret_key()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(STRONG)
    key.chmod(0o644)
    with (
        mock.patch.dict(os.environ, {"WEBCARE_SECRET_KEY": "", "WEBCARE_SECRET_KEY_FILE": str(key)}),
        pytest.raises(ImproperlyConfigured, match="chmod 600"),
    ):
        environment.secret_key()


def test_a_mistyped_switch_is_refused_instead_of_guessed() -> None:
    with mock.patch.dict(os.environ, {"WEBCARE_DEBUG": "ja"}), pytest.raises(ImproperlyConfigured):
        environment.env_bool("WEBCARE_DEBUG")


def test_every_answer_carries_the_strict_content_policy(client: Client) -> None:
    policy = client.get("/sign-in/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_pages_of_signed_in_people_are_kept_in_no_cache(
    make_user: Callable[..., User], client_of: Callable[[User], Client]
) -> None:
    response = client_of(make_user("anna")).get("/no-such-page/")
    assert response.headers["Cache-Control"] == "no-store, private"
    assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.mark.django_db
def test_a_session_slides_on_but_is_not_written_at_every_request(
    make_user: Callable[..., User],
    client_of: Callable[[User], Client],
    django_assert_num_queries: Callable[..., object],
) -> None:
    client = client_of(make_user("anna"))
    client.get("/healthz")
    with django_assert_num_queries(3):  # session, user, SELECT 1
        response = client.get("/healthz")
    assert "sessionid" not in response.cookies
    later = time.time() + TOUCH_EVERY_SECONDS
    with mock.patch("annotations.accounts.session.time.time", return_value=later):
        response = client.get("/healthz")
    assert response.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE


def test_only_the_last_forwarded_address_counts_and_only_behind_our_proxy() -> None:
    request = RequestFactory().get(
        "/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}, REMOTE_ADDR="192.0.2.1"
    )
    with override_settings(BEHIND_PROXY=False):
        assert client_address(request) == "192.0.2.1"
    with override_settings(BEHIND_PROXY=True):
        assert client_address(request) == "198.51.100.7"


def test_logs_do_not_repeat_the_words_of_an_exception() -> None:
    try:
        int("mijn nummer is 06-12345678")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())
    text = QuietFormatter().format(record)
    assert "ValueError" in text
    assert "test_settings.py" in text
    assert "invalid literal" not in text


def test_a_refused_page_is_one_line_in_the_log_that_says_who_asked_for_what(db, client_of, caplog) -> None:
    study = make_study("study")
    coder = make_member(study, "noor.de.vries")
    caplog.handler.setFormatter(QuietFormatter())
    answer = client_of(coder).get("/s/study/export/?q=mijn+nummer+is+06-12345678")
    assert answer.status_code == 403
    lines = [line for line in caplog.text.splitlines() if line]
    assert lines == [f"403 for user {coder.pk}: GET /s/study/export/"]


def test_a_page_that_broke_keeps_the_place_in_the_log() -> None:
    try:
        int("mijn nummer is 06-12345678")
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "500", None, sys.exc_info())
    record.status_code = 500
    assert RefusedInOneLine().filter(record)
    assert "test_settings.py" in QuietFormatter().format(record)


def test_a_domain_with_all_below_it_is_trusted_with_all_below_it(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(*settings.CSRF_TRUSTED_ORIGINS)"
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("WEBCARE_")}
    given = {"WEBCARE_DATA": str(tmp_path), "WEBCARE_SECRET_KEY": STRONG}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={
            **inherited,
            **given,
            "DJANGO_SETTINGS_MODULE": "webcare_coding.settings",
            "WEBCARE_ALLOWED_HOSTS": ".example.org,one.example.com,*",
        },
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [
        "https://example.org",
        "https://*.example.org",
        "https://one.example.com",
    ], done.stderr
