"""The readers: one module per format. A new format is a new module here with its readers in `READERS`."""

from __future__ import annotations

import importlib
import pkgutil
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from annotations.importing.read.formats.base import Head, Reader, Recognition, head_of
from annotations.importing.read.rows import Problem

__all__ = ["Head", "Reader", "Recognition", "all_readers", "choose", "head_of", "reader_named", "recognise"]

ALIASES = {
    "tsv": "csv",
    "xlsx": "csv",
    "table": "csv",
    "twarc": "twarc2",
    "twitter-v11": "v11",
    "tweets.js": "archive",
}


@cache
def all_readers() -> tuple[Reader, ...]:
    """Every reader in this folder, in the order of the modules' names."""
    found: list[Reader] = []
    for module in pkgutil.iter_modules(__path__):
        found += getattr(importlib.import_module(f"{__name__}.{module.name}"), "READERS", [])
    return tuple(found)


def reader_named(name: str) -> Reader | None:
    wanted = ALIASES.get(name.lower(), name.lower())
    return next((one for one in all_readers() if one.name == wanted), None)


def recognise(head: Head) -> tuple[Reader, Recognition] | None:
    """The reader that is surest the file is its own, and how it knew."""
    sure = [(found, one) for one in all_readers() if (found := one.sniff(head))]
    if not sure:
        return None
    found, reader = max(sure, key=lambda pair: pair[0].confidence)
    return reader, found


def choose(
    path: Path, format_name: str = "auto", shown: str | None = None
) -> tuple[Reader, Recognition | None] | Problem:
    """The reader for a file: the one named, or with `auto` the one that recognises it; else the problem to
    show.
    """
    shown = shown or path.name
    known = ", ".join(one.name for one in all_readers())
    try:
        if path.is_file() and path.stat().st_size == 0:
            return Problem(shown, 0, "empty_file", "file")
        head = head_of(path)
        if isinstance(head.row, Problem):
            return replace(head.row, file=shown)
        if format_name != "auto":
            named = reader_named(format_name)
            return (named, None) if named else Problem(shown, 0, "unknown_format", "file", {"known": known})
        if found := recognise(head):
            return found
        return Problem(shown, 0, "unknown_format", "file", {"known": known})
    except (OSError, zipfile.BadZipFile) as why:
        return Problem(shown, 0, "not_readable", "file", {"why": getattr(why, "strerror", "") or str(why)})
