"""A study's zip, looked at before anything of it is stored: of a version we can read, whole, unchanged."""

from __future__ import annotations

import hashlib
import json
import zipfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import models
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from ..errors import BadInput
from .contents import columns_of, included
from .rows import read_line
from .sealed import damaged
from .write import FORM, MANIFEST, PEOPLE, Tell

LARGEST_MANIFEST = 32 * 1024 * 1024
PIECE = 1 << 20
HARMLESS = (
    operations.CreateModel,
    operations.AddField,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AddConstraint,
    operations.RemoveConstraint,
    operations.AlterModelOptions,
)
"""Changes of the tables after which rows of before are still what they were."""


class Archive:
    """`ids`: per model the primary keys in it, in rising order."""

    def __init__(self, file: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
        self._file, self.manifest = file, manifest
        self.members: dict[str, dict[str, Any]] = {entry["name"]: entry for entry in manifest["members"]}
        self.ids: dict[type[models.Model], array[int]] = {}

    @property
    def rows(self) -> int:
        return sum(entry.get("rows", 0) for entry in self.members.values())

    def lines(self, model: type[models.Model]) -> Iterator[list[Any]]:
        """The rows of a model, each in the order of `columns_of`; a column of later is at its default."""
        name = _member(model)
        if name not in self.members:
            return
        place = {column: number for number, column in enumerate(self.members[name]["columns"])}
        defaults = {field.attname: field for field in model._meta.concrete_fields}
        columns = columns_of(model)
        if list(place) == columns:
            yield from self._lines(name)
            return
        new = {column: _default(defaults[column]) for column in columns if column not in place}
        for values in self._lines(name):
            yield [values[place[column]] if column in place else new[column] for column in columns]

    def people(self) -> Iterator[dict[str, Any]]:
        columns = self.members[PEOPLE]["columns"]
        for values in self._lines(PEOPLE):
            yield dict(zip(columns, values, strict=True))

    def files(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """(name, content) of what lies in a folder."""
        for name in self.members:
            if name.startswith(f"{folder}/"):
                yield name.removeprefix(f"{folder}/"), self._file.read(name)

    def check(self, tell: Tell) -> None:
        """Read everything once: hashes, numbers of rows, keys. Raises BadInput."""
        known = {info.filename: info for info in self._file.infolist()}
        if set(known) != {*self.members, MANIFEST} or len(known) != len(self._file.infolist()):
            raise damaged()
        total, done = sum(entry["bytes"] for entry in self.members.values()) or 1, 0
        by_name = {_member(model): model for model in included()}
        for name, entry in self.members.items():
            if known[name].file_size != entry["bytes"]:
                raise damaged()
            digest, keys = hashlib.sha256(), array("q")
            with self._file.open(name) as member:
                if "columns" in entry:
                    for written in member:
                        digest.update(written)
                        keys.append(int(written[1 : written.index(b",")]))
                else:
                    while piece := member.read(PIECE):
                        digest.update(piece)
            if digest.hexdigest() != entry["sha256"] or len(keys) != entry.get("rows", 0):
                raise damaged()
            if name in by_name:
                self.ids[by_name[name]] = keys
            done += entry["bytes"]
            tell(done / total)

    def _lines(self, name: str) -> Iterator[list[Any]]:
        with self._file.open(name) as member:
            for written in member:
                yield read_line(written)


@contextmanager
def opened(path: Path, *, tell: Tell | None = None) -> Iterator[Archive]:
    """The archive, every byte of it checked. Raises BadInput."""
    try:
        with zipfile.ZipFile(path) as file:
            archive = Archive(file, _manifest(file))
            archive.check(tell or (lambda share: None))
            yield archive
    except (zipfile.BadZipFile, EOFError, UnicodeDecodeError):
        raise damaged() from None


def told(path: Path) -> dict[str, Any]:
    """What the manifest says, of an archive this program can read. Raises BadInput."""
    try:
        with zipfile.ZipFile(path) as file:
            return _manifest(file)
    except (zipfile.BadZipFile, EOFError):
        raise damaged() from None


def _manifest(file: zipfile.ZipFile) -> dict[str, Any]:
    try:
        if file.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise damaged()
        manifest = json.loads(file.read(MANIFEST))
        form, migration = int(manifest["form"]), str(manifest["migration"])
        entries = {entry["name"]: entry for entry in manifest["members"]}
        tables = {model: entries.get(_member(model)) for model in included()}
        known = {_member(model) for model in included()}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise damaged() from None
    _check_migration(form, migration)
    if PEOPLE not in entries or {n for n in entries if n.startswith("rows/")} - known:
        raise damaged()
    for model, entry in tables.items():
        if entry is not None and not set(entry.get("columns", ())) <= set(columns_of(model)):
            raise damaged()
    return dict(manifest)


def _check_migration(form: int, migration: str) -> None:
    """Raises BadInput for an archive of a newer program, or of one whose rows meant something else."""
    graph = MigrationLoader(None).graph
    names = [
        key[1] for key in graph.forwards_plan(graph.leaf_nodes("annotations")[0]) if key[0] == "annotations"
    ]
    if form > FORM or migration not in names:
        raise BadInput(
            _("This archive was made by a newer version of the program (%(state)s). Update this one first.")
            % {"state": migration[:80]}
        )
    for name in names[names.index(migration) + 1 :]:
        changes = graph.nodes["annotations", name].operations
        if not all(isinstance(change, HARMLESS) for change in changes):
            raise BadInput(
                _(
                    "This archive was made by an older version of the program (%(state)s), before a change "
                    "of its tables (%(change)s). Load it with that version, update, and make it anew."
                )
                % {"state": migration[:80], "change": name}
            )


def _member(model: type[models.Model]) -> str:
    return f"rows/{model.__name__}.jsonl"


def _default(field: models.Field[Any, Any]) -> Any:
    return field.value_from_object(field.model())
