"""A passphrase for a command: from a file, the environment, or asked for; no argument, which `ps` shows."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser
from pathlib import Path

from annotations.errors import BadInput

VARIABLE = "WEBCARE_PASSPHRASE"


def add_passphrase_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help=f"its first line is the passphrase; else {VARIABLE} in the environment, else it is asked for",
    )


def passphrase_of(file: Path | None, *, is_new: bool = False) -> str:
    """Raises BadInput. `is_new`: who types it types it twice."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except (OSError, UnicodeDecodeError):
            raise BadInput(f"The file {file} with the passphrase cannot be read.") from None
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if not sys.stdin.isatty():
        raise BadInput(f"Give the passphrase with --passphrase-file or in {VARIABLE}.")
    given = getpass.getpass("Passphrase: ")
    if is_new and getpass.getpass("Once more: ") != given:
        raise BadInput("The two passphrases differ.")
    return given
