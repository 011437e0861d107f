"""Which column of a table holds which of our fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from annotations.importing.read.column_names import FIELD_ALIASES, FIELDS, SYNONYMS, fold
from annotations.importing.read.presets import Preset

_PLAIN: tuple[Callable[[str], str], ...] = (
    fold,
    lambda name: fold(name).replace("_", ""),  # CreatedTime is created_time
    lambda name: fold(re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", name)),  # Created At (UTC), Volgers (aantal)
    lambda name: re.sub(r"_(utc|gmt|cet|cest|nl)$", "", fold(name)),
)
"""How a column's name is compared with those we know; what comes first goes first."""
_PLACES: dict[str, list[tuple[int, str]]] = {}
for _field, _names in SYNONYMS.items():
    for _rank, _name in enumerate(_names):
        _PLACES.setdefault(fold(_name), []).append((_rank, _field))
for _name in list(_PLACES):
    _PLACES.setdefault(_name.replace("_", ""), _PLACES[_name])


def guess_columns(header: Sequence[str], preset: Preset | None = None) -> dict[str, int]:
    """Our fields -> index of the column, from the preset where there is one, else by name. No column serves
    twice (but a preset may say so).
    """
    folded = [fold(name) for name in header]
    taken: set[int] = set()
    found: dict[str, int] = {}
    for name, wanted in (preset.columns if preset else {}).items():
        if fold(wanted) in folded:
            found[name] = folded.index(fold(wanted))
            taken.add(found[name])
    fixed = set(preset.columns) if preset else set()
    candidates = sorted(
        (degree, rank, name, index)
        for index, column in enumerate(header)
        for degree, plain in enumerate(_PLAIN)
        for rank, name in _PLACES.get(plain(column), ())
        if name not in fixed
    )
    for _degree, _rank, name, index in candidates:
        if name not in found and index not in taken:
            found[name] = index
            taken.add(index)
    return found


def zone_in_name(column: str) -> str | None:
    """The zone that the name of a column gives its times.

    >>> zone_in_name("Created At (UTC)"), zone_in_name("Datum (CET)"), zone_in_name("Datum")
    ('UTC', 'Europe/Amsterdam', None)
    """
    found = re.search(r"_(utc|gmt|cet|cest)$", fold(column))
    return {"utc": "UTC", "gmt": "UTC"}.get(found[1], "Europe/Amsterdam") if found else None


def field_name(name: str) -> str | None:
    """Our field for a name on the left of --map, or None."""
    name = name.strip().lower()
    name = FIELD_ALIASES.get(name, name)
    return name if name in FIELDS else None


def find_column(header: Sequence[str], wanted: str) -> int | None:
    """The index of a column by its name: exactly, else without case and punctuation."""
    if wanted in header:
        return list(header).index(wanted)
    folded = [fold(name) for name in header]
    return folded.index(fold(wanted)) if fold(wanted) in folded else None
