"""A study written to a folder, with a manifest that proves what is in it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ..codebooks.lookup import lookup
from ..codebooks.schema import CodebookSpec
from ..codebooks.writing import csv_header, csv_rows
from ..common.cells import csv_lines
from ..detector.rules import as_file
from ..errors import BadInput
from ..exchange.codebook_document import write_docx, write_html
from ..exchange.codebook_qdc import write_qdc
from ..exchange.ddi import About, write_ddi
from ..exchange.r_script import read_data
from ..importing.store.study_rules import rules_of
from ..models import CodebookVersion, Coding, Event, Message, Study
from .cell_count import Cells, OnShare, expected_cells
from .describe import datapackage
from .figures_files import FIGURES, write_figures
from .folder import Folder
from .levels import LEVELS
from .methods_files import METHODS, write_methods
from .profile import profile_named
from .programs import SYNTAX, WORKBOOK, Programs
from .qda_project import PROJECT, write_project
from .snapshot import snapshot
from .study_data import StudyData
from .tables import Table
from .tables.agreement import agreement
from .tables.codebook_changes import codebook_changes
from .tables.codings_long import codings_long
from .tables.codings_wide import codings_wide
from .tables.consensus import consensus
from .tables.contradictions import contradictions
from .tables.messages import messages
from .tables.organisations import organisations
from .tables.quotations import left_out as quotations_left_out
from .tables.quotations import quotations
from .tables.reliability import reliability
from .tables.response_times import response_times
from .tables.results import results, saved_tables
from .tables.spans import spans

TABLES = (
    codings_wide,
    codings_long,
    spans,
    consensus,
    contradictions,
    codebook_changes,
    messages,
    reliability,
    agreement,
    results,
    saved_tables,
    response_times,
    organisations,
    quotations,
)
DRAWING = 0.4
"""The share of the time that goes into figures, where they are asked for."""
CODEBOOKS = tuple(f"codebook.{kind}" for kind in ("yaml", "csv", "html", "docx", "qdc"))
DDI = "ddi.xml"
Manifest = dict[str, Any]


def write_export(
    study: Study,
    folder: Path,
    *,
    profile: str = "research",
    raw: bool = False,
    only: Collection[str] = (),
    reason: str = "",
    actor_id: int | None = None,
    figures: bool = False,
    on_share: OnShare | None = None,
) -> Manifest:
    """Write every file of an export into `folder` (made where needed) and give its manifest.

    All is read as it is at one moment, so that the files agree with one another. Each file appears whole or
    not at all. `raw`: no cell is disarmed (see `common.cells`). `only`: names of files; the manifest is
    always there. `figures`: draw each table too, which takes a minute the first time.
    `on_share` hears now and then which share is done. Raises BadInput.
    """
    data = StudyData(study, profile_named(profile), language=study.language)
    _check(only)
    out = Folder(folder, raw=raw, only=only)
    with snapshot():
        manifest = _write_files(data, out, on_share, figures=figures or FIGURES in only)
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


def _check(only: Collection[str]) -> None:
    """Raises BadInput for a file that no export has."""
    levels = [f"{level}.{kind}" for level in LEVELS for kind in ("sav", "dta")]
    known = [f"{build.__name__}.csv" for build in TABLES]
    known += [WORKBOOK, SYNTAX, *levels, "read_data.R", "datapackage.json", "manifest.json", *CODEBOOKS]
    known += ["detector_rules.json", FIGURES, PROJECT, DDI, *METHODS]
    for name in only:
        if name not in known and not name.startswith("codebook_"):
            raise BadInput(f"An export has no file {name}; choose of {', '.join(known)}.")


def _write_files(data: StudyData, out: Folder, on_share: OnShare | None, *, figures: bool) -> Manifest:
    study, written_share = data.study, 1 - DRAWING if figures else 1.0
    tables = [build(data) for build in TABLES]
    tell = (lambda share: on_share(share * written_share)) if on_share else None
    told = Cells(tell, expected_cells(data, tables) if on_share else 0)
    with Programs(data, out, tables) as programs:
        for table in tables:
            if out.wants(table.name) or programs.want(table):
                _write_table(out, table, told, programs)
        _write_codebooks(out, data, programs)
        programs.end()
    write_project(data, out)
    if data.profile.detector_rules and (rules := rules_of(study, study.detector_version)):
        out.write("detector_rules.json", [as_file(rules, study.detector_version)])
    written = [table for table in tables if out.wants(table.name)]
    out.write("datapackage.json", [datapackage(study, written, tells=not out.raw)])
    out.write("read_data.R", [read_data(written)])
    write_methods(data, out)
    if figures:
        drawing = (lambda share: on_share(1 - DRAWING + DRAWING * share)) if on_share else None
        write_figures(data, out, drawing)
    if out.wants(DDI):
        out.write(DDI, [_ddi(data, written or tables, out.files)])
    manifest = _manifest(data, out.files)
    out.write("manifest.json", [json.dumps(manifest, ensure_ascii=False, indent=2), "\n"])
    return manifest


def _write_table(out: Folder, table: Table, told: Cells, programs: Programs) -> None:
    count = 0
    add = programs.taking(table)

    def counted() -> Iterator[Any]:
        nonlocal count
        for row in table.rows():
            count += 1
            told.count(len(row))
            add(row)
            yield row

    lines = csv_lines(table.header, counted(), tells=table.tells, raw=out.raw)
    if out.wants(table.name):
        out.write(table.name, lines, lambda: {"rows": count, "description": table.description})
    else:
        deque(lines, maxlen=0)


def _write_codebooks(out: Folder, data: StudyData, programs: Programs) -> None:
    """The study's codebook, and beside it each other version that a round was coded with."""
    current = data.study.codebook_version_id
    versions = CodebookVersion.objects.in_bulk(
        {current, *(round_.codebook_version_id for round_ in data.rounds)}
    )
    for pk, version in sorted(versions.items(), key=lambda item: item[1].number):
        spec = lookup(pk).spec
        stem = "codebook" if pk == current else f"codebook_{spec.key}_v{version.number}"
        out.write(f"{stem}.yaml", [version.source])
        rows = csv_rows(spec)
        if pk == current:
            programs.add_codebook(csv_header(spec), rows)
            _write_documents(out, spec, data.language)
        lines = csv_lines(csv_header(spec), rows, raw=out.raw)
        out.write(f"{stem}.csv", lines, partial(dict, rows=len(rows)))


