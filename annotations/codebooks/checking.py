"""Faults of a codebook that was read whole: doubles, kinds, codes and shortcuts.

``find_faults`` knows nothing of files: it takes a CodebookSpec from anywhere and yields faults by path.
What conditions may refer to is in ``references``.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator

from .categories import MISSING_CODES
from .kinds import is_in_range
from .problems import Fault, OneOf, Path
from .references import find_reference_faults
from .schema import RESERVED_SHORTCUTS, CodebookSpec, VariableSpec

HIGHEST_CODE = 32_767
SHORTCUTS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def find_faults(spec: CodebookSpec, unread: Collection[Path] = ()) -> Iterator[Fault]:
    """Faults by path. `unread`: paths that could not be read, and hold an empty value in `spec`.

    What only follows from such an empty value is not reported again.
    """
    for fault in _faults(spec):
        if not any(follows_from(fault, path) for path in unread):
            yield fault


def follows_from(fault: Fault, unread: Path) -> bool:
    """Whether a fault may be due to a value that could not be read, rather than to a mistake of its own.

    It stands at that value, or it compares with values of which that is one: keys and codes beside it, keys
    of modules and variables that a condition names, and all of a variable whose kind is not known.
    """
    if fault.path[: len(unread)] == unread or unread[: len(fault.path)] == fault.path:
        return True
    last = unread[-1]
    if last in ("key", "code", "shortcut") and fault.path[:-2] == unread[:-2] and fault.path[-1] == last:
        return True
    if "values" in fault.params:  # what the categories of another variable are
        return last in ("key", "kind", "categories") or len(unread) == 1
    if "name" in fault.params:  # whether there is such a module or variable
        return (last == "key" and len(unread) == 3) or len(unread) == 1
    return last in ("kind", "level") and fault.path[:2] == unread[:2]


def _faults(spec: CodebookSpec) -> Iterator[Fault]:
    if not spec.languages:
        yield Fault(("codebook", "languages"), "expected at least one language")
    yield from _doubles(spec.languages, ("codebook", "languages"), "")
    yield from _doubles([module.key for module in spec.modules], ("modules",), "key")
    yield from _doubles([variable.key for variable in spec.variables], ("variables",), "key")
    yield from _doubles([item.key for item in spec.consistency], ("consistency",), "key")
    if not spec.variables:
        yield Fault(("variables",), "expected at least one variable")
    modules = {module.key for module in spec.modules}
    for place, variable in enumerate(spec.variables):
        path: Path = ("variables", place)
        if variable.module not in modules:
            yield Fault(
                (*path, "module"), "there is no module %(name)s in this codebook", {"name": variable.module}
            )
        yield from _variable_faults(variable, path)
    yield from find_reference_faults(spec)


def _doubles(values: Iterable[Hashable], path: Path, field: str) -> Iterator[Fault]:
    seen: set[Hashable] = set()
    for place, value in enumerate(values):
        if value in seen and value != "":
            here = (*path, place, field) if field else (*path, place)
            yield Fault(here, "%(value)s stands here a second time; it must be unique", {"value": value})
        seen.add(value)


def _variable_faults(variable: VariableSpec, path: Path) -> Iterator[Fault]:
    allowed = variable.of_kind.scales
    if variable.scale and not allowed:
        sentence = "a %(kind)s variable has no scale; leave it out"
        yield Fault((*path, "scale"), sentence, {"kind": variable.kind})
    elif variable.scale and variable.scale not in allowed:
        yield Fault(
            (*path, "scale"),
            "a %(kind)s variable has scale %(expected)s; found %(found)s",
            {"kind": variable.kind, "expected": OneOf(allowed), "found": variable.scale},
        )
    if variable.level == "conversation" and variable.applies_to != "any":
        yield Fault((*path, "applies_to"), "a conversation has no single author; applies_to must be any here")
    if variable.required and variable.required_if:
        yield Fault((*path, "required_if"), "required: true already holds always; keep one of the two")
    yield from _bound_faults(variable, path)
    yield from _category_faults(variable, path)


def _bound_faults(variable: VariableSpec, path: Path) -> Iterator[Fault]:
    for field, bound in (("min", variable.minimum), ("max", variable.maximum)):
        if bound is not None and not variable.of_kind.takes_bounds:
            yield Fault((*path, field), "only a number variable has a %(field)s", {"field": field})
    low, high = variable.minimum, variable.maximum
    if low is not None and high is not None and low > high:
        yield Fault((*path, "max"), "max is below min (%(min)s)", {"min": low})
    if not variable.missing_codes:
        return
    here = (*path, "missing_codes")
    if not variable.of_kind.takes_bounds:
        yield Fault(here, "only a number variable has missing codes of its own")
        return
    yield from _doubles(variable.missing_codes.values(), here, "")
    bounded = low is not None or high is not None
    for code, number in variable.missing_codes.items():
        if bounded and is_in_range(variable, number):
            yield Fault(
                (*here, str(code)),
                "%(number)s lies within the range of this variable; a missing code must lie outside it",
                {"number": number},
            )


def _category_faults(variable: VariableSpec, path: Path) -> Iterator[Fault]:
    path = (*path, "categories")
    categories = variable.categories
    fewest = variable.of_kind.fewest_categories
    if fewest is None:
        if categories:
            yield Fault(path, "a %(kind)s variable has no categories", {"kind": variable.kind})
        return
    if len(categories) < fewest:
        yield Fault(
            path,
            "a %(kind)s variable needs at least %(fewest)s categories",
            {"kind": variable.kind, "fewest": fewest},
        )
    yield from _doubles([category.key for category in categories], path, "key")
    yield from _doubles([category.code for category in categories], path, "code")
    yield from _doubles([category.shortcut for category in categories], path, "shortcut")
    for place, category in enumerate(categories):
        here = (*path, place)
        if category.key in {str(code) for code in MISSING_CODES}:
            yield Fault((*here, "key"), "97, 98 and 99 are the missing codes and cannot be a category's key")
        if not 0 <= category.code <= HIGHEST_CODE:
            yield Fault((*here, "code"), "expected a code from 0 to %(most)s", {"most": HIGHEST_CODE})
        if category.code == 99:
            yield Fault((*here, "code"), "99 means that nothing was coded; no category can have this code")
        if category.is_missing and variable.of_kind.takes_several and not category.exclusive:
            yield Fault(
                (*here, "code"),
                "97 and 98 mean a missing value; in a multi variable such a category must be exclusive",
            )
        if category.exclusive and not variable.of_kind.takes_several:
            yield Fault(
                (*here, "exclusive"), "only categories of a multi variable can be exclusive; leave this out"
            )
        if category.shortcut in RESERVED_SHORTCUTS:
            yield Fault(
                (*here, "shortcut"),
                "%(shortcut)s is a key of the page itself (j, k, s, z, ?, Escape); choose another",
                {"shortcut": category.shortcut},
            )
        elif category.shortcut and category.shortcut not in SHORTCUTS:
            yield Fault((*here, "shortcut"), "expected one small letter or digit")
