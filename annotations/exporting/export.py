"""A study written to a folder, with a manifest that proves what is in it."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..codebooks.lookup import lookup
from ..codebooks.writing import csv_header, csv_rows
from ..common.cells import csv_lines
from ..detector.rules import as_file
from ..errors import BadInput
from ..importing.store.study_rules import rules_of
from ..models import CodebookVersion, Coding, Event, Message, Study
from .cell_count import Cells, OnShare, expected_cells
from .describe import datapackage, spss_syntax
from .profile import profile_named
from .snapshot import snapshot
from .study_data import StudyData
from .tables import Table
from .tables.agreement import agreement
from .tables.codings_long import codings_long
from .tables.codings_wide import codings_wide
from .tables.consensus import consensus
from .tables.contradictions import contradictions
from .tables.messages import messages
from .tables.reliability import reliability
from .tables.spans import spans

TABLES = (
    codings_long,
    codings_wide,
    spans,
    consensus,
    contradictions,
    messages,
    reliability,
    agreement,
)
Manifest = dict[str, Any]


def write_export(
    study: Study,
    folder: Path,
    *,
    profile: str = "research",
    raw: bool = False,
    reason: str = "",
    actor_id: int | None = None,
    on_share: OnShare | None = None,
) -> Manifest:
    """Write every file of an export into `folder` (made where needed) and give its manifest.

    All is read as it is at one moment, so that the files agree with one another. Each file appears whole or
    not at all. `raw`: no cell is disarmed (see `common.cells`). `on_share` hears now and then which share is
    done. Raises BadInput.
    """
    data = StudyData(study, profile_named(profile), language=study.language)
    _make(folder)
    with snapshot():
        manifest = _write_files(data, folder, raw=raw, on_share=on_share)
    files = manifest["files"]
    Event.objects.record(
        "study.exported",
        actor_id=actor_id,
        study_id=study.pk,
        subject=study,
        after={
            "profile": profile,
            "reason": reason,
            "files": {file["name"]: file["sha256"] for file in files},
        },
    )
    return manifest


def _write_files(data: StudyData, folder: Path, *, raw: bool, on_share: OnShare | None) -> Manifest:
    study = data.study
    tables = [build(data) for build in TABLES]
    told = Cells(on_share, expected_cells(data, tables) if on_share else 0)
    files = [_write_table(folder, table, told, raw=raw) for table in tables]
    wide = next(table for table in tables if table.name == "codings_wide.csv")
    files += _write_codebooks(folder, data, raw=raw)
    if data.profile.detector_rules and (rules := rules_of(study, study.detector_version)):
        files.append(_write(folder, "detector_rules.json", [as_file(rules, study.detector_version)]))
    files.append(_write(folder, "datapackage.json", [datapackage(study, tables, tells=not raw)]))
    files.append(_write(folder, "spss.sps", [spss_syntax(wide, study.language)]))
    manifest = _manifest(data, files)
    _write(folder, "manifest.json", [json.dumps(manifest, ensure_ascii=False, indent=2), "\n"])
    return manifest


def _make(folder: Path) -> None:
    """The folder, and those above it that are not there yet, for their owner only."""
    try:
        for path in reversed([folder, *folder.parents]):
            if not path.is_dir():
                path.mkdir(mode=0o700)
    except OSError as problem:
        raise BadInput(f"The folder {folder} cannot be made: {problem.strerror}.") from None


def _write_table(folder: Path, table: Table, told: Cells, *, raw: bool) -> Manifest:
    count = 0

    def counted() -> Iterator[Any]:
        nonlocal count
        for row in table.rows():
            count += 1
            told.count(len(row))
            yield row

    file = _write(folder, table.name, csv_lines(table.header, counted(), tells=table.tells, raw=raw))
    return file | {"rows": count, "description": table.description}


def _write_codebooks(folder: Path, data: StudyData, *, raw: bool) -> list[Manifest]:
    """The study's codebook, and beside it each other version that a round was coded with."""
    current = data.study.codebook_version_id
    versions = CodebookVersion.objects.in_bulk(
        {current, *(round_.codebook_version_id for round_ in data.rounds)}
    )
    files = []
    for pk, version in sorted(versions.items(), key=lambda item: item[1].number):
        spec = lookup(pk).spec
        stem = "codebook" if pk == current else f"codebook_{spec.key}_v{version.number}"
        files.append(_write(folder, f"{stem}.yaml", [version.source]))
        rows = csv_rows(spec)
        file = _write(folder, f"{stem}.csv", csv_lines(csv_header(spec), rows, raw=raw))
        files.append(file | {"rows": len(rows)})
    return files


def _write(folder: Path, name: str, parts: Iterable[str]) -> Manifest:
    digest = hashlib.sha256()
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                encoded = part.encode("utf-8", errors="surrogatepass")
                digest.update(encoded)
                file.write(encoded)
        os.replace(temporary, folder / name)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return {"name": name, "bytes": (folder / name).stat().st_size, "sha256": digest.hexdigest()}


def _manifest(data: StudyData, files: list[Manifest]) -> Manifest:
    study = data.study
    codings = Coding.objects.filter(assignment__round__study=study)
    unfinished = codings.filter(state=Coding.State.OPEN).count()
    left_out = data.profile.left_out()
    if unfinished:
        left_out.append(f"{unfinished} unfinished codings: they may still change")
    return {
        "study": study.slug,
        "name": study.name,
        "profile": data.profile.name,
        "codebook": {
            "key": study.codebook_version.codebook.key,
            "version": study.codebook_version.version,
            "sha256": study.codebook_version.sha256,
        },
        "detector": {
            "version": study.detector_version,
            "rules": len(rules_of(study, study.detector_version)),
        },
        "counts": {
            "conversations": study.conversations.count(),
            "messages": Message.objects.filter(study=study, state=Message.State.PRESENT).count(),
            "placeholders": Message.objects.filter(study=study).exclude(state="present").count(),
            "coders": codings.values("assignment__coder").distinct().count(),
            "codings_finished": codings.filter(state=Coding.State.FINISHED).count(),
        },
        "left_out": left_out,
        "files": sorted(files, key=lambda file: str(file["name"])),
    }
