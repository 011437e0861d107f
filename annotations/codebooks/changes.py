"""What a next version changes against the one it is based on, and what becomes of the codes. Pure.

The kind of a change says what happens to codes of the base version:

=====================================  ===========================================================
wording, setting, rename               they stand
new category, new variable             there are none yet
merge                                  they carry over to the one category
split, redefinition                    they do not carry: the units are to be coded again
category withdrawn                     they do not carry
variable withdrawn                     they stay in the base version, and are asked no more
=====================================  ===========================================================

A change of level, kind or scale is never a change of a variable: it makes another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .document import Document, Item, as_json, is_withdrawn
from .editing.keys import rename_variable, replace_category
from .schema import CodebookSpec
from .writing import document_of

WORDING, SETTING, RENAME = "wording", "setting", "rename"
NEW_CATEGORY, NEW_VARIABLE = "new_category", "new_variable"
MERGE, SPLIT, REDEFINITION = "merge", "split", "redefinition"
WITHDRAWN_CATEGORY, WITHDRAWN_VARIABLE = "withdrawn_category", "withdrawn_variable"
NEEDS_EYES = frozenset({SPLIT, REDEFINITION, WITHDRAWN_CATEGORY})
IDENTITY = ("level", "kind", "scale")
MEANING = ("definition", "include", "exclude")
WORDS = ("label", "example")
SAME, NEW = MEANINGS = ("same", "new")
NOT_COMPARED = frozenset({"key", "categories", *IDENTITY, *MEANING, *WORDS})


BY_WEIGHT = (
    NEW_VARIABLE,
    WITHDRAWN_VARIABLE,
    SPLIT,
    REDEFINITION,
    WITHDRAWN_CATEGORY,
    MERGE,
    NEW_CATEGORY,
    RENAME,
    SETTING,
    WORDING,
)


@dataclass(frozen=True)
class Change:
    """`was`, `variable`: the variable's key before and after. `carries`: category before -> after, or None
    where its codes do not carry. `item`: the draft's id of what was changed, `fields` what of it."""

    kind: str
    item: str = ""
    was: str = ""
    variable: str = ""
    carries: Mapping[str, str | None] = field(default_factory=dict)
    every_code: bool = False
    categories: tuple[str, ...] = ()
    names: tuple[Mapping[str, str], ...] = ()
    """Of a split: what the parts are called."""
    fields: tuple[str, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    asks_finished: bool = False
    """Of a new variable, once published: it is asked of what was finished before too."""
    is_undecided: bool = False
    """The definition reads otherwise, and nobody said yet whether it means the same."""

    @property
    def needs_eyes(self) -> bool:
        """Codes given before do not carry over: the units are to be coded again."""
        return self.kind in NEEDS_EYES


def weightiest(changes: Sequence[Change]) -> Change:
    return min(changes, key=lambda change: BY_WEIGHT.index(change.kind))


def must_be_answered(change: Change) -> bool:
    """Of a new variable: whether finished units lack an answer that this version asks for."""
    return bool(change.after.get("required") or change.after.get("required_if"))


def changes_of(base: CodebookSpec, document: Document) -> list[Change]:
    """Every change, in the order of the document."""
    before_all = _in_new_names(base, document)
    old = {item["key"]: item for item in before_all["variables"]}
    found: list[Change] = list(_of_the_whole(before_all, document))
    for variable in document.get("variables", []):
        before = old.get(variable.get("_was", ""))
        if before is None:
            key = variable.get("key", "")
            found.append(
                Change(NEW_VARIABLE, variable["_id"], variable=key, after=variable, reason=_reason(variable))
            )
        elif is_withdrawn(variable):
            found.append(
                Change(
                    WITHDRAWN_VARIABLE,
                    variable["_id"],
                    before["key"],
                    before=before,
                    reason=_reason(variable),
                )
            )
        else:
            found += _of_variable(before, variable)
    return found


def _in_new_names(base: CodebookSpec, document: Document) -> Document:
    """The base version, with its conditions in the keys that variables and categories have by now.

    So a condition that only follows a new name is no change.
    """
    old = as_json(document_of(base))
    variables = {item["key"]: item for item in old["variables"]}
    for variable in document.get("variables", []):
        before = variables.get(variable.get("_was", ""))
        if before is None or is_withdrawn(variable):
            continue
        names: dict[str, list[str]] = defaultdict(list)
        for category in variable.get("categories", []):
            if not is_withdrawn(category):
                for key in category.get("_was", []):
                    names[key].append(category.get("key", ""))
        for key, new in names.items():
            if new != [key]:
                replace_category(old, before, key, new)
    for variable in document.get("variables", []):
        key = variable.get("_was", "")
        if key in variables and variable.get("key") != key and not is_withdrawn(variable):
            rename_variable(old, key, variable.get("key", ""))
    return old


def _of_the_whole(old: Document, document: Document) -> Iterator[Change]:
    known = {item["key"] for item in old["variables"]}
    here = [
        item["_was"]
        for item in document.get("variables", [])
        if item.get("_was") in known and not is_withdrawn(item)
    ]
    there = [item["key"] for item in old["variables"] if item["key"] in here]
    if here != there:
        yield Change(SETTING, fields=("order",))
    header = {key: value for key, value in document.get("codebook", {}).items() if key != "version"}
    differing = tuple(
        key
        for key in {**old["codebook"], **header}
        if key != "version" and header.get(key) != old["codebook"].get(key)
    )
    if differing:
        yield Change(WORDING, fields=differing)
    for part in ("modules", "consistency"):
        if _plain(document.get(part, [])) != old.get(part, []):
            yield Change(SETTING, fields=(part,))


def _plain(items: list[Item]) -> list[Item]:
    return [
        {key: value for key, value in item.items() if not key.startswith("_")}
        for item in items
        if not is_withdrawn(item)
    ]


def _of_variable(before: Item, after: Item) -> Iterator[Change]:
    names = Change(
        "",
        after["_id"],
        before["key"],
        after.get("key", ""),
        before=before,
        after=after,
        reason=_reason(after),
    )
    if after.get("key") != before["key"]:
        yield replace(names, kind=RENAME, fields=("key",))
    yield from _of_texts(names, before, after, carries={}, every_code=True)
    compared = {key for key in {**before, **after} if not key.startswith("_")} - NOT_COMPARED
    settings = tuple(key for key in sorted(compared) if before.get(key) != after.get(key))
    if settings:
        yield replace(names, kind=SETTING, fields=settings)
    yield from _of_categories(names, before.get("categories", []), after.get("categories", []))


def _of_texts(
    names: Change, before: Item, after: Item, *, carries: Mapping[str, str | None], every_code: bool
) -> Iterator[Change]:
    """At most one change: other words, or another meaning."""
    meaning = tuple(name for name in MEANING if _reads_otherwise(before.get(name), after.get(name)))
    every = (*MEANING, *WORDS)
    words = tuple(name for name in every if before.get(name) != after.get(name))
    if after.get("_meaning") == NEW:
        yield replace(
            names, kind=REDEFINITION, fields=words, carries=dict.fromkeys(carries), every_code=every_code
        )
    elif words:
        undecided = bool(meaning) and after.get("_meaning") != SAME
        yield replace(names, kind=WORDING, fields=words, carries=carries, is_undecided=undecided)


def _reads_otherwise(before: Any, after: Any) -> bool:
    """Whether a text that was there is another now; one more translation changes no text."""
    before, after = before or {}, after or {}
    if not before:
        return bool(after)
    return any(after.get(language) != text for language, text in before.items())


def _of_categories(names: Change, before: list[Item], after: list[Item]) -> Iterator[Change]:
    old = {item["key"]: item for item in before}
    there = [item for item in after if not is_withdrawn(item)]
    claims: dict[str, list[Item]] = defaultdict(list)
    for item in there:
        for key in item.get("_was", []):
            if key in old:
                claims[key].append(item)
    for item in after:
        own = [key for key in item.get("_was", []) if key in old]
        about = replace(names, item=item["_id"], after=item, reason=_reason(item))
        if is_withdrawn(item):
            yield from _of_withdrawn(about, own, claims, old)
        elif not own:
            yield replace(about, kind=NEW_CATEGORY, categories=(item.get("key", ""),), before={})
        elif len(own) == 1 and len(claims[own[0]]) == 1:
            yield from _of_category(about, old[own[0]], item)
        elif len(own) > 1:
            carries = {key: item.get("key", "") if len(claims[key]) == 1 else None for key in own}
            if item.get("_meaning") == NEW:
                carries = dict.fromkeys(own)
            yield replace(
                about,
                kind=MERGE,
                carries=carries,
                categories=(item.get("key", ""),),
                before={"categories": [old[key] for key in own]},
            )
    shown = {key for item in after if is_withdrawn(item) for key in item.get("_was", [])}
    for key in old:  # a split of which the old category stands in the document no more
        if key not in shown and len(claims[key]) != 1:
            yield from _of_withdrawn(replace(names, after={}), [key], claims, old)
    order = [item["_was"][0] for item in there if len(item.get("_was", [])) == 1 and item["_was"][0] in old]
    if order != [key for key in old if key in order] and len(set(order)) == len(order):
        yield replace(names, kind=SETTING, fields=("order of the categories",))


def _of_withdrawn(
    about: Change, own: list[str], claims: Mapping[str, list[Item]], old: Mapping[str, Item]
) -> Iterator[Change]:
    for key in own:
        into = claims.get(key, [])
        if len(into) == 1:
            continue  # renamed, or merged: said there
        yield replace(
            about,
            kind=SPLIT if into else WITHDRAWN_CATEGORY,
            carries={key: None},
            categories=tuple(item.get("key", "") for item in into),
            names=tuple(item.get("label") or {} for item in into),
            before=old[key],
        )


def _of_category(about: Change, before: Item, after: Item) -> Iterator[Change]:
    carries = {before["key"]: after.get("key", "")}
    about = replace(about, before=before, categories=(after.get("key", ""),))
    if after.get("key") != before["key"]:
        yield replace(about, kind=RENAME, carries=carries, fields=("key",))
    yield from _of_texts(about, before, after, carries=carries, every_code=False)
    compared = {key for key in {**before, **after} if not key.startswith("_")} - NOT_COMPARED
    settings = tuple(key for key in sorted(compared) if before.get(key) != after.get(key))
    if settings:
        yield replace(about, kind=SETTING, fields=settings)


def _reason(item: Item) -> str:
    return str(item.get("_reason", ""))
