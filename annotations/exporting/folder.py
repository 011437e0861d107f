"""The folder an export is written to: each file appears whole or not at all, with its checksum."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from ..errors import BadInput

FileEntry = dict[str, Any]


class Folder:
    """`files` describes what was written, for the manifest."""

    def __init__(self, path: Path, *, raw: bool = False, only: Collection[str] = ()) -> None:
        """The folder, and those above it that are not there yet, for their owner only. Raises BadInput."""
        self.path, self.raw, self.only = path, raw, frozenset(only)
        self.files: list[FileEntry] = []
        try:
            for each in reversed([path, *path.parents]):
                if not each.is_dir():
                    each.mkdir(mode=0o700)
        except OSError as problem:
            raise BadInput(f"The folder {path} cannot be made: {problem.strerror}.") from None

    def wants(self, name: str) -> bool:
        return not self.only or name in self.only or name == "manifest.json"

    def write(
        self, name: str, parts: Iterable[str], about: Callable[[], FileEntry] = dict, *, beside: str = ""
    ) -> None:
        """A file of text; `about` says more of it for the manifest, once it was written.

        `beside`: the file that needs it, and with which it is written or not.
        """

        def fill(path: Path) -> None:
            with path.open("wb") as file:
                for part in parts:
                    file.write(part.encode("utf-8", errors="surrogatepass"))

        if self.wants(beside or name):
            self._make(name, fill, about)

    def make(
        self,
        name: str,
        fill: Callable[[Path], object],
        about: Callable[[], FileEntry] = dict,
        *,
        beside: str = "",
    ) -> None:
        """A file that `fill` writes under the path it is given. Nothing happens where it is not wanted."""
        if self.wants(beside or name):
            self._make(name, fill, about)

    def _make(self, name: str, fill: Callable[[Path], object], about: Callable[[], FileEntry]) -> None:
        suffix = Path(name).suffix  # some programs look at it
        handle, temporary = tempfile.mkstemp(dir=self.path, prefix=f".{Path(name).stem}.", suffix=suffix)
        os.close(handle)
        path = Path(temporary)
        try:
            fill(path)
            path.chmod(0o600)
            (self.path / name).parent.mkdir(mode=0o700, exist_ok=True)
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.replace(path, self.path / name)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        entry = {"name": name, "bytes": (self.path / name).stat().st_size, "sha256": digest}
        self.files.append(entry | about())
