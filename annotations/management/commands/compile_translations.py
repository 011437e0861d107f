from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from webcare_coding.translations import compile_translations


class Command(BaseCommand):
    help = "Compiles the translations (without gettext)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, help="the folder with the languages (default: locale)")

    def handle(self, *args: Any, folder: Path | None = None, **options: Any) -> None:
        for target in compile_translations(folder or settings.LOCALE_PATHS[0]):
            self.stdout.write(f"wrote {target}")
