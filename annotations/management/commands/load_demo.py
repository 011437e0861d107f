import os
import secrets
from argparse import ArgumentParser
from typing import Any

from annotations.demo.load import load_demo
from annotations.management.clear import ClearCommand


class Command(ClearCommand):
    help = (
        "Loads the demo study: fictitious conversations, coded by two coders, partly settled. The sign-ins "
        "are supervisor, coder1 and coder2, with the password in WEBCARE_DEMO_PASSWORD or a random one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        pass

    def answer(self, *args: Any, **options: Any) -> Any:
        password = os.environ.get("WEBCARE_DEMO_PASSWORD") or secrets.token_urlsafe(9)
        study = load_demo(password=password)
        return {"study": study.slug, "password": password}

    def show(self, answer: Any, **options: Any) -> None:
        self.stdout.write(
            f"Loaded the study {answer['study']}. Sign in as supervisor, coder1 or coder2 with the password "
            f"{answer['password']}"
        )
