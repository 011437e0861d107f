"""What a reader is, and what it is shown of a file to recognise it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from annotations.importing.read.jsonfile import Broken, values_of
from annotations.importing.read.rows import Read, ReadOptions, Tally
from annotations.importing.read.sources import members, names_in
from annotations.importing.read.tables import OLD_WORKBOOK, is_spreadsheet
from annotations.importing.read.textfile import WIDE, encoding_of
from annotations.importing.wording import how_recognised

T = TypeVar("T")
HEAD_BYTES = 1 << 16


@dataclass(slots=True, frozen=True)
class Recognition:
    """How sure a reader is that a file is its own (0 to 1), and how it knew."""

    confidence: float
    code: str
    params: dict[str, object] = field(default_factory=dict)

    def how(self, language: str = "en") -> str:
        return how_recognised(self.code, language, **self.params)


@dataclass(slots=True)
class Head:
    """The beginning of a file, or the names in a folder or zip; what readers look at to recognise their
    format.
    """

    path: Path
    text: str = ""
    first: object = None  # the first line (or the first element of an array) as JSON, if it is JSON
    names: tuple[str, ...] = ()

    _remembered: dict[str, Any] = field(default_factory=dict)

    def remembered(self, name: str, work_out: Callable[[], T]) -> T:
        """What several readers ask about a file is worked out once."""
        if name not in self._remembered:
            self._remembered[name] = work_out()
        return cast(T, self._remembered[name])

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.first) if isinstance(self.first, dict) else frozenset()

    def keys_of_first(self, name: str) -> frozenset[str]:
        """The keys of the first object in the list of that name, as in the answer to a search."""
        found = self.first.get(name) if isinstance(self.first, dict) else None
        first = found[0] if isinstance(found, list) and found else None
        return frozenset(first) if isinstance(first, dict) else frozenset()


class Reader(Protocol):
    """One format. A module in `formats/` that puts its readers in `READERS` is found by itself."""

    name: str
    label: str

    def sniff(self, head: Head) -> Recognition | None:
        """How sure, and how it knew; None when it is not this format."""

    def read(self, path: Path, options: ReadOptions, tally: Tally) -> Read:
        """Every message and every problem, streaming, in the file's order."""


def shown_name(path: Path, options: ReadOptions) -> str:
    """The file's name for the person who imports: never the server's path."""
    return options.file_name or path.name


def head_of(path: Path) -> Head:
    """What there is to see at the beginning. Raises OSError where the file cannot be opened, Encrypted, or
    one of UNREADABLE where it is a damaged zip.
    """
    if path.is_dir():
        names = tuple(sorted(str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()))
        return Head(path, names=names, first=_first_of_members(path))
    with path.open("rb") as file:
        raw = file.read(HEAD_BYTES)
    if raw.startswith(b"PK"):
        if is_spreadsheet(path):
            return Head(path)
        with zipfile.ZipFile(path) as archive:
            return Head(path, names=tuple(names_in(archive)), first=_first_of_members(path))
    if raw.startswith(OLD_WORKBOOK):
        return Head(path)
    if (encoding := encoding_of(raw)).startswith(WIDE):
        text = raw[: len(raw) // 4 * 4].decode(encoding, "replace")
    else:
        text = raw.decode("utf-8-sig", "replace")
        if "\ufffd" in text[:-1]:
            text = raw.decode("cp1252", "replace")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    return Head(path, text=text, first=_first_json(path, text))


def _first_of_members(path: Path) -> object:
    """The first value of the first JSON file in a folder or zip."""
    for member in members(path):
        for parsed in values_of(member.open, Tally()):
            return None if isinstance(parsed, Broken) else parsed[1]
    return None


def _first_json(path: Path, text: str) -> object:
    """The first value of a JSON file: of its first line that is whole, of its array, or the document."""
    text = text.lstrip()
    if not text.startswith(("{", "[")):
        return None
    decoder = json.JSONDecoder()
    for start in (text.lstrip("[ \r\n\t"), text):
        try:
            return decoder.raw_decode(start)[0]
        except (ValueError, RecursionError):
            continue
    for line in text.splitlines()[:20]:
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            continue
    return _first_of_large(path)


def _first_of_large(path: Path) -> object:
    """The first line (a page of 500 tweets) or document where it does not fit the head; up to 64 MB."""
    with path.open("rb") as file:
        for raw in (file.readline(1 << 26), file.read(1 << 26)):
            try:
                return json.loads(raw)
            except (ValueError, RecursionError):
                file.seek(0)
    return None
