"""What a codebook's conditions and proposals may refer to.

A condition may look at variables of its own level that come earlier in the book, and at variables of an
earlier level (span before message before conversation). A coder who goes from top to bottom therefore
never sees a question appear above the one just answered, and no circle is possible.
"""

from __future__ import annotations

from collections.abc import Iterator

from .problems import Fault, Path
from .schema import ANY_VALUE, LEVELS, CodebookSpec, Condition, ConsistencySpec, VariableSpec


def find_reference_faults(spec: CodebookSpec) -> Iterator[Fault]:
    order = {variable.key: place for place, variable in enumerate(spec.variables)}
    for place, variable in enumerate(spec.variables):
        path: Path = ("variables", place)
        for field, condition in (("show_if", variable.show_if), ("required_if", variable.required_if)):
            for key, values in condition.items():
                here = (*path, field, key)
                target = spec.by_key.get(key)
                if target is None:
                    yield Fault(here, "there is no variable %(name)s in this codebook", {"name": key})
                    continue
                yield from _value_faults(target, values, here)
                yield from _order_faults(spec, variable, target, order, here)
        yield from _module_faults(spec, variable, path)
        for field, derivation in (("derive", variable.derive), ("suggest", variable.suggest)):
            if derivation and derivation.source not in spec.by_key:
                name = derivation.source
                yield Fault(
                    (*path, field, "from"), "there is no variable %(name)s in this codebook", {"name": name}
                )
        for key in variable.pre_highlight:
            if key not in variable.by_key:
                here = (*path, "pre_highlight", key)
                yield Fault(
                    here,
                    "%(variable)s has no category %(name)s; it has %(values)s",
                    {"variable": variable.key, "name": key, "values": ", ".join(variable.values)},
                )

    for place, item in enumerate(spec.consistency):
        yield from _consistency_faults(spec, item, ("consistency", place))


def _consistency_faults(spec: CodebookSpec, item: ConsistencySpec, path: Path) -> Iterator[Fault]:
    path = (*path, "when")
    if not item.when:
        yield Fault(path, "expected at least one variable with the values that contradict something")
    roles: set[str] = set()
    for key, values in item.when.items():
        here = (*path, key)
        target = spec.by_key.get(key)
        if target is None:
            yield Fault(here, "there is no variable %(name)s in this codebook", {"name": key})
            continue
        yield from _value_faults(target, values, here)
        if "" in (item.level, target.level):
            continue  # a level that could not be read was reported where it stands
        if LEVELS.index(target.level) > LEVELS.index(item.level):
            yield Fault(
                here,
                "a contradiction within a %(level)s cannot look at %(name)s, which is coded per %(later)s",
                {"level": item.level, "name": target.key, "later": target.level},
            )
        elif target.level == item.level:
            roles.add(target.applies_to)
            if {"consumer", "organisation"} <= roles:
                yield Fault(
                    here,
                    "this can never be: %(name)s is asked of %(role)s messages only",
                    {"name": target.key, "role": target.applies_to},
                )
                return


def _value_faults(target: VariableSpec, values: tuple[str, ...], path: Path) -> Iterator[Fault]:
    if not values:
        yield Fault(path, "expected at least one value, or '*' for any")
    if ANY_VALUE in values and len(values) > 1:
        yield Fault(path, "'*' already stands for every value; keep '*' or the values")
    for place, value in enumerate(values):
        if value == ANY_VALUE or value in target.values:
            continue
        if target.values:
            sentence = "%(variable)s has no value %(value)s; it has %(values)s"
        else:
            sentence = "%(variable)s is a %(kind)s: only '*' (any value) can be asked of it"
        params = {"variable": target.key, "value": value, "kind": target.kind}
        yield Fault((*path, place), sentence, params | {"values": ", ".join(target.values)})


def _order_faults(
    spec: CodebookSpec, variable: VariableSpec, target: VariableSpec, order: dict[str, int], path: Path
) -> Iterator[Fault]:
    circle = _circle(spec, variable.key, target.key)
    if "" in (variable.level, target.level):
        return  # a level that could not be read was reported where it stands
    if circle:
        yield Fault(path, "this goes round in a circle: %(circle)s", {"circle": " → ".join(circle)})
    elif LEVELS.index(target.level) > LEVELS.index(variable.level):
        yield Fault(
            path,
            "a %(level)s variable cannot depend on %(name)s, which is coded later, per %(later)s",
            {"level": variable.level, "name": target.key, "later": target.level},
        )
    elif target.level == variable.level and order[target.key] > order[variable.key]:
        yield Fault(path, "%(name)s comes later in the codebook; put it first", {"name": target.key})
    elif target.level == variable.level and {target.applies_to, variable.applies_to} == {
        "consumer",
        "organisation",
    }:
        yield Fault(
            path,
            "this can never be: %(name)s is asked of %(role)s messages only",
            {"name": target.key, "role": target.applies_to},
        )


def _circle(spec: CodebookSpec, start: str, first: str) -> list[str]:
    """The way from ``start`` over ``first`` back to ``start`` along conditions, or nothing."""
    trails = [[start, first]]
    seen: set[str] = set()
    while trails:
        trail = trails.pop()
        if trail[-1] == start:
            return trail
        variable = spec.by_key.get(trail[-1])
        if variable is None or variable.key in seen:
            continue
        seen.add(variable.key)
        trails += [[*trail, key] for key in (*variable.show_if, *variable.required_if)]
    return []


def parents(condition: Condition, spec: CodebookSpec) -> list[VariableSpec]:
    return [spec.by_key[key] for key in condition if key in spec.by_key]


def _module_faults(spec: CodebookSpec, variable: VariableSpec, path: Path) -> Iterator[Fault]:
    on = spec.default_modules
    if variable.module not in on:
        return
    for parent in parents(variable.show_if, spec):
        if parent.module not in on:
            yield Fault(
                (*path, "show_if", parent.key),
                "%(name)s is in module %(module)s, which is off by default, so this would never be shown",
                {"name": parent.key, "module": parent.module},
            )


def needed_modules(spec: CodebookSpec, chosen: frozenset[str]) -> frozenset[str]:
    """The chosen modules with those they lean on: a condition needs the variable it looks at to be asked."""
    needed = set(chosen)
    while True:
        leaning = (variable for variable in spec.variables if variable.module in needed)
        more = {parent.module for variable in leaning for parent in parents(variable.show_if, spec)}
        if more <= needed:
            return frozenset(needed)
        needed |= more
