"""The JSON files in what people hand in: one file, a folder, or a zip of them. Nothing is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

SUFFIXES = {".json", ".jsonl", ".ndjson", ".js"}


@dataclass(slots=True, frozen=True)
class Member:
    """A file by its name inside the folder or zip ("" when it is the file itself), and how to open it."""

    name: str
    open: Callable[[], BinaryIO]

    @property
    def base(self) -> str:
        return PurePosixPath(self.name).name

    def shown(self, container: str) -> str:
        return f"{container}/{self.name}" if self.name else container


def members(path: Path) -> Iterator[Member]:
    """Every JSON file, in the order of names. Raises OSError or zipfile.BadZipFile."""
    if path.is_dir():
        for one in sorted(path.rglob("*")):
            if one.is_file() and _is_wanted(one.relative_to(path).as_posix()):
                yield Member(one.relative_to(path).as_posix(), _opener(one))
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if _is_wanted(name):
                    yield Member(name, _zip_opener(archive, name))
    else:
        yield Member("", _opener(path))


def _is_wanted(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not hidden and PurePosixPath(name).suffix.lower() in SUFFIXES


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _zip_opener(archive: zipfile.ZipFile, name: str) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, archive.open(name))
