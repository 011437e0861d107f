"""What of the database belongs to a study: the models, in an order in which rows can be stored, and the rows.

Both follow from the models' own foreign keys. A new model is in as soon as it leads to a study; one that does
not lead there, or is not to go along, is named in LEFT_OUT with the reason.
"""

from __future__ import annotations

from collections import deque
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from ..models import (
    Category,
    Codebook,
    CodebookVersion,
    Event,
    ExportFile,
    ImportBatch,
    Rescan,
    Study,
    Variable,
    VersionChange,
)
from ..models.job import Job

LEFT_OUT: dict[str, str] = {
    "AgreementReport": "worked out again from the codes, with the same outcome",
    "StudyFigures": "worked out again from the codes, with the same outcome",
    "DocumentFile": "made again from the figures; the file itself lies in documents/",
    "CodingsUpload": "a file that waits to be looked at; what was stored from it is in the codings",
    "DrawUnderWay": "a background job under way",
    "RecodingUnderWay": "a background job under way",
    "ScreeningLease": "who has a message before them at this moment",
    "StudyArrival": "about an archive that was handed in, not about the study",
    "SignInLink": "a way to sign in here",
    "OwnKey": "the keys a person chose here, for all studies",
    "OpenSession": "a browser in which somebody is signed in here",
    "RecoveryCode": "a way to sign in here",
    "OutsideIdentity": "a way to sign in here",
}
"""Models whose rows stay behind, and why."""

BOOK: tuple[type[models.Model], ...] = (Codebook, CodebookVersion, Variable, Category, VersionChange)
"""Codebooks stand beside the studies: the versions that the study rests on go along."""

ENDED = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)
ONLY: dict[type[models.Model], Q] = {
    ImportBatch: Q(state__in=ENDED),
    Rescan: Q(state__in=ENDED),
    ExportFile: Q(state=Job.State.DONE) & ~Q(profile=ExportFile.ARCHIVE),
}
"""Of some only the rows that are no work under way."""


LATER = {"Meeting": "current_id"}
"""Keys that may point at a row of a model that is stored later: its cases point back at the meeting."""


@cache
def included() -> tuple[type[models.Model], ...]:
    """The models of an archive, each after those that it points at; the log comes last."""
    chosen = [model for model in apps.get_app_config("annotations").get_models() if _is_in(model)]
    graph: TopologicalSorter[type[models.Model]] = TopologicalSorter()
    for model in sorted(chosen, key=lambda model: model.__name__):
        graph.add(model, *(other for other in _points_at(model) if other in chosen and other is not model))
    return (*(model for model in graph.static_order() if model is not Event), Event)


def unplaced() -> list[str]:
    """Models that are neither in an archive nor named in LEFT_OUT: there must be none."""
    known = {model.__name__ for model in included()} | set(LEFT_OUT)
    return sorted(
        {model.__name__ for model in apps.get_app_config("annotations").get_models()}.symmetric_difference(
            known
        )
    )


def keys_of(model: type[models.Model]) -> dict[str, type[models.Model]]:
    """Column -> the model it points at, of each foreign key."""
    return {
        field.attname: field.remote_field.model
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    }


def columns_of(model: type[models.Model]) -> list[str]:
    """The columns in the order of an archive's lines, the primary key first."""
    names = [field.attname for field in model._meta.concrete_fields]
    names.remove("id")
    return ["id", *names]


def rows_of(model: type[models.Model], study: Study) -> models.QuerySet[Any]:
    """A study's rows in the order in which they were made, those that pages hide included."""
    rows = model._base_manager.order_by("pk")
    if model is Study:
        return rows.filter(pk=study.pk)
    if model in BOOK:
        return rows.filter(**{f"{_TO_VERSION[model]}__in": versions_of(study)}).distinct()
    return rows.filter(ONLY.get(model, Q()), **{_path(model): study})


_TO_VERSION: dict[type[models.Model], str] = {
    Codebook: "versions",
    CodebookVersion: "pk",
    Variable: "version",
    Category: "variable__version",
    VersionChange: "version",
}


def versions_of(study: Study) -> set[int]:
    """The codebook versions that anything of the study points at, and those they were made from."""
    found = {study.codebook_version_id}
    for model in included():
        if model in BOOK:
            continue
        for column, other in keys_of(model).items():
            if other is CodebookVersion:
                found |= set(rows_of(model, study).order_by().values_list(column, flat=True).distinct())
            elif other is Variable:
                name = f"{column.removesuffix('_id')}__version"
                found |= set(rows_of(model, study).order_by().values_list(name, flat=True).distinct())
    found.discard(None)
    parents = dict(CodebookVersion.objects.filter(based_on__isnull=False).values_list("pk", "based_on"))
    waiting = list(found)
    while waiting:
        parent = parents.get(waiting.pop())
        if parent is not None and parent not in found:
            found.add(parent)
            waiting.append(parent)
    return found


def _is_in(model: type[models.Model]) -> bool:
    return model.__name__ not in LEFT_OUT and (
        model is Study or model in BOOK or _path(model, must=False) != ""
    )


def _points_at(model: type[models.Model]) -> list[type[models.Model]]:
    later = LATER.get(model.__name__)
    return [other for column, other in keys_of(model).items() if column != later]


@cache
def _path(model: type[models.Model], must: bool = True) -> str:
    """The shortest way from a model to its study by foreign keys that are never empty; else by any."""
    for may_be_empty in (False, True):
        waiting: deque[tuple[type[models.Model], tuple[str, ...]]] = deque([(model, ())])
        seen = {model}
        while waiting:
            here, way = waiting.popleft()
            if here is Study:
                return "__".join(way)
            for field in here._meta.concrete_fields:
                if not isinstance(field, models.ForeignKey) or (field.null and not may_be_empty):
                    continue
                other = field.remote_field.model
                if other not in seen and other is not User:
                    seen.add(other)
                    waiting.append((other, (*way, field.name)))
    if must:
        raise LookupError(f"{model.__name__} leads to no study")
    return ""
