"""The checks that keep the house in order, as tests, so that whoever runs the tests runs them too."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

BASE: Path = settings.BASE_DIR

pytestmark = [pytest.mark.once, pytest.mark.slow]


def run(*command: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=BASE,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    run("-m", "ruff", "check", ".")


def test_every_file_is_formatted() -> None:
    run("-m", "ruff", "format", "--check", ".")


# Of these files and of what is installed: where none of them changed, neither did the answer.
@pytest.mark.long("annotations", "webcare_coding")
def test_the_types_are_right() -> None:
    run("-m", "mypy", WEBCARE_DEBUG="1")


def test_every_change_of_the_models_has_its_migration() -> None:
    run("manage.py", "makemigrations", "--check", "--dry-run")


def test_the_production_settings_pass_djangos_deployment_check(tmp_path: Path) -> None:
    run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        DJANGO_SETTINGS_MODULE="webcare_coding.settings",
        WEBCARE_SECRET_KEY=secrets.token_urlsafe(64),
        WEBCARE_DATA=str(tmp_path),
        WEBCARE_DESK="0",
        WEBCARE_DEBUG="0",
        WEBCARE_ALLOWED_HOSTS="webcare.example",
    )
