"""Codes of an earlier version in the words of a later one: what the changes between them say of each value.

A value that a change splits, redefines or withdraws has no counterpart: it stays in its own version, and
nothing that counts by the later one may count it. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ..models import CodebookVersion, VersionChange
from .changes import Change
from .lookup import lookup
from .values import Missing, Value

Kind = VersionChange.Kind


@dataclass(frozen=True)
class VariableStep:
    """What one version made of a variable: its key there, and where its categories went (None: nowhere)."""

    key: str
    carries: Mapping[str, str | None] = field(default_factory=dict)
    every_code: bool = False

    def value(self, value: Value) -> Value | None:
        if isinstance(value, Missing):
            return value
        if self.every_code:
            return None
        if isinstance(value, frozenset):
            found = {self.carries.get(key, key) for key in value}
            return None if None in found else frozenset(key for key in found if key is not None)
        return self.carries.get(value, value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Carrier:
    """`changed`: per variable of the earlier version, the kinds of change that its values went through."""

    source: int
    target: int
    steps: tuple[Mapping[str, VariableStep], ...]
    changed: Mapping[str, tuple[str, ...]]
    reworded: tuple[Mapping[str, frozenset[str]], ...] = ()
    """Per step: variable -> categories of which the definition reads otherwise; none named: all of it."""

    def key(self, variable: str) -> str:
        """What the variable is called in the later version; its own key where that has none."""
        for step in self.steps:
            if variable in step:
                variable = step[variable].key or variable
        return variable

    def value(self, variable: str, value: Value) -> Value | None:
        """The value in the later version; None: it does not carry over."""
        carried: Value | None = value
        for step in self.steps:
            known = step.get(variable)
            if known is None or carried is None:
                continue
            carried = known.value(carried)
            variable = known.key or variable
        return carried

    def rewords(self, variable: str, value: object) -> bool:
        """Whether a definition that a settled value rests on reads otherwise since."""
        chosen = _categories_of(value)
        for reworded in self.reworded:
            if variable in reworded:
                about = reworded[variable]
                if not about or about & chosen:
                    return True
        return False

    def category(self, variable: str, category: str) -> str | None:
        found = self.value(variable, category)
        return found if isinstance(found, str) else None


def means_the_same(variable: str, source: int, target: int) -> bool:
    """Whether the categories of a variable, by the key it has in both versions, are what they were.

    Versions of which neither was made of the other are compared by the caller: there nothing is known.
    """
    carried = carrier(source, target)
    return carried is None or (carried.key(variable) == variable and variable not in carried.changed)


def steps_of(changes: Iterable[VersionChange | Change]) -> dict[str, VariableStep]:
    """Per variable of the base version what became of it."""
    keys: dict[str, str] = {}
    carries: dict[str, dict[str, str | None]] = {}
    every: set[str] = set()
    for change in changes:
        if not change.was:
            continue
        keys.setdefault(change.was, change.variable)
        of_variable = carries.setdefault(change.was, {})
        for old, new in change.carries.items():
            stops = new is None or (old in of_variable and of_variable[old] is None)
            of_variable[old] = None if stops else new
        if change.every_code:
            every.add(change.was)
    return {was: VariableStep(key, carries[was], was in every) for was, key in keys.items()}


@lru_cache(maxsize=128)
def carrier(source: int, target: int) -> Carrier | None:
    """From one stored version to a later one that was made of it; None where it is the same or no such.

    Versions and their changes never change once stored, so what was read once holds.
    """
    path = path_between(source, target)
    if not path:
        return None
    rows = VersionChange.objects.filter(version__in=path)
    by_version: dict[int, list[VersionChange]] = {pk: [] for pk in path}
    for row in rows:
        by_version[row.version_id].append(row)
    steps = tuple(steps_of(by_version[pk]) for pk in path)
    changed = {}
    for variable in lookup(source).spec.by_key:
        kinds, key = [], variable
        for pk, step in zip(path, steps, strict=True):
            kinds += [
                row.kind for row in by_version[pk] if row.was == key and (row.carries or row.every_code)
            ]
            key = step[key].key or key if key in step else key
        if kinds:
            changed[variable] = tuple(dict.fromkeys(kinds))
    reworded = tuple(
        {row.was: frozenset(row.carries) for row in by_version[pk] if row.was and rewords(row)} for pk in path
    )
    return Carrier(source, target, steps, changed, reworded)


def rewords(change: VersionChange) -> bool:
    """Whether a definition reads otherwise, or means something else."""
    if change.kind in (Kind.REDEFINITION, Kind.MERGE):
        return True
    return change.kind == Kind.WORDING and bool({"definition", "include", "exclude"} & set(change.fields))


def asked_of_finished(source: int, target: int) -> dict[str, int]:
    """Variables that versions after `source` added and that are asked of what was finished with it too.

    Their keys in `target`, each with the version that added it.
    """
    spec, found = lookup(target).spec, {}
    added = VersionChange.objects.filter(version__in=path_between(source, target), asks_finished=True)
    for version, variable in added.values_list("version", "variable"):
        carried = carrier(version, target)
        key = carried.key(variable) if carried else variable
        if key in spec.by_key:
            found[key] = version
    return found


def _categories_of(value: object) -> frozenset[str]:
    if isinstance(value, tuple):
        return frozenset(span.category for span in value)
    if isinstance(value, frozenset):
        return value
    return frozenset({value}) if isinstance(value, str) else frozenset()


def path_between(source: int, target: int) -> list[int]:
    """The versions after `source` up to and with `target`; empty where that was not made of it."""
    parents = dict(CodebookVersion.objects.filter(based_on__isnull=False).values_list("pk", "based_on"))
    path: list[int] = []
    here: int | None = target
    while here is not None and here != source and here not in path:
        path.append(here)
        here = parents.get(here)
    return path[::-1] if here == source else []


def earlier_versions(version_id: int) -> list[int]:
    """The version itself and those it was made of, the newest first."""
    parents = dict(CodebookVersion.objects.filter(based_on__isnull=False).values_list("pk", "based_on"))
    found: list[int] = []
    here: int | None = version_id
    while here is not None and here not in found:
        found.append(here)
        here = parents.get(here)
    return found
