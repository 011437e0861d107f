"""Saved tables: a question under a name, with what it said when somebody last looked it through.

The one writer of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput, StaleWrite
from ..models import Event, SavedTable, Study
from .building.definition import Definition
from .table import Table

NAME_LENGTH = SavedTable._meta.get_field("name").max_length or 0
NOTE_LENGTH = 2_000
MOST = 200


@dataclass(frozen=True)
class Change:
    """A cell that holds other units than when the table was last looked through; None: it was not there."""

    row: str
    column: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Changes:
    """What changed since a table was looked through."""

    units_before: int
    units: int
    cells: tuple[Change, ...]
    version_before: str
    version: str

    @property
    def is_old(self) -> bool:
        return bool(self.cells) or self.units != self.units_before or self.version != self.version_before


@transaction.atomic
def save_table(
    study_id: int,
    *,
    name: str,
    definition: Definition,
    table: Table,
    note: str = "",
    in_report: bool = True,
    actor_id: int | None,
) -> SavedTable:
    """Keeps a table that was just built. Raises BadInput."""
    study = Study.objects.select_for_update().get(pk=study_id)
    name, note = _clean(name), note.strip()
    problems = _check(study_id, name, note)
    if SavedTable.objects.filter(study_id=study_id).count() >= MOST:
        problems.append(
            _("A study keeps at most %(most)d tables. Delete one that is not used.") % {"most": MOST}
        )
    if problems:
        raise BadInput(problems)
    saved = SavedTable.objects.create(
        study_id=study_id,
        name=name,
        definition=definition.plain(),
        note=note,
        in_report=in_report,
        codebook_version_id=study.codebook_version_id,
        rests_on=counts_of(table),
        created_by_id=actor_id,
    )
    _record("saved", saved, actor_id, after=_state(saved))
    return saved


@transaction.atomic
def change_table(
    study_id: int,
    table_id: int,
    *,
    name: str,
    note: str,
    in_report: bool,
    revision: int,
    actor_id: int | None,
) -> SavedTable:
    """Raises BadInput, or StaleWrite when somebody changed the table since `revision`."""
    saved = _locked(study_id, table_id, revision)
    before, noted = _state(saved), saved.note
    name, note = _clean(name), note.strip()
    if problems := _check(study_id, name, note, table_id):
        raise BadInput(problems)
    saved.name, saved.note, saved.in_report = name, note, in_report
    if (_state(saved), note) != (before, noted):
        saved.revision += 1
        saved.save(update_fields=["name", "note", "in_report", "revision"])
        _record("changed", saved, actor_id, before=before, after=_state(saved))
    return saved


@transaction.atomic
def look_through(
    study_id: int, table_id: int, *, table: Table, at: Any, revision: int, actor_id: int | None
) -> SavedTable:
    """Somebody looked at what changed: from now on the table rests on the values as they are.

    Raises BadInput and StaleWrite.
    """
    saved = _locked(study_id, table_id, revision)
    before = saved.rests_on
    saved.rests_on, saved.looked_through_at = counts_of(table), at
    saved.codebook_version_id = saved.study.codebook_version_id
    saved.revision += 1
    saved.save(update_fields=["rests_on", "looked_through_at", "codebook_version", "revision"])
    _record(
        "looked_through",
        saved,
        actor_id,
        before={"units": before.get("units")},
        after={"units": saved.rests_on["units"], "name": saved.name},
    )
    return saved


@transaction.atomic
def delete_table(study_id: int, table_id: int, *, revision: int, actor_id: int | None) -> None:
    """Raises BadInput and StaleWrite."""
    saved = _locked(study_id, table_id, revision)
    _record("deleted", saved, actor_id, before=_state(saved))
    saved.delete()


def find_table(study_id: int, table_id: int) -> SavedTable:
    """Raises BadInput when the study has no such table (any more)."""
    rows = SavedTable.objects.select_related("study", "codebook_version")
    found = rows.filter(pk=table_id, study_id=study_id).first()
    if found is None:
        raise BadInput(_("This table is no longer there."))
    return found


def counts_of(table: Table) -> dict[str, Any]:
    """What a table says, to compare with later: counts of units, and of numbers how many and their median."""
    cells = [
        [layer.heading.key, row, column, cell.n]
        for layer in table.layers
        for (row, column), cell in layer.cells.items()
    ]
    cells += [
        [layer.heading.key, name, column, value]
        for layer in table.layers
        for column, summary in layer.summaries.items()
        for name, value in (("n", summary.n), ("median", summary.median))
    ]
    return {"units": table.units, "left_out": dict(table.left_out), "cells": cells}


def changes_of(saved: SavedTable, table: Table) -> Changes:
    """What the table says now beside what it said when it was last looked through."""
    now = {tuple(cell[:3]): cell[3] for cell in counts_of(table)["cells"]}
    before = {tuple(cell[:3]): cell[3] for cell in saved.rests_on.get("cells", ())}
    labels = _labels(table)
    cells = tuple(
        Change(
            " · ".join(filter(None, (labels.get(layer, layer), labels.get(row, row)))),
            labels.get(column, column),
            before.get((layer, row, column)),
            now.get((layer, row, column)),
        )
        for layer, row, column in dict.fromkeys([*now, *before])
        if now.get((layer, row, column)) != before.get((layer, row, column))
    )
    return Changes(
        saved.rests_on.get("units", 0),
        table.units,
        cells,
        saved.codebook_version.version,
        saved.study.codebook_version.version,
    )


def _labels(table: Table) -> dict[str, str]:
    found = {"": ""}
    for layer in table.layers:
        for heading in (layer.heading, *layer.rows, *layer.columns):
            found.setdefault(heading.key, heading.label)
    return found


def _locked(study_id: int, table_id: int, revision: int) -> SavedTable:
    Study.objects.select_for_update().get(pk=study_id)
    saved = find_table(study_id, table_id)
    if saved.revision != revision:
        raise StaleWrite(saved, saved.revision)
    return saved


def _clean(name: str) -> str:
    """Without what cannot be seen: two names that look the same are the same."""
    return " ".join("".join(char for char in name if char.isprintable() or char.isspace()).split())


def _check(study_id: int, name: str, note: str, own_id: int = 0) -> list[str]:
    problems = []
    if not 1 <= len(name) <= NAME_LENGTH:
        problems.append(_("Give the table a name of 1 to %(length)d characters.") % {"length": NAME_LENGTH})
    if len(note) > NOTE_LENGTH:
        problems.append(_("The note can hold %(length)d characters.") % {"length": NOTE_LENGTH})
    others = SavedTable.objects.filter(study_id=study_id).exclude(pk=own_id).values_list("name", flat=True)
    # Not in the database: SQLite knows the capitals of ASCII only.
    if name.casefold() in {other.casefold() for other in others}:
        problems.append(_("There is a table of this name already. Choose another name."))
    return problems


def _state(saved: SavedTable) -> dict[str, Any]:
    """For the log: what is asked, and no note, which may quote."""
    return {"name": saved.name, "in_report": saved.in_report, "definition": saved.definition}


def _record(verb: str, saved: SavedTable, actor_id: int | None, **values: Any) -> None:
    Event.objects.record(f"table.{verb}", actor_id=actor_id, study_id=saved.study_id, subject=saved, **values)
