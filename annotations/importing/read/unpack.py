"""Files that come wrapped: tables in a zip, a zip in a zip, `.gz`, `.bz2`, `.xz`.

JSON in a folder or zip is read where it is (`sources.py`); a table is put in a folder of its own first, as
more than one pass is made over it.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO

from annotations.importing.read.budget import OverBudget, bytes_left, spend
from annotations.importing.read.rows import Problem
from annotations.importing.read.sources import PACKED, UNREADABLE, Encrypted, is_json, names_in
from annotations.importing.read.tables import is_spreadsheet

DEEPEST = 3
PIECE = 1 << 20
SPARE = 1 << 28  # bytes that stay free on the disk
TABLES = {".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xls", ".xlsb", ".ods"}
WRAPPED = {".zip", ".gz", ".bz2", ".xz"}
OTHER_ARCHIVES = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!": "rar", b"\x28\xb5\x2f\xfd": "zst"}
TAR = slice(257, 262)
OTHER_DOCUMENTS = {
    b"%PDF": "PDF", b"{\\rtf": "RTF", b"<?xml": "XML", b"MIME-Version:": "MHTML", b"$FL2": "SPSS",
    b"$FL3": "SPSS", b"<stata_dta>": "Stata", b"PAR1": "Parquet", b"SQLite format 3": "SQLite", b"RDX": "R",
}  # fmt: skip
HTML = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|table|meta|head|body|style)\b",
    re.IGNORECASE | re.DOTALL,
)


class TooMuch(Exception):
    """There is no room to unpack it."""


def unwrapped(name: str, path: Path, folder: Path, depth: int = 0) -> Iterator[tuple[str, Path] | Problem]:
    """(shown name, path) of every file to be read; a file that is not wrapped is given as it is.

    Under a budget, what does not fit is cut off, for a look at the beginning.
    """
    try:
        yield from _unwrapped(name, path, folder, depth)
    except Encrypted:
        yield Problem(name, 0, "encrypted", "file")
    except TooMuch:
        yield Problem(name, 0, "no_room", "file")
    except (*UNREADABLE, RuntimeError, ValueError) as why:
        yield Problem(name, 0, "bad_archive", "file", {"why": getattr(why, "strerror", "") or str(why)})


def _unwrapped(name: str, path: Path, folder: Path, depth: int) -> Iterator[tuple[str, Path] | Problem]:
    if path.is_dir():
        yield name, path
        return
    with path.open("rb") as file:
        start = file.read(1024)
    kind = next((kind for magic, kind in OTHER_ARCHIVES.items() if start.startswith(magic)), None)
    document = next((kind for magic, kind in OTHER_DOCUMENTS.items() if start.startswith(magic)), None)
    if kind or start[TAR] == b"ustar":
        yield Problem(name, 0, "other_archive", "file", {"kind": kind or "tar"})
    elif document:
        yield Problem(name, 0, "other_document", "file", {"kind": document})
    elif HTML.match(start):
        yield Problem(name, 0, "web_page", "file")
    elif start.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")):
        yield from _single(name, path, start, folder, depth)
    elif zipfile.is_zipfile(path) and not is_spreadsheet(path):
        yield from _zip(name, path, folder, depth)
    else:
        yield name, path


def _single(
    name: str, path: Path, start: bytes, folder: Path, depth: int
) -> Iterator[tuple[str, Path] | Problem]:
    if depth >= DEEPEST:
        yield Problem(name, 0, "too_deep", "file")
        return
    inner = PurePosixPath(name)
    kind = ".gz" if start.startswith(b"\x1f\x8b") else ".bz2" if start.startswith(b"BZh") else ".xz"
    with path.open("rb") as packed, PACKED[kind](packed) as source:
        target = _put(source, folder)
    yield from unwrapped(inner.stem if inner.suffix.lower() in WRAPPED else name, target, folder, depth + 1)


def _zip(name: str, path: Path, folder: Path, depth: int) -> Iterator[tuple[str, Path] | Problem]:
    if depth >= DEEPEST:
        yield Problem(name, 0, "too_deep", "file")
        return
    with zipfile.ZipFile(path) as archive:
        names = names_in(archive)
        wanted = [
            member
            for member in names
            if PurePosixPath(member).suffix.lower() in TABLES | WRAPPED and not is_json(member)
        ]
        has_tables = any(PurePosixPath(member).suffix.lower() in TABLES - {".txt"} for member in wanted)
        if any(map(is_json, names)) and not has_tables:
            yield name, path
            return
        if has_tables:  # a text beside tables says what they are
            wanted = [member for member in wanted if PurePosixPath(member).suffix.lower() != ".txt"]
        if not wanted:
            kinds = ", ".join(
                sorted({PurePosixPath(member).suffix.lower() or member for member in names})[:10]
            )
            yield Problem(name, 0, "nothing_in_zip", "file", {"kinds": kinds or "-"})
        for member in wanted:
            with archive.open(member) as source:
                target = _put(source, folder)
            yield from unwrapped(f"{name}/{member}", target, folder, depth + 1)


def _put(source: IO[bytes], folder: Path) -> Path:
    """Unpack into a new file; under a budget, at most half of what is left of it."""
    left = bytes_left()
    most = None if left is None else left // 2
    target = folder / f"unpacked-{sum(1 for _one in folder.iterdir())}"
    room = shutil.disk_usage(folder).free - SPARE
    size = 0
    with target.open("wb") as file, suppress(OverBudget):
        while piece := source.read(PIECE):
            size += len(piece)
            if size > room:
                raise TooMuch
            file.write(piece)
            spend(len(piece))
            if most is not None and size >= most:
                break
    return target
