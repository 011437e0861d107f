"""The JSON files in what people hand in: one file, a folder, or a zip of them. Nothing is unpacked."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from annotations.importing.read.budget import spend

SUFFIXES = {".json", ".jsonl", ".ndjson", ".js"}
PACKED: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {
    ".gz": lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file)),
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
}
MOST_MEMBERS = 200_000
# What the libraries raise for archives that are damaged, cut off, or packed in a way they do not know.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, NotImplementedError,
)  # fmt: skip


class Encrypted(Exception):
    """A zip with a password."""


@dataclass(slots=True, frozen=True)
class Member:
    """A file by its name inside the folder or zip ("" when it is the file itself), and how to open it."""

    name: str
    open: Callable[[], BinaryIO]

    @property
    def base(self) -> str:
        """The name without folders, and without the `.gz` of a packed one."""
        path = PurePosixPath(self.name)
        return path.stem if path.suffix.lower() in PACKED else path.name

    def shown(self, container: str) -> str:
        return f"{container}/{self.name}" if self.name else container


def members(path: Path) -> Iterator[Member]:
    """Every JSON file, in the order of names. Raises Encrypted or one of UNREADABLE."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            spend()
            if file.is_file() and is_json(file.relative_to(path).as_posix()):
                name = file.relative_to(path).as_posix()
                yield Member(name, _unpacking(name, _opener(file)))
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in names_in(archive):
                spend()
                if is_json(name):
                    yield Member(name, _unpacking(name, _zip_opener(archive, name)))
    else:
        yield Member("", _opener(path))


def names_in(archive: zipfile.ZipFile) -> list[str]:
    """The names of the files in a zip, sorted. Raises Encrypted, or BadZipFile where there are too many."""
    entries = archive.infolist()
    if len(entries) > MOST_MEMBERS:
        raise zipfile.BadZipFile(f"more than {MOST_MEMBERS} files")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Encrypted
    return sorted(entry.filename for entry in entries if not entry.is_dir() and not is_hidden(entry.filename))


def is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(name).parts)


def is_json(name: str) -> bool:
    path = PurePosixPath(name)
    if path.suffix.lower() in PACKED:
        path = path.with_suffix("")
    return not is_hidden(name) and path.suffix.lower() in SUFFIXES


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _zip_opener(archive: zipfile.ZipFile, name: str) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, archive.open(name))


def _unpacking(name: str, opener: Callable[[], BinaryIO]) -> Callable[[], BinaryIO]:
    unpack = PACKED.get(PurePosixPath(name).suffix.lower())
    return opener if unpack is None else lambda: cast(BinaryIO, unpack(opener()))
