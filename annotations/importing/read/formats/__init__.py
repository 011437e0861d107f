"""The readers: one module per format. A new format is a new module here with its readers in `READERS`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from annotations.importing.read.budget import OverBudget
from annotations.importing.read.formats.base import Head, Reader, Recognition, head_of
from annotations.importing.read.rows import Problem, ReadOptions, Tally
from annotations.importing.read.sources import UNREADABLE, Encrypted
from annotations.importing.read.tables import is_spreadsheet, rows_of

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
    return next((reader for reader in all_readers() if reader.name == wanted), None)


def recognise(path: Path) -> tuple[Reader, Recognition] | None:
    """The reader that is surest the file is its own, and how it knew. Raises OSError."""
    head = head_of(path)
    sure = [(found, reader) for reader in all_readers() if (found := reader.sniff(head))]
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
    known = ", ".join(reader.name for reader in all_readers())
    try:
        if path.is_file() and path.stat().st_size == 0:
            return Problem(shown, 0, "empty_file", "file")
        if format_name != "auto":
            head_of(path)
            named = reader_named(format_name)
            return (named, None) if named else Problem(shown, 0, "unknown_format", "file", {"known": known})
        if found := recognise(path):
            return found
        if path.is_file() and is_spreadsheet(path):
            return _why_no_workbook(path, shown)
        return Problem(shown, 0, "unknown_format", "file", {"known": known})
    except OverBudget:
        return Problem(shown, 0, "takes_too_long", "file")
    except Encrypted:
        return Problem(shown, 0, "encrypted", "file")
    except UNREADABLE as why:
        return Problem(shown, 0, "not_readable", "file", {"why": getattr(why, "strerror", "") or str(why)})


def _why_no_workbook(path: Path, shown: str) -> Problem:
    """A workbook in which no table was found: what its reader says of it."""
    first = next(rows_of(path, ReadOptions(), Tally(), shown), None)
    return first if isinstance(first, Problem) else Problem(shown, 0, "empty_file", "file")
