"""The codebook versions of an archive, here: those that are known are shared, the others are stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Max
from django.utils.translation import gettext as _

from ..common.bulk import Table, next_ids
from ..models import Category, Codebook, CodebookVersion, Variable, VersionChange
from .contents import columns_of
from .ids import Ids
from .opened import Archive
from .rows import storing

Row = dict[str, Any]


def settle_books(archive: Archive, ids: Ids) -> list[str]:
    """Give every version of the archive its row here; a sentence for each that is called otherwise here.

    A version is known by its text. One of before stays as it is: it is only frozen, where codes of the
    archive rest on it, and told what it was made from, where nobody knew.
    """
    notes: list[str] = []
    for row in _rows(archive, Codebook):
        book, _is_new = Codebook.objects.get_or_create(
            key=row["key"], defaults={"created_at": _time(row["created_at"])}
        )
        Codebook.objects.select_for_update().get(pk=book.pk)
        ids.give(Codebook, row["id"], book.pk)
    known, frozen, changed = set(), [], set()
    for row in _rows(archive, CodebookVersion):
        book_id = ids.of_row(Codebook, row["codebook_id"])
        same = CodebookVersion.objects.filter(codebook=book_id, sha256=row["sha256"]).first()
        base = row.pop("based_on_id")
        if same is not None:
            known.add(row["id"])
            ids.give(CodebookVersion, row["id"], same.pk)
        else:
            _store_version(row, book_id, ids, notes)
        here = ids.of_row(CodebookVersion, row["id"])
        if base is not None:
            parents = CodebookVersion.objects.filter(pk=here, based_on=None)
            if parents.update(based_on=ids.of_row(CodebookVersion, base)):
                changed.add(row["id"])
        if row["frozen_at"] is not None:
            frozen.append((here, row["frozen_at"]))
    _store(archive, ids, Variable, "version_id", CodebookVersion, known)
    known_variables = {row["id"] for row in _rows(archive, Variable) if row["version_id"] in known}
    _store(archive, ids, Category, "variable_id", Variable, known_variables)
    _store_changes(archive, ids, changed)
    for pk, at in frozen:
        CodebookVersion.objects.filter(pk=pk, frozen_at=None).update(frozen_at=_time(at))
    return notes


def _store_version(row: Row, book_id: int, ids: Ids, notes: list[str]) -> None:
    there = CodebookVersion.objects.filter(codebook=book_id)
    number = row["number"]
    if there.filter(number=number).exists():
        number = (there.aggregate(last=Max("number"))["last"] or 0) + 1
        notes.append(
            _("Version %(version)s of the codebook has number %(new)d here: %(old)d is another text.")
            % {"version": row["version"], "new": number, "old": row["number"]}
        )
    (pk,) = next_ids(CodebookVersion, 1)
    stored = {
        **row,
        "id": pk,
        "codebook_id": book_id,
        "number": number,
        "frozen_at": None,
        "based_on_id": None,
    }
    if row["loaded_by_id"] is not None:
        stored["loaded_by_id"] = ids.of_row(User, row["loaded_by_id"])
    _insert(CodebookVersion, [stored])
    ids.give(CodebookVersion, row["id"], pk)


def _store(
    archive: Archive,
    ids: Ids,
    model: type[models.Model],
    of: str,
    parent: type[models.Model],
    known: set[int],
) -> None:
    """Variables or categories: those of `known` parents are found by their key, the others stored."""
    rows = list(_rows(archive, model))
    parents = {ids.of_row(parent, row[of]) for row in rows if row[of] in known}
    here = {
        (owner, key): pk
        for pk, owner, key in model._base_manager.filter(**{f"{of}__in": parents}).values_list(
            "pk", of, "key"
        )
    }
    new = [row for row in rows if row[of] not in known]
    for row, pk in zip(new, next_ids(model, len(new)), strict=True):
        ids.give(model, row["id"], pk)
    for row in rows:
        if row[of] in known:
            ids.give(model, row["id"], here[ids.of_row(parent, row[of]), row["key"]])
    _insert(
        model, [{**row, "id": ids.of_row(model, row["id"]), of: ids.of_row(parent, row[of])} for row in new]
    )


def _store_changes(archive: Archive, ids: Ids, changed: set[int]) -> None:
    rows = [row for row in _rows(archive, VersionChange) if row["version_id"] in changed]
    for row, pk in zip(rows, next_ids(VersionChange, len(rows)), strict=True):
        row["id"], row["version_id"] = pk, ids.of_row(CodebookVersion, row["version_id"])
    _insert(VersionChange, rows)


def _insert(model: type[models.Model], rows: list[Row]) -> None:
    plain = storing(model)
    Table(model, columns_of(model)).insert(
        [
            tuple(
                make(row[name]) if make else row[name]
                for name, make in zip(columns_of(model), plain, strict=True)
            )
            for row in rows
        ]
    )


def _rows(archive: Archive, model: type[models.Model]) -> list[Row]:
    return [dict(zip(columns_of(model), values, strict=True)) for values in archive.lines(model)]


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)
