import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection

from annotations.models import Study, triggers
from webcare_coding.translations import compile_translations


class Command(BaseCommand):
    help = (
        "Makes the database ready for this version: compiles the translations, migrates, and puts the "
        "demo study into a database without studies."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="leave the demo study out")

    def handle(self, *args: Any, empty: bool = False, **options: Any) -> None:
        compile_translations(settings.LOCALE_PATHS[0])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            triggers.ensure(connection)  # a migration that failed halfway leaves them out
        if not empty and "load_demo" in get_commands() and not Study.objects.exists():
            self._load_demo()

    def _load_demo(self) -> None:
        password = os.environ.setdefault(
            "WEBCARE_DEMO_PASSWORD", "-".join(secrets.token_hex(3) for _ in range(3))
        )
        call_command("load_demo", stdout=self.stdout, stderr=self.stderr, verbosity=0)
        # run.py prints it at every start; nobody would remember a random one.
        _write_private(settings.DATA_DIR / "demo_password", password)


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
