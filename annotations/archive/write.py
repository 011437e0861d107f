"""Writes a study as one zip: a file of lines per table, the people, figures and files that were kept.

The zip is not encrypted yet: `sealed.seal` does that, and the zip goes.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.contrib.auth.models import User
from django.db import models
from django.db.migrations.loader import MigrationLoader

from ..common.portions import portions
from ..documents.kept import read as what_of
from ..exporting.kept import path_of
from ..exporting.snapshot import snapshot
from ..figures.kept import files_of
from ..models import DocumentFile, Event, ExportFile, ImportBatch, Study
from ..models.job import Job
from .contents import LEFT_OUT, columns_of, included, keys_of, rows_of
from .references import PLACES, people_in
from .rows import line, rows_to_write

FORM = 1
"""Raised when an older program cannot read what this one writes."""
MANIFEST, PEOPLE = "manifest.json", "people.jsonl"
PERSON = ("id", "username", "first_name", "last_name", "email")
ROWS_A_TELL = 5_000
Tell = Callable[[float], None]


def write_study(study: Study, target: IO[bytes], *, tell: Tell | None = None) -> dict[str, Any]:
    """The study as it is at this moment, while people go on working; gives the manifest."""
    with snapshot(), zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        writer = _Writer(archive, study, tell or (lambda share: None))
        for model in included():
            writer.table(model)
        writer.people()
        writer.files()
        manifest = {
            "form": FORM,
            "migration": last_migration(),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "study": {"slug": study.slug, "name": study.name},
            "left_out": LEFT_OUT,
            "members": writer.members,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def last_migration() -> str:
    """The state of the tables, by the name of the last change to them."""
    return str(MigrationLoader(None).graph.leaf_nodes("annotations")[0][1])


class _Writer:
    def __init__(self, archive: zipfile.ZipFile, study: Study, tell: Tell) -> None:
        self.archive, self.study, self.tell = archive, study, tell
        self.members: list[dict[str, Any]] = []
        self.users: set[int] = set()
        self.done, self.total = 0, max(sum(rows_of(model, study).count() for model in included()), 1)

    def table(self, model: type[models.Model]) -> None:
        columns = columns_of(model)
        people = [columns.index(name) for name, other in keys_of(model).items() if other is User]
        hidden = [(columns.index(name), name) for of, name in PLACES if of is model]
        files = columns.index("files") if model is ImportBatch else None

        def lines() -> Iterator[bytes]:
            for values in rows_to_write(model, self.study):
                self.users.update(values[place] for place in people if values[place] is not None)
                for place, name in hidden:
                    self.users |= people_in(model, name, values[place])
                if model is Event and values[columns.index("subject_type")] == "user":
                    self.users.add(values[columns.index("subject_id")])
                if files is not None:
                    given = [
                        {key: part for key, part in file.items() if key != "path"} for file in values[files]
                    ]
                    values = (*values[:files], given, *values[files + 1 :])
                self._count()
                yield line(values)

        self._member(f"rows/{model.__name__}.jsonl", lines(), columns=columns)

    def people(self) -> None:
        def lines() -> Iterator[bytes]:
            for some in portions(sorted(self.users - {None}), 500):
                for values in User.objects.filter(pk__in=some).order_by("pk").values_list(*PERSON):
                    yield line(values)

        self._member(PEOPLE, lines(), columns=list(PERSON))

    def files(self) -> None:
        """Figures that were drawn, documents that were made, and exports that are kept still."""
        for path in files_of(self.study.pk):
            self._file(f"figures/{path.name}", path)
        for row in rows_of(ExportFile, self.study):
            if path_of(row).is_file():
                self._file(f"exports/{path_of(row).name}", path_of(row))
        for document in DocumentFile.objects.filter(study=self.study, state=Job.State.DONE).defer("content"):
            what = what_of(document.what)
            name = f"{document.pk}-{'advice' if what.organisation_id else 'report'}-{what.language}.docx"
            content = DocumentFile.objects.values_list("content", flat=True).get(pk=document.pk)
            self._member(f"documents/{name}", [bytes(content or b"")])

    def _file(self, name: str, path: Path) -> None:
        def parts() -> Iterator[bytes]:
            with path.open("rb") as file:
                while part := file.read(1 << 20):
                    yield part

        self._member(name, parts())

    def _member(self, name: str, parts: Iterable[bytes], **about: Any) -> None:
        digest, size, count = hashlib.sha256(), 0, 0
        with self.archive.open(name, "w", force_zip64=True) as member:
            for part in parts:
                digest.update(part)
                size += member.write(part)
                count += 1
        entry = {"name": name, "bytes": size, "sha256": digest.hexdigest(), **about}
        self.members.append(entry | ({"rows": count} if "columns" in about else {}))

    def _count(self) -> None:
        self.done += 1
        if self.done % ROWS_A_TELL == 0:
            self.tell(min(self.done / self.total, 1.0))
