"""A category as the page of a draft shows it: what became of it, its codes, its shortcut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from ..codebooks.changes import weightiest
from ..codebooks.document import Item, is_withdrawn
from ..codebooks.kinds import KINDS
from ..models import VersionChange
from .fields import CategoryRow, Input
from .names import TEXTS
from .shown import Shown


def category_row(
    shown: Shown, counts: Mapping[tuple[str, str], int], variable: Item, item: Item
) -> CategoryRow:
    own, state = item.get("_was", []), ""
    shared = {
        key
        for each in variable["categories"]
        if each is not item and not is_withdrawn(each)
        for key in each.get("_was", [])
    }
    if is_withdrawn(item):
        state = "split" if set(own) & shared else "withdrawn"
    elif not own:
        state = "new"
    elif len(own) > 1:
        state = "merged"
    elif set(own) & shared:
        state = "half"
    elif shown.changes[item["_id"]]:
        state = "changed"
    words = {
        "split": _("is split"),
        "withdrawn": _("withdrawn"),
        "new": _("new"),
        "merged": _("merged"),
        "half": _("from a split"),
        "changed": "",
    }
    if state == "changed":
        words["changed"] = str(VersionChange.Kind(weightiest(shown.changes[item["_id"]]).kind).label)
    shortcut = _shortcut(shown, variable, item)
    inputs = [shortcut, shown.input(item, "code", _("Code")), shown.input(item, "key")]
    texts = [shown.text(item, name) for name in TEXTS]
    paths = [*(each.path for each in inputs), *(each.path for row in texts for each in row.inputs)]
    was = variable.get("_was", "")
    several = bool(KINDS[variable["kind"]].takes_several) if variable.get("kind") in KINDS else False
    return CategoryRow(
        id=item["_id"],
        key=item.get("key", ""),
        label=shown.label(item),
        state=state,
        state_word=words.get(state, ""),
        codes=sum(counts.get((was, key), 0) for key in own) if state != "half" else 0,
        shortcut=shortcut,
        code=inputs[1],
        key_input=inputs[2],
        texts=texts,
        exclusive=bool(item.get("exclusive")) if several else None,
        **shown.judged(item),
        can_split=bool(own) and not is_withdrawn(item) and state not in ("half", "merged"),
        notes=shown.left(item, paths),
        free=_free_keys(shown, variable) if shortcut.note else "",
    )


def _shortcut(shown: Shown, variable: Item, item: Item) -> Input:
    """A shortcut that is given twice is said at both, with whose it is."""
    found = shown.input(item, "shortcut", _("Shortcut"))
    twin = next(
        (
            each
            for each in variable["categories"]
            if each is not item
            and not is_withdrawn(each)
            and each.get("shortcut")
            and each.get("shortcut") == item.get("shortcut")
        ),
        None,
    )
    if twin is None:
        return found
    words = _("Key %(key)s is of “%(name)s” already.")
    note = words % {"key": twin["shortcut"], "name": shown.label(twin)}
    return replace(found, note=note, is_fault=True)


def _free_keys(shown: Shown, variable: Item) -> str:
    taken = {each.get("shortcut") for each in variable.get("categories", []) if not is_withdrawn(each)} | set(
        "jksz"
    )
    return ", ".join([each for each in "abcdefghilmnopqrtuvwxy123456789" if each not in taken][:4])
