"""docs/administrators.md says what is so: its commands run, its variables are those of the code."""

import json
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.database import copy_of_migrated

pytestmark = [pytest.mark.once, pytest.mark.slow]

BASE: Path = settings.BASE_DIR
TEXT = (BASE / "docs" / "administrators.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", TEXT, flags=re.M | re.S)
    for line in block.strip().splitlines()
]
VARIABLE = re.compile(r"\b(?:WEBCARE_[A-Z_]+|DATABASE_URL)\b")


def environment(data: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not VARIABLE.fullmatch(name)},
        "DJANGO_SETTINGS_MODULE": "webcare_coding.settings",
        "WEBCARE_SECRET_KEY": secrets.token_urlsafe(64),
        "WEBCARE_DATA": str(data),
        "WEBCARE_DESK": "1",
        # So that createsuperuser asks nothing.
        "DJANGO_SUPERUSER_USERNAME": "root",
        "DJANGO_SUPERUSER_EMAIL": "root@webcare.example",
        "DJANGO_SUPERUSER_PASSWORD": "a-password-of-four-words",
    }


def run(line: str, data: Path, folder: Path) -> str:
    command = line.replace("python3 run.py manage", f"'{sys.executable}' '{BASE / 'manage.py'}'")
    command = command.replace("createsuperuser", "createsuperuser --noinput")
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment(data), capture_output=True, text=True
    )
    assert done.returncode == 0, f"{line}\n{done.stderr}"
    return done.stdout


@pytest.mark.long(
    *("docs/administrators.md", "run.py", "manage.py", "webcare_coding"),
    *(f"annotations/{name}" for name in ("accounts", "management", "migrations", "models", "studies")),
)
@pytest.mark.skipif(os.name != "posix", reason="the commands are written for a shell")
def test_the_commands_run_in_the_order_of_the_page_and_the_backup_can_be_restored(
    tmp_path: Path, django_db_setup: None
) -> None:
    data, folder = tmp_path / "data", tmp_path / "folder"
    folder.mkdir()
    data.mkdir(mode=0o700)
    (folder / "passphrase.txt").write_text("five words for a test\n", encoding="utf-8")
    # Migrated already; tests/test_start.py starts from nothing.
    shutil.copy(copy_of_migrated(), data / "webcare.sqlite3")
    run("python3 run.py manage prepare --empty", data, folder)
    outputs = {line: run(line, data, folder) for line in COMMANDS}
    assert sum("/link/" in output for output in outputs.values()) == 3
    assert json.loads(next(output for line, output in outputs.items() if "--json" in line))["link"] is None

    backup = folder / "backup-monday.sqlite3"
    assert backup.stat().st_mode & 0o077 == 0
    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(backup, restored / "webcare.sqlite3")
    run("python3 run.py manage check --database default", restored, folder)
    with sqlite3.connect(restored / "webcare.sqlite3") as copy:
        members = "select username from auth_user join annotations_membership on user_id = auth_user.id"
        assert {name for (name,) in copy.execute(members)} == {"anna", "bert"}


def test_a_backup_never_replaces_a_file(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    command = [sys.executable, "manage.py", "backup", str(taken)]
    done = subprocess.run(command, cwd=BASE, env=environment(tmp_path), capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == f"{taken} is there already; name a new file.\n"
    assert taken.read_text() == "mine"


def test_the_page_names_every_variable_that_is_read_and_no_other() -> None:
    files = [
        *(BASE / "webcare_coding").rglob("*.py"),
        *(BASE / "annotations" / "management").rglob("*.py"),
        BASE / "run.py",
        BASE / "docker-compose.yml",
    ]
    read = {name for file in files for name in VARIABLE.findall(file.read_text(encoding="utf-8"))}
    assert set(VARIABLE.findall(TEXT)) == read