def _write_documents(out: Folder, spec: CodebookSpec, language: str) -> None:
    out.write("codebook.html", [write_html(spec, language)])
    out.make("codebook.docx", partial(write_docx, spec, language))
    out.write("codebook.qdc", [write_qdc(spec, language)])


def _ddi(data: StudyData, tables: list[Table], files: list[Manifest]) -> str:
    study = data.study
    about = About(
        name=study.name,
        key=study.slug,
        description=study.description,
        language=data.language,
        organisations=[organisation.name for organisation in study.organisations.order_by("name")],
        left_out=data.profile.left_out(),
    )
    return write_ddi(about, tables, {file["name"]: file["rows"] for file in files if "rows" in file})


def _manifest(data: StudyData, files: list[Manifest]) -> Manifest:
    study = data.study
    codings = Coding.objects.filter(assignment__round__study=study)
    begun = codings.filter(state=Coding.State.OPEN)
    released = begun.filter(assignment__released_at__isnull=False).count()
    left_out = data.profile.left_out() + quotations_left_out(data)
    if unfinished := begun.count() - released:
        left_out.append(f"{unfinished} unfinished codings: they may still change")
    if released:
        left_out.append(f"{released} codings that were begun before others took the conversations over")
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
            "shown_from": study.least_confidence,
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
