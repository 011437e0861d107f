"""The kinds of a codebook version that a found kind of personal data stands for. Reads only.

The detector names kinds as the libraries do. A later version may call such a kind otherwise, or have joined
it with another: that is what a candidate proposes then. Where it was split a candidate is one of the parts,
and which one only eyes can tell: it proposes the first, and names the others beside it.
"""

from __future__ import annotations

from functools import lru_cache

from ..models import VersionChange
from .carrying import earlier_versions, steps_of
from .lookup import lookup

SPLIT = VersionChange.Kind.SPLIT


@lru_cache(maxsize=4096)
def proposed_kinds(version_id: int, found: str) -> tuple[str, ...]:
    """Categories of the version's variable of kinds; empty where it has none for this."""
    versions = earlier_versions(version_id)[::-1]
    kinds: tuple[str, ...] = ()
    for place, version in enumerate(versions):
        variable = lookup(version).type_variable
        if variable is None:
            kinds = ()
            continue
        if kinds and place:
            kinds = _after(version, kinds)
        if not kinds and found in variable.by_key:
            kinds = (found,)
        kinds = tuple(dict.fromkeys(each for each in kinds if each in variable.by_key))
    return kinds


def _after(version_id: int, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """What these kinds of the base version are in this one; of a split kind every part."""
    base = VersionChange.objects.filter(version=version_id).exclude(was="")
    variable = lookup(version_id).type_variable
    rows = [row for row in base if variable and row.variable == variable.key]
    parts = {key: row.categories for row in rows if row.kind == SPLIT for key in row.carries}
    step = next(iter(steps_of(rows).values()), None)
    found: list[str] = []
    for kind in kinds:
        if kind in parts:
            found += parts[kind]
        elif step is None:
            found.append(kind)
        else:
            carried = step.carries.get(kind, kind)
            # Redefined: it is called as it was, and a candidate is still worth a look.
            found.append(carried or kind)
    return tuple(found)
