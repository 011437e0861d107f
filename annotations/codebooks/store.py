"""A codebook into the database.

The only writer of Codebook, CodebookVersion, Variable, Category and VersionChange.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from ..models import Category, Codebook, CodebookVersion, Event, Variable, VersionChange
from .problems import CodebookError, Problem
from .reading import place_of, read_codebook
from .schema import CodebookSpec, VariableSpec
from .writing import write_yaml

TAKEN = gettext_noop(
    "there is another codebook with this key and version %(version)s; give this one a version of its own"
)

KNOWN = gettext_noop("this text is version %(version)s already; nothing was changed")


@transaction.atomic
def store_codebook(source: str | bytes, *, actor_id: int | None = None) -> CodebookVersion:
    """Store a codebook's text as a version; the same content again gives the version that is there.

    Raises CodebookError, with line and key of each fault; then nothing is stored.
    """
    spec = read_codebook(source)
    text, sha256 = _as_kept(source)
    codebook, _ = Codebook.objects.get_or_create(key=spec.key)
    Codebook.objects.select_for_update().get(pk=codebook.pk)
    if known := codebook.versions.filter(sha256=sha256).first():
        return known
    if codebook.versions.filter(version=spec.version).exists():
        line, column = place_of(source, "codebook", "version")
        raise CodebookError([Problem(line, column, "codebook.version", TAKEN, {"version": spec.version})])
    version = CodebookVersion.objects.create(
        codebook=codebook,
        number=(codebook.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        version=spec.version,
        title=dict(spec.title),
        sha256=sha256,
        source=text,
        modules=[
            {"key": module.key, "label": dict(module.label), "default_on": module.default_on}
            for module in spec.modules
        ],
        default_language=spec.default_language,
        loaded_by_id=actor_id,
    )
    _store_variables(version, spec)
    Event.objects.record(
        "codebook.loaded",
        actor_id=actor_id,
        subject=version,
        after={"key": spec.key, "version": spec.version, "sha256": sha256},
    )
    return version


@transaction.atomic
def store_next(
    source: str, base: CodebookVersion, changes: Sequence[VersionChange], *, actor_id: int | None
) -> CodebookVersion:
    """Store what a version was changed into, with the changes (not stored yet) that led to it.

    Raises CodebookError as `store_codebook`, and where this text is a version already.
    """
    last = CodebookVersion.objects.aggregate(last=Max("pk"))["last"] or 0
    version = store_codebook(source, actor_id=actor_id)
    if version.pk <= last:
        line, column = place_of(source, "codebook", "version")
        raise CodebookError([Problem(line, column, "codebook", KNOWN, {"version": version.version})])
    version.based_on = base
    version.save(update_fields=["based_on"])
    for position, change in enumerate(changes):
        change.version, change.position = version, position
    VersionChange.objects.bulk_create(changes)
    return version


@lru_cache(maxsize=8)
def _as_kept(source: str | bytes) -> tuple[str, str]:
    """A codebook's text as it is stored, and its digest. Many studies begin with the same few codebooks."""
    text = write_yaml(read_codebook(source))
    return text, hashlib.sha256(text.encode()).hexdigest()


def freeze(version_id: int) -> None:
    """From the first code on a version stays as it is (triggers keep it so)."""
    CodebookVersion.objects.filter(pk=version_id, frozen_at=None).update(frozen_at=timezone.now())


def _store_variables(version: CodebookVersion, spec: CodebookSpec) -> None:
    variables = Variable.objects.bulk_create(
        Variable(
            version=version,
            key=variable.key,
            position=position,
            module=variable.module,
            level=variable.level,
            kind=variable.kind,
            scale=variable.scale or Variable.Scale.NOMINAL,
            label=dict(variable.label),
            definition=dict(variable.definition),
            in_reliability=variable.reliability,
        )
        for position, variable in enumerate(spec.variables)
    )
    Category.objects.bulk_create(
        category
        for row, variable in zip(variables, spec.variables, strict=True)
        for category in _categories(row, variable)
    )


def _categories(row: Variable, variable: VariableSpec) -> list[Category]:
    return [
        Category(
            variable=row,
            key=category.key,
            position=position,
            code=category.code,
            label=dict(category.label),
            exclusive=category.exclusive,
        )
        for position, category in enumerate(variable.options)
    ]
