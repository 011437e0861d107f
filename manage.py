#!/usr/bin/env python3
"""Django's command line. `python3 run.py manage COMMAND` calls it with the environment of this computer."""

import os
import secrets
import sys

SIGNS_NOTHING = {"makemigrations"}
"""Commands that only compare the source with itself; they need no secret key."""
KEYS = ("WEBCARE_SECRET_KEY", "WEBCARE_SECRET_KEY_FILE")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webcare_coding.settings")
    if SIGNS_NOTHING.intersection(sys.argv[1:2]) and not any(map(os.environ.get, KEYS)):
        os.environ["WEBCARE_SECRET_KEY"] = secrets.token_urlsafe(64)
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018, Django would go on without settings and end in a traceback
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(f"webcare_coding cannot start: {problem}")


if __name__ == "__main__":
    main()
